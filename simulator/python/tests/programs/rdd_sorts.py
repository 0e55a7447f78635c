"""Sorted RDDs of each batch: the orders, and where the partitions end."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "Sorts")
ssc = StreamingContext(sc, 2)


def show(time, rdd):
    print("=== %s, %d partitions" % (time, rdd.getNumPartitions()))
    if rdd.isEmpty():
        print("nothing")
        return
    counts = rdd.reduceByKey(lambda a, b: a + b)
    print(counts.collect())
    print(counts.sortByKey().glom().collect())
    print(counts.sortByKey(ascending=False, numPartitions=2).glom().collect())
    print(counts.sortBy(lambda kv: (-kv[1], kv[0])).glom().collect())
    print(counts.sortBy(lambda kv: kv[1]).collect())
    print(counts.sortBy(lambda kv: kv[1], ascending=False, numPartitions=1).take(3))
    print(counts.sortByKey(keyfunc=lambda k: k[::-1]).keys().collect())
    print(rdd.repartitionAndSortWithinPartitions(2, lambda k: len(k)).glom().collect())
    print(counts.top(2), counts.takeOrdered(2, key=lambda kv: -kv[1]))
    print(counts.map(lambda kv: kv[1]).sortBy(lambda n: n).zipWithIndex().collect())


words = ssc.socketTextStream("localhost", 9999).flatMap(str.split).map(lambda w: (w, 1))
words.foreachRDD(show)

ssc.start()
ssc.awaitTermination()
