"""Files of Parquet, which the installed package reads and writes."""

import os

import pytest

import millrace
from millrace._millrace import has_parquet

pytestmark = pytest.mark.skipif(not has_parquet(), reason="the extension is built without the feature parquet")


@pytest.fixture
def spark():
    with millrace.stage({}):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.getOrCreate()


def test_a_table_is_written_and_read(spark, tmp_path):
    path = str(tmp_path / "users")
    users = spark.createDataFrame([(1, "ann", [1.5, None]), (2, None, [])], "id INT, name STRING, marks ARRAY<DOUBLE>")
    users.coalesce(1).write.parquet(path)
    [name] = [it for it in os.listdir(path) if it.startswith("part-")]
    assert name.endswith("-c000.snappy.parquet")
    assert spark.read.parquet(path).schema == users.schema
    assert spark.read.parquet(path).collect() == users.collect()
    assert spark.read.schema("NAME STRING, other INT").parquet(path).collect() == [("ann", None), (None, None)]
    users.write.mode("append").option("compression", "none").parquet(path)
    assert spark.read.load(path).count() == 4
    with pytest.raises(Exception, match="PATH_ALREADY_EXISTS"):
        users.write.parquet(path)


def test_files_are_those_of_arrow(spark, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    at = str(tmp_path / "one.parquet")
    parquet.write_table(arrow.table({"id": [1, 2], "tags": [["a"], None]}), at, compression="snappy")
    assert [tuple(row) for row in spark.read.parquet(at).collect()] == [(1, ["a"]), (2, None)]
    spark.range(3).coalesce(1).write.parquet(str(tmp_path / "out"))
    assert parquet.read_table(str(tmp_path / "out")).to_pylist() == [{"id": 0}, {"id": 1}, {"id": 2}]


def test_a_query_reads_a_folder_and_writes_one(spark, tmp_path):
    source, sink = str(tmp_path / "in"), str(tmp_path / "out")
    spark.createDataFrame([(1, "tea"), (2, "milk")], "id INT, item STRING").coalesce(1).write.parquet(source)
    rows = spark.readStream.schema("id INT, item STRING").parquet(source).where("id > 1")
    query = rows.writeStream.format("parquet").option("checkpointLocation", str(tmp_path / "c")).start(sink)
    query.processAllAvailable()
    assert query.lastProgress["numInputRows"] == 2
    assert [tuple(row) for row in spark.read.parquet(sink).collect()] == [(2, "milk")]


def test_folders_are_columns(spark, tmp_path):
    path = str(tmp_path / "sales")
    sales = spark.createDataFrame([(1, 2024, "a/b"), (2, 2023, "c"), (3, 2023, None)], "id INT, year INT, shop STRING")
    sales.write.partitionBy("year", "shop").parquet(path)
    table = spark.read.parquet(path)
    assert table.dtypes == [("id", "int"), ("year", "int"), ("shop", "string")]
    assert sorted(map(tuple, table.collect())) == [(1, 2024, "a/b"), (2, 2023, "c"), (3, 2023, None)]
    assert spark.read.schema("year STRING, id INT").parquet(path).dtypes[:2] == [("id", "int"), ("year", "string")]
    one = spark.read.parquet(f"{path}/year=2024")
    assert one.columns == ["id", "shop"]
    assert spark.read.option("basePath", path).parquet(f"{path}/year=2024").columns == ["id", "year", "shop"]
