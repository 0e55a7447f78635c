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
    result = rdd.combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
