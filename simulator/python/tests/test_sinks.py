"""What a query writes, and how a program follows it, where real Spark has no part in it or ends the program."""

import pytest

from millrace import NotInMillrace


@pytest.fixture
def on(millrace):
    """Puts a program on stage, on a timeline of words: its session, its words, and what it leaves behind."""

    def start(timeline=None, length="4s", **settings):
        stage = millrace.stage(timeline or {"1s": ["a b"], "2s": ["b"]}, stop=length, **settings)
        stages.append(stage)
        run = stage.__enter__()
        from pyspark.sql import SparkSession
        from pyspark.sql.functions import explode, split

        spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()
        lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
        return run, spark, lines.select(explode(split("value", " ")).alias("word"))

    stages = []
    yield start
    for stage in stages:
        stage.__exit__(None, None, None)


def test_rows_for_kafka_are_kept_for_the_test(on, capsys):
    run, spark, words = on()
    messages = words.selectExpr("word AS value").writeStream.format("kafka").option("topic", "words")
    messages.option("kafka.sasl.token", "x").option("checkpointLocation", "c").start().awaitTermination()
    first, second, third = run.sink("kafka")
    assert (first.rows, [row.value for row in second.rows], third.rows[0].value) == ([], ["a", "b"], "b")
    assert second.options == {"topic": "words", "kafka.sasl.token": "*********(redacted)"}
    assert second.mode == "append" and run.output == ""
    with pytest.raises(KeyError, match="nothing was written to 'delta'; the program has written to: kafka"):
        run.sink("delta")


def test_a_record_of_a_table_without_streams_is_one_too(on):
    run, spark, _ = on()
    table = spark.createDataFrame([("a", 1)], ["word", "count"])
    table.write.format("jdbc").mode("append").option("dbtable", "counts").save()
    [written] = run.sink("jdbc")
    assert run.written == [written] and written.columns == ["word", "count"]
    assert written.rows[0].asDict() == {"word": "a", "count": 1}
    assert written.text.splitlines()[1] == "Written: jdbc, append, dbtable=counts"


def test_files_are_written_and_kept_for_the_test(on, tmp_path):
    run, spark, words = on(folder=tmp_path)
    lengths = words.selectExpr("word", "length(word) AS length").writeStream.partitionBy("length").format("csv")
    lengths.option("header", True).option("checkpointLocation", "c").start("out").awaitTermination()
    [written, again] = run.saved
    assert written.startswith("out/length=1/part-00000-") and written.endswith(".c000.csv")
    assert run.saved[written] == ["word", "a", "b"] and run.saved[again] == ["word", "b"]
    assert (tmp_path / written).read_text().splitlines() == run.saved[written]


def test_an_exception_of_a_batch_ends_its_query_alone(on, capsys):
    run, spark, words = on()
    from pyspark.errors import StreamingQueryException

    def fail(batch, number):
        if number == 1:
            raise ValueError("the database is down")

    failing = words.writeStream.foreachBatch(fail).queryName("failing").start()
    other = words.writeStream.format("noop").start()
    with pytest.raises(StreamingQueryException) as raised:
        failing.awaitTermination()
    text = str(raised.value)
    assert text.startswith(f"[STREAM_FAILED] Query [id = {failing.id}, runId = {failing.runId}] terminated with exception: ")
    assert "Return Message: Traceback" in text and text.endswith("ValueError: the database is down\n")
    assert isinstance(raised.value.__cause__, ValueError) and raised.value.getErrorClass() == "STREAM_FAILED"
    assert not failing.isActive and other.isActive and spark.streams.active == [other]
    assert failing.status["message"].startswith("Terminated with exception: An exception was raised by the Python Proxy.")
    assert f"Identifier: failing [id = {failing.id}, " in str(failing.exception())
    with pytest.raises(StreamingQueryException):
        spark.streams.awaitAnyTermination()
    spark.streams.resetTerminated()
    assert spark.streams.awaitAnyTermination(0.5) is False
    assert failing.lastProgress["batchId"] == 0


def test_a_failure_that_nobody_waits_for_is_noted(millrace, capsys):
    with millrace.stage({"1s": ["a"]}, stop="3s") as run:
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
        lines.writeStream.foreach(lambda row: 1 // 0).start()
        import time

        time.sleep(2)
    assert "a query has failed, which awaitTermination would have raised" in run.error
    assert "ZeroDivisionError" in run.error


def test_a_query_stops_where_it_is_told_to(on):
    run, spark, words = on()
    from pyspark.sql.streaming import StreamingQueryListener

    seen = []

    class Listener(StreamingQueryListener):
        def onQueryStarted(self, event):
            seen.append(("started", event.name))

        def onQueryProgress(self, event):
            seen.append((event.progress.batchId, event.progress.sink.numOutputRows, event.progress.numInputRows))

        def onQueryTerminated(self, event):
            seen.append(("terminated", event.exception))

    spark.streams.addListener(Listener())
    query = words.writeStream.format("noop").queryName("words").start()
    query.processAllAvailable()
    assert query.awaitTermination(1.5) is False
    query.stop()
    assert query.awaitTermination() is None and not query.isActive
    assert query.status == {"message": "Stopped", "isDataAvailable": False, "isTriggerActive": False}
    assert seen == [("started", "words"), (0, 0, 0), (1, 2, 1), ("terminated", None)]
    assert spark.streams.get(query.id) is None


def test_what_spark_refuses_is_refused_with_its_words(on):
    run, spark, words = on()
    from pyspark.errors import AnalysisException, IllegalArgumentException
    from pyspark.sql import DataFrame

    def refused(kind, text, start):
        with pytest.raises(kind) as raised:
            start()
        assert str(raised.value) == text

    writer = words.writeStream
    refused(AnalysisException, "queryName must be specified for memory sink.", writer.format("memory").start)
    refused(IllegalArgumentException, "'path' is not specified.", writer.format("parquet").start)
    checkpoint = (
        'checkpointLocation must be specified either through option("checkpointLocation", ...) or '
        'SparkSession.conf.set("spark.sql.streaming.checkpointLocation", ...).'
    )
    refused(AnalysisException, checkpoint, lambda: writer.format("json").start("out"))
    spark.conf.set("spark.sql.streaming.checkpointLocation", "c")
    update = words.groupBy("word").count().writeStream.outputMode("update").format("orc")
    refused(AnalysisException, "Data source orc does not support Update output mode.", lambda: update.start("out"))
    by = words.writeStream.partitionBy("word").foreachBatch(lambda batch, number: None)
    refused(AnalysisException, "'foreachBatch' does not support partitioning.", by.start)
    text = "[VALUE_NOT_NON_EMPTY_STR] Value for `queryName` must be a non empty string, got ''."
    refused(ValueError, text, lambda: writer.queryName(""))
    text = "[ATTRIBUTE_NOT_CALLABLE] Attribute `process` in provided object `f` is not callable."
    refused(AttributeError, text, lambda: writer.foreach(3))
    text = "[VALUE_NOT_POSITIVE] Value for `timeout` must be positive, got 'int'."
    refused(ValueError, text, lambda: spark.streams.awaitAnyTermination(-1))
    refused(IllegalArgumentException, "Invalid UUID string: x", lambda: spark.streams.get("x"))
    assert isinstance(words, DataFrame)


def test_the_progress_of_the_last_99_batches_is_kept(on):
    run, spark, words = on({f"{second}s": ["a"] for second in range(1, 121)}, length="200s")
    query = words.writeStream.format("noop").start()
    query.awaitTermination(150)
    assert [progress["batchId"] for progress in query.recentProgress] == list(range(22, 121))
    assert query.lastProgress["timestamp"] == "1970-01-01T00:02:00.000Z"


@pytest.mark.parametrize("use", [
    lambda writer: writer.format("csv").toTable("counts"),
    lambda writer: writer.trigger(continuous="1 second"),
])
def test_what_is_not_there_is_refused_by_name(on, use):
    run, spark, words = on()
    with pytest.raises(NotInMillrace):
        use(words.writeStream)


def test_a_query_into_a_table_makes_one_that_the_program_reads(on):
    run, spark, words = on({"1s": ["b a"], "2s": ["a"]})
    writer = words.writeStream.option("checkpointLocation", "there")
    query = writer.toTable("words")
    counts = words.groupBy("word").count().writeStream.format("delta").outputMode("complete")
    counts.option("checkpointLocation", "there too").toTable("default.counts")
    assert spark.table("words").count() == 0
    query.awaitTermination(1.5)
    assert [row.word for row in spark.sql("SELECT word FROM words").collect()] == ["b", "a"]
    query.awaitTermination()
    assert [row.word for row in spark.table("words").collect()] == ["b", "a", "a"]
    assert sorted(map(tuple, spark.table("counts").collect())) == [("a", 2), ("b", 1)]
    assert [len(written.rows) for written in run.sink("parquet")] == [0, 2, 1]
    with pytest.raises(Exception, match="checkpointLocation must be specified"):
        words.writeStream.toTable("others")
