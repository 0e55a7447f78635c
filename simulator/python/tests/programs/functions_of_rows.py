"""Functions of Python over columns: names, types, calls, and what they are given."""

import datetime
import decimal
import functools

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StringType
from pyspark.sql.udf import UserDefinedFunction

spark = SparkSession.builder.appName("functions").getOrCreate()
rows = spark.createDataFrame([(1, "a"), (2, "b"), (None, "c")], "x int, w string")


def attempt(title, action):
    """Prints what a program sees of an action: its rows, or the class of its error or the last line."""
    print("--", title)
    try:
        result = action()
        if result is not None:
            result.show(truncate=False)
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        print(type(error).__name__, lines[0].split("]")[0] if lines[0].startswith("[") else lines[-1])


def same(value):
    return value


class Callable:
    def __call__(self, value):
        return value


@F.udf
def upper(word):
    """A word in capitals."""
    return word.upper()


@F.udf("int")
def size(word):
    return len(word)


@F.udf(returnType=IntegerType())
def doubled(word):
    return 2 * len(word)


attempt("decorated", lambda: rows.select(upper("w"), size("w"), doubled(rows.w)))
print(upper.__name__, upper.__doc__, upper.returnType, size.returnType, upper.evalType, upper.deterministic, upper.func("q"))

names = rows.select(
    F.udf(same)("x"), F.udf(lambda x: x)("x"), F.udf(Callable())("x"), F.udf(functools.partial(same))("x"),
    F.udf(same, "int")(rows.x + 1), F.udf(same, "int")("x") + 1, F.udf(lambda *values: 1, "int")(),
    F.udf(same, "int")(rows.x.cast("string")), F.udf(same, "int")(F.lit(1)), F.udf(same, "int")(F.lit("q")),
)
print(names.columns)
rows.select(F.udf(same, "int")("x").alias("y"), F.udf(same, "array<string>")("x").alias("z")).printSchema()

values = spark.createDataFrame(
    [(1, 2, 3, 4, 1.5, 2.5, decimal.Decimal("1.25"), "s", bytearray(b"xy"), True, datetime.date(2024, 1, 2),
      datetime.datetime(2024, 1, 2, 3, 4, 5, 6), [1, 2], {"a": 1}, Row(p=1, q="z"), datetime.timedelta(days=1))],
    "b tinyint, sh smallint, i int, l bigint, f float, d double, de decimal(10,3), s string, bi binary, bo boolean, "
    "da date, ts timestamp, ar array<int>, m map<string,int>, st struct<p:int,q:string>, iv interval day to second",
)
seen = F.udf(lambda value: f"{type(value).__name__} {value!r}")
for name, text in zip(values.columns, values.select(*[seen(name) for name in values.columns]).collect()[0]):
    print(name, text)
print(values.select(seen(F.struct("ar", "m", "st", F.array("st")))).collect()[0][0])
print(values.select(*[seen(F.when(F.lit(False), F.col(name))) for name in values.columns]).collect()[0][3])

plus_one = F.udf(lambda x: x + 1, "int")
above_one = F.udf(lambda x: x > 1, "boolean")
attempt("a missing value is None", lambda: rows.select(plus_one("x")))
attempt("a branch that is not taken is evaluated", lambda: rows.select(F.when(rows.x.isNotNull(), plus_one("x")).otherwise(0)))
attempt("other conditions come first", lambda: rows.filter(above_one("x") & rows.x.isNotNull()))
attempt("also those of another filter", lambda: rows.filter(rows.x.isNotNull()).filter(above_one("x")))
attempt("but none of an OR", lambda: rows.filter(rows.x.isNull() | above_one("x")))
attempt("an error", lambda: rows.select(F.udf(lambda x: 1 // 0)("x")))
attempt("too many arguments", lambda: rows.select(F.udf(same)("x", "w")))

calls = spark.sparkContext.accumulator(0)


def counted(value):
    calls.add(1)
    return value


count = F.udf(counted, "int")
numbers = spark.range(3)


def calls_of(title, table):
    before = calls.value
    table.collect()
    print(title, calls.value - before)


calls_of("twice in one select", numbers.select(count("id"), count("id")))
calls_of("in a column that is filtered by", numbers.withColumn("y", count("id")).filter("y > 0"))
calls_of("in a column that is used twice", numbers.withColumn("y", count("id")).select(F.col("y") + 1, F.col("y") + 2))
calls_of("of a call", numbers.select(count(count("id"))))
calls_of("of a call, and by itself", numbers.select(count(count("id")), count("id")))
calls_of("unused", numbers.withColumn("y", count("id")).select("id"))
calls_of("grouped by", numbers.groupBy(count("id")).count())
calls_of("aggregated", numbers.agg(F.sum(count("id")), F.max(count("id"))))
other = F.udf(counted, "int").asNondeterministic()
calls_of("not deterministic", numbers.select(other("id"), other("id")))
attempt("an aggregate of one", lambda: numbers.agg(F.max(other("id"))).show())

attempt("of a group", lambda: rows.groupBy("w").agg(F.udf(lambda n: f"n{n}")(F.count("*")).alias("n")).orderBy("w"))
attempt("grouped by its value", lambda: rows.groupBy(upper("w")).agg(F.count("*"), F.max(size("w"))).orderBy("upper(w)"))
attempt("exploded", lambda: rows.select(F.explode(F.udf(lambda w: [w, w * 2], "array<string>")("w"))))
attempt("a struct", lambda: rows.select(F.udf(lambda w: (w, len(w)), "s string, n int")("w").alias("r")).select("r.*"))
one, two = rows.alias("one"), rows.alias("two")
equal = F.udf(lambda x, y: x == y, "boolean")(F.col("one.w"), F.col("two.w"))
attempt("joined by", lambda: one.join(two, equal).select("one.x", "two.w").orderBy("one.w"))
attempt("an outer join by one", lambda: one.join(two, equal, "left").show())
attempt("the inner type does not count", lambda: rows.select(F.udf(lambda x: type(x).__name__)(F.udf(str, "int")("x")).alias("type")))
attempt("but behind an operator it does", lambda: rows.select(F.udf(same, "int")(F.udf(same, "int")("x") + 1).alias("y")))
attempt("of two", lambda: rows.select(F.udf(lambda a, b: (a or 0) + (b or 0), "int")(F.udf(same, "int")("x"), "x").alias("sum")))

spark.udf.register("plus", lambda x: x + 1, "int")
length = spark.udf.register("strlen", lambda text: len(text))
spark.udf.register("shout", upper)
attempt("in SQL", lambda: spark.sql("SELECT plus(1), PLUS(id), strlen('abc'), shout('x') FROM range(2)"))
attempt("in other texts", lambda: rows.filter("plus(x) = 2").select(length("w"), F.expr("strlen(w)"), F.call_udf("strlen", "w")))
spark.udf.register("upper", lambda text: "mine")
attempt("in the place of Spark's", lambda: spark.sql("SELECT upper('abc')"))
attempt("an unknown one", lambda: spark.sql("SELECT nope(1)"))
attempt("a result type twice", lambda: spark.udf.register("shout", upper, "int"))
attempt("no function", lambda: F.udf(3))
attempt("no type", lambda: F.udf(same, 3))
attempt("no column", lambda: rows.select(F.udf(same)(3)))
attempt("a keyword", lambda: rows.select(F.udf(same)(value="x")))
print(UserDefinedFunction(same, StringType(), "named")("x"))
