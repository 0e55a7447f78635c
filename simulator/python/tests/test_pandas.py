"""Functions of pandas and Arrow: what they are given, and what becomes of what they return, as Spark 3.5.9 has it."""

import datetime
import decimal

import pytest

import millrace
from millrace import NotInMillrace

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")


@pytest.fixture
def spark():
    with millrace.stage({}):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.config("spark.sql.shuffle.partitions", 2).master("local[2]").getOrCreate()


@pytest.fixture
def table(spark):
    return spark.createDataFrame([(i, i % 3, f"s{i}") for i in range(7)], "id long, k int, s string")


def rows(table):
    return [tuple(row) for row in table.collect()]


def test_a_function_is_given_the_series_of_a_partition(table):
    from pyspark.sql.functions import pandas_udf

    plus = pandas_udf(lambda ids: ids + 1, "long")
    sizes = pandas_udf(lambda ids: pd.Series([len(ids)] * len(ids)), "int")
    shown = table.select(plus("id"), plus(plus("id")).alias("twice"), sizes("id"))
    assert shown.columns == ["<lambda>(id)", "twice", "<lambda>(id)"]
    assert rows(shown) == [(i + 1, i + 2, 3 if i < 3 else 4) for i in range(7)]
    assert rows(table.filter(plus("id") > 5).select("id")) == [(5,), (6,)]


def test_a_function_of_batches_is_called_once_for_a_partition(table):
    from typing import Iterator, Tuple

    from pyspark.sql.functions import pandas_udf

    @pandas_udf("long")
    def twice(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        for batch in batches:
            yield batch * 2

    @pandas_udf("long")
    def product(batches: Iterator[Tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
        for one, other in batches:
            yield one * other

    assert (twice.evalType, product.evalType) == (204, 204)
    assert rows(table.select(twice("id"), product("id", "k"))) == [(2 * i, i * (i % 3)) for i in range(7)]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (lambda ids: pd.Series([1]), "Result vector from pandas_udf was not the required length: expected 3, got 1"),
        (lambda ids: 1, r"\[UDF_RETURN_TYPE\] Return type of the user-defined function should be pandas.Series, but is int"),
        (lambda ids: pd.Series(["a"] * len(ids)), r"converting pandas.Series \(str|object\) .* to Arrow Array \(int32\)"),
    ],
)
def test_what_a_function_returns_has_to_fit(table, result, message):
    from pyspark.errors import PythonException
    from pyspark.sql.functions import pandas_udf

    with pytest.raises(PythonException, match=message):
        table.select(pandas_udf(result, "int")("id")).collect()


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("boolean", [1, 2, 3], [True, True, True]),
        ("boolean", [float("nan"), 1.0, 2.0], [None, True, True]),
        ("tinyint", [1.0, 2.5, None], [1, 2, None]),
        ("tinyint", [2**40, 1, 2], [0, 1, 2]),
        ("int", [decimal.Decimal("1.50"), None, decimal.Decimal("2.25")], [1, None, 2]),
        ("double", [True, False, None], [1.0, 0.0, None]),
        ("array<int>", [[1, 2], None, [3]], [[1, 2], None, [3]]),
        ("date", [datetime.date(2020, 1, 2), None, datetime.date(2021, 1, 2)],
         [datetime.date(2020, 1, 2), None, datetime.date(2021, 1, 2)]),
    ],
)
def test_values_come_back_by_way_of_arrow(spark, kind, values, expected):
    from pyspark.sql.functions import pandas_udf

    table = spark.range(3, numPartitions=1)
    assert [row[0] for row in table.select(pandas_udf(lambda ids: pd.Series(values), kind)("id")).collect()] == expected


def test_the_types_of_series(spark):
    table = spark.sql("""
        SELECT true b, 1Y y, 1.5f f, 1.50BD d, X'0102' x, date'2020-01-02' dt, timestamp'2020-01-02 03:04:05' ts,
               array(1, 2) a, map('a', 1) m, struct(1 AS x, 'y' AS y) st
        UNION ALL SELECT null, null, null, null, null, null, null, null, null, null""").coalesce(1)

    def types(frames):
        for frame in frames:
            yield pd.DataFrame({"name": frame.columns, "kind": [str(frame[name].dtype) for name in frame.columns],
                                "first": [repr(frame[name].iloc[0]) for name in frame.columns]})

    kinds = {row[0]: tuple(row)[1:] for row in table.mapInPandas(types, "name string, kind string, first string").collect()}
    assert kinds["b"] == ("object", "True")
    assert (kinds["y"][0], kinds["f"][0]) == ("float64", "float32")
    assert (kinds["d"], kinds["x"][1]) == (("object", "Decimal('1.50')"), r"b'\x01\x02'")
    assert (kinds["dt"][1], kinds["ts"][1]) == ("datetime.date(2020, 1, 2)", "Timestamp('2020-01-02 03:04:05')")
    assert (kinds["a"][1], kinds["m"][1]) == ("array([1, 2], dtype=int32)", "{'a': 1}")


def test_the_rows_of_a_partition_are_frames_or_batches_of_arrow(table):
    assert rows(table.mapInPandas(lambda frames: (it[it.id > 4] for it in frames), table.schema)) == [
        (5, 2, "s5"), (6, 0, "s6")]
    counts = table.mapInPandas(lambda frames: (pd.DataFrame({"n": [len(it)]}) for it in frames), "n int")
    assert rows(counts) == [(3,), (4,)]
    assert rows(table.mapInArrow(lambda batches: batches, table.schema)) == rows(table)


@pytest.mark.parametrize(
    ("method", "function", "message"),
    [
        ("mapInPandas", lambda frames: [1], "should be iterator of pandas.DataFrame, but is iterator of int"),
        ("mapInPandas", lambda frames: 1, "should be iterator of pandas.DataFrame, but is int"),
        ("mapInArrow", lambda batches: [1], "should be iterator of pyarrow.RecordBatch, but is iterator of int"),
    ],
)
def test_what_a_function_of_a_partition_returns_has_to_fit(table, method, function, message):
    from pyspark.errors import PythonException

    with pytest.raises(PythonException, match=message):
        getattr(table, method)(function, "n int").collect()


def test_groups_come_by_partition_the_least_key_first(table):
    centred = table.groupBy("k").applyInPandas(lambda it: it.assign(id=it.id - it.id.mean()), "id double, k int, s string")
    assert rows(centred) == [
        (-3.0, 0, "s0"), (0.0, 0, "s3"), (3.0, 0, "s6"), (-1.5, 1, "s1"), (1.5, 1, "s4"), (-1.5, 2, "s2"), (1.5, 2, "s5")]
    keyed = table.groupBy(table.id % 2).applyInPandas(
        lambda key, it: pd.DataFrame([(key[0], len(it), type(key[0]).__name__)]), "k long, n int, kind string")
    assert rows(keyed) == [(0, 4, "int64"), (1, 3, "int64")]
    assert rows(table.groupBy().applyInPandas(lambda it: pd.DataFrame([len(it)]), "n int")) == [(7,)]


def test_the_groups_of_two_tables(spark, table):
    other = spark.createDataFrame([(0, "a"), (2, "b"), (5, "c")], "k int, t string")
    both = table.groupBy("k").cogroup(other.groupBy("k"))
    sizes = both.applyInPandas(lambda key, one, two: pd.DataFrame([(key[0], len(one), len(two))]), "k int, one int, two int")
    assert rows(sizes) == [(0, 3, 1), (1, 2, 0), (2, 2, 1), (5, 0, 1)]
    names = both.applyInPandas(lambda one, two: pd.DataFrame([",".join([*one.columns, *two.columns])]), "names string")
    assert {row[0] for row in names.collect()} == {"id,k,s,k,t"}


def test_of_a_stream_the_rows_are_those_of_a_batch(capsys):
    timeline = {"1s": ["blue", "green"], "2s": ["red"]}
    with millrace.stage(timeline, stop="3s"):
        from pyspark.sql import SparkSession
        from pyspark.sql.functions import pandas_udf

        spark = SparkSession.builder.getOrCreate()
        lines = spark.readStream.format("socket").options(host="localhost", port=9999).load()
        marked = lines.select(pandas_udf(lambda words: words.str.upper(), "string")("value").alias("word"))
        sized = marked.mapInPandas(lambda frames: (it.assign(size=it.word.str.len()) for it in frames), "word string, size int")
        query = sized.writeStream.format("memory").queryName("words").start()
        query.processAllAvailable()
        query.awaitTermination(3)
        assert rows(spark.table("words")) == [("BLUE", 4), ("GREEN", 5), ("RED", 3)]


def test_the_frame_of_a_table(spark):
    table = spark.sql("SELECT 1 AS i, 1Y AS y, true AS b, 'x' AS s UNION ALL SELECT 2, null, null, null")
    frame = table.toPandas()
    assert [str(frame[name].dtype) for name in "iyb"] == ["int32", "float64", "object"]
    assert list(frame.i) == [1, 2]


def test_a_function_for_spark_2_is_refused_or_named(table):
    from pyspark.sql.functions import PandasUDFType, pandas_udf

    with pytest.warns(UserWarning, match="preferred to specify type hints"):
        function = pandas_udf(lambda ids: ids + 1, "long", PandasUDFType.SCALAR)
    assert table.select(function("id")).first()[0] == 1
    with pytest.raises(NotInMillrace, match="mapInPandas"):
        table.mapInPandas(lambda frames: frames, table.schema, barrier=True)


def test_an_aggregate_of_the_series_of_a_group(table):
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F

    @F.pandas_udf("double")
    def mean(ids: pd.Series) -> float:
        return ids.mean()

    by_key = table.groupBy("k").agg(mean("id"), mean(table.id).alias("m"))
    assert by_key.columns == ["k", "mean(id)", "m"]
    assert rows(by_key) == [(0, 3.0, 3.0), (1, 2.5, 2.5), (2, 3.5, 3.5)]
    assert rows(table.agg(mean("id"))) == rows(table.select(mean("id"))) == [(3.0,)]
    with pytest.raises(AnalysisException, match=r"\[INVALID_PANDAS_UDF_PLACEMENT\]"):
        table.groupBy("k").agg(mean("id"), F.sum("id"))
    with pytest.raises(NotInMillrace, match="Give the aggregate a column of its own"):
        table.select(mean("id") + 1).collect()
