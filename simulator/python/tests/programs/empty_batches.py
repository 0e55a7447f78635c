"""Batches without lines: what is called, and what is not."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Empty")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("empty")

calls = []


def early(rdd):
    if rdd.isEmpty():
        print("nothing to do")
        return
    print("work", rdd.collect())


def state(new, old):
    return (old or 0) + len(new)


lines = ssc.socketTextStream("localhost", 9999)
pairs = lines.map(lambda line: (line, 1))
lines.foreachRDD(early)
lines.pprint()
lines.count().pprint()
pairs.reduceByKey(lambda a, b: a + b).count().pprint()
lines.reduce(lambda a, b: a + b).pprint()
lines.mapPartitions(lambda part: ["a partition of %d" % len(list(part))]).pprint()
pairs.updateStateByKey(state).pprint()
pairs.groupByKey().mapPartitions(lambda part: ["a group of %d" % len(list(part))]).pprint()
lines.countByWindow(2, 1).pprint()
lines.filter(lambda line: False).count().pprint()
lines.window(2).foreachRDD(lambda t, rdd: print(t.second, "window", rdd.getNumPartitions(), rdd.isEmpty()))
lines.transform(lambda rdd: rdd.context.parallelize([rdd.count()])).pprint()
lines.transform(lambda t, rdd: rdd.union(rdd.context.parallelize(["at %d" % t.second]))).pprint()

ssc.start()
ssc.awaitTermination()
