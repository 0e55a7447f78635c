"""Each batch compared with the one before it."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Sets")
ssc = StreamingContext(sc, 5)

before = sc.emptyRDD()


def compare(time, rdd):
    global before
    now = rdd.map(int)
    print(time.time(), "now", now.collect(), "before", before.collect())
    print(" gone:", before.subtract(now).collect())
    print(" new:", now.subtract(before, 3).glom().collect())
    print(" kept:", now.intersection(before).collect())
    print(" all:", now.union(before).glom().collect())
    print(" product:", now.cartesian(before).take(5), now.cartesian(before).count())
    print(" sc.union:", sc.union([before, now, now]).count())
    if not now.isEmpty():
        doubled = now.map(lambda n: n * 2)
        print(" zip:", now.zip(doubled).collect())
        print(" keyBy:", now.keyBy(lambda n: n % 3).reduceByKey(max).collect())
        print(" lookup:", now.keyBy(lambda n: n % 3).lookup(1), now.keyBy(lambda n: n % 3).partitionBy(2).lookup(0))
    before = now


ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split()).foreachRDD(compare)
ssc.start()
ssc.awaitTermination()
