"""Figures about the columns of tables."""

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[2]").appName("stat").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

rows = [("ann", 2, 80.0, "x"), ("bob", 5, 100.5, "y"), ("tom", 9, None, "x"), ("eve", None, 90.25, "x"), ("joe", 7, 70.0, None)]
table = spark.createDataFrame(rows, ["name", "age", "weight", "kind"])

table.describe().show()
table.describe("age", "name").show()
table.describe(["weight"]).show()
table.summary().show()
table.select("age", "kind").summary("count", "min", "25%", "max", "count_distinct").show()
table.describe("age").printSchema()
print(table.approxQuantile("age", [0.0, 0.5, 1.0], 0.0), table.approxQuantile(["age", "weight"], [0.25, 0.75], 0.01))
print(table.stat.approxQuantile("weight", (0.5,), 0.1))
print(table.corr("age", "weight"), table.stat.corr("age", "age"), table.cov("age", "weight"))
table.crosstab("name", "kind").orderBy("name_kind").show()
table.stat.crosstab("kind", "age").orderBy("kind_age").show()

table.groupBy("kind").agg({"age": "max", "weight": "avg"}).orderBy("kind").show()
table.groupBy("kind").agg({"*": "count"}).orderBy("kind").show()
table.groupBy("kind").mean("age", "weight").orderBy("kind").show()
table.groupBy().sum().show()
table.groupBy("kind").max().orderBy("kind").show()
table.agg({"age": "min"}).show()

for attempt in (
    lambda: table.corr("age", 3), lambda: table.corr("age", "weight", "spearman"), lambda: table.cov(1, "age"),
    lambda: table.approxQuantile("age", 0.5, 0.1), lambda: table.approxQuantile("age", [2], 0.1),
    lambda: table.approxQuantile("age", [0.5], -1), lambda: table.approxQuantile(["age", 1], [0.5], 0.0),
    lambda: table.sample(2), lambda: table.randomSplit([-1.0]), lambda: table.show("a"), lambda: table.show(1, "a"),
):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__, error.getErrorClass(), error)
wide = spark.createDataFrame([(1, 2, 3, 4, 5, 6)], list("abcdef"))
print(wide.agg({"a": "sum", "b": "max", "c": "min", "d": "avg", "e": "count", "f": "first"}).columns)
print(wide.groupBy().agg({"f": "sum", "e": "max", "a": "min"}).columns)
