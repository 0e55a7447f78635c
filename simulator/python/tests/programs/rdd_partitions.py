"""How the records of a batch lie in partitions, before and after they are moved."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "Partitions")
ssc = StreamingContext(sc, 1)


def first_letter(key):
    return ord(key[0]) - ord("a")


def show(rdd):
    if rdd.isEmpty():
        print("empty:", rdd.getNumPartitions(), rdd.glom().collect())
        return
    print("as it came", rdd.glom().collect())
    print("repartition(4)", rdd.repartition(4).glom().collect())
    print("repartition(2)", rdd.repartition(2).glom().collect())
    print("coalesce(1)", rdd.coalesce(1).glom().collect())
    print("coalesce(2)", rdd.coalesce(2).glom().collect())
    print("coalesce(5)", rdd.coalesce(5).glom().collect())
    print("coalesce(3, True)", rdd.coalesce(3, shuffle=True).glom().collect())
    pairs = rdd.map(lambda w: (w, len(w)))
    print("partitionBy(2)", pairs.partitionBy(2).glom().collect())
    print("by letter", pairs.partitionBy(3, first_letter).glom().collect())
    print("groupByKey", pairs.groupByKey().mapValues(list).glom().collect())
    print("groupByKey(1)", pairs.groupByKey(1).mapValues(sum).glom().collect())
    print("groupBy", rdd.groupBy(len).mapValues(sorted).collect())
    print("with index", rdd.mapPartitionsWithIndex(lambda i, ws: [(i, w) for w in ws]).collect())
    print("zipWithIndex", rdd.zipWithIndex().collect())
    print("zipWithUniqueId", rdd.zipWithUniqueId().collect())
    print("distinct", rdd.distinct().glom().collect(), rdd.distinct(2).glom().collect())
    print("sums", rdd.mapPartitions(lambda ws: [sum(len(w) for w in ws)]).collect())
    print("same", pairs.partitionBy(3).partitionBy(3).partitioner == pairs.partitionBy(3).partitioner)
    print("kept", pairs.partitionBy(3).mapValues(str).partitioner is not None)
    print("lost", pairs.partitionBy(3).map(lambda kv: kv).partitioner)


words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))
words.foreachRDD(show)

ssc.start()
ssc.awaitTermination()
