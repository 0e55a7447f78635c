"""`pyspark.sql.streaming.StreamingQueryListener`: a class of the program that is called with what happens to its queries."""

import json
import uuid

from millrace.pyspark.sql.row import Row


class StreamingQueryListener:
    _session = None

    @property
    def spark(self):
        """The session that it listens to."""
        return self._session

    def onQueryStarted(self, event):
        pass

    def onQueryProgress(self, event):
        pass

    def onQueryIdle(self, event):
        pass

    def onQueryTerminated(self, event):
        pass


class _Facts:
    """An event or a part of one, whose fields are properties."""

    _FIELDS = ()

    def __init__(self, *values):
        self.__dict__.update(zip((f"_{name}" for name in self._FIELDS), values, strict=True))

    def __init_subclass__(cls):
        for name in cls._FIELDS:
            setattr(cls, name, property(lambda self, field=f"_{name}": getattr(self, field)))

    @classmethod
    def fromJson(cls, j):
        return cls(*(j.get(name) for name in cls._FIELDS))


class QueryStartedEvent(_Facts):
    _FIELDS = ("id", "runId", "name", "timestamp")

    def __init__(self, id, runId, name, timestamp):
        super().__init__(uuid.UUID(id), uuid.UUID(runId), name, timestamp)


class QueryProgressEvent(_Facts):
    _FIELDS = ("progress",)

    @classmethod
    def fromJson(cls, j):
        return cls(StreamingQueryProgress(j["progress"]))


class QueryIdleEvent(_Facts):
    _FIELDS = ("id", "runId", "timestamp")

    def __init__(self, id, runId, timestamp):
        super().__init__(uuid.UUID(id), uuid.UUID(runId), timestamp)


class QueryTerminatedEvent(_Facts):
    _FIELDS = ("id", "runId", "exception", "errorClassOnException")

    def __init__(self, id, runId, exception, errorClassOnException):
        super().__init__(uuid.UUID(id), uuid.UUID(runId), exception, errorClassOnException)


class _Part(_Facts):
    """A part of a progress, made of its JSON."""

    def __init__(self, fields):
        self._fields = fields
        super().__init__(*(fields.get(name) for name in self._FIELDS))

    @classmethod
    def fromJson(cls, j):
        return cls(j)

    @property
    def json(self):
        return json.dumps(self._fields, separators=(",", ":"))

    @property
    def prettyJson(self):
        return _pretty(self._fields)

    def __str__(self):
        return self.prettyJson

    __repr__ = __str__


class StateOperatorProgress(_Part):
    _FIELDS = (
        "operatorName", "numRowsTotal", "numRowsUpdated", "allUpdatesTimeMs", "numRowsRemoved", "allRemovalsTimeMs",
        "commitTimeMs", "memoryUsedBytes", "numRowsDroppedByWatermark", "numShufflePartitions",
        "numStateStoreInstances", "customMetrics",
    )


class SourceProgress(_Part):
    _FIELDS = (
        "description", "startOffset", "endOffset", "latestOffset", "numInputRows", "inputRowsPerSecond",
        "processedRowsPerSecond", "metrics",
    )

    def __init__(self, fields):
        super().__init__(fields)
        for name in ("startOffset", "endOffset", "latestOffset"):
            offset = fields.get(name)
            setattr(self, f"_{name}", None if offset is None else json.dumps(offset, separators=(",", ":")))
        self._metrics = fields.get("metrics", {})


class SinkProgress(_Part):
    _FIELDS = ("description", "numOutputRows", "metrics")

    def __init__(self, fields):
        super().__init__(fields)
        self._metrics = fields.get("metrics", {})


class StreamingQueryProgress(_Part):
    _FIELDS = (
        "id", "runId", "name", "timestamp", "batchId", "batchDuration", "durationMs", "eventTime", "stateOperators",
        "sources", "sink", "observedMetrics", "numInputRows", "inputRowsPerSecond", "processedRowsPerSecond",
    )

    def __init__(self, fields):
        super().__init__(fields)
        self._id, self._runId = uuid.UUID(fields["id"]), uuid.UUID(fields["runId"])
        self._batchDuration = fields.get("batchDuration", fields["durationMs"].get("triggerExecution"))
        self._eventTime = fields.get("eventTime", {})
        self._observedMetrics = {name: Row(**it) for name, it in fields.get("observedMetrics", {}).items()}
        self._stateOperators = [StateOperatorProgress(it) for it in fields["stateOperators"]]
        self._sources = [SourceProgress(it) for it in fields["sources"]]
        self._sink = SinkProgress(fields["sink"])


def _pretty(value, indent=""):
    """JSON as json4s lays it out."""
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(name)} : {_pretty(part, inner)}" for name, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}" if parts else "{ }"
    if isinstance(value, list):
        return "[ " + ", ".join(_pretty(part, indent) for part in value) + " ]" if value else "[ ]"
    return json.dumps(value)
