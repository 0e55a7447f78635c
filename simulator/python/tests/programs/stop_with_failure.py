"""A batch that fails while a graceful stop waits for it: the stop goes on, and awaitTermination raises afterwards."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "StopWithFailure")
ssc = StreamingContext(sc, 1)


def show(time, rdd):
    print(time.second, rdd.collect())
    if time.second == 3:
        raise ValueError("not now")


ssc.socketTextStream("localhost", 9999).foreachRDD(show)
ssc.start()
ssc.awaitTerminationOrTimeout(2)
ssc.stop(stopSparkContext=False, stopGraceFully=True)
print("stopped", sc.parallelize([1, 2]).sum())
try:
    ssc.awaitTermination()
except Exception as error:
    print("failed:", "not now" in str(error))
