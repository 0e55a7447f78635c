"""Methods of `pyspark.RDD` that Millrace has not: each raises by its name, with what to do instead."""

from millrace.refused import refuse

_NEEDS_HADOOP = (
    "It needs Hadoop's file systems and formats. Use saveAsTextFile, or collect() and a library of your own."
)
_NEEDS_JVM = "It is computed by the JVM."
_INSTEAD = {
    "saveAsHadoopDataset": _NEEDS_HADOOP,
    "saveAsHadoopFile": _NEEDS_HADOOP,
    "saveAsNewAPIHadoopDataset": _NEEDS_HADOOP,
    "saveAsNewAPIHadoopFile": _NEEDS_HADOOP,
    "saveAsPickleFile": _NEEDS_HADOOP,
    "saveAsSequenceFile": _NEEDS_HADOOP,
    "barrier": "Stages are not distributed here: use mapPartitions.",
    "cleanShuffleDependencies": "Shuffles are kept in memory, and go with the batch.",
    "collectWithJobGroup": "Use collect().",
    "countApprox": _NEEDS_JVM + " Use count(), which is exact.",
    "countApproxDistinct": _NEEDS_JVM + " Use distinct().count(), which is exact.",
    "getCheckpointFile": "Checkpoints of batches are kept in memory.",
    "getResourceProfile": "There are no executors.",
    "mapPartitionsWithSplit": "Use mapPartitionsWithIndex.",
    "meanApprox": _NEEDS_JVM + " Use mean(), which is exact.",
    "sumApprox": _NEEDS_JVM + " Use sum(), which is exact.",
    "toDebugString": "The lineage of a batch is not that of Spark's JVM.",
    "withResources": "There are no executors.",
}


class Unsupported:
    """The methods of an RDD that raise."""


refuse(Unsupported, _INSTEAD, name="RDD")
