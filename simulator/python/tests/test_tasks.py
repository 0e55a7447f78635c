"""Tasks as Spark runs them: the functions, the keys and the rows that they have."""

import pytest

import millrace


@pytest.fixture
def sc():
    with millrace.stage({}):
        from pyspark import SparkContext

        yield SparkContext("local[2]", "tasks")


def test_a_stop_iteration_of_a_filter_of_windows_fails_the_task(sc):
    from pyspark.streaming import StreamingContext

    def stop(pair):
        raise StopIteration

    ssc = StreamingContext(sc, 1)
    ssc.checkpoint("checkpoint")
    pairs = ssc.queueStream([[("a", 1)]] * 9)
    pairs.reduceByKeyAndWindow(lambda x, y: x + y, lambda x, y: x - y, 5, 1, filterFunc=stop).pprint()
    ssc.start()
    with pytest.raises(RuntimeError, match="Caught StopIteration thrown from user's code; failing the task"):
        ssc.awaitTerminationOrTimeout(8)


def test_where_rows_are_kept_is_said_once(sc):
    from pyspark import StorageLevel
    from pyspark.streaming import StreamingContext

    memory, disk = StorageLevel.MEMORY_ONLY, StorageLevel.DISK_ONLY
    message = "Cannot change storage level of an RDD after it was already assigned a level"
    for change in (
        lambda rdd: rdd.persist(memory).persist(disk),
        lambda rdd: rdd.cache().persist(disk),
        lambda rdd: rdd.persist(disk).cache(),
        lambda rdd: rdd.map(str).cache().persist(StorageLevel.NONE),
    ):
        with pytest.raises(RuntimeError, match=message):
            change(sc.parallelize([1]))
    again = sc.parallelize([1]).persist(memory).persist(memory)
    assert again.unpersist().persist(disk).getStorageLevel() == disk
    assert sc.parallelize([1]).persist(StorageLevel.NONE).cache().collect() == [1]

    ssc = StreamingContext(sc, 1)
    stream = ssc.queueStream([[1]]).map(str).persist(memory).persist(disk)
    stream.pprint()
    ssc.start()
    for change, setting in (
        (stream.cache, "storage level"),
        (lambda: stream.persist(disk), "storage level"),
        (lambda: stream.checkpoint(1), "checkpoint interval"),
    ):
        message = f"Cannot change {setting} of a DStream after streaming context has started"
        with pytest.raises(RuntimeError, match=message):
            change()


def test_a_task_has_one_copy_of_the_function_of_states(sc, capsys):
    from pyspark.streaming import StreamingContext

    calls = []

    def update(new, old):
        calls.append(1)
        return (old or (0, 0))[1], len(calls)

    ssc = StreamingContext(sc, 1)
    ssc.checkpoint("checkpoint")
    batches = [[(key, 1) for key in "abcde"], [("b", 1), ("f", 1)]]
    ssc.queueStream(batches).updateStateByKey(update, 2).pprint()
    ssc.start()
    ssc.awaitTerminationOrTimeout(2)
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("(")]
    first = ["('b', (0, 1))", "('c', (0, 2))", "('d', (0, 3))", "('a', (0, 1))", "('e', (0, 2))"]
    assert shown[:5] == first, "as in Spark 3.5.9"
    assert calls == []


def test_a_key_that_is_no_number_is_equal_to_none_of_another_task(sc, capsys):
    nan = float("nan")
    pairs = sc.parallelize(range(4), 2).map(lambda _: (nan, 1))
    counts = pairs.reduceByKey(lambda x, y: x + y)
    assert repr(counts.collect()) == "[(nan, 2), (nan, 2)]", "as in Spark 3.5.9"
    assert repr(pairs.partitionBy(1).reduceByKey(lambda x, y: x + y).values().collect()) == "[1, 1, 1, 1]"
    assert sc.parallelize([nan] * 4, 2).distinct().count() == 4
    assert pairs.join(pairs).collect() == []
    assert capsys.readouterr().err.count("note: a key is NaN") == 1
