from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[1]", "drawn_14_8")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: w[::-1])
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .map(len)
        .zipWithIndex()
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .flatMapValues(lambda v: range(v % 3 + 1))
        .partitionBy(4, lambda key: len(str(key)))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collect())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
