"""Functions over the rows around each row of a table; a stream has none."""

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

builder = SparkSession.builder.master("local[1]").appName("windows")
spark = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

rows = [("a", 3), ("b", 1), ("a", 1), ("a", 2), ("b", 5), ("a", 2), ("c", None), ("b", None)]
table = spark.createDataFrame(rows, "k STRING, v INT")
by_key = Window.partitionBy("k").orderBy("v")

table.select(
    "k", "v", F.row_number().over(by_key).alias("number"), F.rank().over(by_key).alias("rank"),
    F.dense_rank().over(by_key).alias("dense"), F.percent_rank().over(by_key).alias("percent"),
    F.cume_dist().over(by_key).alias("cume"), F.ntile(2).over(by_key).alias("tile"),
    F.lag("v").over(by_key).alias("lag"), F.lead("v", 1, -1).over(by_key).alias("lead"),
    F.nth_value("v", 2).over(by_key).alias("second"),
).show()
frame = by_key.rowsBetween(-1, 1)
whole = Window.partitionBy("k").rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
table.select(
    "k", "v", F.sum("v").over(by_key).alias("running"), F.sum("v").over(Window.partitionBy("k")).alias("total"),
    F.avg("v").over(frame).alias("around"), F.count("*").over(by_key.rangeBetween(-1, Window.currentRow)).alias("near"),
    F.collect_list("v").over(whole).alias("all"), F.count("*").over(Window.partitionBy()).alias("count"),
).show()
newest = Window.partitionBy("k").orderBy(F.col("v").desc())
table.withColumn("n", F.row_number().over(newest)).filter("n = 1").drop("n").show()
table.select("k", F.rank().over(Window.orderBy(F.desc_nulls_last("v"), "k")).alias("place")).show()
table.groupBy("k").agg(F.sum("v").alias("s"), F.rank().over(Window.orderBy(F.sum("v").desc())).alias("r")).show()
table.select(F.row_number().over(by_key), F.sum("v").over(frame), F.lag("v", 2).over(by_key)).printSchema()
print(F.row_number().over(by_key), F.sum("v").over(frame), F.count("k").over(Window.partitionBy("k", "v")))


def refused(title, make):
    try:
        make()
        print(title, "is taken")
    except AnalysisException as error:
        print(title, error.getErrorClass())


refused("without an order", lambda: table.select(F.row_number().over(Window.partitionBy("k"))))
refused("without a window", lambda: table.select(F.row_number()))
refused("in a filter", lambda: table.filter(F.row_number().over(by_key) == 1))
refused("distinct", lambda: table.select(F.countDistinct("v").over(by_key)))

stream = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
ranked = stream.withColumn("n", F.row_number().over(Window.partitionBy("value").orderBy("value")))
refused("of a stream", lambda: ranked.writeStream.format("console").start())
