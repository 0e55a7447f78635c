"""Processors with states (`transformWithState`): what a program of Spark 4 does with them, and what is refused."""

import os
import subprocess
import sys
import textwrap

import pytest

import millrace
from millrace import NotInMillrace

PROGRAM = """
from pyspark.sql import Row, SparkSession
from pyspark.sql.streaming import StatefulProcessor


class Counts(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        {init}

    def handleInputRows(self, key, rows, timerValues):
        {rows}

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        yield Row(word=key[0], n=-1)

    def close(self):
        pass


spark = SparkSession.builder.master("local[1]").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "1")
{conf}
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
counts = lines.groupBy("value").transformWithState(Counts(), "word string, n long", {modes})
query = counts.writeStream.outputMode("update").format("console").trigger(processingTime="1 second").start()
query.awaitTermination()
"""

ROCKS_DB = (
    'spark.conf.set("spark.sql.streaming.stateStore.providerClass", '
    '"org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider")'
)

TIMELINE = """
timeline = [{ at = "1s", lines = ["a", "a"] }, { at = "2s", lines = ["a"] }]
[clock]
stop = "5s"
"""


def run(tmp_path, spark="4", **parts):
    defaults = {
        "init": 'self.count = handle.getValueState("count", "n long")',
        "rows": "yield Row(word=key[0], n=len(list(rows)))",
        "conf": ROCKS_DB,
        "modes": '"Update", "None"',
    }
    program, timeline = tmp_path / "program.py", tmp_path / "timeline.toml"
    program.write_text(PROGRAM.format(**defaults | parts), encoding="utf-8")
    timeline.write_text(textwrap.dedent(TIMELINE), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "millrace", "run", "--strict", program, "--timeline", timeline],
        capture_output=True, cwd=tmp_path, encoding="utf-8", env={**os.environ, "MILLRACE_SPARK": spark}, timeout=60,
    )


def test_spark_3_5_has_none(tmp_path):
    ended = run(tmp_path, spark="3.5")
    assert "GroupedData.transformWithState" in ended.stderr and "MILLRACE_SPARK=4" in ended.stderr


@pytest.mark.parametrize(
    "parts, reason",
    [
        ({"conf": ""}, "UNSUPPORTED_FEATURE.STORE_BACKEND_NOT_SUPPORTED_FOR_TWS"),
        ({"init": 'handle.getListState("l", "n long", 1000)'}, "STATEFUL_PROCESSOR_INCORRECT_TIME_MODE_TO_ASSIGN_TTL"),
        ({"init": "\n        ".join(['handle.getListState("l", "n long")'] * 2)}, "DUPLICATE_STATE_VARIABLE_DEFINED"),
        ({"rows": "self.handle.registerTimer(1)"}, "CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE"),
        ({"rows": 'self.handle.getValueState("late", "n long")'}, "CANNOT_PERFORM_OPERATION_WITH_INVALID_HANDLE_STATE"),
        ({"modes": '"Update", "Sometimes"'}, "STATEFUL_PROCESSOR_UNKNOWN_TIME_MODE"),
        ({"modes": '"Sometimes", "None"'}, "STREAMING_OUTPUT_MODE.INVALID"),
    ],
)
def test_misuse_ends_the_program_with_the_class_of_spark(tmp_path, parts, reason):
    ended = run(tmp_path, **parts)
    assert reason in ended.stderr
    assert ended.returncode != 0


def test_what_a_processor_keeps_beside_its_states_is_gone_with_its_task(tmp_path):
    rows = "self.calls = getattr(self, 'calls', 0) + 1\n        yield Row(word=key[0], n=self.calls)"
    ended = run(tmp_path, rows=rows)
    assert ended.stdout.count("|   a|  1|") == 2, ended.stdout + ended.stderr


def test_the_states_of_a_checkpoint_are_not_read():
    with millrace.stage({}):
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        for source in ("statestore", "state-metadata"):
            with pytest.raises(NotInMillrace, match="stateOperators"):
                spark.read.format(source).load("checkpoint")
