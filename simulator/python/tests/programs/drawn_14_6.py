from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_14_6")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .window(1, 2)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .flatMap(lambda w: [w, w.upper()])
        .flatMap(lambda w: [w, w.upper()])
        .distinct()
        .mapPartitions(lambda ws: sorted(ws))
        .mapPartitions(lambda ws: sorted(ws))
        .sortBy(lambda w: w, False)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByValue())


first.foreachRDD(show_first)
second = words


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .map(lambda w: (w, len(w) * 1))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .flatMapValues(lambda v: range(v % 3 + 1))
        .groupByKey(2).mapValues(lambda vs: len(list(vs)))
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.values().sum())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
