"""Counts of words by length, every two seconds, as they change."""
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, length, split

if __name__ == "__main__":
    spark = SparkSession.builder.master("local[2]").appName("ByLength").config("spark.sql.shuffle.partitions", 2).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
    lines.printSchema()
    words = lines.select(explode(split(col("value"), " ")).alias("word"))
    counts = words.filter(col("word") != "").groupBy(length("word").alias("letters")).count()
    query = (
        counts.writeStream.outputMode("update")
        .format("console")
        .option("truncate", "false")
        .trigger(processingTime="2 seconds")
        .start()
    )
    query.awaitTermination()
