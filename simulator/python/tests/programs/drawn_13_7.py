from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_7")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .countByValueAndWindow(1, 2)
    .reduceByKey(max, 2)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 1)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0))
    .updateStateByKey(lambda new, old: sum(new) + (old or 0))
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = rdd.filter(lambda kv: kv[1] % 4 != 1).combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
