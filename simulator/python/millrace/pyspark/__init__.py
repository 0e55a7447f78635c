"""`pyspark`, as a program finds it on a stage of Millrace."""

from millrace.pyspark.accumulators import Accumulator, AccumulatorParam
from millrace.pyspark.broadcast import Broadcast
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.context import SparkContext, SparkFiles
from millrace.pyspark.rdd import RDD
from millrace.pyspark.storagelevel import StorageLevel
from millrace.pyspark.taskcontext import TaskContext
from millrace.pyspark.version import __version__

__all__ = [
    "Accumulator",
    "AccumulatorParam",
    "Broadcast",
    "RDD",
    "SparkConf",
    "SparkContext",
    "SparkFiles",
    "StorageLevel",
    "TaskContext",
]
