"""What a structured query reads: topics, files in folders, numbers at a rate; and options that are refused by name."""

import pytest

import millrace
from millrace import NotInMillrace


@pytest.fixture
def stage(capsys):
    """Puts a program on a stage, and gives the text that it shows."""

    def run(timeline, program, stop="4s"):
        with millrace.stage(timeline, stop=stop):
            from pyspark.sql import SparkSession

            spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 1).getOrCreate()
            program(spark)
        return capsys.readouterr().out

    return run


def show(rows, **options):
    query = rows.writeStream.format("console").options(**options)
    query.start().awaitTermination()


def tables(text):
    """The cells of each row, by batch."""
    shown = {}
    for line in text.splitlines():
        if line.startswith("Batch: "):
            rows = shown.setdefault(int(line[7:]), [])
        elif line.startswith("|"):
            rows.append(" ".join(cell.strip() for cell in line.strip("|").split("|")))
    return {batch: rows[1:] for batch, rows in shown.items()}


def topic(spark, name="orders", **options):
    reader = spark.readStream.format("kafka").option("kafka.bootstrap.servers", "broker:9092")
    return reader.option("subscribe", name).options(**options)


def test_a_topic_is_a_stream_of_the_timeline(stage):
    def program(spark):
        rows = topic(spark).load()
        assert rows.schema.simpleString() == (
            "struct<key:binary,value:binary,topic:string,partition:int,offset:bigint,timestamp:timestamp,timestampType:int>"
        )
        show(rows.selectExpr("CAST(key AS STRING)", "CAST(value AS STRING)", "topic", "partition", "offset"))

    orders = [{"key": "ann", "value": "1", "partition": 1}, "2", {"key": "bob", "value": "3"}]
    assert tables(stage({"1s": {"orders": orders}, "2s": {"orders": ["4"], "clicks": ["5"]}}, program)) == {
        0: [],
        1: ["NULL 2 orders 0 0", "bob 3 orders 0 1", "ann 1 orders 1 0"],
        2: ["NULL 4 orders 0 2"],
    }


def test_the_first_offsets_say_what_a_query_has_of_earlier_messages(stage):
    def program(spark):
        import time

        time.sleep(1.5)
        show(topic(spark, startingOffsets=starting).load().selectExpr("offset", "CAST(value AS STRING)"))

    timeline = {"1s": {"orders": ["a", "b"]}, "2s": {"orders": ["c"]}}
    starting = "earliest"
    assert tables(stage(timeline, program)) == {0: ["0 a", "1 b"], 1: ["2 c"]}
    starting = "latest"
    assert tables(stage(timeline, program)) == {0: [], 1: ["2 c"]}
    starting = '{"orders": {"0": 1}}'
    assert tables(stage(timeline, program)) == {0: ["1 b"], 1: ["2 c"]}


def test_a_message_has_headers_and_the_time_of_its_producer(stage):
    def program(spark):
        rows = topic(spark, includeHeaders=True).load()
        show(rows.selectExpr("timestamp", "headers[0].key AS header", "CAST(headers[0].value AS STRING) AS value"))

    message = {"value": "1", "headers": {"trace": "7"}, "timestamp": "2020-02-02 02:02:02"}
    assert tables(stage({"1s": {"orders": [message]}}, program)) == {0: [], 1: ["2020-02-02 02:02:02 trace 7"]}


def test_a_pattern_reads_the_topics_of_the_timeline(stage):
    def program(spark):
        reader = spark.readStream.format("kafka").option("kafka.bootstrap.servers", "broker:9092")
        show(reader.option("subscribePattern", "orders-.*").load().selectExpr("topic", "CAST(value AS STRING)"))

    lines = {"orders-us": ["1"], "orders-eu": ["2"], "clicks": ["3"]}
    assert tables(stage({"1s": lines}, program)) == {0: [], 1: ["orders-eu 2", "orders-us 1"]}


def test_a_rate_goes_on_by_itself(stage):
    def program(spark):
        show(spark.readStream.format("rate").option("rowsPerSecond", 2).load(), truncate=False)

    assert tables(stage({}, program, stop="2s")) == {
        0: [],
        1: ["1970-01-01 00:00:00 0", "1970-01-01 00:00:00.5 1"],
        2: ["1970-01-01 00:00:01 2", "1970-01-01 00:00:01.5 3"],
    }


def test_each_micro_batch_has_equally_many_numbers(stage):
    def program(spark):
        numbers = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 2).option("startTimestamp", 5000)
        numbers.load().writeStream.format("console").trigger(processingTime="1 second").start().awaitTermination()

    assert tables(stage({}, program, stop="1s")) == {
        0: ["1970-01-01 00:00:05 0", "1970-01-01 00:00:05 1"],
        1: ["1970-01-01 00:00:06 2", "1970-01-01 00:00:06 3"],
    }


def test_a_topic_is_a_table_of_the_messages_until_now(stage):
    def program(spark):
        import time

        time.sleep(2.5)
        reader = spark.read.format("kafka").option("kafka.bootstrap.servers", "broker:9092").option("subscribe", "orders")
        rows = lambda **options: [
            (row.partition, row.offset, bytes(row.value).decode()) for row in reader.options(**options).load().collect()
        ]
        assert rows() == [(0, 0, "a"), (0, 1, "c"), (1, 0, "b")]
        assert rows(startingOffsets='{"orders": {"0": 1, "1": -2}}') == [(0, 1, "c"), (1, 0, "b")]
        assert rows(startingTimestamp=2000, startingOffsetsByTimestampStrategy="latest") == [(0, 1, "c")]
        reader._taken("startingTimestamp")
        assert rows(startingOffsets="earliest", endingOffsets='{"orders": {"0": 1, "1": 0}}') == [(0, 0, "a")]
        for options, message in (
            ({"startingOffsets": "latest"}, "starting offset can't be latest for batch queries on Kafka"),
            ({"startingOffsets": '{"orders": {"0": 1}}'}, r"Specified: Set\(orders-0\) Assigned: Set\(orders-0, orders-1\)"),
        ):
            with pytest.raises(Exception, match=message):
                rows(**options)

    stage({"1s": {"orders": ["a", {"value": "b", "partition": 1}]}, "2s": {"orders": ["c"]}, "3s": {"orders": ["d"]}}, program)


def test_a_query_begins_at_a_time_or_at_the_offsets_of_all_partitions(stage):
    def program(spark):
        import time

        time.sleep(2.5)
        show(topic(spark, **options).load().selectExpr("offset", "CAST(value AS STRING)"))

    timeline = {"1s": {"orders": ["a"]}, "2s": {"orders": ["b"]}, "3s": {"orders": ["c"]}}
    options = {"startingTimestamp": 1500}
    assert tables(stage(timeline, program)) == {0: ["1 b"], 1: ["2 c"]}
    options = {"startingOffsetsByTimestamp": '{"orders": {"0": 1500}}'}
    assert tables(stage(timeline, program)) == {0: ["1 b"], 1: ["2 c"]}
    timeline["1s"] = {"orders": ["a", {"value": "x", "partition": 1}]}
    options = {"startingOffsets": '{"orders": {"0": 0}}'}
    with pytest.raises(Exception, match="you must specify all TopicPartitions"):
        stage(timeline, program)
    options = {"startingTimestamp": 9000}
    with pytest.raises(Exception, match="No offset matched from request of topic-partition orders-0 and timestamp 9000"):
        stage(timeline, program)


def test_a_socket_says_when_its_lines_have_come(stage):
    def program(spark):
        lines = spark.readStream.format("socket").options(host="localhost", port=9999, includeTimestamp=True).load()
        assert lines.schema.simpleString() == "struct<value:string,timestamp:timestamp>"
        show(lines)

    assert tables(stage({"1s": ["a"], "2s": ["b"]}, program)) == {
        0: [],
        1: ["a 1970-01-01 00:00:01"],
        2: ["b 1970-01-01 00:00:02"],
    }


def test_files_of_the_timeline_come_after_those_that_are_there(stage, tmp_path):
    (tmp_path / "there.csv").write_text("1,tea\n")
    (tmp_path / "_SUCCESS").write_text("")

    def program(spark):
        show(spark.readStream.schema("id INT, item STRING").csv(str(tmp_path)))

    assert tables(stage({"1s": {str(tmp_path): ["2,milk", "3,"]}}, program)) == {0: ["1 tea"], 1: ["2 milk", "3 NULL"]}


def test_rows_of_parquet_are_lines_of_json(stage):
    def program(spark):
        show(spark.readStream.schema("id INT, item STRING").parquet("rows"))

    assert tables(stage({"1s": {"rows": ['{"id": 1, "item": "tea"}']}}, program)) == {0: ["1 tea"]}


@pytest.mark.parametrize(
    "read, kind, message",
    [
        (lambda it: it.format("kafka").load(), "IllegalArgumentException", "One of the following options must be specified"),
        (
            lambda it: it.format("kafka").option("subscribe", "a").load(),
            "IllegalArgumentException",
            "Option 'kafka.bootstrap.servers' must be specified",
        ),
        (lambda it: it.format("socket").load(), "AnalysisException", "Set a host to read from"),
        (lambda it: it.format("rate").option("rowsPerSecond", 0).load(), "IllegalArgumentException", "must be positive"),
        (
            lambda it: it.format("text").option("cleanSource", "delete").load("a"),
            "AnalysisException",
            "`cleanSource` = 'delete' is not there yet",
        ),
        (lambda it: it.format("rate-micro-batch").load(), "IllegalArgumentException", "'rowsPerBatch' must be positive"),
        (lambda it: it.format("delta").load("a"), "AnalysisException", "DATA_SOURCE_NOT_FOUND"),
        (lambda it: it.format("avro").load("a"), "AnalysisException", "These can: csv, json, kafka"),
        (lambda it: it.schema("a INT").csv("nowhere"), "AnalysisException", "PATH_NOT_FOUND"),
    ],
)
def test_what_is_mistaken_is_refused_by_name(stage, read, kind, message):
    def program(spark):
        with pytest.raises(Exception, match=message) as caught:
            read(spark.readStream)
        assert type(caught.value).__name__ == kind

    stage({"1s": {"a": ["x"]}}, program)


def test_a_table_is_read_as_a_stream_if_it_is_one(stage):
    def program(spark):
        spark.readStream.text("lines").createOrReplaceTempView("lines")
        show(spark.readStream.table("lines"))
        spark.createDataFrame([(1,)], "a INT").createOrReplaceTempView("numbers")
        with pytest.raises(NotInMillrace, match="numbers"):
            spark.readStream.table("numbers")

    assert tables(stage({"1s": {"lines": ["a"]}}, program)) == {0: ["a"]}


@pytest.mark.parametrize("message", [{}, {"value": "1", "kee": "a"}])
def test_a_message_has_a_value_and_no_other_words(message):
    with pytest.raises(TypeError, match="the message at 1s has a value"):
        millrace.timeline.of({"1s": {"orders": [message]}})


def test_an_option_that_spark_does_not_have_is_passed_over_with_a_note(capsys):
    with millrace.stage({"1s": {"orders": ["1"]}}, stop="4s"):
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        rows = topic(spark, checkpointLocation="there", startingOffset="earliest").load().select("topic")
        show(rows, truncated=False)
    shown = capsys.readouterr()
    assert tables(shown.out) == {0: [], 1: ["orders"]}
    assert shown.err.splitlines() == [
        "note: Spark passes over the option 'checkpointLocation', which the format kafka does not have",
        "note: Spark passes over the option 'startingOffset', which the format kafka does not have: did you mean "
        "'startingOffsets'?",
        "note: Spark passes over the option 'truncated', which the format console does not have: did you mean 'truncate'?",
    ]


@pytest.mark.parametrize("is_on_disk", [True, False])
def test_the_columns_of_files_follow_from_them_where_the_program_asks_for_it(stage, tmp_path, is_on_disk):
    lines = ['{"b": 1.5, "a": "x"}', '{"a": "y"}']
    folder = tmp_path / "inbox"
    if is_on_disk:
        folder.mkdir()
        (folder / "1.json").write_text("".join(f"{line}\n" for line in lines))

    def program(spark):
        with pytest.raises(Exception, match="Schema must be specified"):
            spark.readStream.json(str(folder))
        spark.conf.set("spark.sql.streaming.schemaInference", True)
        rows = spark.readStream.option("maxFilesPerTrigger", 1).json(str(folder))
        assert rows.schema.simpleString() == "struct<a:string,b:double>"
        show(rows)

    timeline = {} if is_on_disk else {"1s": {str(folder): lines}}
    assert tables(stage(timeline, program)) == {0: ["x 1.5", "y NULL"]}
