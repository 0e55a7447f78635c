"""Calls as Spark has them where a mistake, or the last digit, would else pass without a word."""

import math
import pickle
import sys
import types

import pytest

import millrace
from millrace.pyspark import statcounter
from millrace.pyspark.errors import IllegalArgumentException


@pytest.fixture
def sc():
    with millrace.stage({"1s": ["a"], "2s": ["b"]}):
        from pyspark import SparkContext

        yield SparkContext("local[2]", "face")


@pytest.fixture
def ssc(sc):
    from pyspark.streaming import StreamingContext

    return StreamingContext(sc, 1)


def test_each_task_adds_to_a_sum_of_its_own(sc):
    total = sc.accumulator(0.0)
    sc.parallelize([2.0**53, 1.0, 1.0, 1.0], 2).foreach(total.add)
    assert total.value == 2.0**53 + 2.0, "one by one it would be 2 less"


def test_a_task_that_fails_adds_nothing(sc):
    count = sc.accumulator(0)
    with pytest.raises(ZeroDivisionError):
        sc.parallelize([1, 1, 0]).map(lambda x: count.add(1) or 1 // x).collect()
    added = count.value
    count.add(10)
    assert (added, count.value) == (1, 11), "one task was complete, and the program itself adds at once"


def test_an_accumulator_of_lists(sc):
    from pyspark import AccumulatorParam

    class Lists(AccumulatorParam):
        def zero(self, value):
            return []

        def addInPlace(self, value1, value2):
            return value1 + (value2 if isinstance(value2, list) else [value2])

    seen = sc.accumulator(["first"], Lists())
    sc.parallelize([1, 2, 3], 2).foreach(seen.add)
    assert seen.value == ["first", 1, 2, 3]


@pytest.mark.parametrize("duration", [0, -1, "1", 0.0001])
def test_an_interval_is_a_positive_number(sc, duration):
    from pyspark.streaming import StreamingContext

    with pytest.raises(ValueError, match="batchDuration is a number of seconds, from 0.001 on"):
        StreamingContext(sc, duration)


def test_a_port_is_a_number(ssc):
    with pytest.raises(TypeError, match="port is an integer, and not '9999'"):
        ssc.socketTextStream("localhost", "9999")
    with pytest.raises(IllegalArgumentException, match="port out of range:65536"):
        ssc.socketTextStream("localhost", 65536)


def test_a_negative_time_to_wait_is_none(ssc, capsys):
    ssc.socketTextStream("localhost", 9999).pprint()
    ssc.start()
    assert ssc.awaitTerminationOrTimeout(-1) is True
    assert "\nb\n" in capsys.readouterr().out


def test_a_folder_for_checkpoints_may_be_that_of_the_spark_context(sc, ssc):
    counts = ssc.socketTextStream("localhost", 9999).countByValueAndWindow(2, 1)
    counts.pprint()
    with pytest.raises(IllegalArgumentException, match="The checkpoint directory has not been set"):
        ssc.start()
    sc.setCheckpointDir("checkpoints")
    ssc.start()


def test_windows_are_not_negative(ssc):
    with pytest.raises(ValueError, match="windowDuration is positive, and not -1"):
        ssc.socketTextStream("localhost", 9999).window(-1)


def test_numbers_of_partitions(sc):
    pairs = sc.parallelize([(1, 2)])
    assert [pairs.reduceByKey(max, count).collect() for count in (0, -1)] == [[], []]
    assert sc.emptyRDD().reduceByKey(max, 0).collect() == []
    with pytest.raises(IllegalArgumentException, match="Positive number of partitions required"):
        sc.parallelize([1], -1)
    with pytest.raises(ZeroDivisionError):
        sc.parallelize([1], 0)
    with pytest.raises(IndexError):
        sc.union([])


def test_streams_of_two_forms_are_not_united(sc, ssc):
    lines = ssc.socketTextStream("localhost", 9999)
    queue = ssc.queueStream([sc.parallelize([1, 2, 3, 4], 2)])
    for one, other in [(lines, lines.map(len)), (queue, lines.map(len)), (queue, ssc.queueStream([[1]]))]:
        with pytest.raises(ValueError, match="All DStreams should have same serializer"):
            ssc.union(one, other)
    ssc.union(lines, lines.window(1))
    ssc.union(lines.map(len), queue.map(str))
    ssc.union(queue, ssc.queueStream([[1, 2, 3, 4]]))


def test_lines_are_not_united_with_rows_that_spark_would_read_as_text(ssc):
    lines = ssc.socketTextStream("localhost", 9999)
    with pytest.raises(ValueError, match="UnicodeDecodeError"):
        lines.union(lines.map(len))
    lines.map(len).union(lines)
    lines.union(lines.window(1))


def test_a_transformation_that_makes_no_batch_has_no_output(ssc, capsys):
    lines = ssc.socketTextStream("localhost", 9999)
    lines.transform(lambda time, rdd: rdd if time.second == 2 else None).pprint()
    ssc.start()
    ssc.awaitTermination()
    assert capsys.readouterr().out.splitlines()[1::4] == ["Time: 1970-01-01 00:00:02"]


@pytest.mark.parametrize("strict", [True, False])
def test_what_the_jvm_refuses_is_raised_as_spark_raises_it(strict):
    with millrace.stage({"1s": ["a"]}, strict=strict):
        from py4j.protocol import Py4JJavaError
        from pyspark import SparkContext
        from pyspark.streaming import StreamingContext

        ssc = StreamingContext(SparkContext("local[2]", "it"), 1)
        kind = Py4JJavaError if strict else IllegalArgumentException
        with pytest.raises(kind, match="requirement failed: No output operations registered"):
            ssc.start()
        ssc.socketTextStream("localhost", 9999).pprint()
        ssc.start()
        with pytest.raises(kind, match="Adding new inputs, transformations, and output operations after starting"):
            ssc.socketTextStream("localhost", 9998)


def test_after_the_stop_calls_fail_as_on_spark(sc):
    sc.stop()
    with pytest.raises(AttributeError, match="stopped SparkContext"):
        sc.parallelize([1])


def query(**settings):
    """The first table of a query that counts lines by window."""
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import timestamp_seconds, window

    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(f"spark.sql.{name.replace('__', '.')}", value)
    lines = builder.getOrCreate().readStream.format("socket").option("host", "localhost").option("port", 9999).load()
    times = lines.select(timestamp_seconds(lines.value.cast("long")).alias("time"))
    counts = times.groupBy(window("time", "1 hour")).count()
    counts.writeStream.outputMode("complete").format("console").option("truncate", False).start().awaitTermination()


def test_a_session_has_its_own_zone(capsys):
    with millrace.stage({"1s": ["0"]}):
        query(session__timeZone="America/New_York")
    assert "{1969-12-31 19:00:00, 1969-12-31 20:00:00}" in capsys.readouterr().out


def test_settings_of_queries_are_heeded_or_refused():
    with millrace.stage({"1s": ["0"]}), pytest.raises(millrace.NotInMillrace, match="spark.sql.caseSensitive"):
        query(caseSensitive=True)


def test_a_stop_iteration_of_a_function_fails_the_task(sc):
    def stop(*rows):
        raise StopIteration(*rows)

    rdd = sc.parallelize([1, 2])
    pairs = sc.parallelize([(1, 2), (1, 3)])
    for job in (
        rdd.map(stop).collect,
        rdd.filter(stop).collect,
        rdd.flatMap(stop).collect,
        lambda: rdd.foreach(stop),
        lambda: rdd.coalesce(1).reduce(stop),
        lambda: rdd.reduce(stop),
        lambda: rdd.fold(0, stop),
        lambda: rdd.aggregate(0, stop, max),
        lambda: rdd.aggregate(0, max, stop),
        lambda: pairs.coalesce(1).reduceByKeyLocally(stop),
        lambda: pairs.reduceByKeyLocally(stop),
        pairs.reduceByKey(stop).collect,
        pairs.aggregateByKey(0, stop, max).collect,
        pairs.foldByKey(0, stop).collect,
    ):
        with pytest.raises(RuntimeError, match="Caught StopIteration thrown from user's code; failing the task"):
            job()


FAILS_TO_MAKE = """
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
ssc = StreamingContext(SparkContext("local[2]", "fails"), 1)
def make(rdd):
    print("making")
    raise ValueError("no bread")
made = ssc.socketTextStream("localhost", 9999).transform(make)
made.pprint()
made.count().pprint()
ssc.start()
ssc.awaitTermination()
"""


def test_a_batch_that_cannot_be_made_is_tried_once(millrace, tmp_path):
    (tmp_path / "job.py").write_text(FAILS_TO_MAKE)
    run = millrace.run(tmp_path / "job.py", {"1s": ["a"]}, check=False)
    assert isinstance(run.exception, ValueError)
    assert run.output == "making\n"


def test_a_function_of_a_worker_may_name_the_class_datetime(sc):
    from datetime import date, datetime

    rows = sc.parallelize([1]).map(lambda x: (datetime.now().year, date.today().year, isinstance(datetime, type)))
    assert rows.collect() == [(1970, 1970, True)]
    assert sc.broadcast([datetime]).value == [datetime]


def test_a_batch_has_a_number_when_it_is_first_needed(sc):
    first = sc.parallelize([1])
    mapped = first.map(str).filter(bool)
    second = sc.parallelize([2])
    assert (second.id() - first.id(), mapped.id() - first.id()) == (1, 2)


def test_rows_go_through_a_command(sc):
    rows = sc.parallelize(["a\n\n", 2, b"x"], 2)
    assert rows.pipe("cat").collect() == ["a", "2", "b'x'"]
    assert sc.parallelize([1], 1).pipe("env", {"A": "b"}).collect() == ["A=b"]
    assert sc.parallelize([1], 1).pipe("env").collect() == []
    assert rows.pipe("grep 4").collect() == []
    with pytest.raises(RuntimeError, match="Pipe function `grep 4` exited with error code 1"):
        rows.pipe("grep 4", checkCode=True).collect()
    with pytest.raises(FileNotFoundError):
        rows.pipe("no-such-command").collect()


def test_a_batch_has_its_checkpoint_after_the_first_job(sc):
    sc.setCheckpointDir("checkpoints")
    for way, is_local in (("checkpoint", False), ("localCheckpoint", True)):
        rdd = sc.parallelize([1, 2], 2).map(str)
        getattr(rdd, way)()
        assert (rdd.isCheckpointed(), rdd.isLocallyCheckpointed(), rdd.is_cached) == (False, is_local, False)
        assert rdd.collect() == ["1", "2"]
        assert (rdd.isCheckpointed(), rdd.isLocallyCheckpointed()) == (True, is_local)
        assert rdd.unpersist().map(int).collect() == [1, 2]


def test_the_spread_in_the_dictionary_of_statistics(sc):
    stats = sc.parallelize([1, 2, 3, 4], 2).stats()
    assert (stats.asDict()["variance"], stats.asDict(sample=True)["variance"]) == (5 / 3, 1.25), "as in Spark 3.5.9"


def test_what_workers_share_is_shared_within_containers_too(sc):
    table, counts = {"words": sc.broadcast(["a"])}, [sc.accumulator(0)]
    rows = sc.parallelize([1, 2], 2).map(lambda x: counts[0].add(x) or table["words"].value)
    assert rows.collect() == [["a"], ["a"]]
    assert counts[0].value == 3
    table["words"].destroy()
    with pytest.raises(Exception, match="Attempted to use a broadcast after it was destroyed"):
        rows.map(len).collect()


def test_records_that_are_not_told_apart_are_refused_to_a_listener(sc, ssc):
    from pyspark.streaming import StreamingListener

    refused = []

    class Counts(StreamingListener):
        def onBatchCompleted(self, batchCompleted):
            info = batchCompleted.batchInfo()
            inputs = info.streamIdToInputInfo()
            for count in (info.numRecords, *(it.numRecords for it in inputs.values()), inputs[2].metadata):
                try:
                    count()
                except millrace.NotInMillrace as error:
                    refused.append(str(error).split("`")[1])

    ssc.addStreamingListener(Counts())
    streams = [ssc.socketTextStream("localhost", port) for port in (1, 2)]
    ssc.union(*streams, ssc.textFileStream("inbox")).pprint()
    ssc.start()
    ssc.awaitTerminationOrTimeout(1)
    several = "StreamInputInfo.numRecords of several streams"
    files = "StreamInputInfo.metadata of textFileStream"
    assert refused == ["BatchInfo.numRecords beside textFileStream", several, several, files]


def test_the_jvm_of_a_class_is_none():
    from millrace.pyspark import SparkContext

    assert SparkContext._jvm is None, "as on Spark before the first context"


@pytest.mark.parametrize("text", ["1s", "5 min", "10seconds", "1.5 minutes", "1 month", "5"])
def test_an_interval_that_spark_refuses(text):
    with millrace.stage({"1s": ["a"]}):
        from pyspark.sql import SparkSession, functions

        SparkSession.builder.getOrCreate()
        with pytest.raises(ValueError, match=f'"{text}" is no interval: '):
            functions.window("time", text)
        functions.window("time", "interval 1 minute 1.5 seconds")


def test_statistics_are_those_of_numpy_where_it_is_installed(monkeypatch):
    numpy = types.ModuleType("numpy")
    numpy.maximum = lambda x, y: float(max(x, y))
    numpy.minimum = lambda x, y: float(min(x, y))
    numpy.sqrt = math.sqrt
    monkeypatch.setitem(sys.modules, "numpy", numpy)
    statcounter._functions.cache_clear()
    try:
        shown = str(statcounter.StatCounter([1, 2, 3, 5, 5]))
    finally:
        statcounter._functions.cache_clear()
    assert shown == "(count: 5, mean: 3.2, stdev: 1.6, max: 5.0, min: 1.0)"


COALESCES_STATES = """
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
ssc = StreamingContext(SparkContext("local[3]", "states"), 1)
ssc.checkpoint("checkpoint")
pairs = ssc.socketTextStream("localhost", 9999).map(lambda line: (line, 1))
states = pairs.updateStateByKey(lambda new, old: sum(new) + (old or 0))
states.foreachRDD(lambda rdd: print(rdd.coalesce(1).collect()))
states.foreachRDD(lambda rdd: print(rdd.coalesce(2).collect()))
ssc.start()
ssc.awaitTermination()
"""


def test_states_are_not_put_together_by_places_that_are_not_known(millrace, tmp_path):
    (tmp_path / "job.py").write_text(COALESCES_STATES)
    run = millrace.run(tmp_path / "job.py", {"1s": ["a"]}, check=False)
    assert run.output == "[('a', 1)]\n"
    assert str(run.exception).startswith("Millrace has no `RDD.coalesce(2)` yet. Spark puts partitions together")


def test_a_failed_batch_that_a_program_does_not_wait_for_is_noted(millrace, tmp_path):
    (tmp_path / "job.py").write_text(
        "import time\n"
        "from pyspark import SparkContext\n"
        "from pyspark.streaming import StreamingContext\n"
        "ssc = StreamingContext(SparkContext('local[2]', 'it'), 1)\n"
        "ssc.socketTextStream('localhost', 9999).map(int).pprint()\n"
        "ssc.start()\n"
        "time.sleep(3)\n"
        "ssc.stop()\n"
        "print('done')\n"
    )
    run = millrace.run(tmp_path / "job.py", {"1s": ["x"]})
    assert run.output == "done\n"
    assert "note: a batch has failed, which awaitTermination would have raised:\n" in run.error
    assert "ValueError: invalid literal for int() with base 10: 'x'" in run.error


def test_the_log_has_virtual_time(capfd):
    import logging

    with millrace.stage({}):
        text = logging.Formatter("%(asctime)s").format(logging.makeLogRecord({"created": 0, "msecs": 0}))
        assert text == "1970-01-01 00:00:00,000"
    assert capfd.readouterr().err == ""


def test_the_class_datetime_is_the_one_of_python():
    from datetime import date, datetime, timezone

    before = datetime.now
    with millrace.stage({}):
        import datetime as module

        def year(when: datetime | None = None) -> int:
            match when:
                case datetime():
                    return when.year
            return 0

        class Later(datetime):
            pass

        now = datetime.now()
        assert module.datetime is datetime and type(now) is datetime and type(Later.now()) is Later
        assert [now, datetime.utcnow(), datetime.today(), year(now)] == [datetime(1970, 1, 1)] * 3 + [1970]
        assert datetime.now(timezone.utc) == datetime.now(tz=timezone.utc) == datetime(1970, 1, 1, tzinfo=timezone.utc)
        assert date.today() == date(1970, 1, 1)
        assert pickle.loads(pickle.dumps([now, datetime])) == [now, datetime]
    assert datetime.now == before and datetime.now().year > 2000 and date.today().year > 2000


def test_what_is_drawn_is_the_same_in_each_run():
    def drawn():
        with millrace.stage({}):
            from pyspark import SparkContext

            rows = SparkContext("local[2]", "it").parallelize(range(100), 2)
            return rows.takeSample(False, 3), rows.sample(True, 0.1).collect(), rows.randomSplit([1, 1])[0].collect()

    assert drawn() == drawn()


def test_a_queue_without_batches_begins_with_an_empty_one(sc, ssc, capsys):
    with pytest.raises(IndexError):
        ssc.queueStream([])
    ssc.queueStream([], default=[7]).glom().map(len).foreachRDD(lambda rdd: print(rdd.collect()))
    ssc.start()
    ssc.awaitTermination()
    assert capsys.readouterr().out == "[0, 0]\n[0, 1]\n", "as on Spark 3.5.9"
