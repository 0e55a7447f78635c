"""coalesce, which keeps together what lies together: blocks of a socket, lists of the driver, shuffled and cached data."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Coalesces")
ssc = StreamingContext(sc, 1)


def show(name, rdd):
    for n in (1, 2, 3, 9):
        print(name, n, rdd.coalesce(n).glom().collect())


def each(time, rdd):
    print("==", time.second, rdd.getNumPartitions(), "partitions")
    show("socket", rdd)
    show("mapped", rdd.map(str.upper))
    show("list", sc.parallelize(range(7), 5))
    show("union", rdd.union(sc.parallelize(["x", "y", "z"], 3)))
    shuffled = rdd.map(lambda w: (w, 1)).reduceByKey(lambda a, b: a + b, 5)
    show("shuffled", shuffled)
    print("reduced", shuffled.count())
    show("shuffled again", shuffled)
    cached = sc.parallelize(range(6), 4).cache()
    show("before it is cached", cached)
    print("cached", cached.count())
    show("cached", cached)


words = ssc.socketTextStream("localhost", 9999).flatMap(str.split)
words.foreachRDD(each)
words.window(2, 1).transform(lambda rdd: rdd.coalesce(3)).glom().pprint()

ssc.start()
ssc.awaitTermination()
