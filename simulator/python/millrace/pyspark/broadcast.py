"""`pyspark.Broadcast`: a value that each worker has a copy of."""

import types

from millrace import ship
from millrace._millrace import in_worker
from millrace.pyspark.errors import PySparkRuntimeError

_UNREAD = object()


class Broadcast:
    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, sc, value):
        # As Spark writes it to a file when it is made: later changes by the program are not in it.
        self._copy = ship.copy(value)
        self._value = value
        self._in_workers = _UNREAD
        self._is_destroyed = False

    @property
    def value(self):
        if self._is_destroyed:
            raise PySparkRuntimeError("Attempted to use a broadcast after it was destroyed.")
        if not in_worker():
            return self._value
        if self._in_workers is _UNREAD:
            self._in_workers = ship.copy(self._copy)
        return self._in_workers

    def unpersist(self, blocking=False):
        self._in_workers = _UNREAD

    def destroy(self, blocking=False):
        self._is_destroyed = True

    def _to_worker(self):
        if self._is_destroyed:
            raise PySparkRuntimeError("Attempted to use a broadcast after it was destroyed.")
        return self
