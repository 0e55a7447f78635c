from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_14_7")
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
        .filter(lambda w: len(w) > 4)
        .flatMap(lambda w: [w, w.upper()])
        .sortBy(lambda w: w, False)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.take(1))


first.foreachRDD(show_first)
second = (
    words
    .map(lambda w: w[::-1])
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .map(lambda w: (w, 4))
        .map(lambda kv: kv[1])
        .zipWithIndex()
        .filter(lambda kv: kv[1] % 1 != 1)
        .subtractByKey(rdd.context.parallelize([(0, 0), ('e', 0), ('Ä', 0)]))
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.collect())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
