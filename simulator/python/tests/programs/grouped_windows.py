"""Groups over windows, and windows over what was reduced before."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "GroupedWindows")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("grouped")

pairs = ssc.socketTextStream("localhost", 9999).map(lambda line: line.split()).map(lambda f: (f[0], int(f[1])))

pairs.groupByKeyAndWindow(3, 1).mapValues(list).pprint()
pairs.groupByKeyAndWindow(4, 2, 1).mapValues(sum).pprint()
sums = pairs.reduceByKey(lambda a, b: a + b)
sums.window(3, 1).pprint()
sums.window(3, 1).reduceByKey(max).pprint()
sums.reduceByKeyAndWindow(lambda a, b: a + b, lambda a, b: a - b, 3, 1).pprint()
pairs.reduceByKeyAndWindow(min, None, 2).pprint()
pairs.window(2, 2).join(sums.window(2, 2)).pprint()
pairs.mapValues(lambda v: (v, 1)).reduceByKeyAndWindow(
    lambda a, b: (a[0] + b[0], a[1] + b[1]), lambda a, b: (a[0] - b[0], a[1] - b[1]), 6, 1
).filter(lambda kv: kv[1][1] > 0).mapValues(lambda v: v[0] / v[1]).pprint()

ssc.start()
ssc.awaitTermination()
