from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_14_5")
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
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
        .aggregateByKey(0, lambda acc, v: acc + v * 2, lambda a, b: a - b)
        .subtractByKey(rdd.context.parallelize([(0, 0), ('e', 0), ('Ä', 0)]))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collect())


first.foreachRDD(show_first)
second = (
    words
    .map(lambda w: (w, 4))
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .partitionBy(2, lambda key: len(str(key)))
        .reduceByKey(max, 4)
        .reduceByKey(lambda a, b: a + b)
        .reduceByKey(lambda a, b: a + b)
        .reduceByKey(max, 4)
        .groupByKey().mapValues(sum)
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.countByKey())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
