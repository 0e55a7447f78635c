"""Arguments that say how many partitions there are, and settings that do."""
from pyspark import SparkConf, SparkContext
from pyspark.streaming import StreamingContext

conf = (
    SparkConf()
    .setMaster("local[4]")
    .setAppName("Partitions")
    .set("spark.default.parallelism", "3")
    .set("spark.ui.enabled", "false")
)
sc = SparkContext(conf=conf)
ssc = StreamingContext(sc, 1)
ssc.checkpoint("partitions")
print(sc.defaultParallelism, sc.getConf().get("spark.default.parallelism"), sc.appName, sc.master)
print(sc.parallelize(range(10)).glom().collect())
print(sc.parallelize("abc", 5).glom().collect(), sc.range(0, 10, 3, 2).glom().collect())

pairs = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split()).map(lambda w: (w, 1))


def parts(name):
    return lambda rdd: print(name, rdd.getNumPartitions(), rdd.glom().collect())


pairs.foreachRDD(parts("input"))
pairs.reduceByKey(lambda a, b: a + b).foreachRDD(parts("reduceByKey"))
pairs.reduceByKey(lambda a, b: a + b, 2).foreachRDD(parts("reduceByKey 2"))
pairs.groupByKey(5).mapValues(len).foreachRDD(parts("groupByKey 5"))
pairs.updateStateByKey(lambda new, old: (old or 0) + sum(new), 2).foreachRDD(parts("updateStateByKey 2"))
pairs.updateStateByKey(lambda new, old: (old or 0) + sum(new)).foreachRDD(parts("updateStateByKey"))
pairs.reduceByKeyAndWindow(lambda a, b: a + b, None, 2, 1, numPartitions=4).foreachRDD(parts("window 4"))
pairs.groupByKeyAndWindow(2, 1, 2).mapValues(list).foreachRDD(parts("group window 2"))
pairs.repartition(2).foreachRDD(parts("repartition 2"))
pairs.partitionBy(4).foreachRDD(parts("partitionBy 4"))
pairs.countByValue().foreachRDD(parts("countByValue"))
pairs.window(2, 1).foreachRDD(parts("window"))

ssc.start()
ssc.awaitTermination()
