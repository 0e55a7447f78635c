"""`SparkSession.conf`: settings that may change while the program runs."""

from millrace.py4j.protocol import Py4JJavaError
from millrace.pyspark.errors import AnalysisException, PySparkException
from millrace.pyspark.version import IS_SPARK_4

#: The kind of state store, by which the order of states goes.
STATE_STORE = "spark.sql.streaming.stateStore.providerClass"

# Values of settings that no program has set; those of the timeline are the session's.
_DEFAULTS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.ansi.enabled": "true" if IS_SPARK_4 else "false",
    "spark.sql.autoBroadcastJoinThreshold": "10485760b",
    "spark.sql.caseSensitive": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.crossJoin.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "true",
    "spark.sql.execution.pandas.convertToArrowArraySafely": "false",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    "spark.sql.execution.pythonUDF.arrow.enabled": "false",
    "spark.sql.files.maxPartitionBytes": "134217728b",
    "spark.sql.legacy.timeParserPolicy": "EXCEPTION",
    "spark.sql.repl.eagerEval.enabled": "false",
    "spark.sql.sources.default": "parquet",
    "spark.sql.sources.partitionOverwriteMode": "STATIC",
    "spark.sql.streaming.metricsEnabled": "false",
    "spark.sql.streaming.schemaInference": "false",
    STATE_STORE: "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider",
}

# Settings of queries that are those of the program from its start.
_STATIC = ("spark.sql.catalogImplementation", "spark.sql.extensions", "spark.sql.warehouse.dir", "spark.sql.ui.")


class _NoValue:
    def __repr__(self):
        return "<no value>"


#: In the place of an argument that is not given, where `None` is a value.
NO_VALUE = _NoValue()


class RuntimeConfig:
    def __init__(self, settings, defaults):
        self._settings = settings
        self._defaults = {**_DEFAULTS, **defaults}

    def set(self, key, value):
        if key.startswith(_STATIC):
            raise AnalysisException(
                f'[CANNOT_MODIFY_CONFIG] Cannot modify the value of the Spark config: "{key}".', "CANNOT_MODIFY_CONFIG"
            )
        self._settings.set(key, str(value).lower() if isinstance(value, bool) else value)

    def get(self, key, default=NO_VALUE):
        _check_text(key, "key")
        if default is not None and default is not NO_VALUE:
            _check_text(default, "default")
        found = self._settings.get(key, self._defaults.get(key) if default is NO_VALUE else default)
        if found is None and default is NO_VALUE:
            text = f'[SQL_CONF_NOT_FOUND] The SQL config "{key}" cannot be found. Please verify that the config exists.'
            raise Py4JJavaError("o1.get", PySparkException(text, "SQL_CONF_NOT_FOUND"))
        return found

    def unset(self, key):
        self._settings._settings.pop(key, None)

    def isModifiable(self, key):
        return key.startswith("spark.sql.") and not key.startswith(_STATIC)


def _check_text(value, name):
    if not isinstance(value, str):
        raise TypeError(f"expected {name} '{value}' to be a string (was '{type(value).__name__}')")
