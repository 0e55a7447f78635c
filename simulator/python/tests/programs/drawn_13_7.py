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
    result = (
        rdd
        .aggregateByKey(0, lambda acc, v: acc + v * 4, lambda a, b: a - b)
        .cogroup(rdd.context.parallelize([(1, 1), ('m', 5)])).mapValues(lambda v: sum(v[0]) - sum(v[1]))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByKey())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
