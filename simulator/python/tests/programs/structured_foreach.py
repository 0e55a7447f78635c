"""Rows for a function of each row, and for a writer of each partition."""
from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

spark = SparkSession.builder.master("local[1]").appName("foreach").config("spark.sql.shuffle.partitions", 2).getOrCreate()
sc = spark.sparkContext
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
words = lines.select(explode(split("value", " ")).alias("word"))
letters, opened, closed, failed = (sc.accumulator(0) for _ in range(4))
kept = []


def add(row):
    letters.add(len(row.word))
    kept.append(row)


class Writer:
    def open(self, partition, epoch):
        opened.add(1 + 10 * partition + 100 * epoch)
        return epoch != 2

    def process(self, row):
        letters.add(1000 * row["count"])

    def close(self, error):
        closed.add(1)
        failed.add(0 if error is None else 1)


query = words.writeStream.foreach(add).start()
counts = words.groupBy("word").count().writeStream.outputMode("complete").foreach(Writer()).start()
query.awaitTermination(1.5)
print(letters.value, kept, opened.value, closed.value, failed.value, counts.isActive)
query.awaitTermination(1)
print(letters.value, kept, opened.value, closed.value, failed.value, counts.isActive)
query.awaitTermination(1)
print(letters.value, kept, opened.value, closed.value, failed.value, counts.isActive)
query.awaitTermination(1)
print(letters.value, query.isActive, counts.isActive, counts.exception())
