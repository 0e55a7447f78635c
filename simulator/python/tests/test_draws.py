"""Random numbers of rows, and their places: the answers of real Spark 3.5.9."""

import pytest


@pytest.fixture
def spark(millrace):
    with millrace.stage({"1s": ["a"]}, cores=2):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.getOrCreate()


def test_each_partition_has_numbers_of_its_own(spark):
    from pyspark.sql import functions as F

    table = spark.range(0, 6, 1, 2)
    drawn = table.select(F.rand(42), F.randn(42), F.monotonically_increasing_id(), F.spark_partition_id())
    assert drawn.columns == ["rand(42)", "randn(42)", "monotonically_increasing_id()", "SPARK_PARTITION_ID()"]
    rand, randn, ids, places = map(list, zip(*drawn.collect()))
    assert rand == [
        0.619189370225301, 0.5096018842446481, 0.8325259388871524,
        0.8017532427858894, 0.6565552949992319, 0.2515595782593636,
    ]  # fmt: skip
    assert randn == [
        2.384479054241165, 0.1920934041293524, 0.7337336533286575,
        1.1027054481455365, 0.5721044623675455, -0.6653612526641282,
    ]  # fmt: skip
    assert ids == [0, 1, 2, 8589934592, 8589934593, 8589934594]
    assert places == [0, 0, 0, 1, 1, 1]
    assert [row.id for row in table.orderBy(F.rand(3)).collect()] == [4, 5, 0, 1, 2, 3]
    assert [row.id for row in table.filter(F.rand(7) > 0.5).collect()] == [2, 4]


def test_numbers_without_a_seed_are_the_same_in_each_run(millrace):
    runs = []
    for _ in range(2):
        with millrace.stage({"1s": ["a"]}):
            from pyspark.sql import SparkSession
            from pyspark.sql import functions as F

            table = SparkSession.builder.getOrCreate().range(3)
            runs.append([tuple(row) for row in table.select(F.rand(), F.rand()).collect()])
    assert runs[0] == runs[1] and runs[0][0][0] != runs[0][0][1]


def test_a_stream_has_no_increasing_numbers(spark):
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F

    lines = spark.readStream.format("rate").load()
    with pytest.raises(AnalysisException, match=r"monotonically_increasing_id\(\) is not supported with streaming"):
        lines.select(F.monotonically_increasing_id()).writeStream.format("console").start()
    with pytest.raises(AnalysisException, match=r"rand\(\) without a seed"):
        spark.sql("SELECT rand()")
