"""Tables that are read from files of CSV, JSON and text, with and without a schema."""

import os

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql.types import IntegerType, StringType, StructField, StructType

spark = SparkSession.builder.master("local[2]").appName("files").getOrCreate()
sc = spark.sparkContext
sc.setLogLevel("OFF")

with open("users.csv", "w") as file:
    file.write(
        "id,name,score,since,active,mixed,name\n"
        "1,ann,1.5,2020-01-01,true,1,x\n"
        "2,bob,,2020-01-02 10:00:00,false,x,\n"
        "\n"
        '3,"c, d",3,2020-02-02,TRUE,,"say \\"hi\\""\n'
    )
spark.read.csv("users.csv").show()
users = spark.read.option("header", True).csv("users.csv", inferSchema=True)
users.printSchema()
users.show(truncate=False)
spark.read.format("csv").options(header="true", sep=",", nullValue="x").load("users.csv").select("id", "mixed").show()

schema = StructType([
    StructField("id", IntegerType(), False), StructField("name", StringType()), StructField("score", IntegerType()),
    StructField("_corrupt_record", StringType()),
])
with open("short.csv", "w") as file:
    file.write("1;ann;7\n2;bob\nx;eve;9\n4;joe;8;more\n")
short = spark.read.csv("short.csv", schema=schema, sep=";")
short.printSchema()
short.show(truncate=False)
spark.read.csv("short.csv", schema="id INT, name STRING, score INT", sep=";", mode="DROPMALFORMED").show()
spark.read.csv("short.csv", sep=";").show()

numbers = "12345678901234567890,1,2020-01-01,a\n5,2.5,2020-01-01 01:02:03,1\n7,,2021-01-01,true\n"
spark.read.csv(sc.parallelize(numbers.splitlines()), inferSchema=True).printSchema()
spark.read.csv(sc.parallelize(["a,b", "1,2", "a,b", "3,4"]), header=True).show()

with open("events.json", "w") as file:
    file.write(
        '{"user": "ann", "n": 1, "at": {"x": 1.5, "y": null}}\n'
        '{"user": "bob", "n": 2.5, "tags": ["a", "b"]}\n'
        "\n"
        "broken\n"
        '{"user": null, "n": 3, "tags": [], "Zone": "2020-01-01"}\n'
    )
events = spark.read.json("events.json")
events.printSchema()
events.show(truncate=False)
spark.read.schema("user STRING, n INT").json("events.json").show()
spark.read.json("events.json", mode="DROPMALFORMED", primitivesAsString=True).select("user", "n").show()
with open("many.json", "w") as file:
    file.write('[{"a": 1},\n {"a": 2, "b": "x"}]')
spark.read.json("many.json", multiLine=True).show()
spark.read.option("multiline", "true").json("many.json").printSchema()
spark.read.json(sc.parallelize(['{"z": 1}', '{"y": 2}'])).show()

spark.read.text("users.csv").show(2, truncate=False)
spark.read.text("many.json", wholetext=True).show(truncate=False)
print(spark.read.text("users.csv").count(), spark.read.text(["short.csv", "many.json"]).count())

os.mkdir("folder")
for name, lines in (("b.txt", ["b"]), ("a.txt", ["aa", "aaa"]), ("_hidden.txt", ["no"])):
    with open(f"folder/{name}", "w") as file:
        file.writelines(f"{line}\n" for line in lines)
spark.read.text("folder").show()
spark.read.format("text").load("folder/*.txt").groupBy().count().show()

try:
    spark.read.csv("nowhere.csv")
except AnalysisException as error:
    print(error.getErrorClass(), sorted(error.getMessageParameters()))
users.createOrReplaceTempView("users")
print(spark.read.table("users").columns, spark.sql("SELECT count(*) AS n FROM users WHERE active").collect())
