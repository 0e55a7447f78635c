"""`pyspark.sql.streaming`: how a table is read and written as a stream."""

import uuid

from millrace._millrace import interval_ms
from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException, IllegalArgumentException, StreamingQueryException
from millrace.pyspark.sql.refused import INSTEAD, refuse_methods


class _Options:
    """A format with its options, of which each is known or refused."""

    _KNOWN = frozenset()

    def __init__(self):
        self._format = None
        self._options = {}

    def format(self, source):
        self._format = source
        return self

    def option(self, key, value):
        if key.lower() not in self._KNOWN:
            raise missing(f"{type(self).__name__}.option({key!r})", f"It knows {', '.join(sorted(self._KNOWN))}.")
        self._options[key.lower()] = value
        return self

    def options(self, **options):
        for key, value in options.items():
            self.option(key, value)
        return self


class DataStreamReader(_Options):
    _KNOWN = frozenset(("host", "port"))

    def __init__(self, session):
        super().__init__()
        self._session = session

    def load(self, path=None, format=None, schema=None, **options):
        self.options(**options)
        source = format or self._format
        if source != "socket" or path is not None or schema is not None:
            raise missing(f"DataStreamReader.format({source!r})", INSTEAD)
        for name in ("host", "port"):
            if name not in self._options:
                raise AnalysisException(f"Set a {name} to read from with option(\"{name}\", ...).")
        return self._session._socket(self._options["host"], int(self._options["port"]))


refuse_methods(DataStreamReader, "csv json orc parquet schema table text")


class DataStreamWriter(_Options):
    _KNOWN = frozenset(("checkpointlocation", "numrows", "truncate"))

    def __init__(self, table):
        super().__init__()
        self._table = table
        self._mode = "append"
        self._trigger = "default"
        self._interval = 1
        self._name = None

    def outputMode(self, outputMode):
        self._mode = outputMode.lower()
        if self._mode not in ("append", "complete", "update"):
            raise IllegalArgumentException(f"Unknown output mode {outputMode}.")
        return self

    def queryName(self, queryName):
        if not queryName or not isinstance(queryName, str) or not queryName.strip():
            raise ValueError("The queryName must be a non-empty string.")
        self._name = queryName
        return self

    def trigger(self, *, processingTime=None, once=None, continuous=None, availableNow=None):
        given = [it for it in (processingTime, once, continuous, availableNow) if it is not None]
        if len(given) != 1:
            raise ValueError("No trigger provided" if not given else "Multiple triggers not allowed.")
        if continuous is not None:
            raise missing("DataStreamWriter.trigger(continuous=...)", "Use processingTime.")
        if processingTime is not None:
            self._interval = interval_ms(processingTime)
            self._trigger = str(self._interval)
        else:
            self._trigger = "once" if once else "available_now"
        return self

    def start(self, path=None, format=None, outputMode=None, partitionBy=None, queryName=None, **options):
        self.options(**options)
        if outputMode is not None:
            self.outputMode(outputMode)
        if queryName is not None:
            self.queryName(queryName)
        sink = format or self._format
        if sink != "console" or path is not None or partitionBy is not None:
            raise missing(f"DataStreamWriter.format({sink!r})", INSTEAD)
        rows = int(self._options.get("numrows", 20))
        truncate = str(self._options.get("truncate", "true")).lower() == "true"
        writer = self._table._frame.console(self._mode, self._trigger, rows, truncate)
        return self._table._session._start(writer, self._interval, self._name)


refuse_methods(DataStreamWriter, "foreach foreachBatch partitionBy toTable")


class StreamingQuery:
    def __init__(self, stage, program, name):
        self._stage = stage
        self._program = program
        self._name = name
        # Numbers of the run, and not drawn ones: two runs print the same.
        self._id = uuid.UUID(int=2 * program + 1)
        self._run_id = uuid.UUID(int=2 * program + 2)

    @property
    def id(self):
        return str(self._id)

    @property
    def runId(self):
        return str(self._run_id)

    @property
    def name(self):
        return self._name

    @property
    def isActive(self):
        return not self._stage.world.has_stopped(self._program)

    def awaitTermination(self, timeout=None):
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be a positive integer.")
        try:
            ended = self._stage.await_program(self._program, None if timeout is None else int(timeout * 1000))
        except RuntimeError as error:
            raise StreamingQueryException(str(error)) from None
        return ended if timeout is not None else None

    def processAllAvailable(self):
        self._stage.await_program(self._program, 0)

    def stop(self):
        self._stage.stop(self._program, False)


refuse_methods(StreamingQuery, "exception explain lastProgress recentProgress status")
