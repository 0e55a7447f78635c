"""Keys of many types, and which partition each goes to."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

KEYS = [
    None, True, False, 0, 1, -1, 2, 1.0, 2.5, -0.0, 10**20, -(10**20), 2**61 - 1, 2**61,
    "", "a", "é", "日本", b"", b"bytes", (), ("a", 1), ("a", ("b", None)), frozenset([1, 2]), float("inf"),
]

sc = SparkContext("local[3]", "Keys")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("keys")

keys = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: [KEYS[int(n)] for n in line.split()])
pairs = keys.map(lambda key: (key, 1))
pairs.reduceByKey(lambda a, b: a + b).pprint(30)
pairs.updateStateByKey(lambda new, old: (old or 0) + sum(new)).pprint(30)
pairs.groupByKey().mapValues(len).glom().pprint()
pairs.foreachRDD(lambda rdd: print(rdd.countByKey()))

ssc.start()
ssc.awaitTermination()
