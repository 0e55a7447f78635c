"""Ctrl-C ends a program wherever it is, with the trace of Python's own."""

import os
import signal
import subprocess
import sys
import time

import pytest

HEAD = """
import itertools, sys
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
sc = SparkContext("local[2]", "interrupted")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")
lines = ssc.socketTextStream("localhost", 9999)

def begin():
    print("begins", file=sys.stderr, flush=True)

def forever(*arguments):
    begin()
    while True:
        pass

def endless(line):
    begin()
    return itertools.repeat(1)

def fails(*arguments):
    begin()
    raise KeyboardInterrupt
"""
TAIL = """
lines.foreachRDD(lambda rdd: print("later"))
ssc.start()
ssc.awaitTermination()
print("the end")
"""
TIMELINE = 'timeline = [{ at = "0.5s", lines = ["a"] }, { at = "1.5s", lines = ["b"] }]\n'


def interrupted(tmp_path, text):
    """Runs a program, and interrupts it once it has begun. Returns what it prints, and its trace."""
    (tmp_path / "job.py").write_text(HEAD + text + TAIL)
    (tmp_path / "timeline.toml").write_text(TIMELINE)
    command = [sys.executable, "-m", "millrace", "run", "job.py", "--timeline", "timeline.toml"]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=pipe, stderr=pipe, encoding="utf-8") as run:
        try:
            assert run.stderr.readline() == "begins\n"
            run.send_signal(signal.SIGINT)
            started = time.monotonic()
            output, error = run.communicate(timeout=30)
        finally:
            run.kill()
    assert run.returncode == 130 and time.monotonic() - started < 20
    assert "later" not in output and "the end" not in output
    assert error.startswith('Traceback (most recent call last):\n  File "job.py", line ')
    assert error.endswith("KeyboardInterrupt\n") and "note:" not in error
    return error


@pytest.mark.parametrize(
    "text",
    [
        "lines.map(forever).pprint()",
        "lines.filter(forever).count().pprint()",
        "lines.map(lambda line: (1, line)).updateStateByKey(forever).foreachRDD(lambda rdd: print('later'))",
        "lines.map(lambda line: (1, line)).reduceByKeyAndWindow(max, forever, 6, 1, filterFunc=forever).pprint()",
        "lines.transform(lambda rdd: rdd if rdd.isEmpty() else forever()).pprint()",
        "lines.foreachRDD(lambda rdd: rdd.isEmpty() or forever())",
        "sc.parallelize([1], 1).foreach(forever)",
    ],
)
def test_a_function_without_end(tmp_path, text):
    assert "in forever\n" in interrupted(tmp_path, text)


@pytest.mark.parametrize(
    "operators",
    [
        ".count().pprint()",
        ".glom().pprint()",
        ".foreachRDD(lambda rdd: rdd.collect())",
        ".foreachRDD(lambda rdd: list(rdd.toLocalIterator()))",
        ".foreachRDD(lambda rdd: rdd.cache().first())",
        ".foreachRDD(lambda rdd: rdd.coalesce(1).count())",
        ".window(2, 1).pprint()",
        ".map(lambda row: (row, 1)).reduceByKey(max).pprint()",
        ".map(lambda row: (row, 1)).partitionBy(2).pprint()",
    ],
)
def test_rows_without_end_that_are_all_read(tmp_path, operators):
    interrupted(tmp_path, f"lines.flatMap(endless){operators}")


def test_an_interrupt_that_a_function_raises(tmp_path):
    (tmp_path / "job.py").write_text(HEAD + "lines.map(fails).pprint()" + TAIL)
    (tmp_path / "timeline.toml").write_text(TIMELINE)
    command = [sys.executable, "-m", "millrace", "run", "job.py", "--timeline", "timeline.toml"]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", timeout=60)
    assert (run.returncode, run.stdout) == (130, "")
    assert "in fails\n" in run.stderr and run.stderr.endswith("KeyboardInterrupt\n") and "note:" not in run.stderr
