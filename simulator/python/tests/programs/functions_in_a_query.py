"""Functions of Python in a query on a stream: in columns, a condition, a key, and in SQL."""

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, split, udf
from pyspark.sql.types import ArrayType, IntegerType, StringType

spark = SparkSession.builder.appName("scores").config("spark.sql.shuffle.partitions", "3").getOrCreate()
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()

seen = []


@udf(returnType=ArrayType(StringType()))
def words(line):
    seen.append(line)
    return line.lower().split()


@udf("int")
def score(word):
    return sum(ord(letter) - 96 for letter in word if letter.isalpha())


is_long = udf(lambda word: len(word) > 3, "boolean")
spark.udf.register("vowels", lambda word: sum(letter in "aeiou" for letter in word), IntegerType())

table = lines.select(explode(words("value")).alias("word")).filter(is_long("word"))
table.printSchema()
table = table.withColumn("score", score("word")).withColumn("half", col("score") / 2)
table.createOrReplaceTempView("scored")
scored = spark.sql("SELECT *, vowels(word) AS vowels FROM scored WHERE vowels(word) > 0")
rows = scored.writeStream.format("console").start()
counts = scored.groupBy(udf(lambda word: word[0])("word").alias("letter"), "vowels").agg({"score": "sum", "*": "count"})
query = counts.writeStream.outputMode("update").format("console").start()
rows.awaitTermination()
print(seen)
