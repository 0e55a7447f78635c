"""`pyspark.Broadcast`: a value that each worker has a copy of."""

import types

from millrace import ship
from millrace._millrace import in_worker
from millrace.pyspark.errors import PySparkRuntimeError
from millrace.refused import refuse, without

_UNREAD = object()
_NO_FILES = "Values are kept in memory: use SparkContext.broadcast."


class Broadcast(ship.Shared):
    __class_getitem__ = classmethod(types.GenericAlias)

    @without("Broadcast", pickle_registry=_NO_FILES, path=_NO_FILES, sock_file=_NO_FILES)
    def __init__(self, sc=None, value=None, pickle_registry=None, path=None, sock_file=None):
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

    # There is nothing to wait for, so that `blocking` has no effect.
    def unpersist(self, blocking=False):
        self._in_workers = _UNREAD

    def destroy(self, blocking=False):
        self._is_destroyed = True

    def __reduce__(self):
        if self._is_destroyed:
            raise PySparkRuntimeError("Attempted to use a broadcast after it was destroyed.")
        return super().__reduce__()


refuse(Broadcast, dict.fromkeys(("dump", "load", "load_from_path"), _NO_FILES))
