"""A function of a batch that stops the context when it has seen enough."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Within")
ssc = StreamingContext(sc, 1)
total = 0


def add(rdd):
    global total
    total += rdd.count()
    print("total", total)
    if total >= 4:
        ssc.stop(stopSparkContext=False, stopGraceFully=False)


ssc.socketTextStream("localhost", 9999).foreachRDD(add)
ssc.start()
ssc.awaitTermination()
print("stopped at", total)
