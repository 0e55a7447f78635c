from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_14_2")
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
        .groupBy(lambda w: w[:1]).mapValues(lambda ws: len(list(ws)))
        .filter(lambda kv: kv[1] % 2 != 1)
        .sortBy(lambda kv: (kv[1], str(kv[0])))
        .groupByKey().mapValues(sum)
        .mapValues(lambda v: v + 4)
        .filter(lambda kv: kv[1] % 4 != 1)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)
second = (
    words
    .map(lambda w: (w[0], len(w)))
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .reduceByKey(lambda a, b: a + b)
        .filter(lambda kv: kv[1] % 4 != 1)
        .aggregateByKey(0, lambda acc, v: acc + v * 1, lambda a, b: a - b)
        .mapValues(lambda v: v + 4)
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.glom().collect())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
