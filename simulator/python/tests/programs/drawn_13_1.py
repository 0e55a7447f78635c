from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[1]", "drawn_13_1")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .mapPartitions(lambda ws: sorted(ws))
    .countByValue()
    .mapValues(lambda v: v + 1)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 2)
    .reduceByKeyAndWindow(lambda a, b: a + b, None, 5, 1)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .repartitionAndSortWithinPartitions(1, keyfunc=str)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
