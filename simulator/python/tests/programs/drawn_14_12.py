from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_14_12")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .repartition(3)
)


def show_first(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "first: nothing")
        return
    result = (
        rdd
        .flatMap(lambda w: [w, w.upper()])
        .distinct()
        .repartition(2)
    )
    print(time.strftime("%H:%M:%S"), "first:", result.getNumPartitions(), result.countByValue())


first.foreachRDD(show_first)

ssc.start()
ssc.awaitTermination()
