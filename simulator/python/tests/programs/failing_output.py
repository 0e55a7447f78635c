"""A function of foreachRDD that raises ends the program."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "FailingOutput")
sc.setLogLevel("OFF")
ssc = StreamingContext(sc, 1)


def check(rdd):
    print("checking", rdd.count())
    if rdd.count() > 2:
        raise RuntimeError("too many lines")


ssc.socketTextStream("localhost", 9999).foreachRDD(check)
ssc.start()
try:
    ssc.awaitTermination()
except Exception as error:
    print(type(error).__name__, "too many lines" in str(error))
ssc.stop()
