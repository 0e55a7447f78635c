"""`pyspark.RDD`: the rows of a batch, in partitions.

As in PySpark, an operator on single partitions is a function of an iterator, and a chain of them is one function
(`PipelinedRDD`). The engine (`millrace._millrace.Rdd`) moves rows, keeps them and reads them.
"""

import itertools
import types

from millrace._millrace import Rdd
from millrace.errors import missing
from millrace.pyspark.actions import Actions
from millrace.pyspark.errors import PySparkRuntimeError
from millrace.pyspark.iterators import filtered, mapped
from millrace.pyspark.pairs import Pairs
from millrace.pyspark.partitioner import Partitioner, placement, portable_hash
from millrace.pyspark.sampling import RangeSampler, Sampler
from millrace.pyspark.storagelevel import StorageLevel
from millrace.pyspark.taskcontext import in_task
from millrace.pyspark.unsupported import Unsupported

__all__ = ["RDD", "PipelinedRDD", "Partitioner", "portable_hash"]


class PythonEvalType:
    """The ways in which Spark's workers call functions."""

    NON_UDF = 0
    SQL_BATCHED_UDF = 100
    SQL_ARROW_BATCHED_UDF = 101
    SQL_SCALAR_PANDAS_UDF = 200
    SQL_GROUPED_MAP_PANDAS_UDF = 201
    SQL_GROUPED_AGG_PANDAS_UDF = 202
    SQL_SCALAR_PANDAS_ITER_UDF = 204


class RDD(Pairs, Actions, Unsupported):
    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, source, ctx, partitioner=None, serializer="rows"):
        #: The engine's batch, or a function that makes it when a job first needs it.
        self._source = source
        #: A name for the form in which PySpark has the rows (`StreamingContext.union`).
        self._serializer = serializer
        self._cached = None
        self._name = None
        self.ctx = ctx
        self.partitioner = partitioner
        self.is_cached = False
        self.is_checkpointed = self._is_local = self._has_checkpoint = False
        self._storage_level = StorageLevel.NONE
        self._id = None if callable(source) else ctx._next_rdd_id()

    @property
    def _rdd(self):
        """The engine's batch."""
        if self._cached is not None:
            return self._cached
        if callable(self._source):
            self._source, self._id = self._source(), self.ctx._next_rdd_id()
        return self._source

    def id(self):
        self.ctx._stage.note("the number of an RDD counts what Spark's JVM makes, which is not imitated")
        _ = self._rdd
        return self._id

    def __repr__(self):
        return f"PythonRDD[{self.id()}] at RDD at PythonRDD.scala:53"

    def __getnewargs__(self):
        raise PySparkRuntimeError(
            "[RDD_TRANSFORM_ONLY_VALID_ON_DRIVER] It appears that you are attempting to broadcast an RDD or reference "
            "an RDD from an action or transformation. RDD transformations and actions can only be invoked by the "
            "driver, not inside of other transformations; for example, rdd1.map(lambda x: rdd2.values.count() * x) is "
            "invalid because the values transformation and count action cannot be performed inside of the rdd1.map "
            "transformation. For more information, see SPARK-5063."
        )

    def _to_worker(self):
        self.__getnewargs__()

    @property
    def context(self):
        return self.ctx

    # Where rows are kept

    def cache(self):
        return self.persist(StorageLevel.MEMORY_ONLY)

    def persist(self, storageLevel=StorageLevel.MEMORY_ONLY):
        if not isinstance(storageLevel, StorageLevel):
            raise TypeError("storageLevel must be of type pyspark.StorageLevel")
        if not self._is_local and self._storage_level not in (StorageLevel.NONE, storageLevel):
            with self.ctx._stage.failures("o1.persist"):
                raise RuntimeError("Cannot change storage level of an RDD after it was already assigned a level")
        self.is_cached = True
        self._storage_level = storageLevel
        if self._cached is None:
            self._cached = self._rdd.cached()
        return self

    # There is nothing to wait for, so that `blocking` has no effect.
    def unpersist(self, blocking=False):
        self.is_cached = False
        self._storage_level = StorageLevel.NONE
        self._cached = None
        return self

    def getStorageLevel(self):
        return self._storage_level

    def checkpoint(self):
        if self.ctx.getCheckpointDir() is None:
            raise PySparkRuntimeError("Checkpoint directory has not been set in the SparkContext")
        self.is_checkpointed = True
        self._keep()

    def localCheckpoint(self):
        self._is_local = True
        self._keep()

    def _keep(self):
        """Has the first job keep the rows."""

        def note(_, rows):
            self._has_checkpoint = True
            return rows

        self._source = self._rdd.pipelined(note, True).checkpointed()
        if self._cached is not None:
            self._cached = self._source

    def isCheckpointed(self):
        return self._has_checkpoint

    def isLocallyCheckpointed(self):
        return self._is_local

    def name(self):
        return self._name

    def setName(self, name):
        self._name = name
        return self

    @property
    def toDF(self):
        # In PySpark the first session gives it to all RDDs.
        session = self.ctx._session
        if session is None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute 'toDF'")
        return lambda schema=None, sampleRatio=None: session.createDataFrame(self, schema, sampleRatio)

    # Operators on partitions

    def getNumPartitions(self):
        return self._rdd.num_partitions()

    def mapPartitionsWithIndex(self, f, preservesPartitioning=False):
        return PipelinedRDD(self, f, preservesPartitioning)

    def mapPartitions(self, f, preservesPartitioning=False):
        def func(_, iterator):
            return f(iterator)

        return self.mapPartitionsWithIndex(func, preservesPartitioning)

    def map(self, f, preservesPartitioning=False):
        def func(_, iterator):
            return mapped(f, iterator)

        return self.mapPartitionsWithIndex(func, preservesPartitioning)

    def flatMap(self, f, preservesPartitioning=False):
        def func(_, iterator):
            return itertools.chain.from_iterable(mapped(f, iterator))

        return self.mapPartitionsWithIndex(func, preservesPartitioning)

    def filter(self, f):
        def func(iterator):
            return filtered(f, iterator)

        return self.mapPartitions(func, True)

    def glom(self):
        def func(iterator):
            yield [row for row in iterator]  # A loop that Ctrl-C ends, as `list` has none.

        return self.mapPartitions(func)

    def pipe(self, command, env=None, checkCode=False):
        from millrace.pyspark.pipe import piped  # Not at the top: few programs need what it imports.

        return self.mapPartitions(lambda rows: piped(rows, command, env or {}, checkCode))

    def sample(self, withReplacement, fraction, seed=None):
        if not fraction >= 0:
            raise ValueError("Fraction must be nonnegative.")
        return self.mapPartitionsWithIndex(Sampler(withReplacement, fraction, seed).rows, True)

    def randomSplit(self, weights, seed=None):
        if not all(weight >= 0 for weight in weights):
            raise ValueError("Weights must be nonnegative")
        total = float(sum(weights))
        if not total > 0:
            raise ValueError("Sum of weights must be positive")
        bounds = [0.0, *itertools.accumulate(weight / total for weight in weights)]
        seed = RangeSampler.seed_of(seed)
        return [
            self.mapPartitionsWithIndex(RangeSampler(low, high, seed).rows, True)
            for low, high in itertools.pairwise(bounds)
        ]

    def zipWithIndex(self):
        starts = [0]
        if self.getNumPartitions() > 1:
            counts = self.mapPartitions(lambda it: [sum(1 for _ in it)]).collect()
            starts += itertools.accumulate(counts[:-1])

        def func(split, iterator):
            return ((row, index) for index, row in enumerate(iterator, starts[split]))

        return self.mapPartitionsWithIndex(func)

    def zipWithUniqueId(self):
        count = self.getNumPartitions()

        def func(split, iterator):
            return ((row, index * count + split) for index, row in enumerate(iterator))

        return self.mapPartitionsWithIndex(func)

    # Several batches

    def union(self, other):
        union = RDD(Rdd.union(self._rdd, other._rdd), self.ctx)
        if self.partitioner == other.partitioner and self.getNumPartitions() == union.getNumPartitions():
            union.partitioner = self.partitioner
        return union

    def __add__(self, other):
        if not isinstance(other, RDD):
            raise TypeError
        return self.union(other)

    def intersection(self, other):
        groups = self.map(lambda row: (row, None)).cogroup(other.map(lambda row: (row, None)))
        return groups.filter(lambda group: all(group[1])).keys()

    def subtract(self, other, numPartitions=None):
        there = other.map(lambda row: (row, True))
        return self.map(lambda row: (row, True)).subtractByKey(there, numPartitions).keys()

    def cartesian(self, other):
        return RDD(self._rdd.crossed(other._rdd, _products), self.ctx)

    def zip(self, other):
        if self.getNumPartitions() != other.getNumPartitions():
            raise ValueError("Can only zip with RDD which has the same number of partitions")
        return RDD(self._rdd.zipped(other._rdd, _zipped), self.ctx)

    # Rows that move

    def coalesce(self, numPartitions, shuffle=False):
        if not numPartitions > 0:
            raise ValueError("Number of partitions must be positive.")
        if shuffle:
            together = min(10, self.ctx._batch_size or 1024)
            return RDD(self._rdd.repartition(numPartitions, together), self.ctx)
        return CoalescedRDD(self, numPartitions)

    def repartition(self, numPartitions):
        return self.coalesce(numPartitions, shuffle=True)

    def distinct(self, numPartitions=None):
        ones = self.map(lambda row: (row, None))
        return ones.reduceByKey(lambda row, _: row, numPartitions).map(lambda pair: pair[0])

    def groupBy(self, f, numPartitions=None, partitionFunc=portable_hash):
        return self.map(lambda row: (f(row), row)).groupByKey(numPartitions, partitionFunc)

    def keyBy(self, f):
        return self.map(lambda row: (f(row), row))

    def sortBy(self, keyfunc, ascending=True, numPartitions=None):
        return self.keyBy(keyfunc).sortByKey(ascending, numPartitions).values()

    def _placed(self, rdd, partitioner):
        """A batch of the engine whose keys this partitioner has placed."""
        return RDD(rdd, self.ctx, partitioner)

    def _default_partitions(self):
        """The partitions of a shuffle that does not say how many."""
        if self.ctx._conf.contains("spark.default.parallelism"):
            return self.ctx.defaultParallelism
        return self.getNumPartitions()

    _placement = staticmethod(placement)


class CoalescedRDD(RDD):
    """Partitions that are put together when they are first counted or read: by where they are then, as in Spark."""

    def __init__(self, prev, count):
        self._prev = prev
        self._count = count
        super().__init__(None, prev.ctx)

    @property
    def _rdd(self):
        if self._cached is not None:
            return self._cached
        if self._source is None:
            self._source = self._prev._rdd.coalesce(self._count, self.ctx._jobs)
        if self._source is None:
            raise missing(
                f"RDD.coalesce({self._count})",
                "Spark puts partitions together by where they lie, which is not known here of states, of windows of "
                "reduced values and of what is checkpointed: use repartition, or coalesce(1).",
            )
        return self._source


class PipelinedRDD(RDD):
    """Rows that a function makes of each partition of another batch. A chain of them is one function."""

    def __init__(self, prev, func, preservesPartitioning=False):
        if isinstance(prev, PipelinedRDD) and not (prev.is_cached or prev.is_checkpointed):
            inner = prev._func

            def pipeline(split, iterator):
                return func(split, inner(split, iterator))

            self._func = pipeline
            self._keeps = prev._keeps and preservesPartitioning
            self._parent = prev._parent
        else:
            self._func = func
            self._keeps = preservesPartitioning
            self._parent = prev
        super().__init__(self._pipelined, prev.ctx, prev.partitioner if self._keeps else None)

    def _pipelined(self):
        # As PySpark pickles the function once, when the first job needs it.
        return self._parent._rdd.pipelined(in_task(self._func, self.ctx), self._keeps)

    def getNumPartitions(self):
        return self._parent.getNumPartitions()


def _products(left, right):
    return itertools.product(left, right)


def _zipped(left, right):
    if len(left) != len(right):
        raise ValueError("Can only zip RDDs with same number of elements in each partition")
    return zip(left, right)


