"""Actions of `pyspark.RDD`: they read rows, which is a job."""

import collections
import functools
import heapq
import math
import os
import random
import sys

from millrace.pyspark.iterators import mapped, reduced
from millrace.pyspark.statcounter import StatCounter
from millrace.pyspark.textfile import local_path
from millrace.refused import without


class Actions:
    def collect(self):
        return self.ctx._run(self, range(self.getNumPartitions()))

    def toLocalIterator(self, prefetchPartitions=False):
        ahead = collections.deque()
        for index in range(self.getNumPartitions()):
            ahead.append(self.ctx._run(self, [index]))
            if len(ahead) > prefetchPartitions:
                yield from ahead.popleft()
        for rows in ahead:
            yield from rows

    def take(self, num):
        rows = []
        total = self.getNumPartitions()
        scanned = 0
        while len(rows) < num and scanned < total:
            # Partition 0 alone first, and then more at once, as Spark guesses how many it needs.
            count = 1
            if scanned > 0:
                count = scanned * 4
                if rows:
                    count = min(max(int(1.5 * num * scanned / len(rows)) - scanned, 1), count)
            left = num - len(rows)

            def first_rows(iterator, left=left):
                for taken, row in enumerate(iterator, 1):
                    yield row
                    if taken == left:
                        return

            rows += self.ctx.runJob(self, first_rows, range(scanned, min(scanned + count, total)))
            scanned += count
        return rows[:num]

    def first(self):
        rows = self.take(1)
        if rows:
            return rows[0]
        raise ValueError("RDD is empty")

    def isEmpty(self):
        return self.getNumPartitions() == 0 or not self.take(1)

    def foreach(self, f):
        def each(iterator):
            for _ in mapped(f, iterator):
                pass
            return iter([])

        self.mapPartitions(each).count()

    def foreachPartition(self, f):
        def each(iterator):
            result = f(iterator)
            try:
                return iter(result)
            except TypeError:
                return iter([])

        self.mapPartitions(each).count()

    # One value of all rows

    def reduce(self, f):
        def partial(iterator):
            iterator = iter(iterator)
            for first in iterator:
                yield reduced(f, iterator, first)

        values = self.mapPartitions(partial).collect()
        if values:
            return reduced(f, values)
        raise ValueError("Can not reduce() empty RDD")

    def fold(self, zeroValue, op):
        return self.aggregate(zeroValue, op, op)

    def aggregate(self, zeroValue, seqOp, combOp):
        def partial(iterator):
            yield reduced(seqOp, iterator, zeroValue)

        return reduced(combOp, self.mapPartitions(partial).collect(), zeroValue)

    def treeReduce(self, f, depth=2):
        # A value, and true if there is none.
        nothing = (None, True)

        def merge(x, y):
            if x[1]:
                return y
            if y[1]:
                return x
            return (f(x[0], y[0]), False)

        reduced = self.map(lambda row: (row, False)).treeAggregate(nothing, merge, merge, depth)
        if reduced[1]:
            raise ValueError("Cannot reduce empty RDD.")
        return reduced[0]

    def treeAggregate(self, zeroValue, seqOp, combOp, depth=2):
        if depth < 1:
            raise ValueError(f"Depth cannot be smaller than 1 but got {depth}.")
        if self.getNumPartitions() == 0:
            return zeroValue

        def partial(iterator):
            yield functools.reduce(seqOp, iterator, zeroValue)

        partials = self.mapPartitions(partial)
        count = partials.getNumPartitions()
        scale = max(math.ceil(count ** (1.0 / depth)), 2)
        # A level of the tree less costs a shuffle less.
        while count > scale + count / scale:
            count /= scale

            def spread(split, iterator, groups=int(count)):
                return ((split % groups, row) for row in iterator)

            partials = partials.mapPartitionsWithIndex(spread).reduceByKey(combOp, int(count)).values()
        return partials.reduce(combOp)

    def count(self):
        return self.mapPartitions(lambda rows: [sum(1 for _ in rows)]).sum()

    def sum(self):
        return self.mapPartitions(lambda rows: [sum(rows)]).fold(0, lambda x, y: x + y)

    def max(self, key=None):
        return self.reduce(max if key is None else lambda x, y: max(x, y, key=key))

    def min(self, key=None):
        return self.reduce(min if key is None else lambda x, y: min(x, y, key=key))

    def stats(self):
        return self.mapPartitions(lambda rows: [StatCounter(rows)]).reduce(lambda x, y: x.mergeStats(y))

    def mean(self):
        return self.stats().mean()

    def variance(self):
        return self.stats().variance()

    def stdev(self):
        return self.stats().stdev()

    def sampleStdev(self):
        return self.stats().sampleStdev()

    def sampleVariance(self):
        return self.stats().sampleVariance()

    def countByValue(self):
        def count(iterator):
            counts = collections.defaultdict(int)
            for row in iterator:
                counts[row] += 1
            yield counts

        def merge(left, right):
            for row, times in right.items():
                left[row] += times
            return left

        return self.mapPartitions(count).reduce(merge)

    # Some rows

    def top(self, num, key=None):
        def greatest(rows):
            return heapq.nlargest(num, rows, key=key)

        return self.mapPartitions(lambda rows: [greatest(rows)]).reduce(lambda x, y: greatest(x + y))

    def takeOrdered(self, num, key=None):
        if num < 0:
            raise ValueError("top N cannot be negative.")
        if num == 0 or self.getNumPartitions() == 0:
            return []

        def least(rows):
            return heapq.nsmallest(num, rows, key)

        return self.mapPartitions(lambda rows: [least(rows)]).reduce(lambda x, y: least(x + y))

    def takeSample(self, withReplacement, num, seed=None):
        if num < 0:
            raise ValueError("Sample size cannot be negative.")
        largest = sys.maxsize - int(10.0 * math.sqrt(sys.maxsize))
        if num > largest:
            raise ValueError(f"Sample size cannot be greater than {largest}.")
        if num == 0 or self.getNumPartitions() == 0:
            return []
        count = self.count()
        if count == 0:
            return []
        rand = random.Random(random.random() if seed is None else seed)
        if not withReplacement and num >= count:
            samples = self.collect()
            rand.shuffle(samples)
            return samples
        fraction = _fraction(num, count, withReplacement)
        samples = self.sample(withReplacement, fraction, seed).collect()
        while len(samples) < num:
            seed = rand.randint(0, sys.maxsize)
            samples = self.sample(withReplacement, fraction, seed).collect()
        rand.shuffle(samples)
        return samples[:num]

    def histogram(self, buckets):
        from millrace.pyspark.histogram import histogram

        return histogram(self, buckets)

    # Files

    @without("RDD.saveAsTextFile", compressionCodecClass="Leave it out to write plain text.")
    def saveAsTextFile(self, path, compressionCodecClass=None):
        folder, saved = local_path(path, "RDD.saveAsTextFile"), []
        if os.path.exists(folder) and self.ctx._conf.get("spark.hadoop.validateOutputSpecs") != "false":
            raise FileExistsError(f"Output directory file:{os.path.abspath(folder)} already exists")
        os.makedirs(folder, exist_ok=True)
        for index, rows in enumerate(self.glom().collect()):
            with open(os.path.join(folder, f"part-{index:05}"), "wb") as file:
                for row in rows:
                    line = row if isinstance(row, bytes) else str(row).encode("utf-8")
                    file.write(line + b"\n")
                    saved.append(line.decode("utf-8", "replace"))
        open(os.path.join(folder, "_SUCCESS"), "wb").close()
        self.ctx._stage.observer.save(path, saved)


def _fraction(least, total, replaces):
    """A fraction by which a sample has fewer than `least` rows in one of ten thousand draws."""
    fraction = float(least) / total
    if replaces:
        deviations = 9 if least < 12 else 5
        return fraction + deviations * math.sqrt(fraction / total)
    gamma = -math.log(0.00005) / total
    return min(1, fraction + gamma + math.sqrt(gamma * gamma + 2 * gamma * fraction))
