"""Tables that are written to places that are not here, tables of pandas, and what is refused of tables."""

import pytest

from millrace import NotInMillrace, staging, timeline
from millrace.record import Record


@pytest.fixture
def record():
    return Record()


@pytest.fixture
def spark(record, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with staging.stage(timeline.of({}), observer=record):
        from pyspark.sql import SparkSession

        yield SparkSession.builder.master("local[2]").appName("tables").getOrCreate()


@pytest.fixture
def users(spark):
    return spark.createDataFrame([(1, "ann"), (2, "bob")], "id INT, name STRING")


def test_a_table_for_a_database_is_recorded(record, users):
    properties = {"user": "me", "driver": "org.postgresql.Driver"}
    users.write.jdbc("jdbc:postgresql://db/x", "users", mode="append", properties=properties)
    users.write.format("mongodb").mode("overwrite").option("collection", "users").save()
    users.write.format("delta").save("s3://bucket/users")
    users.filter("id > 1").write.csv("hdfs://there/users")
    jdbc, mongo, delta, csv = record.written
    assert (jdbc.format, jdbc.mode, jdbc.columns) == ("jdbc", "append", ["id", "name"])
    assert jdbc.options == {"url": "jdbc:postgresql://db/x", "dbtable": "users", **properties}
    assert jdbc.rows == [(1, "ann"), (2, "bob")]
    assert (mongo.format, mongo.mode, mongo.options) == ("mongodb", "overwrite", {"collection": "users"})
    assert (delta.mode, delta.options) == ("errorifexists", {"path": "s3://bucket/users"})
    assert (csv.format, csv.rows) == ("csv", [(2, "bob")])


def test_messages_for_kafka_have_a_value(record, users):
    from pyspark.errors import AnalysisException

    writer = users.selectExpr("CAST(id AS STRING) AS key", "name AS value").write.format("kafka")
    writer.option("kafka.bootstrap.servers", "broker:9092").option("topic", "users").save()
    [write] = record.written
    assert (write.options["topic"], write.rows[0].value) == ("users", "ann")
    with pytest.raises(AnalysisException, match="Required attribute 'value' not found"):
        users.write.format("kafka").option("topic", "users").save()


def test_what_a_program_has_written_it_reads_again(spark, users):
    users.write.format("delta").save("/lake/users")
    users.write.format("delta").mode("append").save("/lake/users/")
    assert spark.read.format("delta").load("/lake/users").count() == 4
    with pytest.raises(NotInMillrace, match="There is what the program itself has written"):
        spark.read.format("delta").load("others")


def test_saved_files_are_those_of_a_test(record, users):
    users.coalesce(1).write.csv("out", header=True)
    users.write.partitionBy("id").json("by")
    assert record.saved["out"] == ["id,name", "1,ann", "2,bob"]
    assert record.saved["by/id=2"] == ['{"name":"bob"}']


def test_folders_are_columns_of_csv_and_json(spark):
    sales = spark.createDataFrame([(1, "a/b"), (2, "c")], "id INT, shop STRING")
    for source in ("csv", "json"):
        sales.write.partitionBy("shop").format(source).save(source)
        table = spark.read.schema("shop STRING, id LONG").format(source).load(source)
        assert table.dtypes == [("id", "bigint"), ("shop", "string")]
        assert sorted(map(tuple, table.collect())) == [(1, "a/b"), (2, "c")]


def test_a_table_of_pandas(spark, users):
    pandas = pytest.importorskip("pandas")
    frame = users.toPandas()
    assert (frame.shape, list(frame.columns), frame["id"].tolist()) == ((2, 2), ["id", "name"], [1, 2])
    assert spark.createDataFrame(frame).dtypes == [("id", "bigint"), ("name", "string")]
    times = pandas.DataFrame({"at": pandas.to_datetime(["2020-01-02 03:04:05"]), "x": [1.5]})
    table = spark.createDataFrame(times)
    assert table.dtypes == [("at", "timestamp"), ("x", "double")]
    assert str(table.first().at) == "2020-01-02 03:04:05"
    assert spark.createDataFrame(frame, "a BIGINT, b STRING").columns == ["a", "b"]


def test_a_table_names_the_views_that_there_were(spark, users):
    users.createOrReplaceTempView("v")
    before = spark.sql("SELECT id FROM v")
    named = spark.table("v")
    users.filter("id > 1").createOrReplaceTempView("v")
    assert (before.count(), named.count(), spark.table("v").count()) == (2, 2, 1)
    spark.catalog.dropTempView("v")
    assert before.count() == 2


def test_settings_count_when_a_table_is_computed(spark, users):
    counts = users.groupBy("id").count()
    assert counts.select("*").rdd.getNumPartitions() == 1
    spark.conf.set("spark.sql.adaptive.enabled", False)
    spark.conf.set("spark.sql.shuffle.partitions", "5")
    assert counts.rdd.getNumPartitions() == 5
    with pytest.raises(NotInMillrace, match="spark.sql.legacy.timeParserPolicy"):
        spark.conf.set("spark.sql.legacy.timeParserPolicy", "LEGACY")
        users.count()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda spark, users: spark.read.jdbc("jdbc:x", "t"), "jdbc"),
        (lambda spark, users: spark.read.csv("hdfs://there/a.csv"), "hdfs"),
        (lambda spark, users: users.write.bucketBy(2, "id"), "bucketBy"),
        (lambda spark, users: users.writeTo("t"), "writeTo"),
        (lambda spark, users: users.sample(True, 0.5), "withReplacement"),
        (lambda spark, users: spark.newSession(), "newSession"),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(spark, users, call, name):
    with pytest.raises(NotInMillrace, match=name):
        call(spark, users)


def test_an_option_that_is_not_there_is_refused_and_one_that_spark_has_not_is_passed_over(spark, users):
    from pyspark.errors import AnalysisException

    users.write.json("users")
    for read in (
        lambda: spark.read.csv("users", lineSep=";"),
        lambda: spark.read.text("users", pathGlobFilter="*.txt"),
    ):
        with pytest.raises(AnalysisException, match="is not supported here: leave it out"):
            read()
    with pytest.raises(NotInMillrace, match="encoding"):
        spark.read.csv("users", encoding="latin-1")
    assert spark.read.option("nosuch", "1").json("users").columns == users.columns


def test_a_count_of_a_column_leaves_out_null(users):
    from pyspark.sql import functions as F

    [row] = users.agg(F.count("*"), F.count(F.col("id")), F.count(F.when(F.col("id") > 1, 1))).collect()
    assert tuple(row) == (2, 2, 1)


def test_a_plan_is_printed_from_its_text_to_its_operators(spark, users, capsys):
    users.createOrReplaceTempView("users")
    names = spark.sql("SELECT name FROM users WHERE id > 1 GROUP BY name")
    names.explain()
    assert capsys.readouterr().out == (
        "== Physical Plan ==\nProject [name]\n+- HashAggregate [name], []\n   +- Filter >(id, 1)\n"
        "      +- Scan LogicalRDD [id, name]\n\n"
    )
    names.explain(True)
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("==")]
    assert titles == [
        "== Parsed Logical Plan ==", "== Analyzed Logical Plan ==", "== Optimized Logical Plan ==", "== Physical Plan =="
    ]
