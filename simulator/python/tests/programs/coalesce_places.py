"""coalesce by where partitions lie: blocks of two receivers, shuffles, caches before and after jobs, and what is made of
them."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "CoalescePlaces")
ssc = StreamingContext(sc, 1)


def show(name, rdd, *counts):
    for count in counts:
        print(name, count, rdd.coalesce(count).glom().collect())


def numbers(stop, slices):
    return sc.parallelize(range(stop), slices)


def each(time, rdd):
    print("==", time.second, rdd.getNumPartitions(), "partitions")
    show("blocks", rdd, 2, 4, 7, 30)
    pairs = rdd.map(lambda word: (word, 1))
    reduced = pairs.reduceByKey(lambda x, y: x + y, 9)
    show("reduced", reduced, 4)
    show("reduced again", reduced, 4)
    show("placed", pairs.partitionBy(5), 2)
    repartitioned = rdd.repartition(5)
    show("repartitioned", repartitioned, 2)
    show("repartitioned again", repartitioned, 2)


def caches():
    cached = numbers(9, 7).map(lambda n: n).cache()
    print("first", cached.take(1))
    show("one of seven", cached, 3)
    print("other job", numbers(3, 1).count())
    show("cached", cached, 3)
    half = numbers(9, 6).cache()
    print("first", half.take(4))
    print("other job", numbers(3, 1).count())
    show("some", half, 3, 3)
    half.unpersist()
    print("other job", numbers(3, 1).count())
    show("no more", half, 3)
    full = numbers(8, 5).cache()
    print("count", full.count(), numbers(2, 1).count())
    show("union", full.union(numbers(5, 3)), 3)
    show("zipped", full.zip(numbers(8, 5)), 2)
    show("crossed", full.cartesian(numbers(2, 2)), 4)
    show("coalesced twice", full.coalesce(4), 2)
    lazy = numbers(9, 6).cache()
    later = lazy.coalesce(4)
    sooner = lazy.coalesce(4)
    print("partitions", sooner.getNumPartitions())
    print("count", lazy.count(), numbers(2, 1).count())
    print("later", later.glom().collect())
    print("sooner", sooner.glom().collect())
    show("many", numbers(16, 12).union(full), 5)


one = ssc.socketTextStream("localhost", 9998)
two = ssc.socketTextStream("localhost", 9999)
one.union(two).flatMap(str.split).foreachRDD(each)
one.window(2, 1).union(two.window(2, 1)).transform(lambda rdd: rdd.coalesce(4)).glom().pprint()
caches()

ssc.start()
ssc.awaitTermination()
