"""A stream enriched from a static table by each of the joins."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Joins")
ssc = StreamingContext(sc, 1)

prices = sc.parallelize([("apple", 3), ("pear", 4), ("plum", 2), ("pear", 5), ("fig", 9)], 3)

orders = ssc.socketTextStream("shop", 7777).map(lambda line: tuple(line.split(":"))).mapValues(int)


def by_join(rdd):
    if rdd.isEmpty():
        return
    print("join", rdd.join(prices).collect())
    print("left", rdd.leftOuterJoin(prices).glom().collect())
    print("right", rdd.rightOuterJoin(prices, 2).collect())
    print("full", rdd.fullOuterJoin(prices).collect())
    grouped = rdd.cogroup(prices).mapValues(lambda two: (list(two[0]), list(two[1])))
    print("cogroup", grouped.getNumPartitions(), grouped.collect())
    print("groupWith", sorted((k, [list(v) for v in vs]) for k, vs in rdd.groupWith(prices, rdd).collect()))
    print("subtractByKey", rdd.subtractByKey(prices).collect())
    print("bill", sorted(rdd.join(prices).map(lambda o: (o[0], o[1][0] * o[1][1])).collect()))


orders.foreachRDD(by_join)
orders.transform(lambda rdd: rdd.join(prices)).pprint()

ssc.start()
ssc.awaitTermination()
