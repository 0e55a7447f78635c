"""An accumulator counts how often a function is called: with and without a cache."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Recompute")
ssc = StreamingContext(sc, 1)

calls = {name: sc.accumulator(0) for name in ("plain", "cached", "shuffled", "window")}


def counting(name):
    counter = calls[name]

    def count(word):
        counter.add(1)
        return word

    return count


words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split())

plain = words.map(counting("plain"))
plain.count().pprint()
plain.foreachRDD(lambda rdd: print("plain", rdd.collect(), rdd.take(1)))

cached = words.map(counting("cached")).cache()
cached.count().pprint()
cached.foreachRDD(lambda rdd: print("cached", rdd.collect(), rdd.is_cached))


def twice(rdd):
    reduced = rdd.map(counting("shuffled")).map(lambda w: (w, 1)).reduceByKey(lambda a, b: a + b)
    print("shuffled", reduced.count(), reduced.count(), sorted(reduced.collect()))


words.foreachRDD(twice)
words.map(counting("window")).window(3, 1).foreachRDD(lambda rdd: print("window", rdd.count()))
words.foreachRDD(lambda rdd: print({name: counter.value for name, counter in calls.items()}))

ssc.start()
ssc.awaitTermination()
