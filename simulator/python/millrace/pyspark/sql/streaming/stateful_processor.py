"""`pyspark.sql.streaming.stateful_processor`: the program's part of `transformWithState`, and the states that it has.

Times are in milliseconds since the epoch.
"""

from abc import ABC, abstractmethod

from millrace.pyspark.errors import PySparkRuntimeError
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.types import parsed

__all__ = ["StatefulProcessor", "StatefulProcessorHandle"]


class ValueState:
    def __init__(self, handle, name):
        self._handle, self._name = handle, name

    def exists(self):
        return self.get() is not None

    def get(self):
        value = self._handle._states.value(self._name)
        return None if value is None else tuple(value)

    def update(self, newValue):
        self._handle._states.set_value(self._name, list(newValue))

    def clear(self):
        self._handle._states.clear(self._name)


class ListState:
    def __init__(self, handle, name):
        self._handle, self._name = handle, name

    def exists(self):
        return bool(self._handle._states.list(self._name))

    def get(self):
        return (tuple(value) for value in self._handle._states.list(self._name))

    def put(self, newState):
        self._handle._states.add(self._name, [list(value) for value in newState], True)

    def appendValue(self, newState):
        self._handle._states.add(self._name, [list(newState)], False)

    def appendList(self, newState):
        self._handle._states.add(self._name, [list(value) for value in newState], False)

    def clear(self):
        self._handle._states.clear(self._name)


class MapState:
    def __init__(self, handle, name, row):
        self._handle, self._name, self._row = handle, name, row

    def exists(self):
        return bool(self._handle._states.entries(self._name))

    def getValue(self, key):
        value = self._handle._states.entry(self._name, list(key))
        return None if value is None else self._row(*value)

    def containsKey(self, key):
        return self._handle._states.entry(self._name, list(key)) is not None

    def updateValue(self, key, value):
        self._handle._states.set_entry(self._name, list(key), list(value))

    def iterator(self):
        return ((tuple(key), tuple(value)) for key, value in self._handle._states.entries(self._name))

    def keys(self):
        return (key for key, _ in self.iterator())

    def values(self):
        return (value for _, value in self.iterator())

    def removeKey(self, key):
        self._handle._states.remove_entry(self._name, list(key))

    def clear(self):
        self._handle._states.clear(self._name)


class TimerValues:
    def __init__(self, currentProcessingTimeInMs=-1, currentWatermarkInMs=-1):
        self._currentProcessingTimeInMs = currentProcessingTimeInMs
        self._currentWatermarkInMs = currentWatermarkInMs

    def getCurrentProcessingTimeInMs(self):
        return self._currentProcessingTimeInMs

    def getCurrentWatermarkInMs(self):
        return self._currentWatermarkInMs


class ExpiredTimerInfo:
    def __init__(self, expiryTimeInMs=-1):
        self._expiryTimeInMs = expiryTimeInMs

    def getExpiryTimeInMs(self):
        return self._expiryTimeInMs


class StatefulProcessorHandle:
    """The variables and the timers of a processor: those of the key that it is called for, in one task."""

    def __init__(self, states):
        #: The engine's, of the call under way.
        self._states = states
        self._is_open = True

    def getValueState(self, stateName, schema, ttlDurationMs=None):
        self._declare("value", stateName, None, schema, ttlDurationMs)
        return ValueState(self, stateName)

    def getListState(self, stateName, schema, ttlDurationMs=None):
        self._declare("list", stateName, None, schema, ttlDurationMs)
        return ListState(self, stateName)

    def getMapState(self, stateName, userKeySchema, valueSchema, ttlDurationMs=None):
        from millrace.pyspark.sql.row import Row

        self._declare("map", stateName, userKeySchema, valueSchema, ttlDurationMs)
        return MapState(self, stateName, Row(*_type(valueSchema).names))

    def _declare(self, kind, name, key, value, ttl):
        self._check_open(f"get_{kind}_state", f"initializing {kind} state")
        try:
            self._states.declare(name, kind, key and ddl(_type(key)), ddl(_type(value)), ttl)
        except RuntimeError as error:
            raise PySparkRuntimeError(f"Error initializing {kind} state: {error}") from None

    def _check_open(self, operation, what):
        if not self._is_open:
            raise PySparkRuntimeError(
                f"Error {what}: [STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_HANDLE_STATE] Failed to perform "
                f"stateful processor operation={operation} with invalid handle state=INITIALIZED. SQLSTATE: 42802")

    def registerTimer(self, expiryTimestampMs):
        self._states.register_timer(expiryTimestampMs)

    def deleteTimer(self, expiryTimestampMs):
        self._states.delete_timer(expiryTimestampMs)

    def listTimers(self):
        return iter(self._states.timers())

    def deleteIfExists(self, stateName):
        self._check_open("delete_if_exists", "deleting state")
        self._states.delete_if_exists(stateName)


def _type(schema):
    return parsed(schema) if isinstance(schema, str) else schema


class StatefulProcessor(ABC):
    @abstractmethod
    def init(self, handle):
        ...

    @abstractmethod
    def handleInputRows(self, key, rows, timerValues):
        ...

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        return iter([])

    def close(self):
        ...

    def handleInitialState(self, key, initialState, timerValues):
        pass
