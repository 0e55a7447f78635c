"""A program that waits in a loop, and stops after its fourth batch."""
import time

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "StopsItself")
ssc = StreamingContext(sc, 1)
seen = []


def remember(rdd):
    seen.append(rdd.collect())


ssc.socketTextStream("localhost", 9999).map(lambda line: line[::-1]).foreachRDD(remember)
ssc.start()

rounds = 0
while len(seen) < 4:
    done = ssc.awaitTerminationOrTimeout(1.5)
    rounds += 1
    print("round", rounds, "done" if done else "goes on", seen)

ssc.stop(stopSparkContext=False)
print(sc.parallelize(seen).map(len).collect())
print("active", StreamingContext.getActive())
sc.stop()
