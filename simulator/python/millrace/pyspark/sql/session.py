"""`pyspark.sql.SparkSession`: where a query begins."""

from millrace import staging
from millrace._millrace import Session
from millrace.errors import missing
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.context import SparkContext
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.dataframe import DataFrame
from millrace.pyspark.sql.infer import inferred_schema, rows_of
from millrace.pyspark.sql.refused import refuse_methods, refuse_properties
from millrace.pyspark.sql.streaming import DataStreamReader, StreamingQueryManager
from millrace.pyspark.sql.types import DataType, StructField, StructType
from millrace.pyspark.sql.udf import UDFRegistration
from millrace.pyspark.streaming.files import exists, files_of
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
        self._session = None
        self._views = set()
        #: Those that streams read.
        self._folders = set()
        self.streams = StreamingQueryManager(self)
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

    @property
    def udf(self):
        return UDFRegistration(self)

    def stop(self):
        SparkSession._active = None
        for query in self.streams.active:
            query.stop()
        self._sc.stop()

    def _leave(self):
        if SparkSession._active is self:
            SparkSession._active = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def sql(self, sqlQuery, args=None, **kwargs):
        if args or kwargs:
            raise missing("SparkSession.sql(args=...)", "Put the values into the text.")
        return DataFrame(self._engine().sql(sqlQuery), self)

    def table(self, tableName):
        return DataFrame(self._engine().table(tableName), self)

    def range(self, start, end=None, step=1, numPartitions=None):
        numbers = range(start) if end is None else range(start, end, step)
        return self.createDataFrame([(number,) for number in numbers], "id BIGINT NOT NULL")

    def createDataFrame(self, data, schema=None, samplingRatio=None, verifySchema=True):
        if isinstance(data, DataFrame):
            raise TypeError("data is already a DataFrame")
        if hasattr(data, "collect"):
            data = data.collect()
        if hasattr(data, "to_dict") and hasattr(data, "columns"):
            schema = list(data.columns) if schema is None else schema
            data = list(data.itertuples(index=False, name=None))
        data = list(data)
        if isinstance(schema, str):
            from millrace.pyspark.sql.types import parsed

            schema = parsed(schema)
        if not isinstance(schema, DataType):
            schema = inferred_schema(data, schema)
        elif not isinstance(schema, StructType):
            data, schema = [(item,) for item in data], StructType([StructField("value", schema)])
        return DataFrame(self._engine().rows(ddl(schema), rows_of(data, schema)), self)

    def _engine(self):
        """The engine's session. Its settings are those of the first table or expression that is made."""
        if self._session is None:
            partitions = int(self.conf.get("spark.sql.shuffle.partitions", self._stage.shuffle_partitions))
            zone = self.conf.get("spark.sql.session.timeZone") or self._stage._timeline.zone
            ansi = str(self.conf.get("spark.sql.ansi.enabled", "false")).lower() == "true"
            topics = sorted(self._stage.streams())
            self._session = Session(self._sc._cores, partitions, self._sc.appName, zone, ansi, topics)
        return self._session

    @classmethod
    def _engine_of_active(cls):
        if cls._active is None:
            raise AssertionError("SparkContext._active_spark_context is not None: start a SparkSession first")
        return cls._active._engine()

    def _now_ms(self):
        return self._stage.now_ms()

    def _read_stream(self, format, schema, options, path=None):
        frame, streams, folder = self._engine().read_stream(format, schema, list(options.items()), path)
        for name in streams:
            self._stage.names(name)
        if folder is not None:
            self._folders.add(folder)
            if not self._stage.has_lines_for(folder) and not exists(folder):
                raise AnalysisException(f"[PATH_NOT_FOUND] Path does not exist: {folder}.", "PATH_NOT_FOUND")
        return DataFrame(frame, self)

    def _files(self):
        """The files of the folders that streams read, each with its folder and its lines."""
        return [(folder, lines) for folder in sorted(self._folders) for lines in files_of(folder)]


refuse_methods(
    SparkSession,
    "active addArtifact addArtifacts addTag clearTags copyFromLocalToFs getTags interruptAll interruptOperation "
    "interruptTag newSession removeTag",
)
refuse_properties(SparkSession, "catalog client read udtf")
