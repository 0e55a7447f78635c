"""Slices of what a stream has made, while it goes on."""
from datetime import datetime, timedelta

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Slices")
ssc = StreamingContext(sc, 1)
ssc.remember(10)

words = ssc.socketTextStream("localhost", 9999).flatMap(str.split)
lengths = words.map(len)
lengths.pprint()


def last_three(time, rdd):
    rdds = lengths.slice(time - timedelta(seconds=2), time)
    print(time.second, [each.collect() for each in rdds])


words.foreachRDD(last_three)
ssc.start()
ssc.awaitTerminationOrTimeout(4)
start = datetime(2020, 2, 2, 2, 2, 2)
print([rdd.collect() for rdd in lengths.slice(start, start + timedelta(seconds=4))])
print(len(words.slice(start + timedelta(seconds=2), start + timedelta(seconds=3))))
ssc.awaitTermination()
