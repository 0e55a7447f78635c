from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_14_11")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(len)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .distinct(2)
        .map(lambda n: (n % 3, n))
        .aggregateByKey(0, lambda acc, v: acc + v * 2, lambda a, b: a - b)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
