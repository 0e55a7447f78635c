"""A graceful stop: what was received is worked off, and then the timer comes to rest."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Graceful")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("graceful")

counts = ssc.socketTextStream("localhost", 9999).map(lambda w: (w, 1)).updateStateByKey(lambda new, old: sum(new) + (old or 0))
counts.foreachRDD(lambda time, rdd: print(time.second, rdd.collect()))

ssc.start()
ssc.awaitTerminationOrTimeout(2)
print("stopping")
ssc.stop(stopSparkContext=False, stopGraceFully=True)
print("stopped", sc.parallelize([1, 2]).sum())
