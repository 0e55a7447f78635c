"""Counts over the last six seconds, by the inverse function, without words that are gone."""
from operator import add

from pyspark import SparkConf, SparkContext
from pyspark.streaming import StreamingContext

conf = SparkConf().setMaster("local[2]").setAppName("WindowedCounts")
sc = SparkContext(conf=conf)
sc.setLogLevel("ERROR")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))
pairs = words.map(lambda word: (word, 1))

counts = pairs.reduceByKeyAndWindow(add, lambda x, y: x - y, 6, 1, filterFunc=lambda kv: kv[1] > 0)
counts.pprint()

kept = pairs.reduceByKeyAndWindow(lambda x, y: x + y, lambda x, y: x - y, 6, 1)
kept.pprint(3)

ssc.start()
ssc.awaitTermination()
