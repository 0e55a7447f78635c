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
    result = (
        rdd
        .subtractByKey(rdd.context.parallelize([(0, 0), ('e', 0), ('Ä', 0)]))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
    )
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
    result = (
        rdd
        .subtractByKey(rdd.context.parallelize([(0, 0), ('e', 0), ('Ä', 0)]))
        .mapValues(lambda v: v + 1)
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.collectAsMap())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
