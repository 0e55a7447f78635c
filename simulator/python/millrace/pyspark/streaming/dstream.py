"""`pyspark.streaming.DStream`: a sequence of batches.

As in PySpark most operators are functions of a batch (`transform`), and a chain of them is one stream of the engine.
"""

import datetime
import itertools
import operator
import time
import types

from millrace import ship
from millrace.pyspark.rdd import RDD, portable_hash
from millrace.pyspark.resultiterable import ResultIterable
from millrace.pyspark.storagelevel import StorageLevel


class DStream:
    """A stream while the program is written: `make` makes the engine's, when the program starts."""

    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, ssc, slide, make, serializer="rows"):
        self._ssc = ssc
        #: A name for the form in which PySpark has the rows: streams of two forms are not united.
        self._serializer = serializer
        #: The time of the last batch, in milliseconds, if a function of the program made none.
        self._has_none = None
        self._sc = ssc._sc
        self._slide = slide
        self._make = make
        self._made = None
        self._is_kept = False
        self.is_cached = False
        self.is_checkpointed = False
        #: The milliseconds from one save of states to the next; `None` for those of Spark.
        self._checkpoint_interval = None

    @property
    def _stream(self):
        """The engine's stream."""
        if self._made is None:
            stream = self._make()
            self._made = stream.persist() if self._is_kept else stream
        return self._made

    def context(self):
        return self._ssc

    # Operators on single rows and partitions

    def mapPartitionsWithIndex(self, f, preservesPartitioning=False):
        return self.transform(lambda rdd: rdd.mapPartitionsWithIndex(f, preservesPartitioning))

    def mapPartitions(self, f, preservesPartitioning=False):
        def func(_, iterator):
            return f(iterator)

        return self.mapPartitionsWithIndex(func, preservesPartitioning)

    def map(self, f, preservesPartitioning=False):
        return self.mapPartitions(lambda iterator: map(f, iterator), preservesPartitioning)

    def flatMap(self, f, preservesPartitioning=False):
        def func(iterator):
            return itertools.chain.from_iterable(map(f, iterator))

        return self.mapPartitions(func, preservesPartitioning)

    def filter(self, f):
        return self.mapPartitions(lambda iterator: filter(f, iterator), True)

    def glom(self):
        def func(iterator):
            yield [row for row in iterator]  # A loop that Ctrl-C ends, as `list` has none.

        return self.mapPartitions(func)

    def mapValues(self, f):
        return self.map(lambda pair: (pair[0], f(pair[1])), preservesPartitioning=True)

    def flatMapValues(self, f):
        def func(pair):
            return ((pair[0], value) for value in f(pair[1]))

        return self.flatMap(func, preservesPartitioning=True)

    # Operators on a batch

    def transform(self, func):
        if func.__code__.co_argcount == 1:
            of_batch = func

            def func(_, rdd):
                return of_batch(rdd)

        assert func.__code__.co_argcount == 2, "func should take one or two arguments"
        return TransformedDStream(self, func)

    def transformWith(self, func, other, keepSerializer=False):
        if func.__code__.co_argcount == 2:
            of_batches = func

            def func(_, rdd, other):
                return of_batches(rdd, other)

        assert func.__code__.co_argcount == 3, "func should take two or three arguments"

        def make():
            return self._stream.transform_with(other._stream, self._ssc._maker(made, func))

        made = DStream(self._ssc, self._slide, make, self._serializer if keepSerializer else "rows")
        return made

    def count(self):
        return self.mapPartitions(lambda rows: [sum(1 for _ in rows)]).reduce(operator.add)

    def reduce(self, func):
        keyed = self.map(lambda row: (None, row))
        return keyed.reduceByKey(func, 1).map(lambda pair: pair[1])

    def countByValue(self):
        return self.map(lambda row: (row, 1)).reduceByKey(lambda x, y: x + y)

    def repartition(self, numPartitions):
        return self.transform(lambda rdd: rdd.repartition(numPartitions))

    def partitionBy(self, numPartitions, partitionFunc=portable_hash):
        return self.transform(lambda rdd: rdd.partitionBy(numPartitions, partitionFunc))

    def combineByKey(self, createCombiner, mergeValue, mergeCombiners, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transform(lambda rdd: rdd.combineByKey(createCombiner, mergeValue, mergeCombiners, count))

    def reduceByKey(self, func, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transform(lambda rdd: rdd.reduceByKey(func, count))

    def groupByKey(self, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transform(lambda rdd: rdd.groupByKey(count))

    # Two streams

    def union(self, other):
        if self._slideDuration != other._slideDuration:
            raise ValueError("the two DStream should have same slide duration")
        if self._serializer == "text" != other._serializer:
            raise ValueError(
                "the lines of a source are united with rows of a function, which Spark would read as text, too: each "
                "batch would fail with a UnicodeDecodeError. Write lines.map(lambda line: line).union(rows)"
            )
        return self.transformWith(lambda rdd, other: rdd.union(other), other, True)

    def cogroup(self, other, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transformWith(lambda rdd, other: rdd.cogroup(other, count), other)

    def join(self, other, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transformWith(lambda rdd, other: rdd.join(other, count), other)

    def leftOuterJoin(self, other, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transformWith(lambda rdd, other: rdd.leftOuterJoin(other, count), other)

    def rightOuterJoin(self, other, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transformWith(lambda rdd, other: rdd.rightOuterJoin(other, count), other)

    def fullOuterJoin(self, other, numPartitions=None):
        count = self._partitions(numPartitions)
        return self.transformWith(lambda rdd, other: rdd.fullOuterJoin(other, count), other)

    # Windows

    def window(self, windowDuration, slideDuration=None):
        length, slide = self._window(windowDuration, slideDuration)
        # As in Spark, which would else compute a batch for each window that it is in.
        self._is_kept = True
        return DStream(self._ssc, slide, lambda: self._stream.window(length, slide), self._serializer)

    def reduceByWindow(self, reduceFunc, invReduceFunc, windowDuration, slideDuration):
        keyed = self.map(lambda row: (1, row))
        reduced = keyed.reduceByKeyAndWindow(reduceFunc, invReduceFunc, windowDuration, slideDuration, 1)
        return reduced.map(lambda pair: pair[1])

    def countByWindow(self, windowDuration, slideDuration):
        ones = self.map(lambda _: 1)
        return ones.reduceByWindow(operator.add, operator.sub, windowDuration, slideDuration)

    def countByValueAndWindow(self, windowDuration, slideDuration, numPartitions=None):
        ones = self.map(lambda row: (row, 1))
        counts = ones.reduceByKeyAndWindow(
            operator.add, operator.sub, windowDuration, slideDuration, numPartitions
        )
        return counts.filter(lambda pair: pair[1] > 0)

    def groupByKeyAndWindow(self, windowDuration, slideDuration, numPartitions=None):
        groups = self.mapValues(lambda value: [value]).reduceByKeyAndWindow(
            lambda old, new: old.extend(new) or old,
            lambda old, gone: old[len(gone) :],
            windowDuration,
            slideDuration,
            numPartitions,
        )
        return groups.mapValues(ResultIterable)

    def reduceByKeyAndWindow(
        self, func, invFunc, windowDuration, slideDuration=None, numPartitions=None, filterFunc=None
    ):
        length, slide = self._window(windowDuration, slideDuration)
        count = self._partitions(numPartitions)
        reduced = self.reduceByKey(func, count)
        if not invFunc:
            return reduced.window(windowDuration, slideDuration).reduceByKey(func, count)
        keep = filterFunc and ship.command(filterFunc)

        def make():
            functions = ship.command(func), ship.command(invFunc)
            interval = windows._checkpoint_interval
            return reduced._stream.reduce_by_key_and_window(*functions, (length, slide), count, keep, interval)

        self._ssc._needs_checkpoint = True
        windows = DStream(self._ssc, slide, make)
        return windows

    # States

    def updateStateByKey(self, updateFunc, numPartitions=None, initialRDD=None):
        count = self._partitions(numPartitions)
        if initialRDD and not isinstance(initialRDD, RDD):
            initialRDD = self._sc.parallelize(initialRDD)
        initial = initialRDD._rdd if initialRDD else None
        self._ssc._needs_checkpoint = True

        def begin_task():
            return ship.results(ship.ship(updateFunc), "state")

        def make():
            return self._stream.update_state_by_key(begin_task, count, initial, states._checkpoint_interval)

        states = self._derive(make)
        return states

    # Output operations

    def foreachRDD(self, func):
        if func.__code__.co_argcount == 1:
            of_batch = func

            def func(_, rdd):
                return of_batch(rdd)

        self._ssc._add_output(self, func)

    def pprint(self, num=10):
        shown = self._ssc._stage.observer.output(self)

        def show(batch_time, rdd):
            rows = rdd.take(num + 1)
            print("-------------------------------------------")
            print(f"Time: {batch_time}")
            print("-------------------------------------------")
            for row in rows[:num]:
                print(row)
            if len(rows) > num:
                print("...")
            print("")
            shown(batch_time, rows[:num] + [...] if len(rows) > num else rows)

        self.foreachRDD(show)

    def saveAsTextFiles(self, prefix, suffix=None):
        def save(batch_time, rdd):
            path = file_name(prefix, suffix, batch_time)
            try:
                rdd.saveAsTextFile(path)
            except FileExistsError:
                pass  # A batch that is run again has been saved.

        self.foreachRDD(save)

    # Batches that are kept

    def cache(self):
        return self.persist(StorageLevel.MEMORY_ONLY)

    def persist(self, storageLevel):
        if not isinstance(storageLevel, StorageLevel):
            raise TypeError("storageLevel must be of type pyspark.StorageLevel")
        self._ssc._check_changeable("o1.persist", "storage level")
        self.is_cached = self._is_kept = True
        return self

    def checkpoint(self, interval):
        self._ssc._check_changeable("o1.checkpoint", "checkpoint interval")
        self.is_checkpointed = True
        self._ssc._check_interval(self, interval)
        self._checkpoint_interval = int(interval * 1000)
        return self

    def slice(self, begin, end):
        with self._sc._stage.failures("o1.slice"):
            batches = self._stream.slice(_millis(begin), _millis(end))
        return [RDD(batch, self._sc) for batch in batches]

    @property
    def _slideDuration(self):
        return self._slide / 1000.0

    def _derive(self, make):
        """A stream with as many batches."""
        return DStream(self._ssc, self._slide, make)

    def _partitions(self, count):
        return self._sc.defaultParallelism if count is None else count

    def _window(self, length, slide):
        """The length and the slide of a window, in milliseconds."""
        parent = self._slide
        for name, duration in (("windowDuration", length), ("slideDuration", slide)):
            if duration and duration < 0:
                raise ValueError(f"{name} is positive, and not {duration!r}")
            if duration and int(duration * 1000) % parent != 0:
                raise ValueError(
                    f"{name} must be multiple of the parent dstream's slide (batch) duration ({parent} ms)"
                )
        return int(length * 1000), int(slide * 1000) if slide else parent

    def __getnewargs__(self):
        raise TypeError("cannot pickle 'DStream' object: a function of a worker names a stream")

    def _to_worker(self):
        self.__getnewargs__()


class TransformedDStream(DStream):
    """Batches that a function of the program makes of others. A chain of them is one function."""

    def __init__(self, prev, func):
        super().__init__(prev._ssc, prev._slide, self._transformed)
        if type(prev) is TransformedDStream and not (prev.is_cached or prev.is_checkpointed):
            inner = prev.func
            self.func = lambda batch_time, rdd: func(batch_time, inner(batch_time, rdd))
            self.prev = prev.prev
        else:
            self.func = func
            self.prev = prev

    def _transformed(self):
        return self.prev._stream.transform(self._ssc._maker(self, self.func))


def file_name(prefix, suffix, batch_time):
    """The folder of a batch: its prefix, the time in milliseconds, and its suffix."""
    name = f"{prefix}-{_millis(batch_time)}"
    return name if suffix is None else f"{name}.{suffix}"


def _millis(when):
    if isinstance(when, datetime.datetime):
        return int(time.mktime(when.timetuple()) * 1000) + when.microsecond // 1000
    return int(when * 1000)
