"""Rows of tables, drawn at random from a seed."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[3]").appName("samples").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

numbers = spark.range(40, numPartitions=3)
for seed in (1, 42, -7):
    print([row.id for row in numbers.sample(0.3, seed).collect()])
    print([row.id for row in numbers.sample(False, 0.2, seed).collect()])
    print([row.id for row in numbers.sample(fraction=0.5, seed=seed).collect()])
kinds = numbers.withColumn("kind", F.col("id") % 3)
print([tuple(row) for row in kinds.sampleBy("kind", {0: 0.2, 1: 0.8}, seed=3).collect()])
print([tuple(row) for row in kinds.stat.sampleBy(F.col("kind"), {2: 1.0}, seed=3).collect()])
shuffled = spark.createDataFrame([(7, "a"), (3, "b"), (9, None), (1, "d"), (5, "e"), (None, "f"), (2, "g")], ["n", "s"])
for part in shuffled.randomSplit([0.6, 0.4], 24):
    part.show()
print([part.count() for part in numbers.randomSplit([1.0, 2.0, 3.0], seed=5)])
print([[row.id for row in part.collect()] for part in numbers.randomSplit([1.0, 1.0], seed=11)])
print(0 < numbers.sample(0.5).count() < 40)
