"""Which records a function is called for, as an accumulator counts them, when only a few are asked for."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Lazy")
ssc = StreamingContext(sc, 1)
calls = sc.accumulator(0)


def seen(n):
    calls.add(1)
    return n


def counted(name, action):
    before = calls.value
    result = action()
    print(name, result, "calls", calls.value - before)


def each(rdd):
    numbers = rdd.map(seen)
    counted("first", numbers.first)
    counted("take 2", lambda: numbers.take(2))
    counted("take 5", lambda: numbers.take(5))
    counted("isEmpty", numbers.isEmpty)
    counted("count", numbers.count)
    counted("sortBy", lambda: numbers.sortBy(lambda n: -n).take(1))
    counted("one partition sorted", lambda: numbers.coalesce(1).sortBy(lambda n: -n).take(1))
    counted("zipWithIndex", lambda: numbers.zipWithIndex().collect())
    counted("takeOrdered", lambda: numbers.takeOrdered(1))
    counted("histogram", lambda: numbers.histogram(2))
    counted("distinct", lambda: numbers.distinct().count())
    counted("checkpoint-less persist", lambda: (numbers.persist().count(), numbers.sum()))
    counted("unpersist", lambda: (numbers.unpersist().count(), numbers.sum()))


ssc.socketTextStream("localhost", 9999).flatMap(lambda line: map(int, line.split())).foreachRDD(each)
ssc.start()
ssc.awaitTermination()
