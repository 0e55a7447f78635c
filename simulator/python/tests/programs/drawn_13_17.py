from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_17")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.distinct())
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
    .flatMap(lambda w: [w, w.upper()])
    .map(lambda w: w[::-1])
    .map(lambda w: w[::-1])
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .coalesce(1)
        .zipWithIndex()
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
