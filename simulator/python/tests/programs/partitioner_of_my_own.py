"""Partitioning by the first letter, kept from a batch to the next."""
from pyspark import SparkContext
from pyspark.rdd import portable_hash
from pyspark.streaming import StreamingContext


def by_first_letter(key):
    return 0 if key[0] <= "m" else 1


sc = SparkContext("local[2]", "Partitioner")
ssc = StreamingContext(sc, 1)

pairs = ssc.socketTextStream("localhost", 9999).flatMap(str.split).map(lambda w: (w, len(w)))


def show(rdd):
    parted = rdd.partitionBy(2, by_first_letter)
    print(parted.glom().collect())
    print(parted.reduceByKey(max, 2, by_first_letter).glom().collect())
    print(parted.reduceByKey(max).glom().collect())
    print(parted.groupByKey(partitionFunc=by_first_letter).mapValues(list).glom().collect())
    print(parted.sortByKey(numPartitions=2).glom().collect())
    print(rdd.repartitionAndSortWithinPartitions(2, by_first_letter, ascending=False).glom().collect())
    print(parted.join(rdd.map(lambda kv: (kv[0], "x"))).glom().collect())
    print(parted.mapValues(str).partitioner == parted.partitioner, parted.filter(lambda kv: kv[1] > 3).partitioner == parted.partitioner)
    print(rdd.partitionBy(2).join(rdd.partitionBy(2)).getNumPartitions(), parted.lookup("apple"))


pairs.foreachRDD(lambda rdd: None if rdd.isEmpty() else show(rdd))
pairs.partitionBy(2, by_first_letter).glom().pprint()
pairs.map(lambda kv: (kv[0], portable_hash(kv[0]) % 5)).pprint()
print([portable_hash(k) % 7 for k in (None, 1, -1, "x", ("a", 2), 2.5, b"b", (None, (1, 2)))])

ssc.start()
ssc.awaitTermination()
