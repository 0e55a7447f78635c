"""Each micro-batch of word counts is a table for a function."""
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, split, upper

spark = SparkSession.builder.appName("foreach batch").config("spark.sql.shuffle.partitions", 2).getOrCreate()
names = spark.createDataFrame([("a", "ann"), ("b", "bob")], ["word", "name"])
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
words = lines.select(explode(split(lines.value, " ")).alias("word"))
seen = []


def take(batch, number):
    seen.append(number)
    print("batch", number, batch.isStreaming, batch.columns, batch.count())
    batch.orderBy("word").show()
    print(sorted(batch.filter(col("count") > 1).select(upper("word")).collect()))
    batch.join(names, "word").select("name", "count").orderBy("name").show(truncate=False)
    batch.createOrReplaceTempView("counts")
    batch.sparkSession.sql("SELECT sum(count) AS total FROM counts").show()


counts = words.groupBy("word").count()
query = counts.writeStream.outputMode("update").foreachBatch(take).queryName("counts").start()
print(query.name, query.isActive, len(spark.streams.active))
query.awaitTermination()
print(seen, query.isActive, query.exception())
