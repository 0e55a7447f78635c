from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_14_1")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = words


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .repartition(2)
        .subtract(rdd.sample(False, 0.5, 4).map(str))
        .groupBy(lambda w: w[:1]).mapValues(lambda ws: len(list(ws)))
        .combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.keys().collect())


first.foreachRDD(show_first)
second = words


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .zipWithIndex()
        .flatMapValues(lambda v: range(v % 3 + 1))
        .groupByKey(3).mapValues(lambda vs: len(list(vs)))
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.countByKey())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
