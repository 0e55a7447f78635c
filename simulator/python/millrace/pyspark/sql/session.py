"""`pyspark.sql.SparkSession`: where a query begins."""

import sys

from millrace import staging
from millrace._millrace import Frame
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.context import SparkContext
from millrace.pyspark.sql.dataframe import DataFrame
from millrace.pyspark.sql.refused import refuse_methods
from millrace.pyspark.sql.streaming import DataStreamReader, StreamingQuery
from millrace.refused import without


class RuntimeConfig:
    """`SparkSession.conf`: settings that may change while the program runs."""

    def __init__(self, settings):
        self._settings = settings

    def set(self, key, value):
        self._settings.set(key, value)

    def get(self, key, default=None):
        return self._settings.get(key, default)

    def unset(self, key):
        self._settings._settings.pop(key, None)


class Builder:
    __qualname__ = "SparkSession.Builder"

    def __init__(self):
        self._conf = SparkConf()

    def appName(self, name):
        return self.config("spark.app.name", name)

    def master(self, master):
        return self.config("spark.master", master)

    def config(self, key=None, value=None, conf=None, *, map=None):
        if conf is not None:
            self._conf.setAll(conf.getAll())
        elif map is not None:
            self._conf.setAll(map.items())
        else:
            self._conf.set(key, str(value).lower() if isinstance(value, bool) else value)
        return self

    # Hive keeps tables, and there are none yet.
    def enableHiveSupport(self):
        return self

    def getOrCreate(self):
        active = SparkSession._active
        if active is None or active.sparkContext._is_stopped:
            active = SparkSession(SparkContext.getOrCreate(self._conf))
        for key, value in self._conf.getAll():
            active.conf.set(key, value)
        return active


class _EachTime:
    """A builder for each program that asks for one."""

    def __get__(self, instance, owner):
        return Builder()


class SparkSession:
    builder = _EachTime()
    Builder = Builder
    _active = None

    @without("SparkSession", jsparkSession="There is no JVM.", options="Use SparkSession.builder.")
    def __init__(self, sparkContext, jsparkSession=None, options=None):
        self._sc = sparkContext
        self._stage = staging.current()
        self.conf = RuntimeConfig(sparkContext._conf)
        SparkSession._active = self
        self._stage.at_end(self._leave)

    @classmethod
    def getActiveSession(cls):
        return cls._active

    @property
    def sparkContext(self):
        return self._sc

    @property
    def version(self):
        return self._sc.version

    @property
    def readStream(self):
        return DataStreamReader(self)

    def stop(self):
        SparkSession._active = None
        self._sc.stop()

    def _leave(self):
        if SparkSession._active is self:
            SparkSession._active = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def _socket(self, host, port):
        self._stage.names(f"{host}:{port}")
        partitions = int(self.conf.get("spark.sql.shuffle.partitions", self._stage.shuffle_partitions))
        frame = Frame.of_socket(self._sc._cores, partitions, self._sc.appName, host, port)
        return DataFrame(frame, self, ["value"])

    def _start(self, writer, interval, name):
        self.sparkContext._conf._check_sql()
        zone = self.conf.get("spark.sql.session.timeZone")
        program = self._stage.start_query(writer, interval, lambda text: sys.stdout.write(text), zone)
        return StreamingQuery(self._stage, program, name)


refuse_methods(
    SparkSession,
    "active addArtifact addArtifacts addTag catalog clearTags client copyFromLocalToFs createDataFrame getTags "
    "interruptAll interruptOperation interruptTag newSession range read removeTag sql streams table udf udtf",
)
