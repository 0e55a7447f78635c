"""`pyspark.SparkConf`: the settings of a program."""

import re

from millrace import staging
from millrace.errors import missing
from millrace.refused import without

# Settings of the streaming engine that have no effect where nothing is distributed and nothing fails by itself.
_WITHOUT_EFFECT = {
    "spark.streaming.blockInterval",
    "spark.streaming.stopGracefullyOnShutdown",
    "spark.streaming.ui.retainedBatches",
    "spark.streaming.unpersist",
    "spark.streaming.backpressure.enabled",
    "spark.streaming.backpressure.initialRate",
    "spark.streaming.kafka.consumer.cache.enabled",
    "spark.streaming.kafka.consumer.poll.ms",
    "spark.streaming.receiver.writeAheadLog.enable",
}

# Settings of queries that are heeded, or that change how a query is run, and not what it shows.
_OF_QUERIES = (
    "spark.sql.adaptive.",
    "spark.sql.ansi.enabled",
    "spark.sql.autoBroadcastJoinThreshold",
    "spark.sql.broadcastTimeout",
    "spark.sql.catalog.",
    "spark.sql.catalogImplementation",
    "spark.sql.debug.maxToStringFields",
    "spark.sql.execution.arrow.",
    "spark.sql.execution.pandas.convertToArrowArraySafely",
    "spark.sql.extensions",
    "spark.sql.parquet.",
    "spark.sql.repl.",
    "spark.sql.session.timeZone",
    "spark.sql.shuffle.partitions",
    "spark.sql.streaming.checkpointLocation",
    "spark.sql.streaming.commitProtocolClass",
    "spark.sql.streaming.fileSink.log.",
    "spark.sql.streaming.fileSource.log.",
    "spark.sql.streaming.forceDeleteTempCheckpointLocation",
    "spark.sql.streaming.maxBatchesToRetainInMemory",
    "spark.sql.streaming.metricsEnabled",
    "spark.sql.streaming.minBatchesToRetain",
    "spark.sql.streaming.multipleWatermarkPolicy",
    "spark.sql.streaming.noDataMicroBatches.enabled",
    "spark.sql.streaming.numRecentProgressUpdates",
    "spark.sql.streaming.pollingDelay",
    "spark.sql.streaming.schemaInference",
    "spark.sql.streaming.stateStore.",
    "spark.sql.ui.",
    "spark.sql.warehouse.dir",
)

# Settings of queries that are there with one value.
_WITH_ONE_VALUE = {
    "spark.sql.execution.pythonUDF.arrow.enabled": "false",
    # It leaves out lines of tracebacks that are of PySpark's own code, of which there are none.
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
}


class SparkConf:
    # The defaults are system properties of a JVM, of which there is none.
    @without("SparkConf", _jvm="There is no JVM.", _jconf="There is no JVM.")
    def __init__(self, loadDefaults=True, _jvm=None, _jconf=None):
        self._settings = {}

    def set(self, key, value):
        self._settings[key] = str(value)
        return self

    def setIfMissing(self, key, value):
        if self.get(key) is None:
            self.set(key, value)
        return self

    def setMaster(self, value):
        return self.set("spark.master", value)

    def setAppName(self, value):
        return self.set("spark.app.name", value)

    def setSparkHome(self, value):
        return self.set("spark.home", value)

    def setExecutorEnv(self, key=None, value=None, pairs=None):
        if (key is not None and pairs is not None) or (key is None and pairs is None):
            raise Exception("Either pass one key-value pair or a list of pairs")
        for name, text in [(key, value)] if key is not None else pairs:
            self.set(f"spark.executorEnv.{name}", text)
        return self

    def setAll(self, pairs):
        for key, value in pairs:
            self.set(key, value)
        return self

    def get(self, key, defaultValue=None):
        return self._settings.get(key, defaultValue)

    def getAll(self):
        return list(self._settings.items())

    def contains(self, key):
        return key in self._settings

    def toDebugString(self):
        return "\n".join(f"{key}={value}" for key, value in sorted(self._settings.items()))

    def _copy(self):
        return SparkConf().setAll(self.getAll())

    def _check(self):
        """Refuses settings that would change what a program does or prints, and that are not there."""
        for key, value in self._settings.items():
            if key.startswith("spark.streaming.") and key not in _WITHOUT_EFFECT:
                raise missing(key, "It may change which records a batch has, so it is not passed over: leave it out.")
            if key.startswith("spark.python.profile") and value.lower() != "false":
                raise missing(key, "Use Python's own profiler.")
            if re.match(r"spark\.(driver|executor|task|worker)\.resource\.", key):
                raise missing(key, "There are no executors, and no devices of theirs: leave it out.")
            if key == "spark.executor.allowSparkContext" and value.lower() != "false":
                raise missing(key, "Workers are in the program's process, which has one SparkContext.")
            if key.startswith("spark.executorEnv.spark."):
                name = key.removeprefix("spark.executorEnv.")
                staging.current().note(
                    f"setExecutorEnv({name!r}, ...) makes a variable of workers, which Spark does not read: "
                    f"a setting is made by set({name!r}, ...)"
                )
            # The seed of hashes is that of Spark's workers already.
            elif key.startswith("spark.executorEnv.") and (key, value) != ("spark.executorEnv.PYTHONHASHSEED", "0"):
                raise missing(key, "Set variables in os.environ: workers are in the program's process.")

    def _check_sql(self):
        """Refuses settings of queries that may change what is shown, and that are not there."""
        for key, value in self._settings.items():
            if key.startswith("spark.sql.") and not key.startswith(_OF_QUERIES) and _WITH_ONE_VALUE.get(key) != value:
                raise missing(key, "It may change what a query shows, so it is not passed over: leave it out.")
