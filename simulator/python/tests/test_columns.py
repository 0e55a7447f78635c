"""Columns and their errors: what `pyspark.sql.functions` takes, and the classes of the exceptions that programs see."""

import array

import pytest

import millrace


@pytest.fixture
def spark():
    with millrace.stage({}):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.getOrCreate()


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT 1/0", "ArithmeticException"),
        ("SELECT array(1, 2)[2]", "ArrayIndexOutOfBoundsException"),
        ("SELECT unix_timestamp('2023-01-01', 'dd-MM-yyyy')", "DateTimeException"),
        ("SELECT CAST('abc' AS DOUBLE)", "NumberFormatException"),
        ("SELECT CAST('abc' AS BOOLEAN)", "SparkRuntimeException"),
    ],
)
def test_an_expression_fails_with_the_exception_of_its_error_class(spark, sql, name):
    from pyspark import errors

    spark.conf.set("spark.sql.ansi.enabled", True)
    with pytest.raises(getattr(errors, name)) as raised:
        spark.sql(sql).show()
    assert f"[{raised.value.getErrorClass()}]" in str(raised.value)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("spark.sql.streaming.multipleWatermarkPolicy", "mean",
         "'mean' in spark.sql.streaming.multipleWatermarkPolicy is invalid. Invalid value for "
         "'spark.sql.streaming.multipleWatermarkPolicy'. Valid values are 'min' and 'max'"),
        ("spark.sql.streaming.noDataMicroBatches.enabled", 1,
         "spark.sql.streaming.noDataMicroBatches.enabled should be boolean, but was 1"),
        ("spark.sql.shuffle.partitions", "many", "spark.sql.shuffle.partitions should be int, but was many"),
        ("spark.sql.shuffle.partitions", 0,
         "'0' in spark.sql.shuffle.partitions is invalid. The value of spark.sql.shuffle.partitions must be positive"),
    ],
)  # fmt: skip
def test_a_setting_of_a_value_that_it_cannot_have_is_refused(spark, key, value, text):
    from pyspark.errors import IllegalArgumentException

    with pytest.raises(IllegalArgumentException) as raised:
        spark.conf.set(key, value)
    assert str(raised.value) == text
    spark.range(1).collect()


def test_a_failure_without_an_error_class_is_that_of_a_job(spark):
    from py4j.protocol import Py4JJavaError
    from pyspark.sql import functions as F

    table = spark.createDataFrame([("foobar",)], ["id"])
    with pytest.raises(Py4JJavaError, match="foobar"):
        table.select(F.raise_error(table.id)).collect()
    with pytest.raises(Py4JJavaError, match=r"'\(id = bar\)' is not true!"):
        table.select(F.assert_true(table.id == "bar")).collect()


@pytest.mark.parametrize(
    ("call", "condition", "parameters"),
    [
        (lambda F: F.greatest("id"), "WRONG_NUM_COLUMNS", {"func_name": "greatest", "num_cols": "2"}),
        (lambda F: F.window("date", 5), "NOT_STR", {"arg_name": "windowDuration", "arg_type": "int"}),
        (lambda F: F.from_csv("id", 1), "NOT_COLUMN_OR_STR", {"arg_name": "schema", "arg_type": "int"}),
        (lambda F: F.transform("id", lambda: 1), "WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION",
         {"func_name": "<lambda>", "num_args": "0"}),
        (lambda F: F.lit([F.lit(1)]), "COLUMN_IN_LIST", {"func_name": "lit"}),
        (lambda F: F.lit(object), "UNSUPPORTED_LITERAL", {"literal": str(object)}),
    ],
)
def test_an_argument_is_refused_by_its_error_class(spark, call, condition, parameters):
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as F

    with pytest.raises(PySparkException) as raised:
        call(F)
    assert (raised.value.getErrorClass(), raised.value.getMessageParameters()) == (condition, parameters)


def test_numbers_of_numpy_have_their_types(spark):
    np = pytest.importorskip("numpy")
    from pyspark.sql.functions import array_contains, lit

    one = spark.range(1)
    assert one.select(lit(np.int8(1)), lit(np.float32(1)), lit(np.bool_(True))).dtypes == [
        ("1", "tinyint"), ("1.0", "float"), ("true", "boolean")]
    assert one.select(lit(np.array([1, 2], "int8")).alias("b")).dtypes == [("b", "array<smallint>")]
    assert one.select(array_contains(lit([1, 2]), np.int64(2))).first()[0]


def test_an_array_has_the_least_type_with_room_for_it(spark):
    row = tuple(array.array(code, [1]) for code in "bBhHiIlfd")
    kinds = [kind for _, kind in spark.createDataFrame([row]).dtypes]
    assert kinds == [f"array<{it}>" for it in "tinyint smallint smallint int int bigint bigint float double".split()]


def test_an_order_is_part_of_the_text_of_a_column(spark):
    from pyspark.sql.functions import col, desc_nulls_first

    assert str(col("x").asc()) == "Column<'x ASC NULLS FIRST'>"
    assert str(desc_nulls_first("x")) == "Column<'x DESC NULLS FIRST'>"


def test_a_value_of_a_text_is_written_as_the_jvm_writes_it(spark):
    table = spark.createDataFrame([[True, 1], ["false", 1]], schema=["a", "b"])
    assert [row.a for row in table.collect()] == ["true", "false"]
