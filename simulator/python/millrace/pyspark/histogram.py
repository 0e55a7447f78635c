"""`RDD.histogram`: how many numbers lie in each bucket."""

import bisect
from math import isinf, isnan


def histogram(rdd, buckets):
    if isinstance(buckets, int):
        buckets, counts = _even_buckets(rdd, buckets)
        if counts is not None:
            return buckets, counts
        step = (buckets[-1] - buckets[0]) / (len(buckets) - 1)
    elif isinstance(buckets, (list, tuple)):
        step = _step(buckets)
    else:
        raise TypeError("buckets should be a list or tuple or number(int or long)")
    return buckets, _counts(rdd, buckets, step)


def _even_buckets(rdd, count):
    """This number of equal buckets; with their counts where that takes no second look at the rows."""
    if count < 1:
        raise ValueError("number of buckets must be >= 1")
    numbers = rdd.filter(lambda x: x is not None and not (type(x) is float and isnan(x)))
    try:
        least, greatest = numbers.map(lambda x: (x, x)).reduce(lambda a, b: (min(a[0], b[0]), max(a[1], b[1])))
    except TypeError as error:
        if " empty " in str(error):
            raise ValueError("can not generate buckets from empty RDD") from None
        raise
    if least == greatest or count == 1:
        return [least, greatest], [numbers.count()]
    try:
        step = (greatest - least) / count
    except TypeError:
        raise TypeError("Can not generate buckets with non-number in RDD") from None
    if isinf(step):
        raise ValueError("Can not generate buckets with infinite value")
    step = int(step)
    if step * count != greatest - least:
        step = (greatest - least) * 1.0 / count
    return [*(i * step + least for i in range(count)), greatest], None


def _step(buckets):
    """The width of buckets that are equal; `None` if they are not."""
    if len(buckets) < 2:
        raise ValueError("buckets should have more than one value")
    if any(it is None or (isinstance(it, float) and isnan(it)) for it in buckets):
        raise ValueError("can not have None or NaN in buckets")
    if sorted(buckets) != list(buckets):
        raise ValueError("buckets should be sorted")
    if len(set(buckets)) != len(buckets):
        raise ValueError("buckets should not contain duplicated values")
    try:
        steps = [high - low for low, high in zip(buckets, buckets[1:])]
    except TypeError:
        return None
    return (buckets[-1] - buckets[0]) / (len(buckets) - 1) if max(steps) - min(steps) < 1e-10 else None


def _counts(rdd, buckets, step):
    least, greatest = buckets[0], buckets[-1]

    def count(iterator):
        counts = [0] * len(buckets)
        for x in iterator:
            if x is None or (isinstance(x, float) and isnan(x)) or x > greatest or x < least:
                continue
            counts[bisect.bisect_right(buckets, x) - 1 if step is None else int((x - least) / step)] += 1
        # The greatest number is in the last bucket.
        last = counts.pop()
        counts[-1] += last
        return [counts]

    return rdd.mapPartitions(count).reduce(lambda a, b: [i + j for i, j in zip(a, b)])
