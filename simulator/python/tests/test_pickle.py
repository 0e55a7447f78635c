"""Pickling as on Spark: copies of what workers change, and `--check-pickle`, which finds what it could not pickle."""

import collections
import pickle
import sys
import threading

import pytest

import millrace
from millrace.errors import UsageError


@pytest.fixture
def sc():
    with millrace.stage({}):
        yield context()


@pytest.fixture
def checked():
    pytest.importorskip("cloudpickle")
    with millrace.stage({"1s": ["a"]}, check_pickle=True):
        yield context()


def context():
    from pyspark import SparkContext

    return SparkContext("local[2]", "pickle")


def place(function):
    return f"`{function.__qualname__}` ({__file__}:{function.__code__.co_firstlineno})"


@pytest.mark.parametrize("kind", ["lambda", "method", "builtin method"])
def test_workers_append_to_lists_of_their_own(sc, kind):
    seen = []
    appended = collections.UserList(seen)
    functions = {"lambda": lambda row: seen.append(row), "method": appended.append, "builtin method": seen.append}
    sc.parallelize([1, 2]).foreach(functions[kind])
    assert (seen, appended) == ([], [])


def test_rows_of_local_classes_cross_a_shuffle(sc):
    class Point:
        def __init__(self, x):
            self.x = x

    pairs = sc.parallelize([1, 2]).map(lambda x: ("a", Point(x)))
    assert [[point.x for point in points] for _, points in pairs.groupByKey().cache().collect()] == [[1, 2]]


def test_a_function_that_cannot_be_pickled_is_named_with_the_variable(checked):
    lock = threading.Lock()

    def locked(row):
        with lock:
            return row

    with pytest.raises(pickle.PicklingError) as raised:
        checked.parallelize([1]).map(lambda row: locked(row)).collect()
    assert str(raised.value) == (
        f"{place(locked)} names `lock`, which cannot be pickled: TypeError: cannot pickle '_thread.lock' object"
    )


def test_a_function_of_a_shuffle_is_named(checked):
    def add(x, y, log=sys.stderr):
        return x + y

    with pytest.raises(pickle.PicklingError) as raised:
        checked.parallelize([("a", 1), ("a", 2)]).reduceByKey(add).collect()
    assert str(raised.value).startswith(f"{place(add)} names `log`, which cannot be pickled: ")


def test_a_row_that_cannot_be_pickled_is_named_with_its_function(checked):
    def opened(row):
        return (row, threading.Lock())

    rdd = checked.parallelize([1]).map(opened)
    assert rdd.map(lambda row: row[0]).collect() == [1], "what stays in one task is not pickled"
    with pytest.raises(pickle.PicklingError) as raised:
        rdd.collect()
    assert str(raised.value).startswith("the row (1, <unlocked _thread.lock object at ")
    fault = "TypeError: cannot pickle '_thread.lock' object"
    assert str(raised.value).endswith(f"of {place(opened)} cannot be pickled: {fault}")


def test_a_state_that_cannot_be_pickled_is_named_with_its_function(checked):
    from pyspark.streaming import StreamingContext

    def update(new, old):
        return (x for x in new)

    ssc = StreamingContext(checked, 1)
    ssc.checkpoint("checkpoint")
    ssc.socketTextStream("localhost", 9999).map(lambda word: (word, 1)).updateStateByKey(update).pprint()
    ssc.start()
    with pytest.raises(pickle.PicklingError) as raised:
        ssc.awaitTermination()
    assert str(raised.value).startswith("the state <generator object ")
    fault = "TypeError: cannot pickle 'generator' object"
    assert str(raised.value).endswith(f"of {place(update)} cannot be pickled: {fault}")


def test_a_program_that_can_be_pickled_runs_as_without(checked, capsys):
    from pyspark.streaming import StreamingContext

    ssc = StreamingContext(checked, 1)
    ssc.checkpoint("checkpoint")
    pairs = ssc.socketTextStream("localhost", 9999).map(lambda word: (word, 1))
    pairs.reduceByKeyAndWindow(lambda x, y: x + y, lambda x, y: x - y, 2).pprint()
    pairs.updateStateByKey(lambda new, old: (old or 0) + len(new)).pprint()
    ssc.start()
    ssc.awaitTermination()
    assert capsys.readouterr().out.count("('a', 1)") == 2


def test_the_check_needs_cloudpickle(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="--check-pickle needs cloudpickle.*pip install cloudpickle"):
        millrace.stage({}, check_pickle=True)


def test_the_check_of_a_program_by_the_command_line(tmp_path, capfd):
    pytest.importorskip("cloudpickle")
    from millrace import __main__

    job, times = tmp_path / "job.py", tmp_path / "times.toml"
    job.write_text(
        "import threading\nfrom pyspark import SparkContext\nlock = threading.Lock()\n"
        "SparkContext('local', 'it').parallelize([1]).map(lambda row: (row, str(lock))).collect()\n"
    )
    times.write_text('timeline = [{ at = "1s", lines = ["a"] }]\n')
    command = ["run", str(job), "--timeline", str(times), "--check-pickle"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "reconfigure", lambda **settings: None, raising=False)
        assert __main__.command(command) == 1
    last = capfd.readouterr().err.splitlines()[-1]
    assert last == (
        f"_pickle.PicklingError: `<lambda>` ({job}:4) names `lock`, which cannot be pickled: "
        "TypeError: cannot pickle '_thread.lock' object"
    )


def test_the_trace_of_what_cannot_be_pickled_ends_in_the_program(tmp_path, capfd):
    from millrace import __main__

    times = tmp_path / "times.toml"
    times.write_text('timeline = [{ at = "1s", lines = ["a"] }]\n')
    head = "import threading\nfrom pyspark import SparkContext\nlock = threading.Lock()\nsc = SparkContext('local', 'it')\n"
    for number, line in enumerate(
        (
            "sc.parallelize([1]).map(lambda row: (row, str(lock))).collect()",
            "sc.broadcast(lock)",
            "sc.parallelize([lock])",
            "sc.parallelize([1]).map(lambda row: (row, threading.Lock())).groupByKey().collect()",
            "sc.parallelize([1]).map(lambda row: threading.Lock()).cache().collect()",
        )
    ):
        job = tmp_path / f"job{number}.py"
        job.write_text(f"{head}{line}\n")
        assert __main__.command(["run", str(job), "--timeline", str(times)]) == 1, line
        *_, place, code, error = (it for it in capfd.readouterr().err.splitlines() if "^^" not in it)
        assert (place, code) == (f'  File "{job}", line 5, in <module>', f"    {line}"), line
        assert error.endswith("cannot pickle '_thread.lock' object"), line
