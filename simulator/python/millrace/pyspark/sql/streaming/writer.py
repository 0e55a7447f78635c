"""`pyspark.sql.streaming.DataStreamWriter`: where the rows of a stream go."""

import functools

from millrace import ship
from millrace._millrace import interval_ms
from millrace.errors import missing
from millrace.pyspark import accumulators
from millrace.pyspark.errors import (
    AnalysisException, IllegalArgumentException, PySparkAttributeError, PySparkValueError,
    wrong_type,
)
from millrace.pyspark.sql.options import Options, heeded
from millrace.pyspark.sql.streaming.query import StreamingQuery
from millrace.pyspark.taskcontext import TaskContext

#: The sinks that know what they have had only as long as their program runs: Spark gives them a checkpoint of its own.
_WITHOUT_CHECKPOINT = ("console", "memory", "noop")

_FILES = ("csv", "json", "orc", "parquet", "text")

_CHECKPOINT = "spark.sql.streaming.checkpointLocation"


class DataStreamWriter(Options):
    def __init__(self, table):
        super().__init__()
        self._table = table
        self._format = None
        self._columns = []
        self._mode = "append"
        self._trigger = "default"
        self._interval = 1
        self._name = None
        #: The table of the catalog that has the rows.
        self._into = None
        #: The function of the program that is given the rows, and its kind.
        self._function = self._kind = None

    def format(self, source):
        # As in Spark, a function counts for nothing once a format is set.
        self._format, self._kind = source, None
        return self

    def option(self, key, value):
        if key.lower() == "queryname":
            self._name = value
            return self
        return super().option(key, value)

    def outputMode(self, outputMode):
        mode = _text("outputMode", outputMode).lower()
        if mode not in ("append", "complete", "update"):
            raise IllegalArgumentException(
                f"Unknown output mode {outputMode}. Accepted output modes are 'append', 'complete', 'update'"
            )
        self._mode = mode
        return self

    def partitionBy(self, *cols):
        self._columns = list(cols[0] if len(cols) == 1 and isinstance(cols[0], (list, tuple)) else cols)
        return self

    def queryName(self, queryName):
        self._name = _text("queryName", queryName)
        return self

    def trigger(self, *, processingTime=None, once=None, continuous=None, availableNow=None):
        given = [it for it in (processingTime, once, continuous, availableNow) if it is not None]
        if len(given) != 1:
            raise PySparkValueError(
                "[ONLY_ALLOW_SINGLE_TRIGGER] Only a single trigger is allowed.", "ONLY_ALLOW_SINGLE_TRIGGER", {}
            )
        if continuous is not None:
            raise missing("DataStreamWriter.trigger(continuous=...)", "Use processingTime.")
        if processingTime is not None:
            self._interval = interval_ms(_text("processingTime", processingTime).strip())
            self._trigger = str(self._interval)
            return self
        name, value = ("once", once) if once is not None else ("availableNow", availableNow)
        if value is not True:
            raise PySparkValueError(
                f"[VALUE_NOT_TRUE] Value for `{name}` must be True, got '{value}'.",
                "VALUE_NOT_TRUE",
                {"arg_name": name, "arg_value": str(value)},
            )
        self._trigger = "once" if once else "available_now"
        return self

    def foreach(self, f):
        function, sc = _in_partition(f), self._table._session.sparkContext
        command = ship.command(function)

        def task(partition, epoch, rows):
            TaskContext._begin(partition, sc)
            accumulators.begin_task()
            command(partition, epoch, iter(rows))
            TaskContext._current = None
            accumulators.end_task()

        self._function, self._kind = task, "foreach"
        return self

    def foreachBatch(self, func):
        self._function, self._kind = func, "foreachBatch"
        return self

    def start(self, path=None, format=None, outputMode=None, partitionBy=None, queryName=None, **options):
        return self._with(format, outputMode, partitionBy, queryName, options).option("path", path)._started()

    def toTable(self, tableName, format=None, outputMode=None, partitionBy=None, queryName=None, **options):
        if not isinstance(tableName, str):
            raise wrong_type("NOT_STR", "tableName", tableName)
        self._with(format, outputMode, partitionBy, queryName, options)
        if (self._format or "").lower() in ("console", "csv", "json", "memory", "noop", "text"):
            raise missing(f"DataStreamWriter.toTable of the format {self._format!r}", "Use start(path).")
        self._into = tableName
        return self._started(self._table._session.catalog._grown(tableName, self._table))

    def _with(self, format, mode, columns, name, options):
        self.options(**options)
        if mode is not None:
            self.outputMode(mode)
        if columns is not None:
            self.partitionBy(columns)
        if name is not None:
            self.queryName(name)
        return self if format is None else self.format(format)

    def _started(self, saves=None):
        """The query, started. `saves` is called with the rows of each of its micro-batches that are written elsewhere."""
        session, name = self._table._session, self._name
        session.sparkContext._conf._check_sql()
        session.streams._check_name(name)
        checkpoint = self._checkpoint()
        session.streams._end_run_at(checkpoint)
        calls_batches = self._kind == "foreachBatch"
        query = StreamingQuery(self._table, name, calls_batches, self._trigger, self._mode, saves)
        query._begin(self._writer(query), self._interval, checkpoint)
        session.streams._started(query)
        return query

    def _checkpoint(self):
        """The folder of its checkpoint, if the program names one."""
        given = next((value for key, value in self._options.items() if key.lower() == "checkpointlocation"), None)
        root = self._table._session.conf.get(_CHECKPOINT, None)
        return given or (f"{root}/{self._name}" if root and self._name else None)

    def _writer(self, query):
        writer = self._table._frame.writer(self._mode, self._trigger)
        if self._name is not None:
            writer = writer.named(self._name)
        if self._kind is not None:
            if self._columns:
                raise AnalysisException(f"'{self._kind}' does not support partitioning.", "_LEGACY_ERROR_TEMP_1197")
            if self._kind == "foreachBatch":
                return writer.foreach_batch(functools.partial(query._batch, self._function))
            return writer.foreach(self._table._frame, self._table._session._engine(), self._function)
        source = self._format or "parquet"
        options = {key: value for key, value in self._options.items() if key.lower() != "checkpointlocation"}
        options = heeded(source, options)
        if self._into is not None:
            options["table"] = self._into
            options.setdefault("path", f"spark-warehouse/{self._into.rpartition('.')[2]}")
        elif source.lower() in _FILES and "path" not in map(str.lower, options):
            raise IllegalArgumentException("'path' is not specified.", "_LEGACY_ERROR_TEMP_2047")
        has_checkpoint = self._checkpoint() or self._table._session.conf.get(_CHECKPOINT, None)
        if source.lower() not in _WITHOUT_CHECKPOINT and not has_checkpoint:
            raise AnalysisException(
                'checkpointLocation must be specified either through option("checkpointLocation", ...) or '
                f'SparkSession.conf.set("{_CHECKPOINT}", ...).',
                "_LEGACY_ERROR_TEMP_1298",
            )
        return writer.to(source, list(options.items()), self._columns)


def _text(name, value):
    if not isinstance(value, str) or not value.strip():
        raise PySparkValueError(
            f"[VALUE_NOT_NON_EMPTY_STR] Value for `{name}` must be a non empty string, got '{value}'.",
            "VALUE_NOT_NON_EMPTY_STR",
            {"arg_name": name, "arg_value": str(value)},
        )
    return value


def _in_partition(f):
    """The function of the rows of a partition: one of each row, or an object with `open`, `process` and `close`."""
    if callable(f):
        def each(partition, epoch, rows):
            for row in rows:
                f(row)

        return each
    for name in ("process", "open", "close"):
        if not callable(getattr(f, name, None)) and (name == "process" or hasattr(f, name)):
            raise PySparkAttributeError(
                f"[ATTRIBUTE_NOT_CALLABLE] Attribute `{name}` in provided object `f` is not callable.",
                "ATTRIBUTE_NOT_CALLABLE",
                {"attr_name": name, "obj_name": "f"},
            )

    def whole(partition, epoch, rows):
        error = None
        if not hasattr(f, "open") or f.open(partition, epoch):
            try:
                for row in rows:
                    f.process(row)
            except Exception as raised:
                error = raised
        if hasattr(f, "close"):
            f.close(error)
        if error is not None:
            raise error

    return whole
