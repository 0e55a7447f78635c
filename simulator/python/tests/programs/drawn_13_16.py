from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_16")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.distinct())
    .map(lambda w: (w[0], len(w)))
    .flatMapValues(lambda v: range(v % 3 + 1))
    .partitionBy(1)
    .transform(lambda rdd: rdd.sortByKey(ascending=False, keyfunc=str))
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .sortBy(lambda kv: (kv[1], str(kv[0])))
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)
second = (
    words
    .flatMap(lambda w: [w, w.upper()])
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
    .repartition(3)
    .countByValue()
    .reduceByKey(max, 3)
)
second.pprint(5)

ssc.start()
ssc.awaitTermination()
