"""Rows without values: dropped, filled and replaced."""

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[1]").appName("na").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

people = spark.createDataFrame(
    [Row(name="ann", age=10, height=80.5, ok=True), Row(name="bob", age=5, height=None, ok=None),
     Row(name="tom", age=None, height=float("nan"), ok=False), Row(name=None, age=None, height=None, ok=None)]
)
people.show()
people.dropna().show()
people.na.drop("all").show()
people.na.drop(thresh=2).show()
people.dropna(subset=["age", "height"], how="all").show()
people.dropna(subset="name").show()

people.fillna(0).show()
people.na.fill("none").show()
people.fillna(False).show()
people.fillna({"name": "unknown", "age": 7}).show()
people.na.fill(50.7, subset=["age"]).show()
people.fillna(1, "height").printSchema()

people.replace(10, 20).show()
people.na.replace(["ann", "bob"], ["A", "B"], "name").show()
people.replace({5: 50, 80.5: 80.0}).show()
people.replace("ann", None).show()
people.replace(True, False).show()
people.na.replace({"ann": "x", "tom": None}, subset=["name"]).show()

empty = people.filter("age > 100")
print(empty.isEmpty(), empty.count(), empty.first(), empty.dropna().collect(), empty.head(2))
for attempt in (
    lambda: people.fillna([1]), lambda: people.fillna(1, subset={"age"}),
    lambda: people.replace(1), lambda: people.replace([1, 2], [1]), lambda: people.replace({1: "a"}),
    lambda: people.replace(object(), 1), lambda: people.dropna(subset=3),
):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error.getErrorClass(), error.getMessageParameters())
people.select(F.coalesce("height", F.lit(1.0)).alias("h"), F.nanvl("height", F.lit(2.0)).alias("n")).show()
