from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_14_3")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .union(rdd.map(str))
        .map(len)
        .coalesce(1, True)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.sum())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
