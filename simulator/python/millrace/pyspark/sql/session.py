"""`pyspark.sql.SparkSession`: where a query begins."""

from millrace import staging
from millrace._millrace import Rdd, Session
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.context import SparkContext
from millrace.pyspark.errors import AnalysisException, PySparkRuntimeError, PySparkTypeError, wrong_type
from millrace.pyspark.jvm import Jvm
from millrace.pyspark.rdd import RDD
from millrace.pyspark.sql import commands
from millrace.pyspark.sql.catalog import Catalog
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.conf import RuntimeConfig
from millrace.pyspark.sql.convert import fields, of_pandas
from millrace.pyspark.sql.dataframe import DataFrame
from millrace.pyspark.sql.infer import inferred_schema, schema_of_rdd
from millrace.pyspark.sql.parameters import formatted, with_parameters
from millrace.pyspark.sql.readwriter import DataFrameReader
from millrace.pyspark.sql.refused import refuse_methods, refuse_properties
from millrace.pyspark.sql.streaming import DataStreamReader, StreamingQueryManager
from millrace.pyspark.sql.tablefiles import records_of
from millrace.pyspark.sql.types import DataType, StructType, parsed
from millrace.pyspark.sql.udf import UDFRegistration
from millrace.pyspark.sql.verify import verify
from millrace.pyspark.streaming.files import FolderFiles, Reading, exists
from millrace.pyspark.version import __version__
from millrace.refused import refuse, without


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

    # Tables are kept as long as the program runs, with Hive or without it.
    def enableHiveSupport(self):
        return self

    def getOrCreate(self):
        active = SparkSession._active
        if active is None or active.sparkContext._is_stopped:
            active = SparkSession(SparkContext.getOrCreate(self._conf))
        for key, value in self._conf.getAll():
            active.sparkContext._conf.set(key, value)
        return active


_CONNECT = "There is no server of Spark Connect: use getOrCreate() without it."

refuse(Builder, {"remote": _CONNECT, "create": _CONNECT})


class _EachTime:
    """A builder for each program that asks for one."""

    def __get__(self, instance, owner):
        return Builder()


class SparkSession:
    builder = _EachTime()
    Builder = Builder
    _jvm = Jvm()
    _active = None

    @without("SparkSession", jsparkSession="There is no JVM.", options="Use SparkSession.builder.")
    def __init__(self, sparkContext, jsparkSession=None, options=None):
        self._sc = sparkContext
        self._stage = staging.current()
        self._engine_session = None
        self._settings = None
        #: The folders that streams read, each with the way in which they do.
        self._readings = {}
        #: The tables that the program has written in formats of which there are no files, by their places.
        self._written = {}
        self._conf = RuntimeConfig(
            sparkContext._conf,
            {
                "spark.sql.session.timeZone": self._stage._timeline.zone,
                "spark.sql.shuffle.partitions": str(self._stage.shuffle_partitions),
            },
        )
        self._catalog = Catalog(self)
        self._streams = StreamingQueryManager(self)
        SparkSession._active = sparkContext._session = self
        self._stage.at_end(self._leave)

    @classmethod
    def _of(cls, context):
        """The session of a context."""
        return context._session or cls(context)

    @classmethod
    def getActiveSession(cls):
        return cls._active

    @classmethod
    def active(cls):
        if cls._active is None:
            raise PySparkRuntimeError(
                "[NO_ACTIVE_OR_DEFAULT_SESSION] No active or default Spark session found. Please create a new Spark "
                "session before running the code.",
                "NO_ACTIVE_OR_DEFAULT_SESSION",
            )
        return cls._active

    @property
    def sparkContext(self):
        return self._sc

    @property
    def version(self):
        return self._sc.version

    @property
    def conf(self):
        return self._conf

    @property
    def catalog(self):
        return self._catalog

    @property
    def read(self):
        return DataFrameReader(self)

    @property
    def readStream(self):
        return DataStreamReader(self)

    @property
    def streams(self):
        return self._streams

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
        with formatted(self, sqlQuery, kwargs) as text:
            text = with_parameters(text, args)
            command = commands.run(self, text)
            return DataFrame(self._engine().sql(text), self) if command is None else command

    def table(self, tableName):
        return DataFrame(self._engine().table(self.catalog._qualified(tableName)), self)

    def range(self, start, end=None, step=1, numPartitions=None):
        numbers = range(int(start)) if end is None else range(int(start), int(end), int(step))
        slices = self._sc._dealt(numbers, numPartitions or self._sc.defaultParallelism)
        return self._table("struct<id: BIGINT NOT NULL>", [[[number] for number in numbers] for numbers in slices])

    def createDataFrame(self, data, schema=None, samplingRatio=None, verifySchema=True):
        if isinstance(data, DataFrame):
            raise PySparkTypeError(error_class="SHOULD_NOT_DATAFRAME", message_parameters={"arg_name": "data"})
        if isinstance(schema, str):
            schema = parsed(schema)
        if hasattr(data, "itertuples"):
            schema = [str(name) for name in data.columns] if schema is None else schema
            data = of_pandas(data)
        if not isinstance(schema, (DataType, list, tuple, type(None))):
            raise wrong_type("NOT_LIST_OR_NONE_OR_STRUCT", "schema", schema)
        if isinstance(data, RDD):
            if not isinstance(schema, DataType):
                schema = schema_of_rdd(data, schema, samplingRatio)
                verifySchema = False
            partitions = data.glom().collect()
        else:
            rows = list(data)
            if not isinstance(schema, DataType):
                schema = inferred_schema(rows, schema)
                verifySchema = False
            partitions = self._sc._dealt(rows, self._sc.defaultParallelism)
        if verifySchema:
            for rows in partitions:
                for row in rows:
                    verify(row, schema)
        if not isinstance(schema, StructType):
            schema = StructType().add("value", schema)
            return self._table(ddl(schema), [[[row] for row in rows] for rows in partitions], False)
        names = schema.names
        table = self._table(ddl(schema), [[fields(row, names) for row in rows] for rows in partitions], False)
        table._schema = schema
        return table

    def _table(self, schema, partitions, is_sized=True):
        """The table of the rows of some partitions, each a list of values. Spark knows the size of all but an RDD."""
        return DataFrame(self._engine().rows(schema, partitions, is_sized), self)

    def _rdd(self, rows_of):
        """The batch of the rows that a function makes, partition by partition, when a job first needs them."""
        return RDD(lambda: Rdd.of_rows(rows_of()), self._sc)

    def _engine(self):
        """The engine's session, under the settings that the program has made."""
        self._sc._check_running()
        self._sc._conf._check_sql()
        texts = self.conf._texts()
        if self._engine_session is None:
            topics = sorted(self._stage.streams())
            settings = self.conf._values(texts)
            self._engine_session = Session(self._sc._cores, self._sc.appName, __version__, topics, settings)
        elif texts != self._settings:
            self._engine_session.configure(self.conf._values(texts))
        self._settings = texts
        return self._engine_session

    @classmethod
    def _engine_of_active(cls):
        if cls._active is None:
            raise AssertionError("SparkContext._active_spark_context is not None: start a SparkSession first")
        return cls._active._engine()

    def _now_ms(self):
        return self._stage.now_ms()

    def _read_stream(self, format, schema, options, path=None):
        folder = path if path is not None else options.get("path")
        sample = self._sample(folder, _reading(format, options)) if schema is None and folder is not None else None
        frame, streams, folder = self._engine().read_stream(format, schema, list(options.items()), path, sample)
        for name in streams:
            self._stage.names(name)
        if folder is not None:
            self._readings[folder] = _reading(format, options)
            if not self._stage.has_lines_for(folder) and not exists(folder):
                raise _no_path(folder)
        return DataFrame(frame, self)

    def _sample(self, folder, reading):
        """The lines of the files that the schema of a stream follows from, if it is to: those in a folder, or else those that
        the timeline has for it."""
        if self.conf.get("spark.sql.streaming.schemaInference").lower() != "true":
            return None
        if not self._stage.has_lines_for(folder) and not exists(folder):
            raise _no_path(folder)
        files = FolderFiles().new(folder, reading)
        return [lines for *_, lines in files] or self._stage.lines_for(folder)

    def _new_files(self):
        """A function of a folder: the files in it that were not there when it was called before."""
        watched = FolderFiles()
        return lambda folder: watched.new(folder, self._readings[folder])


def _reading(format, options):
    source = (format or "parquet").lower()
    flags = {name.lower(): str(value).lower() for name, value in options.items()}
    return Reading(lambda path: records_of(path, source), flags.get("recursivefilelookup") == "true")


def _no_path(folder):
    return AnalysisException(f"[PATH_NOT_FOUND] Path does not exist: {folder}.", "PATH_NOT_FOUND")


refuse_methods(
    SparkSession,
    "addArtifact addArtifacts addTag clearTags copyFromLocalToFs getTags interruptAll interruptOperation interruptTag "
    "newSession removeTag",
)
refuse_properties(SparkSession, "client udtf")
refuse(SparkSession, {}, dict.fromkeys(("_jsc", "_jsparkSession"), "There is no JVM."))
