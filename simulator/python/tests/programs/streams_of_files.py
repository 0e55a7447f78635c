"""Files in folders as streams: CSV with a header, JSON and text, one in each micro-batch or all together."""
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import col
from pyspark.sql.types import DoubleType, IntegerType, StringType, StructField, StructType

spark = SparkSession.builder.appName("Files").config("spark.sql.shuffle.partitions", 2).getOrCreate()


def write(folder, *texts):
    os.makedirs(folder)
    for number, text in enumerate(texts):
        path = os.path.join(folder, f"part-{number}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        # In a second of its own, as Spark reads files in the order of their times.
        os.utime(path, (1_000 + number, 1_000 + number))


def show(rows, mode="append"):
    query = rows.writeStream.format("console").outputMode(mode).option("truncate", False)
    query.trigger(availableNow=True).start().awaitTermination()


def refused(read):
    try:
        read()
    except Exception as error:
        print(type(error).__name__, error, flush=True)


write("orders", "id,price,item\n1,2.5,tea\n\n2,x,\"milk, fresh\"\n3\n", "id,price,item\n4,1e1,tea\n", "id,price,item\n")
write("clicks", '{"user": "ann", "n": 1}\n[{"user": "bob"}, {"n": 3}]\nbroken\n', '{"user": 7, "n": "x", "more": []}\n')
write("notes", "one\n\ntwo  \n", "three")

orders = StructType([
    StructField("id", IntegerType(), False),
    StructField("price", DoubleType()),
    StructField("item", StringType()),
    StructField("_corrupt_record", StringType()),
])
csv = spark.readStream.schema(orders).option("header", True)
csv.csv("orders").printSchema()
show(csv.csv("orders"))
show(csv.option("maxFilesPerTrigger", 1).csv("orders"))
show(csv.csv("orders").where(col("_corrupt_record").isNull()).groupBy("item").count(), "complete")

clicks = spark.readStream.format("json").schema("user STRING, n INT")
show(clicks.load("clicks"))
show(clicks.option("mode", "DROPMALFORMED").option("maxFilesPerTrigger", "1").option("latestFirst", "true").load("clicks"))

show(spark.readStream.text("notes"))
show(spark.readStream.schema("line STRING").text("notes"))

refused(lambda: spark.readStream.csv("orders"))
refused(lambda: spark.readStream.format("json").schema("a INT").load())
refused(lambda: spark.readStream.schema("a INT").csv("nowhere"))
refused(lambda: spark.readStream.schema(7))
refused(lambda: spark.readStream.json(["clicks"]))
refused(lambda: spark.readStream.load(" "))
