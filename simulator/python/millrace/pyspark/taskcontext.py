"""`pyspark.TaskContext`: which partition a worker is at work on."""

import itertools

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
        TaskContext._begin(split, sc)
        accumulators.begin_task()
        return itertools.chain(ship.rows(function, command(split, iterator)), _end())

    return task


def _end():
    """No rows: what is after the last row of a task."""
    TaskContext._current = None
    accumulators.end_task()
    yield from ()
