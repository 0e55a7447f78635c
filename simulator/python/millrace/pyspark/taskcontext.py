"""`pyspark.TaskContext`: which partition a worker is at work on."""

import itertools
import sys

from millrace import ship
from millrace._millrace import in_worker
from millrace.errors import missing
from millrace.pyspark import accumulators
from millrace.refused import refuse


class TaskContext:
    _current = None
    _partition = _cpus = _properties = None

    def __new__(cls):
        # As in PySpark a worker has one, which its constructor gives, too.
        return cls.get() or super().__new__(cls)

    @classmethod
    def _begin(cls, partition, sc):
        cls._current = context = super().__new__(cls)
        context._partition = partition
        context._cpus = int(sc._conf.get("spark.task.cpus", 1))
        context._properties = dict(sc._local_properties)

    @classmethod
    def get(cls):
        if not in_worker():
            return None
        if cls._current is None:
            raise missing("TaskContext.get in a function of states or of windows", "Use it in mapPartitions.")
        return cls._current

    def partitionId(self):
        return self._partition

    def attemptNumber(self):
        return 0

    def cpus(self):
        return self._cpus

    def resources(self):
        return {}

    def getLocalProperty(self, key):
        return self._properties.get(key)


_UNNUMBERED = "Stages and tasks have no numbers here: use partitionId()."

refuse(
    TaskContext,
    {
        "cpuAmount": "Use cpus().",
        "from_json": "Use TaskContext.get().",
        "stageId": _UNNUMBERED,
        "taskAttemptId": _UNNUMBERED,
    },
)


def in_task(function, sc):
    """The function of a partition, as workers run it: with a context that says which."""
    command = ship.command(function)

    def task(split, iterator):
        rows = written(iterator)
        TaskContext._begin(split, sc)
        accumulators.begin_task()
        return itertools.chain(ship.rows(function, command(split, rows)), _end())

    return task


def _end():
    """No rows: what is after the last row of a task."""
    TaskContext._current = None
    accumulators.end_task()
    yield from ()


_KEPT = type(iter([]))
#: The bytes of rows that a worker has written before the next one sees the first of them.
_BUFFER = 1 << 16


def written(rows):
    """The rows of a worker as the next one reads them: it has gone on until there is a buffer full of them, or has ended.

    What more there is comes in batches, as it is read: the reader may stop before the writer has ended.
    """
    if type(rows) is _KEPT:
        return rows
    taken, batch, size = [], 1, 0
    while size < _BUFFER:
        some = list(itertools.islice(rows, batch))
        taken += some
        if len(some) < batch:
            return iter(taken)
        size += batch * sys.getsizeof(some[-1])
        batch *= 2
    return itertools.chain(taken, _rest(rows, batch, _Paused()))


def _rest(rows, batch, writer):
    while True:
        reader = writer.resume()
        try:
            some = list(itertools.islice(rows, batch))
        finally:
            writer = reader.resume()
        yield from some
        if len(some) < batch:
            return


class _Paused:
    """The task that runs, for the time for which another one goes on in its place."""

    def __init__(self):
        self._context, TaskContext._current = TaskContext._current, None
        self._added = accumulators.take_task()

    def resume(self):
        """Has the task go on. Returns the one that it takes the place of."""
        other = _Paused()
        TaskContext._current = self._context
        accumulators.take_task(self._added)
        return other
