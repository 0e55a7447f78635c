"""`pyspark.TaskContext`: which partition a worker is at work on."""


class TaskContext:
    _current = None

    def __init__(self, partition):
        self._partition = partition

    @classmethod
    def get(cls):
        return cls._current

    def partitionId(self):
        return self._partition

    def attemptNumber(self):
        return 0
