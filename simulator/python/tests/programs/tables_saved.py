"""Tables that are saved as files, and read again."""

import os

from pyspark.errors import AnalysisException, IllegalArgumentException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[2]").appName("saved").getOrCreate()
spark.sparkContext.setLogLevel("OFF")


def files(folder):
    for root, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if not name.startswith("."):
                with open(os.path.join(root, name)) as file:
                    print(root, name.split("-")[0], name.rpartition("-")[2].rpartition(".")[2], repr(file.read()))


table = spark.createDataFrame([(1, "a", None), (2, 'b,"c"', 2.5), (3, "", 1e10)], "id INT, s STRING, x DOUBLE")
table.write.csv("csv", header=True)
files("csv")
spark.read.csv("csv", header=True, inferSchema=True).orderBy("id").show()
table.coalesce(1).write.mode("overwrite").json("json")
files("json")
table.select("s").write.text("text")
files("text")
table.coalesce(1).write.option("sep", "|").option("nullValue", "-").mode("append").csv("csv2")
table.limit(1).write.option("delimiter", ";").format("csv").mode("append").save("csv2", quoteAll=True)
print(sum(name.startswith("part") for name in os.listdir("csv2")), spark.read.text("csv2").count())
table.write.partitionBy("id").json("by")
files("by")
table.withColumn("at", F.to_timestamp(F.lit("2020-01-02 03:04:05"))).select("id", "at").coalesce(1).write.csv("times")
files("times")
table.filter("id > 9").write.csv("none", header=True)
files("none")
table.write.mode("ignore").json("json")
table.write.format("noop").mode("overwrite").save()
table.write.save(path="by2", format="json", mode="error", partitionBy=["s", "id"])
print(sorted(name for name in os.listdir("by2") if not name.startswith("."))[:2])

for attempt in (
    lambda: table.write.json("json"), lambda: table.write.text("no"), lambda: table.write.mode("bad").json("json"),
    lambda: table.write.save(), lambda: table.select(F.array("id")).write.csv("no"),
    lambda: table.write.partitionBy("nope").json("no"),
):
    try:
        attempt()
    except (AnalysisException, IllegalArgumentException) as error:
        print(type(error).__name__, error.getErrorClass() or str(error))
table.write.parquet("parquet")
spark.read.parquet("parquet").orderBy("id").show()
table.write.mode("append").format("parquet").save("parquet")
print(spark.read.load("parquet").count(), spark.read.format("parquet").load("parquet").columns)
try:
    table.write.parquet("parquet")
except AnalysisException as error:
    print(error.getErrorClass())
