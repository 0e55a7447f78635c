"""Streams of files that are in the file system of the program: their facts, schemas that follow from them, and files that
come while a query runs. The rows are those of real Spark 3.5.9 for the same files."""

import os

import pytest

import millrace


@pytest.fixture
def spark(tmp_path):
    """A session, whose folder has files that `put` writes."""
    with millrace.stage({}, stop="10s"):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.config("spark.sql.shuffle.partitions", 1).getOrCreate()


@pytest.fixture
def put(tmp_path):
    def write(name, text, time=1_700_000_000):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (time, time))

    return write


def rows(table):
    query = table.writeStream.format("memory").queryName("rows").trigger(availableNow=True).start()
    query.awaitTermination()
    return [tuple(row) for row in table.sparkSession.table("rows").collect()]


def test_a_row_has_the_facts_of_its_file(spark, put, tmp_path):
    put("a b.txt", "one\ntwo\n", 1_700_000_000)
    put("b.txt", "three", 1_700_000_100)
    lines = spark.readStream.text(str(tmp_path))
    assert lines.columns == ["value"]
    named = lines.select("*", "_metadata.file_name", "_metadata.file_size", "_metadata.file_modification_time")
    assert [(value, name, size, str(time)) for value, name, size, time in rows(named)] == [
        ("one", "a%20b.txt", 8, "2023-11-14 22:13:20"),
        ("two", "a%20b.txt", 8, "2023-11-14 22:13:20"),
        ("three", "b.txt", 5, "2023-11-14 22:15:00"),
    ]
    whole = lines.select("_metadata")
    assert whole.schema.simpleString() == (
        "struct<_metadata:struct<file_path:string,file_name:string,file_size:bigint,file_block_start:bigint,"
        "file_block_length:bigint,file_modification_time:timestamp>>"
    )
    assert rows(whole)[0][0].file_path == f"file:{tmp_path}/a%20b.txt"


def test_the_schema_follows_from_files_if_the_program_says_so(spark, put, tmp_path):
    put("j/1.json", '{"a":1,"b":"x"}\n{"a":2.5}\n')
    put("j/2.json", '{"c":[1]}\n', 1_700_000_100)
    put("c/1.csv", "id,name\n1,x\n2,y\n")
    (tmp_path / "e").mkdir()
    with pytest.raises(Exception, match="Schema must be specified"):
        spark.readStream.json(str(tmp_path / "j"))
    spark.conf.set("spark.sql.streaming.schemaInference", "true")
    objects = spark.readStream.json(str(tmp_path / "j"))
    assert objects.schema.simpleString() == "struct<a:double,b:string,c:array<bigint>>"
    assert rows(objects) == [(1.0, "x", None), (2.5, None, None), (None, None, [1])]
    cells = spark.readStream.option("header", True).option("inferSchema", True).csv(str(tmp_path / "c"))
    assert cells.schema.simpleString() == "struct<id:int,name:string>"
    for folder, message in (("e", "UNABLE_TO_INFER_SCHEMA"), ("nowhere", "PATH_NOT_FOUND")):
        with pytest.raises(Exception, match=message):
            spark.readStream.json(str(tmp_path / folder))


def test_files_that_come_while_a_query_runs_are_in_its_next_batches(spark, put, tmp_path):
    import time

    put("0.txt", "zero\n")
    batches = []

    def keep(table, number):
        batches.append((number, [row.value for row in table.collect()]))
        if number == 0:
            put("c.txt", "late\n", 1_700_000_300)
            put("b.txt", "early\n", 1_700_000_200)

    query = spark.readStream.option("maxFilesPerTrigger", 1).text(str(tmp_path)).writeStream.foreachBatch(keep)
    query = query.option("checkpointLocation", "c").trigger(processingTime="1 second").start()
    time.sleep(2.5)
    assert batches == [(0, ["zero"]), (1, ["early"]), (2, ["late"])]
    put("d.txt", "after\n", 1_700_000_400)
    query.processAllAvailable()
    assert batches[3:] == [(3, ["after"])]
    query.stop()
    put("e.txt", "in vain\n")
    time.sleep(2)
    assert len(batches) == 4


def test_files_are_chosen_by_name_and_in_folders(spark, put, tmp_path):
    put("x/1.txt", "1\n")
    put("y.txt", "y\n", 1_700_000_100)
    put("x/z/2.log", "2\n", 1_700_000_200)
    lines = lambda **options: [row[0] for row in rows(spark.readStream.options(**options).text(str(tmp_path)))]
    assert lines() == ["y"]
    assert lines(recursiveFileLookup=True) == ["1", "y", "2"]
    assert lines(recursiveFileLookup=True, pathGlobFilter="*.txt") == ["1", "y"]
    put("city=Rome/3.txt", "3\n")
    with pytest.raises(Exception, match="folders by column"):
        lines()


def test_a_value_may_have_several_lines(spark, put, tmp_path):
    put("1.json", '[\n{"a":1},\n {"a":2}\n]')
    put("2.json", '{"a":\n3}', 1_700_000_100)
    objects = spark.readStream.schema("a INT").json(str(tmp_path), multiLine=True)
    assert rows(objects) == [(1,), (2,), (3,)]
    put("c/1.csv", 'id,text\n1,"a\nb"\n2,c\n')
    cells = spark.readStream.schema("id INT, text STRING").csv(str(tmp_path / "c"), header=True, multiLine=True)
    assert rows(cells) == [(1, "a\nb"), (2, "c")]
    put("t/1.txt", "one\ntwo\n")
    assert rows(spark.readStream.option("wholetext", True).format("text").load(str(tmp_path / "t"))) == [("one\ntwo\n",)]
