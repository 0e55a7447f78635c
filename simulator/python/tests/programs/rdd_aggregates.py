"""Every way to make one value, or one a key, of a batch of numbers."""
from operator import add

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext(master="local[2]", appName="Aggregates")
ssc = StreamingContext(sc, 1)

numbers = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(",")).map(float)


def mean_of(rdd):
    total, count = rdd.aggregate((0, 0), lambda acc, n: (acc[0] + n, acc[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1]))
    return total / count


def report(rdd):
    if rdd.isEmpty():
        print("empty:", rdd.sum(), rdd.count(), rdd.fold(0, add), rdd.take(1), rdd.isEmpty())
        calls = {
            "max": rdd.max,
            "first": rdd.first,
            "mean": rdd.mean,
            "stats": rdd.stats,
            "reduce": lambda: rdd.reduce(add),
            "treeReduce": lambda: rdd.treeReduce(add),
            "top": lambda: rdd.top(2),
            "takeOrdered": lambda: rdd.takeOrdered(2),
            "countByValue": rdd.countByValue,
            "histogram": lambda: rdd.histogram(2),
            "aggregate": lambda: rdd.aggregate((0, 0), max, max),
            "empty partition": lambda: sc.parallelize([], 1).countByValue(),
            "reduce of empty partitions": lambda: sc.parallelize([], 2).reduce(add),
        }
        for name, call in calls.items():
            try:
                print(name, call())
            except Exception as error:
                print(name, type(error).__name__, error)
        return
    print("sum", rdd.sum(), "max", rdd.max(), "min", rdd.min(), "longest", rdd.max(key=lambda n: len(str(n))))
    print("mean", rdd.mean(), mean_of(rdd), "variance", rdd.variance(), rdd.sampleVariance())
    print("stdev", rdd.stdev(), rdd.sampleStdev(), rdd.stats())
    print("reduce", rdd.reduce(lambda a, b: a * 10 + b), "tree", rdd.treeReduce(lambda a, b: a * 10 + b))
    print("fold", rdd.fold(1, lambda a, b: a * 2 + b), rdd.treeAggregate(0, add, add))
    print("ordered", rdd.takeOrdered(3), rdd.takeOrdered(3, key=lambda n: -n), rdd.top(2), rdd.top(2, key=lambda n: n % 5))
    print("histogram", rdd.histogram(3), rdd.histogram([0, 5, 10, 100]))
    print("counts", sorted(rdd.countByValue().items()), rdd.map(lambda n: (n % 2, n)).countByKey())
    keyed = rdd.map(lambda n: (int(n) % 3, n))
    print("aggregateByKey", keyed.aggregateByKey([], lambda xs, n: xs + [n], lambda a, b: a + b).collect())
    print("foldByKey", keyed.foldByKey(100, add).collect())
    print("combineByKey", keyed.combineByKey(lambda n: (n, 1), lambda c, n: (c[0] + n, c[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])).collectAsMap())
    print("reduceByKeyLocally", sorted(keyed.reduceByKeyLocally(add).items()))
    print("take", rdd.take(2), rdd.first(), rdd.count())


numbers.foreachRDD(report)
numbers.reduce(lambda a, b: a - b).pprint()
numbers.count().pprint()

ssc.start()
ssc.awaitTermination()
