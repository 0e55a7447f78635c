"""Results of functions of Python as values of the types that they declare: what is of another type is missing."""

import datetime
import decimal
from collections import namedtuple

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.appName("results").getOrCreate()
one = spark.createDataFrame([(1,)], "x int")
Pair = namedtuple("Pair", "a b")
D = decimal.Decimal

PLAIN = {
    "none": None, "true": True, "zero": 0, "int": 300, "long": 2**40 + 5, "big": 2**70, "minus": -1, "float": 1.5,
    "nan": float("nan"), "inf": float("inf"), "large": 1e300, "text": "a", "digits": "1", "day": "2024-01-02",
    "decimal": D("1.25"), "list": [1, 2], "mixed": [1, "a", None, 2.5, True], "lists": [[1], [2]], "empty": [],
    "dict": {"a": 1}, "dicts": {"a": 1, "b": "x"}, "no entries": {}, "set": {1},
}
TYPES = ["string", "boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,1)", "binary", "void",
         "array<int>", "array<string>", "array<double>", "map<string,int>", "map<string,string>"]
for data_type in TYPES:
    columns = [F.udf(lambda _, value=value: value, data_type)("x") for value in PLAIN.values()]
    print(data_type, dict(zip(PLAIN, one.select(*columns).collect()[0])))

for data_type in ["boolean", "int", "double", "binary", "array<int>", "map<string,int>"]:
    columns = [F.udf(lambda _, value=value: value, data_type)("x") for value in [(1, 2), b"ab", bytearray(b"ab")]]
    print(data_type, list(one.select(*columns).collect()[0]))


def attempt(data_type, *values):
    for value in values:
        made = F.udf(lambda _: value, data_type)("x")
        try:
            print(data_type, value, "is", one.select(made).collect()[0][0])
        except Exception as error:
            lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("\tat")]
            known = [line.split(": ", 1)[-1] for line in lines if "Error: " in line]
            print(data_type, value, "!", known[-1] if known else type(error).__name__ == "PythonException")


day, time = datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4, 5, 6)
attempt("date", None, day, time, "2024-01-02", 1)
attempt("timestamp", None, time, time.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=2))), day, "2024", 1)
attempt("timestamp_ntz", None, time, day)
attempt("interval day to second", None, datetime.timedelta(days=1, seconds=2, microseconds=3), 1)
attempt("array<date>", [day, None], (time,), {day: 1}, [])
attempt("map<string,date>", {"a": day, "b": None}, {})
attempt("decimal(5,2)", D("1.255"), D("-1.245"), D("1E+2"), D("0"), D("123456"))
attempt("struct<a:int,b:string>", None, (1, "x"), [1, "x"], {"b": "x", "c": 2}, Row(b="x", a=1), Row(a=1, b="x"), Pair(1, "x"), 3,
        ("x", 1))
attempt("struct<a:int,b:date>", (1, day, 2), {"b": day}, {"a": 1, "b": "x"})
attempt("struct<a:struct<c:int>,b:array<struct<d:string>>>", ((1,), [("x",), {"d": "y"}, [None]]), {"a": Row(c=2)})
attempt("map<string,struct<p:int,q:string>>", {"a": (1, "b"), "c": None})
attempt("array<array<int>>", [[1, "a"], (2, 3), None, 4])


class Point:
    def __init__(self):
        self.a, self.z = 7, 8


made = F.udf(lambda _: Point(), "struct<a:int,b:string>")("x")
print(one.select(made).collect()[0][0])

ORDERS = [
    "cab", "zyxwv", "fedcba", "onetwhr", "ponmlkjihgfedcba", "qwertyuiopasdfghjklzxcvbnm",
]
for letters in ORDERS:
    entries = {letter * (1 + place): place for place, letter in enumerate(letters)}
    print(list(one.select(F.udf(lambda _: entries, "map<string,int>")("x")).collect()[0][0]))
    print(one.select(F.udf(lambda _: entries)("x")).collect()[0][0])
for entries in [{"a": 1, "d": 2}, {"d": 1, "a": 2, "h": 3}, {4: 1, 1: 2}, {5: 0, 17: 0, 33: 0, 1: 0, 100: 0, -7: 0, 2**33: 0},
                {1.5: 0, 2.0: 0, -0.1: 0, 1e100: 0}]:
    print(one.select(F.udf(lambda _: entries)("x")).collect()[0][0])
