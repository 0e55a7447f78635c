"""Metrics of the rows of tables and streams, which are observed."""

import os

from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", 3).getOrCreate()
table = spark.createDataFrame([(1, "a", 2.0), (2, "b", None)], "n int, word string, x double")

stats = Observation("stats")
seen = table.observe(stats, F.count(F.lit(1)).alias("rows"), F.max("x"), F.sum("n").alias("total"))
print(seen.collect())
print(stats.get)

unnamed = Observation()
print(table.observe(unnamed, F.count("*"), F.avg("x"), F.lit(3).alias("three")).filter("n > 5").count(), unnamed.get)
for mistake in (
    lambda: table.observe(unnamed, F.count("x")),
    lambda: table.observe("name"),
    lambda: table.observe("name", "x"),
    lambda: Observation(""),
    lambda: Observation(3),
):
    try:
        mistake()
    except Exception as error:
        print(type(error).__name__, error)

os.makedirs("in")


def put(name, text):
    with open(f"in/.{name}", "w") as file:
        file.write(text)
    os.rename(f"in/.{name}", f"in/{name}")


put("1.csv", "1,a\n2,b\n")
stream = spark.readStream.schema("k int, v string").csv("in")
try:
    stream.observe(Observation("stream"), F.count("*"))
except Exception as error:
    print(type(error).__name__, error)


def run(table, mode="append"):
    query = table.writeStream.outputMode(mode).foreachBatch(lambda batch, number: print(number, batch.collect())).start()
    query.processAllAvailable()
    put(f"{query.runId}.csv", "7,a\n")
    query.processAllAvailable()
    print([it.get("observedMetrics") for it in query.recentProgress if it["numInputRows"]])
    query.stop()


run(stream.observe("of_rows", F.count("*").alias("rows"), F.max("k").alias("most")))
run(stream.observe("one", F.count("*").alias("rows")).filter("k > 1").observe("two", F.sum("k"), F.min("v")))
run(stream.groupBy("v").agg(F.sum("k").alias("s")).observe("groups", F.max("s").alias("most")), "complete")
run(stream)
spark.stop()
