from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_14")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.distinct())
    .mapPartitions(lambda ws: sorted(ws))
    .mapPartitions(lambda ws: sorted(ws))
    .repartition(4)
    .filter(lambda w: len(w) > 3)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .filter(lambda w: len(w) > 4)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.glom().collect())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
