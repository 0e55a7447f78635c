"""Tables of rows: columns, functions, groups, joins, views, and what is shown of them."""

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, IntegerType, StringType, StructField, StructType

spark = SparkSession.builder.master("local[1]").appName("tables").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

words = spark.createDataFrame([("blue", 5), ("green", 3), ("blue", None), ("gohawks", 1)], ["word", "n"])
words.printSchema()
words.show()
print(words, words.columns, words.dtypes)
print(words.collect(), words.count(), words.first(), words.isEmpty())

words.select(
    F.upper("word"), (F.col("n") + 1).alias("more"), F.when(words.n > 2, "many").otherwise("few"), words["n"].isNull(),
    F.length(F.col("word")).cast("string").alias("length"), F.coalesce("n", F.lit(0)),
).show()
words.filter("n >= 3").withColumn("twice", F.col("n") * 2).withColumnRenamed("word", "w").show(1)
words.groupBy("word").agg(F.sum("n").alias("total"), F.avg("n"), F.count("*"), F.collect_list("n")).orderBy("word").show()
words.groupBy("word").count().orderBy(F.desc("count"), "word").show()
words.groupBy("word").max("n").sort("word", ascending=False).show()

cities = spark.createDataFrame([Row(word="blue", city="Köln"), Row(word="red", city="Wien")])
words.join(cities, "word").orderBy("n").show()
is_same = F.col("a.word") == F.col("b.word")
words.alias("a").join(cities.alias("b"), is_same, "left").select("a.word", "b.city").orderBy("word", "city").show()
words.union(words).distinct().count()
print(words.drop("n").dropDuplicates().orderBy("word").collect())

schema = StructType([
    StructField("user", StringType()),
    StructField("tags", ArrayType(StringType())),
    StructField("at", StructType([StructField("x", IntegerType(), False)])),
])
lines = spark.createDataFrame([('{"user": "ann", "tags": ["a", "b"], "at": {"x": 1}}',), ("none",)], "value STRING")
events = lines.select(F.from_json("value", schema).alias("j")).select("j.*")
events.printSchema()
events.show(truncate=False)
events.select("user", F.explode("tags").alias("tag"), "at.x").show()
events.select(F.transform("tags", lambda tag: F.concat(tag, F.lit("!"))).alias("loud")).show()
events.select(F.to_json(F.struct("user", "tags")).alias("text")).show(truncate=False)

words.createOrReplaceTempView("words")
spark.sql("SELECT word, max(n) AS most FROM words GROUP BY word HAVING count(*) > 1").show()
spark.range(3).selectExpr("id", "id % 2 = 0 AS even", "CAST(id AS DOUBLE) / 4").show()
