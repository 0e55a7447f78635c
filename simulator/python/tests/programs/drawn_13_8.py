from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_13_8")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: (w[0], len(w)))
    .map(lambda kv: kv[1])
    .map(lambda n: n * 3 % 7)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .sortBy(lambda n: n % 5)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.fold(0, lambda a, b: a + b))


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
