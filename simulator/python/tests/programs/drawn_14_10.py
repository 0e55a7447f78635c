from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_14_10")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: (w[0], len(w)))
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .filter(lambda kv: kv[1] % 2 != 1)
        .partitionBy(1, lambda key: len(str(key)))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .cogroup(rdd.context.parallelize([(1, 1), ('m', 5)])).mapValues(lambda v: sum(v[0]) - sum(v[1]))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collect())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
