import threading

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

LEAST = 3

sc = SparkContext("local[2]", "waits_for_an_event")
ssc = StreamingContext(sc, 1)
enough = threading.Event()
total = [0]


def count(time, rdd):
    total[0] += rdd.count()
    print(time, total[0])
    if total[0] >= LEAST:
        enough.set()


ssc.socketTextStream("localhost", 9999).foreachRDD(count)
ssc.start()
print("within a second and a half:", enough.wait(1.5), total)
print("in the end:", enough.wait(), total)
print("at once:", enough.wait(1), total)
ssc.stop(False, False)
print("stopped", total)
