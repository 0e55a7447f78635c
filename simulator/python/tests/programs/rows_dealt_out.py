"""Tables and streams whose rows are dealt out to other partitions, and random numbers of partitions."""

import os

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", 9).getOrCreate()


def parts(table):
    return [[tuple(row) for row in rows] for rows in table.rdd.glom().collect()]


ids = spark.range(0, 6, 1, 2)
print(parts(ids.repartition(3)))
print(parts(ids.repartition(3, "id")))
print(parts(ids.repartition("id")))
print(parts(ids.repartitionByRange(3, "id")))
print(parts(ids.repartitionByRange(2, F.desc("id"))))
print(parts(ids.repartitionByRange("id")))
try:
    ids.repartitionByRange(2)
except Exception as error:
    print(type(error).__name__, error)

pairs = spark.createDataFrame([(number * 7 % 13, number) for number in range(20)], "a int, b int")
print(parts(pairs.repartitionByRange(3, "a")))
print(parts(pairs.repartitionByRange(4, F.col("a").desc(), "b")))
print(parts(pairs.coalesce(1)))
print(parts(pairs.select("a", F.rand(42), F.randn(7), F.monotonically_increasing_id(), F.spark_partition_id())))

rows = [(number * 5 % 7, f"w{number % 4}", number * 0.5, None if number % 3 else number) for number in range(23)]
mixed = spark.createDataFrame(rows, "a int, b string, c double, d int")
print(parts(mixed.repartition(4)))
print(parts(mixed.repartition(4, "b", "c")))
print(parts(mixed.repartitionByRange(3, F.desc("d"), "a")))
print(parts(mixed.groupBy("b").count().repartition(2)))
print(parts(mixed.groupBy("b").count().coalesce(2)))

os.makedirs("in")
with open("in/a.csv", "w") as file:
    file.write("1,a\n2,b\n3,c\n4,d\n5,e\n")
stream = spark.readStream.schema("k int, v string").csv("in")


def run(table, mode="append"):
    query = table.writeStream.outputMode(mode).foreachBatch(lambda batch, number: print(number, parts(batch))).start()
    query.processAllAvailable()
    query.stop()


run(stream.repartition(3))
run(stream.repartition(1))
run(stream.repartition(3, "k"))
run(stream.repartition("k"))
run(stream.repartition(5).coalesce(1))
run(stream.repartitionByRange(2, "k"))
run(stream.groupBy("v").count().repartition(2), "complete")
run(stream.repartition(2).groupBy("v").count(), "complete")
run(stream.coalesce(1).groupBy("v").count(), "complete")
spark.stop()
