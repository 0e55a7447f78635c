"""`pyspark`, as a program finds it on a stage of Millrace."""

import importlib

from millrace.pyspark.accumulators import Accumulator, AccumulatorParam
from millrace.pyspark.broadcast import Broadcast
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.context import SparkContext
from millrace.pyspark.files import SparkFiles
from millrace.pyspark.rdd import RDD
from millrace.pyspark.serializers import CPickleSerializer, MarshalSerializer, PickleSerializer
from millrace.pyspark.storagelevel import StorageLevel
from millrace.pyspark.taskcontext import TaskContext
from millrace.pyspark.util import keyword_only
from millrace.pyspark.version import __version__
from millrace.refused import refusing

_NO_PROFILER = "Use Python's own profiler."
_NO_STAGES = "Stages are not distributed here: use mapPartitions."
_NO_STATUS = "A job ends before the next line of the program."
_NO_THREADS = "A program has one thread here: call the function."

_refused = refusing(
    "pyspark",
    {
        "BarrierTaskContext": _NO_STAGES,
        "BarrierTaskInfo": _NO_STAGES,
        "BasicProfiler": _NO_PROFILER,
        "InheritableThread": _NO_THREADS,
        "Profiler": _NO_PROFILER,
        "RDDBarrier": _NO_STAGES,
        "SparkExecutorInfo": _NO_STATUS,
        "SparkJobInfo": _NO_STATUS,
        "SparkStageInfo": _NO_STATUS,
        "StatusTracker": _NO_STATUS,
        "inheritable_thread_target": _NO_THREADS,
    },
)


_OF_SQL = ("HiveContext", "Row", "SQLContext")


def __getattr__(name):
    # PySpark imports it by itself. Here a program that has no query need not wait for it.
    if name in ("sql", *_OF_SQL):
        sql = importlib.import_module(f"{__name__}.sql")
        return sql if name == "sql" else getattr(sql, name)
    return _refused(name)


__getattr__.refusals = _refused.refusals

__all__ = [
    "Accumulator",
    "AccumulatorParam",
    "Broadcast",
    "CPickleSerializer",
    "MarshalSerializer",
    "PickleSerializer",
    "RDD",
    "SparkConf",
    "SparkContext",
    "SparkFiles",
    "StorageLevel",
    "TaskContext",
    *_OF_SQL,
    *_refused.refusals,
]
