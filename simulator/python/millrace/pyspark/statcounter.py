"""`pyspark.statcounter.StatCounter`: count, mean, variance and bounds of numbers, kept up with each."""

import copy
import functools
import math


@functools.cache
def _functions():
    """Those of NumPy where it is installed, as in PySpark: their numbers print otherwise than Python's."""
    try:
        from numpy import maximum, minimum, sqrt
    except ImportError:
        return max, min, math.sqrt
    return maximum, minimum, sqrt


class StatCounter:
    def __init__(self, values=None):
        self.n = 0
        self.mu = 0.0
        self.m2 = 0.0
        self.maxValue = float("-inf")
        self.minValue = float("inf")
        for value in values or ():
            self.merge(value)

    def merge(self, value):
        delta = value - self.mu
        self.n += 1
        self.mu += delta / self.n
        self.m2 += delta * (value - self.mu)
        self._bound(value, value)
        return self

    def mergeStats(self, other):
        if not isinstance(other, StatCounter):
            raise TypeError("Can only merge StatCounter but got %s" % type(other))
        if other is self:
            return self.mergeStats(other.copy())
        if self.n == 0:
            self.__dict__.update(other.__dict__)
        elif other.n != 0:
            delta = other.mu - self.mu
            # The mean moves from the nearer side, which loses fewer digits.
            if other.n * 10 < self.n:
                self.mu += delta * other.n / (self.n + other.n)
            elif self.n * 10 < other.n:
                self.mu = other.mu - delta * self.n / (self.n + other.n)
            else:
                self.mu = (self.mu * self.n + other.mu * other.n) / (self.n + other.n)
            self._bound(other.minValue, other.maxValue)
            self.m2 += other.m2 + delta * delta * self.n * other.n / (self.n + other.n)
            self.n += other.n
        return self

    def _bound(self, least, greatest):
        maximum, minimum, _ = _functions()
        self.maxValue = maximum(self.maxValue, greatest)
        self.minValue = minimum(self.minValue, least)

    def copy(self):
        return copy.deepcopy(self)

    def count(self):
        return int(self.n)

    def mean(self):
        return self.mu

    def sum(self):
        return self.n * self.mu

    def min(self):
        return self.minValue

    def max(self):
        return self.maxValue

    def variance(self):
        return float("nan") if self.n == 0 else self.m2 / self.n

    def sampleVariance(self):
        return float("nan") if self.n <= 1 else self.m2 / (self.n - 1)

    def stdev(self):
        return _functions()[2](self.variance())

    def sampleStdev(self):
        return _functions()[2](self.sampleVariance())

    def asDict(self, sample=False):
        # As in PySpark, where it is the other way round.
        spread = (self.stdev(), self.variance()) if sample else (self.sampleStdev(), self.sampleVariance())
        return {
            "count": self.count(),
            "mean": self.mean(),
            "sum": self.sum(),
            "min": self.min(),
            "max": self.max(),
            "stdev": spread[0],
            "variance": spread[1],
        }

    def __repr__(self):
        return "(count: %s, mean: %s, stdev: %s, max: %s, min: %s)" % (
            self.count(),
            self.mean(),
            self.stdev(),
            self.max(),
            self.min(),
        )
