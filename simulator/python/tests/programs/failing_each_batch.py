"""Errors that are caught where they are: within a function of a batch, and in a function of the driver."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Careful")
sc.setLogLevel("OFF")
ssc = StreamingContext(sc, 1)


def safely(time, rdd):
    try:
        print(time.second, rdd.map(lambda line: 10 / int(line)).collect())
    except Exception as error:
        print(time.second, "in a task:", type(error).__name__)
    try:
        print(time.second, rdd.first())
    except ValueError as error:
        print(time.second, "in the driver:", type(error).__name__, error)


lines = ssc.socketTextStream("localhost", 9999)
lines.foreachRDD(safely)
ssc.start()
ssc.awaitTermination()
