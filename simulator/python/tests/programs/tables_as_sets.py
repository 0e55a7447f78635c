"""Tables as sets of rows: unions, differences and intersections, and columns as rows."""

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").appName("sets").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

one = spark.createDataFrame([("a", 1), ("a", 1), ("b", 2), ("c", None), ("c", None), ("d", 4)], ["k", "n"])
two = spark.createDataFrame([("a", 1), ("b", 2), ("b", 2), ("c", None), ("e", 5)], ["k", "n"])

one.union(two).orderBy("k", "n").show()
one.subtract(two).show()
one.exceptAll(two).orderBy("k").show()
one.intersect(two).orderBy("k").show()
one.intersectAll(two).orderBy("k").show()
one.unionByName(two.select("n", "k")).orderBy("k", "n").show(5)
more = spark.createDataFrame([("z", 1.5, True)], ["k", "x", "ok"])
one.unionByName(more, allowMissingColumns=True).orderBy("k", "n").show()
one.unionByName(more, allowMissingColumns=True).printSchema()
one.distinct().orderBy("k").show()
one.dropDuplicates(["k"]).select("k").orderBy("k").show()
one.drop_duplicates().crossJoin(more.select("x")).orderBy("k").show()
print(one.crossJoin(two).count(), one.join(two, "k", "left_anti").collect(), one.join(two, ["k", "n"], "semi").count())

wide = spark.createDataFrame([(1, 11, 1.1), (2, 12, 1.2)], ["id", "int", "double"])
wide.unpivot("id", ["int", "double"], "var", "val").show()
wide.melt(["id"], None, "var", "val").show()
print(wide.sameSemantics(wide), wide.select("id").sameSemantics(wide))

wide.transform(lambda table: table.selectExpr("id", "int + 1 AS more")).show()
wide.selectExpr(["id * 2 AS twice", "double"]).show()
wide.toDF("a", "b", "c").select("a", "c").limit(1).show()
wide.coalesce(1).hint("broadcast").repartition(1).sort("id", ascending=False).show()
print(wide.alias("w").select("w.id").columns, wide.tail(1), wide.take(1), wide.head(), wide.offset(1).collect())
