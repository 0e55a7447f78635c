from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_14_4")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .repartition(3)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .groupBy(lambda w: w[:1]).mapValues(lambda ws: len(list(ws)))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
