"""Columns that a program takes from a table: of one of two that are joined, under a name that another one has by then."""

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

builder = SparkSession.builder.master("local[1]").appName("columns")
spark = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

users = spark.createDataFrame([(1, "ann", 10), (2, "bob", 20), (3, "eve", 30)], "id INT, name STRING, n INT")
tags = spark.createDataFrame([(1, "x"), (2, "y"), (4, "z")], "id INT, tag STRING")


def show(title, table):
    print(title, table.columns)
    for row in sorted(table.collect(), key=str):
        print("   ", tuple(row))


def refused(title, make):
    try:
        make()
        print(title, "is taken")
    except AnalysisException as error:
        print(title, error.getErrorClass())


both = users.join(tags, users.id == tags.id)
show("both", both)
show("selected", both.select(users.id, tags.tag, tags["id"], users["name"]))
show("dropped", both.drop(tags.id))
show("dropped by name", both.drop("id"))
show("grouped", both.groupBy(users.id).agg(F.sum(users.n).alias("total")))
show("all of one", both.select(users["*"], tags.tag))
show("all in a struct", both.select(F.struct("*").alias("all"), F.lit(1)))
show("computed", both.withColumn("more", users.n + tags.id))
show("replaced", both.withColumn("id", F.lit(0)))
show("renamed", both.withColumnRenamed("id", "key"))
show("named anew", both.toDF("a", "b", "c", "d", "e"))
show("each once", both.dropDuplicates(["id"]))
refused("a name of two columns", lambda: both.select("id"))
refused("an attribute of two columns", lambda: both.id)
refused("an item of two columns", lambda: both["id"])

for how in ("inner", "left", "right", "full"):
    show(how, users.join(tags, "id", how).select("id", users.id, tags.id, "tag"))
show("using, dropped", users.join(tags, "id").drop(tags.id))
refused("a column of a semi-join", lambda: users.join(tags, users.id == tags.id, "semi").select(tags.id))

many = users.filter(users.n > 10)
show("self-join", users.join(many, users.id == many.id))
show("itself", users.join(users, users.id == users.id))
refused("a column of a self-join", lambda: users.join(many, users.id == many.id).select(many.name))
refused("the first of a self-join", lambda: users.join(many, "id").select(users.name))
refused("a range of a self-join", lambda: users.join(many, users.id < many.id))
one, other = users.alias("one"), users.alias("other")
named = one.join(other, F.col("one.id") == F.col("other.id"))
show("by alias", named.select("one.id", "other.name", F.col("other.n") + 1))
show("by the alias of one", named.select(one.id, "other.*"))
refused("by the alias of the other", lambda: named.select(other.name))
totals = users.groupBy("id").agg(F.sum("n").alias("total"))
show("with its totals", users.join(totals, users.id == totals.id).select(users.name, totals.total))
keys = users.select(users.id.alias("key"))
show("with its keys", users.join(keys, users.id == keys.key).select(users.id, keys.key))

more = users.withColumn("n", users.n + 1)
show("filtered by what was", more.filter(users.n > 10))
print(more.orderBy(users.n.desc()).collect())
refused("selected what was", lambda: more.select(users.n))
refused("of another table", lambda: users.select(tags.tag))
refused("filtered by another table", lambda: users.filter(tags.tag == "x"))
show("of both parts", users.union(users).filter(users.n > 10))
users.createOrReplaceTempView("users")
show("of a view", spark.table("users").filter(users.n > 10).select(users.id))
show("of a query", spark.sql("SELECT * FROM users").filter(users.n > 10).select(users.id))
show("left out", users.select("id").filter("n > 10"))
print(users.select("id").orderBy(F.desc("n")).collect())
counts = users.groupBy(users.id).count()
show("keys", counts.select(users.id, "count"))
show("filtered groups", counts.filter(F.sum("n") > 10))
print(counts.orderBy(F.max("n").desc()).collect())
print(users.id, users["name"], (users.n + 1).alias("m"))
