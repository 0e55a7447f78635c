"""Two streams of different ports: joined, grouped, united, and transformed together."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext


def pair(line):
    key, value = line.split("=")
    return key, value


sc = SparkContext("local[2]", "Clicks")
ssc = StreamingContext(sc, 1)
views = ssc.socketTextStream("localhost", 9998).map(pair)
clicks = ssc.socketTextStream("localhost", 9999).map(pair)

views.join(clicks).pprint()
views.leftOuterJoin(clicks).pprint()
views.rightOuterJoin(clicks, 3).pprint()
views.fullOuterJoin(clicks).pprint()
views.cogroup(clicks).mapValues(lambda vs: (sorted(vs[0]), sorted(vs[1]))).pprint()
views.union(clicks).pprint()
ssc.union(clicks, views, clicks).count().pprint()
views.transformWith(lambda t, a, b: a.keys().subtract(b.keys()), clicks).pprint()
ssc.transform([views, clicks], lambda rdds: rdds[0].union(rdds[1]).keys().distinct()).pprint()

ssc.start()
ssc.awaitTermination()
