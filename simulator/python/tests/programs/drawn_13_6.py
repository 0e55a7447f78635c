from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_13_6")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: (w[0], len(w)))
    .mapValues(lambda v: v + 2)
    .partitionBy(2)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 4)
    .reduceByKey(lambda a, b: a + b)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = rdd.partitionBy(1).combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.glom().collect())


first.foreachRDD(show_first)
second = (
    words
    .countByValueAndWindow(6, 1)
    .reduceByKey(max, 1)
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = rdd.partitionBy(2).aggregateByKey(0, lambda acc, v: acc + v * 3, lambda a, b: a - b)
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.values().sum())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
