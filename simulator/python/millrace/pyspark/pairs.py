"""Operators by key of `pyspark.RDD`, on rows that are pairs."""

import bisect
import copy
import functools
import itertools
import operator

from millrace.pyspark.iterators import reduced
from millrace.pyspark.partitioner import Partitioner, portable_hash
from millrace.pyspark.resultiterable import ResultIterable
from millrace.pyspark.sampling import KeySampler


class Pairs:
    def keys(self):
        return self.map(lambda pair: pair[0])

    def values(self):
        return self.map(lambda pair: pair[1])

    def mapValues(self, f):
        def func(pair):
            return (pair[0], f(pair[1]))

        return self.map(func, preservesPartitioning=True)

    def flatMapValues(self, f):
        def func(pair):
            return ((pair[0], value) for value in f(pair[1]))

        return self.flatMap(func, preservesPartitioning=True)

    # Shuffles

    def partitionBy(self, numPartitions, partitionFunc=portable_hash):
        partitioner = self._partitioner(numPartitions, partitionFunc)
        if self.partitioner == partitioner:
            return self
        return self._placed(self._rdd.partition_by(self._placement(partitioner)), partitioner)

    def combineByKey(
        self, createCombiner, mergeValue, mergeCombiners, numPartitions=None, partitionFunc=portable_hash
    ):
        local = self.mapPartitions(_combining(createCombiner, mergeValue), True)
        return local.partitionBy(numPartitions, partitionFunc).mapPartitions(_merging(mergeCombiners), True)

    def reduceByKey(self, func, numPartitions=None, partitionFunc=portable_hash):
        local = self.mapPartitions(_merging(func), True)
        return local.partitionBy(numPartitions, partitionFunc).mapPartitions(_merging(func), True)

    def groupByKey(self, numPartitions=None, partitionFunc=portable_hash):
        local = self.mapPartitions(_grouped, True)
        return local.partitionBy(numPartitions, partitionFunc).mapPartitions(_regrouped, True).mapValues(ResultIterable)

    def aggregateByKey(self, zeroValue, seqFunc, combFunc, numPartitions=None, partitionFunc=portable_hash):
        def create(value):
            return seqFunc(copy.deepcopy(zeroValue), value)

        return self.combineByKey(create, seqFunc, combFunc, numPartitions, partitionFunc)

    def foldByKey(self, zeroValue, func, numPartitions=None, partitionFunc=portable_hash):
        return self.aggregateByKey(zeroValue, func, func, numPartitions, partitionFunc)

    def repartitionAndSortWithinPartitions(
        self, numPartitions=None, partitionFunc=portable_hash, ascending=True, keyfunc=lambda x: x
    ):
        placed = self.partitionBy(numPartitions, partitionFunc)
        return placed.mapPartitions(_sorting(ascending, keyfunc), True)

    def sortByKey(self, ascending=True, numPartitions=None, keyfunc=lambda x: x):
        if numPartitions is None:
            numPartitions = self._default_partitions()
        sort = _sorting(ascending, keyfunc)
        if numPartitions == 1:
            rdd = self.coalesce(1) if self.getNumPartitions() > 1 else self
            return rdd.mapPartitions(sort, True)
        count = self.count()
        if not count:
            return self
        # Bounds of a sample of twenty rows a partition, so that partitions are about equal.
        fraction = min(numPartitions * 20.0 / max(count, 1), 1.0)
        samples = sorted(self.sample(False, fraction, 1).map(lambda pair: pair[0]).collect(), key=keyfunc)
        bounds = [samples[int(len(samples) * (i + 1) / numPartitions)] for i in range(numPartitions - 1)]

        def range_of(key):
            # The bounds are keys, and so not of `keyfunc`: this is how PySpark compares them.
            index = bisect.bisect_left(bounds, keyfunc(key))
            return index if ascending else numPartitions - 1 - index

        return self.partitionBy(numPartitions, range_of).mapPartitions(sort, True)

    # Several batches

    def cogroup(self, other, numPartitions=None):
        return _cogroup((self, other), numPartitions)

    def groupWith(self, other, *others):
        return _cogroup((self, other, *others), None)

    def join(self, other, numPartitions=None):
        return _join(self, other, numPartitions, (), ())

    def leftOuterJoin(self, other, numPartitions=None):
        return _join(self, other, numPartitions, (), (None,))

    def rightOuterJoin(self, other, numPartitions=None):
        return _join(self, other, numPartitions, (None,), ())

    def fullOuterJoin(self, other, numPartitions=None):
        return _join(self, other, numPartitions, (None,), (None,))

    def subtractByKey(self, other, numPartitions=None):
        def is_left(group):
            here, there = group[1]
            return here and not there

        return self.cogroup(other, numPartitions).filter(is_left).flatMapValues(lambda group: group[0])

    def sampleByKey(self, withReplacement, fractions, seed=None):
        for fraction in fractions.values():
            assert fraction >= 0.0, f"Negative fraction value: {fraction}"
        return self.mapPartitionsWithIndex(KeySampler(withReplacement, fractions, seed).rows, True)

    # Actions

    def collectAsMap(self):
        return dict(self.collect())

    def countByKey(self):
        return self.keys().countByValue()

    def reduceByKeyLocally(self, func):
        def add(values, pair):
            key, value = pair
            values[key] = func(values[key], value) if key in values else value
            return values

        def reduce_pairs(pairs, values):
            return reduced(add, pairs, values)

        maps = self.mapPartitions(lambda pairs: [reduce_pairs(pairs, {})])
        return maps.reduce(lambda left, right: reduce_pairs(right.items(), left))

    def lookup(self, key):
        values = self.filter(lambda pair: pair[0] == key).values()
        if self.partitioner is not None:
            return self.ctx.runJob(values, lambda rows: rows, [self.partitioner(key)])
        return values.collect()

    def _partitioner(self, partitions, function):
        # Spark takes a negative number, too: the result has no partitions.
        return Partitioner(self._default_partitions() if partitions is None else max(0, partitions), function)


# The values of each key in a partition, keys in the order in which they come first (`pyspark.shuffle.ExternalMerger`).


def _combining(create, add):
    def combine(rows):
        combined = {}
        for key, value in rows:
            combined[key] = add(combined[key], value) if key in combined else create(value)
        return iter(combined.items())

    return combine


def _merging(merge):
    def combine(rows):
        merged = {}
        for key, value in rows:
            merged[key] = merge(merged[key], value) if key in merged else value
        return iter(merged.items())

    return combine


def _grouped(rows):
    groups = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return iter(groups.items())


def _regrouped(rows):
    groups = {}
    for key, values in rows:
        groups.setdefault(key, []).extend(values)
    return iter(groups.items())


def _sorting(ascending, keyfunc):
    def sort(iterator):
        return iter(sorted(iterator, key=lambda pair: keyfunc(pair[0]), reverse=not ascending))

    return sort


def _cogroup(rdds, partitions):
    """The values of each key, one group for each batch: tagged, united and grouped, which gives their order."""

    def tag(number):
        return lambda value: (number, value)

    tagged = [rdd.mapValues(tag(number)) for number, rdd in enumerate(rdds)]
    united = functools.reduce(operator.add, tagged)

    def groups(values):
        groups = [[] for _ in rdds_range]
        for number, value in values:
            groups[number].append(value)
        return tuple(map(ResultIterable, groups))

    rdds_range = range(len(rdds))
    return united.groupByKey(partitions).mapValues(groups)


def _join(left, right, partitions, if_no_left, if_no_right):
    def products(groups):
        here, there = groups
        return itertools.product(here.data or if_no_left, there.data or if_no_right)

    return _cogroup((left, right), partitions).flatMapValues(products)
