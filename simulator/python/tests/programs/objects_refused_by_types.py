"""Objects that do not fit the types of a table, and what PySpark says of them."""

import datetime

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, ByteType, IntegerType, LongType, MapType, StringType, StructField, StructType

spark = SparkSession.builder.master("local[1]").appName("refused").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
table = spark.createDataFrame([("a", 1)], ["k", "v"])
strict = StructType([StructField("x", IntegerType(), False)])

for attempt in (
    lambda: spark.createDataFrame([("a",)], "x INT"),
    lambda: spark.createDataFrame([(1,)], "x INT, y INT"),
    lambda: spark.createDataFrame([(None,)], strict),
    lambda: spark.createDataFrame([(1 << 40,)], "x INT"),
    lambda: spark.createDataFrame([(200,)], StructType([StructField("x", ByteType())])),
    lambda: spark.createDataFrame([(1.5,)], "x BIGINT"),
    lambda: spark.createDataFrame([(1,)], "x DOUBLE"),
    lambda: spark.createDataFrame([("2020-01-01",)], "x DATE"),
    lambda: spark.createDataFrame([(datetime.date(2020, 1, 1),)], "x TIMESTAMP"),
    lambda: spark.createDataFrame([(True,)], "x INT"),
    lambda: spark.createDataFrame([("a",)], "x BOOLEAN"),
    lambda: spark.createDataFrame([([1, "a"],)], StructType([StructField("x", ArrayType(LongType()))])),
    lambda: spark.createDataFrame([({1: 1},)], StructType([StructField("x", MapType(StringType(), LongType()))])),
    lambda: spark.createDataFrame([("a",)], "x STRUCT<y: INT>"),
    lambda: spark.createDataFrame(["a"], "int"),
    lambda: spark.createDataFrame([]),
    lambda: spark.createDataFrame([1, 2]),
    lambda: spark.createDataFrame(1),
    lambda: spark.createDataFrame([(None,)], ["a"]),
    lambda: spark.createDataFrame([(1,), (1.5,)], ["a"]),
    lambda: spark.createDataFrame([([1, "a"],)], ["a"]).collect(),
    lambda: spark.createDataFrame([(object,)], ["a"]),
    lambda: spark.createDataFrame([(1,)], 5),
    lambda: spark.createDataFrame(table),
    lambda: table[1.5],
    lambda: table.filter(1),
    lambda: table.withColumn("x", 1),
    lambda: table.withColumns([1]),
    lambda: table.withColumnsRenamed([1]),
    lambda: table.drop(1),
    lambda: table.dropDuplicates("k"),
    lambda: table.alias(1),
    lambda: table.show(1.5),
    lambda: table.show(vertical=1),
    lambda: table.repartition(1.5),
    lambda: table.hint(1),
    lambda: F.when(1, 2),
    lambda: F.col("a").cast(1),
    lambda: bool(F.col("a")),
    lambda: F.col("a").when(1, 2),
):
    try:
        print(attempt())
    except (PySparkTypeError, PySparkValueError) as error:
        print(type(error).__name__, error.getErrorClass(), error.getMessageParameters(), error)
    except Exception as error:
        print(type(error).__name__, str(error).splitlines()[0])
print(spark.createDataFrame([("a",)], "x INT", verifySchema=False).columns)
print(spark.createDataFrame([(1, 2), (3, 4)], ["a"]).columns, spark.createDataFrame([(1, "a"), ("b", None)], ["x", "y"]).dtypes)
print(spark.createDataFrame([{"b": 1, "a": "x"}, {"a": "y", "c": 2}]).collect())
