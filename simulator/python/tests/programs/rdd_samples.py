"""Samples by a seed: the same on every run."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Samples")
ssc = StreamingContext(sc, 1)


def draw(rdd):
    if not rdd.count():
        return
    print("sample", rdd.sample(False, 0.4, 42).collect())
    print("with replacement", rdd.sample(True, 1.5, 7).collect())
    print("takeSample", rdd.takeSample(False, 3, seed=1), rdd.takeSample(True, 4, 1))
    first, second = rdd.randomSplit([2, 1], seed=11)
    print("split", first.collect(), second.collect())
    pairs = rdd.map(lambda w: (w[0], w))
    print("by key", pairs.sampleByKey(False, {"a": 0.5, "b": 0.9, "c": 0.1}, 3).collect())


words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))
words.foreachRDD(draw)
ssc.start()
ssc.awaitTermination()
