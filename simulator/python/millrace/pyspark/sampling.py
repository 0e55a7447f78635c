"""Samples of rows: the draws of PySpark's own generator, `random.Random`, seeded for each partition."""

import math
import random
import sys


class _Draws:
    """The draws of one partition."""

    def __init__(self, seed, split):
        self._random = random.Random(seed ^ split)
        # Seeds of neighbours are close to each other: PySpark draws some numbers first.
        for _ in range(10):
            self._random.randint(0, 1)

    def uniform(self):
        return self._random.random()

    def poisson(self, mean):
        """Knuth's algorithm; from a mean of 20 on by waiting times, as the product would underflow."""
        count = 0
        if mean < 20.0:
            least = math.exp(-mean)
            product = self._random.random()
            while product > least:
                count += 1
                product *= self._random.random()
        else:
            waited = self._random.expovariate(mean)
            while waited < 1.0:
                count += 1
                waited += self._random.expovariate(mean)
        return count


class _Seeded:
    def __init__(self, seed):
        self._seed = self.seed_of(seed)

    @staticmethod
    def seed_of(seed):
        return random.randint(0, sys.maxsize) if seed is None else seed


class Sampler(_Seeded):
    """Each row with a probability, or as often as a Poisson draw says."""

    def __init__(self, replaces, fraction, seed):
        super().__init__(seed)
        self._replaces, self._fraction = replaces, fraction

    def _fraction_of(self, row):
        return self._fraction

    def rows(self, split, iterator):
        draws = _Draws(self._seed, split)
        for row in iterator:
            fraction = self._fraction_of(row)
            if self._replaces:
                for _ in range(draws.poisson(fraction)):
                    yield row
            elif draws.uniform() < fraction:
                yield row


class KeySampler(Sampler):
    """As `Sampler`, with a fraction for each key."""

    def _fraction_of(self, row):
        return self._fraction[row[0]]


class RangeSampler(_Seeded):
    """The rows whose draw lies in a range: those of other ranges are in other samples."""

    def __init__(self, low, high, seed):
        super().__init__(seed)
        self._low, self._high = low, high

    def rows(self, split, iterator):
        draws = _Draws(self._seed, split)
        for row in iterator:
            if self._low <= draws.uniform() < self._high:
                yield row
