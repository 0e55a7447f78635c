"""`pyspark.sql.streaming.DataStreamWriter`: where the rows of a stream go."""

from millrace._millrace import interval_ms
from millrace.errors import missing
from millrace.pyspark.errors import IllegalArgumentException
from millrace.pyspark.sql.refused import INSTEAD, refuse_methods
from millrace.pyspark.sql.streaming.options import Options


class DataStreamWriter(Options):
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
