"""Rows and types, as objects of Python."""

import datetime
import decimal
import json

from pyspark.sql import Row, SparkSession
from pyspark.sql.types import (
    ArrayType, BinaryType, BooleanType, ByteType, DateType, DecimalType, DoubleType, FloatType, IntegerType, LongType,
    MapType, NullType, ShortType, StringType, StructField, StructType, TimestampType,
)

row = Row(name="ann", age=11)
print(row, row.name, row["age"], row[0], "name" in row, "ann" in row, len(row), tuple(row), row == ("ann", 11))
print(row.asDict(), Row(a=1, b=Row(c=2, d=[Row(e=3)])).asDict(True), Row(b=1, a=2), Row(1, "x"), Row())
Person = Row("name", "age")
print(Person, Person("bob", 5), Person("bob", 5) < Person("bob", 6), Row(a=1) == Row(b=1), hash(row) == hash(("ann", 11)))
for attempt in (
    lambda: Row(1, a=2), lambda: Row(1).asDict(), lambda: row["no"], lambda: row.no, lambda: Person(1, 2, 3), lambda: row[5],
    lambda: setattr(row, "name", 1),
):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)

schema = StructType().add("id", LongType(), False).add("tags", ArrayType(StringType())).add(
    "by", MapType(StringType(), DecimalType(10, 2), False), True, {"comment": "money"}
).add(StructField("at", StructType([StructField("x", DoubleType()), StructField("d", DateType())]), False))
print(schema.simpleString())
print(schema)
print(schema.json())
print(schema.names, schema.fieldNames(), len(schema), [field.name for field in schema], schema["id"], schema[1], schema[0:1])
print(StructType.fromJson(json.loads(schema.json())) == schema, schema["by"].metadata, schema["at"].dataType["x"])
for kind in (
    ByteType(), ShortType(), IntegerType(), LongType(), FloatType(), DoubleType(), DecimalType(), StringType(),
    BinaryType(), BooleanType(), DateType(), TimestampType(), NullType(), ArrayType(IntegerType(), False),
    MapType(StringType(), IntegerType()),
):
    print(repr(kind), kind.simpleString(), kind.typeName(), kind.jsonValue(), kind.json())
print(DecimalType(5, 2) == DecimalType(5, 2), DecimalType(5, 2) == DecimalType(5, 3), IntegerType() == LongType())
for attempt in (lambda: schema["no"], lambda: schema[9], lambda: schema[1.5]):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)

spark = SparkSession.builder.master("local[1]").appName("types").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
values = [(1, ["a", None], {"k": decimal.Decimal("1.50")}, (0.5, datetime.date(2020, 2, 29))), (2, None, {}, (None, None))]
table = spark.createDataFrame(values, schema)
table.printSchema()
table.printSchema(1)
table.show(truncate=False)
print(table.collect())
print(table.schema == schema, table.schema.simpleString() == schema.simpleString(), table.dtypes)
first = table.first()
print(first.at.x, first["at"]["d"], first.by["k"], first.asDict(True))
every = spark.createDataFrame(
    [(True, 1, 2.5, "s", b"b", bytearray(b"c"), datetime.date(1969, 12, 31), datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
      decimal.Decimal("3.14"), [1, 2], {"a": 1}, Row(x=1), None)],
    "a BOOLEAN, b TINYINT, c FLOAT, d STRING, e BINARY, f BINARY, g DATE, h TIMESTAMP, i DECIMAL(5,3), j ARRAY<SMALLINT>, "
    "k MAP<STRING, BIGINT>, l STRUCT<x: INT>, m INT",
)
every.printSchema()
every.show(truncate=False)
print(every.collect())
days = datetime.timedelta(days=1)
inferred = spark.createDataFrame(
    [Row(a=1, b=2.0, c="x", d=[1, None], e={"k": 2.5}, f=Row(y=1), g=days, h=decimal.Decimal(1))]
)
inferred.printSchema()
print(inferred.collect())
