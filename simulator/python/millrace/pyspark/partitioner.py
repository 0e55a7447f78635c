"""The placement of keys: `pyspark.rdd.Partitioner` and `portable_hash`."""

from millrace import _millrace, seed


def portable_hash(x):
    """The hash of a key that is the same in every process, as `PYTHONHASHSEED=0` gives it."""
    seed.check(x)
    return _millrace.portable_hash(x)


class Partitioner:
    # PySpark has it there.
    __module__ = "pyspark.rdd"

    def __init__(self, numPartitions, partitionFunc):
        self.numPartitions = numPartitions
        self.partitionFunc = partitionFunc

    def __eq__(self, other):
        return (
            isinstance(other, Partitioner)
            and self.numPartitions == other.numPartitions
            and self.partitionFunc == other.partitionFunc
        )

    __hash__ = None

    def __call__(self, k):
        return self.partitionFunc(k) % self.numPartitions


def placement(partitioner):
    """The placement as the engine takes it; a function is known by its address, as in PySpark."""
    function = partitioner.partitionFunc
    if function is portable_hash:
        return (partitioner.numPartitions, None, 0)
    count = partitioner.numPartitions
    return (count, lambda key: function(key) % count, id(function))
