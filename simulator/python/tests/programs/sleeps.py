"""A main thread that sleeps and looks at what came, instead of waiting for the end."""
import time

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Sleeps")
results = {}


def create():
    print("created")
    ssc = StreamingContext(sc, 1)
    words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))
    words.countByValue().foreachRDD(lambda time, rdd: results.update({time.second: sorted(rdd.collect())}))
    return ssc


ssc = StreamingContext.getActiveOrCreate(None, create)
ssc.start()
print(StreamingContext.getActiveOrCreate(None, create) is ssc)
for turn in range(3):
    time.sleep(2)
    print("turn", turn, results)
ssc.stop(stopSparkContext=True, stopGraceFully=False)
print("end", len(results))
