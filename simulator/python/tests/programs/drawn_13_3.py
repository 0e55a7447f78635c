from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[4]", "drawn_13_3")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.distinct())
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
    .repartition(3)
    .map(lambda w: (w, 4))
    .groupByKey(4).mapValues(lambda vs: len(list(vs)))
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .reduceByKey(lambda a, b: a + b)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.collectAsMap())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
