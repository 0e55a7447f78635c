from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_11")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .countByValueAndWindow(1, 1)
    .combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    .transform(lambda rdd: rdd.distinct())
    .groupByKey(3).mapValues(lambda vs: len(list(vs)))
    .transform(lambda rdd: rdd.distinct())
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .repartitionAndSortWithinPartitions(2, keyfunc=str)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.keys().collect())


first.foreachRDD(show_first)
second = (
    words
    .map(len)
    .repartition(3)
    .map(lambda n: n * 4 % 7)
    .window(3, 1)
    .map(lambda n: (n % 3, n))
)
second.pprint(10)

ssc.start()
ssc.awaitTermination()
