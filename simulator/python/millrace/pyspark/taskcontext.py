"""`pyspark.TaskContext`: which partition a worker is at work on."""

import itertools

from millrace import ship
from millrace._millrace import in_worker
from millrace.errors import missing
from millrace.pyspark import accumulators
from millrace.refused import refuse


class TaskContext:
    _current = None

    def __init__(self, partition):
        self._partition = partition

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
        return 1

    def resources(self):
        return {}


_UNNUMBERED = "Stages and tasks have no numbers here: use partitionId()."

refuse(
    TaskContext,
    {
        "cpuAmount": "Use cpus().",
        "from_json": "Use TaskContext.get().",
        "getLocalProperty": "Broadcast the value.",
        "stageId": _UNNUMBERED,
        "taskAttemptId": _UNNUMBERED,
    },
)


def in_task(function):
    """The function of a partition, as workers run it: with a context that says which."""
    command = ship.command(function)

    def task(split, iterator):
        TaskContext._current = TaskContext(split)
        accumulators.begin_task()
        return itertools.chain(ship.rows(function, command(split, iterator)), _end())

    return task


def _end():
    """No rows: what is after the last row of a task."""
    TaskContext._current = None
    accumulators.end_task()
    yield from ()
