"""Calls as Spark has them where a mistake, or the last digit, would else pass without a word."""

import pytest

import millrace
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
