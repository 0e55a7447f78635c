from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_14_9")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = words


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .coalesce(3)
        .map(lambda w: (w, len(w) * 2))
        .aggregateByKey(0, lambda acc, v: acc + v * 3, lambda a, b: a - b)
        .mapValues(lambda v: v + 4)
        .flatMapValues(lambda v: range(v % 3 + 1))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
