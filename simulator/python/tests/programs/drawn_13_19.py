from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[1]", "drawn_13_19")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .filter(lambda w: len(w) > 4)
    .countByValueAndWindow(1, 1)
    .groupByKey().mapValues(sum)
)
first.pprint(20)
second = (
    words
    .repartition(4)
    .map(lambda w: (w, 1))
    .transform(lambda rdd: rdd.distinct())
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .repartitionAndSortWithinPartitions(2, keyfunc=str)
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.keys().collect())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
