"""`pyspark.TaskContext`: which partition a worker is at work on."""

from millrace._millrace import current_partition
from millrace.errors import missing


class TaskContext:
    def __init__(self, partition):
        self._partition = partition

    @classmethod
    def get(cls):
        partition = current_partition()
        return None if partition is None else TaskContext(partition)

    def partitionId(self):
        return self._partition

    def attemptNumber(self):
        return 0

    def __getattr__(self, name):
        if name in ("cpus", "getLocalProperty", "resources", "stageId", "taskAttemptId"):
            raise missing(f"TaskContext.{name}", "Only the partition is known.")
        raise AttributeError(f"'TaskContext' object has no attribute {name!r}")
