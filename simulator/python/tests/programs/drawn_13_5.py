from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_5")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .filter(lambda w: len(w) > 1)
    .map(lambda w: (w, len(w) * 1))
    .reduceByKeyAndWindow(lambda a, b: a + b, None, 3, 2)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 3)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .cogroup(rdd.context.parallelize([(1, 1), ('m', 5)])).mapValues(lambda v: sum(v[0]) - sum(v[1]))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
