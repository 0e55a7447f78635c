"""Tables in memory that queries fill, between their micro-batches."""
import time

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

spark = SparkSession.builder.appName("memory").config("spark.sql.shuffle.partitions", 2).getOrCreate()
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
words = lines.select(explode(split("value", " ")).alias("word"))
counts = words.groupBy("word").count()

for mode in ("complete", "update"):
    counts.writeStream.format("memory").outputMode(mode).queryName(f"counts_{mode}").start()
query = words.writeStream.format("memory").queryName("words").start()
nothing = words.writeStream.format("noop").start()
spark.table("words").printSchema()
for second in range(3):
    time.sleep(1.5)
    for mode in ("complete", "update"):
        spark.sql(f"SELECT * FROM counts_{mode} ORDER BY word, count").show()
    print(spark.table("words").count(), [row.word for row in spark.sql("SELECT word FROM words").collect()])
print(query.status)
print([(progress["batchId"], progress["numInputRows"]) for progress in query.recentProgress])
query.stop()
print(query.isActive, sorted(other.name for other in spark.streams.active if other.name))
spark.table("words").show(2)
try:
    words.writeStream.format("memory").queryName("counts_update").start()
except Exception as error:
    print(type(error).__name__, error)
try:
    words.writeStream.format("memory").start()
except Exception as error:
    print(type(error).__name__, error)
for other in spark.streams.active:
    other.stop()
