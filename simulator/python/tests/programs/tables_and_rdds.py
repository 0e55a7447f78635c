"""From RDDs to tables and back."""

from collections import namedtuple

from pyspark.sql import Row, SparkSession
from pyspark.sql.types import IntegerType, StringType, StructField, StructType

spark = SparkSession.builder.master("local[2]").appName("rdds").config("spark.sql.shuffle.partitions", "1").getOrCreate()
sc = spark.sparkContext
sc.setLogLevel("OFF")

pairs = sc.parallelize([("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)])
table = pairs.toDF()
table.show()
pairs.toDF(["k", "v"]).printSchema()
pairs.toDF("k STRING, v INT").printSchema()
pairs.map(lambda pair: Row(k=pair[0], v=pair[1] * 1.5)).toDF().show()
schema = StructType([StructField("k", StringType(), False), StructField("v", IntegerType())])
spark.createDataFrame(pairs, schema).printSchema()
spark.createDataFrame(pairs.filter(lambda pair: pair[1] > 3), ["k", "v"]).show()
spark.createDataFrame(sc.parallelize([{"x": 1, "y": "a"}, {"x": 2}, {"y": "c"}])).show()
Point = namedtuple("Point", "x y")
spark.createDataFrame(sc.parallelize([Point(1, "a"), Point(2, "b")])).show()
spark.createDataFrame(sc.parallelize([(None, 1), ("b", 2)]), ["k", "v"]).show()
spark.createDataFrame(sc.parallelize([1, 2, 3]), "int").show()
spark.createDataFrame(["x", "y"], StringType()).show()


class Thing:
    def __init__(self, name, size):
        self.name, self.size = name, size


spark.createDataFrame([Thing("a", 1), Thing("b", 2)]).show()
spark.createDataFrame([Row("k", "v")("a", 1), Row("k", "v")("b", 2)]).show()

print(table.rdd.map(lambda row: (row._1, row[1] * 2)).collect(), table.rdd.getNumPartitions())
print(table.rdd.glom().collect())
print(table.filter("_2 > 2").rdd.map(tuple).collect(), table.select("_2").rdd.flatMap(list).sum())
print(table.rdd.map(lambda row: row.asDict()).first(), table.rdd is table.rdd)
print(table.toJSON().collect(), table.toJSON().map(len).sum())
seen = sc.accumulator(0)
table.foreach(lambda row: seen.add(row[1]))
table.foreachPartition(lambda rows: seen.add(100 * len(list(rows))))
print(seen.value)
print([row._1 for row in table.toLocalIterator()], list(table.toLocalIterator(prefetchPartitions=True))[-1])
print(table.coalesce(1).rdd.glom().collect(), table.repartition(1).rdd.getNumPartitions())
print([[row[0] for row in rows] for rows in table.repartition(3, "_1").rdd.glom().collect()])
table.repartition(3, "_1").show()
ordered = table.sortWithinPartitions("_2", ascending=False)
print(ordered.rdd.glom().map(lambda rows: [row[1] for row in rows]).collect())
print(table.union(table).rdd.getNumPartitions(), table.rdd.isEmpty(), table.limit(0).rdd.isEmpty())
print(sc.parallelize(table.collect()).map(lambda row: row._2).reduce(lambda x, y: x + y))
for attempt in (
    lambda: sc.emptyRDD().toDF(), lambda: sc.parallelize([1, 2]).toDF(), lambda: sc.parallelize([()]).toDF(),
    lambda: sc.parallelize([(None,)]).toDF(),
):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error)
empty = spark.createDataFrame(sc.emptyRDD(), schema)
empty.show()
print(empty.rdd.isEmpty(), empty.count(), empty.columns, spark.createDataFrame([], schema).collect())
print(table.is_cached, table.cache().is_cached, table.storageLevel, table.unpersist().is_cached, table.count())
