"""Tests of the replaying process that need no Spark: the order of batches, the answers, the end.

    python3 -m unittest discover --start-directory simulator/oracle/tests
"""

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest
from unittest import mock

SOURCES = pathlib.Path(__file__).parent.parent / "src"
sys.path.insert(0, str(SOURCES))

import replay
from trigger_clock import TriggerClock


class WaitUntil(unittest.TestCase):
    def test_what_is_done_is_not_waited_for_longer(self):
        answers = iter([False, False, True])
        replay.wait_until(lambda: next(answers), "batch 0")
        self.assertEqual(list(answers), [])

    def test_what_never_ends_is_named(self):
        with mock.patch.object(replay, "BATCH_SECONDS", -1):
            with self.assertRaisesRegex(TimeoutError, "^batch 7 did not end in -1 s$"):
                replay.wait_until(lambda: False, "batch 7")


class FakeStreaming:
    """A streaming context whose batches end as soon as the clock is at their time, or never."""

    def __init__(self, ends=True):
        self.log = []
        self.ends = ends
        self.completed = 0
        self._jssc = mock.MagicMock()
        scheduler = self._jssc.ssc.return_value.scheduler.return_value
        scheduler.clock.return_value.setTime = self.set_time
        listener = self._jssc.ssc.return_value.progressListener.return_value
        listener.numTotalCompletedBatches = lambda: self.completed

    def set_time(self, millis):
        self.log.append(millis)
        if self.ends and "started" in self.log:
            self.completed += 1

    def start(self):
        self.log.append("started")


class Ticks(unittest.TestCase):
    def test_the_clock_is_at_the_start_and_then_at_each_batch_in_turn(self):
        ssc = FakeStreaming()
        request = {"start_ms": 500, "first_ms": 1_000, "interval_ms": 250, "batches": [[], [], []]}
        replay.tick(ssc, request)
        self.assertEqual(ssc.log, [500, "started", 1_000, 1_250, 1_500])

    def test_a_batch_waits_for_the_one_before(self):
        ssc = FakeStreaming(ends=False)
        request = {"start_ms": 0, "first_ms": 1_000, "interval_ms": 1_000, "batches": [[], []]}
        with mock.patch.object(replay, "BATCH_SECONDS", 0):
            with self.assertRaisesRegex(TimeoutError, "batch 0"):
                replay.tick(ssc, request)
        self.assertEqual(ssc.log, [0, "started", 1_000], "the second batch never came")


class Partitions(unittest.TestCase):
    def setUp(self):
        self.sc = mock.MagicMock()
        self.sc._jvm.java.util.ArrayList = lambda size: mock.MagicMock(items=[])
        self.sc._jsc.parallelize = lambda lines, slices: (len(lines.add.mock_calls), slices)
        self.sc._jsc.union = lambda array: ("union", list(array))
        self.sc._jsc.emptyRDD = lambda: "empty"
        self.sc._gateway.new_array = lambda kind, length: [None] * length

    def test_a_batch_without_input_has_no_partition(self):
        self.assertEqual(replay.rdd_of(self.sc, []), "empty")

    def test_each_block_is_one_partition(self):
        self.assertEqual(replay.rdd_of(self.sc, [["a", "b"]]), (2, 1))
        blocks = [["a"], ["b", "c"], []]
        self.assertEqual(replay.rdd_of(self.sc, blocks), ("union", [(1, 1), (2, 1), (0, 1)]))


def started_query(log):
    """A program that starts a query, whose calls are written to `log`."""
    query = mock.MagicMock()
    query.processAllAvailable.side_effect = lambda: log.append("processed")
    query.stop.side_effect = lambda: log.append("stopped")
    return "query = given", {"given": query}


class QueriesByData(unittest.TestCase):
    def test_each_micro_batch_ends_before_the_next_lines_come(self):
        log = []
        program, names = started_query(log)
        feed = (log.append, [{"lines": ["a"]}, {"lines": ["b"]}])
        printed = replay.run_as_data_comes({"program": program}, names, feed, lambda: "text")
        self.assertEqual(printed, "text")
        self.assertEqual(log, ["processed", ["a"], "processed", ["b"], "processed", "stopped"])

    def test_a_query_that_fails_is_stopped(self):
        log = []
        program, names = started_query(log)
        names["given"].processAllAvailable.side_effect = ValueError("no")
        with self.assertRaises(ValueError):
            replay.run_as_data_comes({"program": program}, names, (log.append, []), str)
        self.assertEqual(log, ["stopped"])


def fake_pyspark(version="3.5.9"):
    """The modules of PySpark that `replay` imports, of this release."""
    streaming = types.ModuleType("pyspark.sql.streaming")
    streaming.DataStreamWriter = type("DataStreamWriter", (), {"start": None})
    sql = types.ModuleType("pyspark.sql")
    sql.DataFrame = lambda frame, spark: ("lines", frame)
    sql.functions = mock.MagicMock()
    sql.streaming = streaming
    pyspark = types.ModuleType("pyspark")
    pyspark.__version__ = version
    pyspark.sql = sql
    pyspark.SparkContext = types.SimpleNamespace(_gateway=None)
    modules = {"pyspark": pyspark, "pyspark.sql": sql, "pyspark.sql.streaming": streaming}
    return mock.patch.dict(sys.modules, modules)


class QueriesByTheClock(unittest.TestCase):
    def run_by_the_clock(self, triggers):
        """The events of a query with these triggers, given lines at 1 s and at 2 s and a stop at 3 s."""
        log = []
        program, names = started_query(log)
        names["spark"] = "spark"
        waiting = iter(triggers)
        clock = mock.MagicMock()
        clock.next = next(waiting)

        def fire(query, has_come):
            while clock.next is not None and has_come(clock.next):
                log.append(clock.next)
                clock.next = next(waiting, None)

        clock.fire = fire
        clock.release = lambda: log.append("released")
        request = {"program": program, "start_ms": 0, "stop_ms": 3_000}
        batches = [{"time_ms": 1_000, "lines": ["a"]}, {"time_ms": 2_000, "lines": ["b"]}]
        with fake_pyspark(), mock.patch.object(replay, "TriggerClock", lambda start: clock):
            read = lambda: log.append("read")
            replay.run_by_the_clock(request, names, (log.append, batches), read)
        return log

    def test_what_comes_at_the_time_of_a_trigger_is_in_its_batch(self):
        log = self.run_by_the_clock([500, 1_000, 2_500, 3_000, 3_500])
        expected = [500, ["a"], 1_000, ["b"], 2_500, 3_000, "read", "released", "stopped"]
        self.assertEqual(log, expected)


class FakeThrowable:
    def __init__(self, message, cause=None):
        self.getMessage = lambda: message
        self.getCause = lambda: cause


def failed(*messages):
    """A query that failed for this reason, the cause last."""
    throwable = None
    for message in reversed(messages):
        throwable = FakeThrowable(message, throwable)
    query = mock.MagicMock()
    query._jsq.exception.return_value.isEmpty.return_value = throwable is None
    query._jsq.exception.return_value.get.return_value = throwable
    return query


class Queries(unittest.TestCase):
    def replay(self, **changes):
        """The way in which a query is run, the lines it has at the start, and the batches left."""
        ways, ran = {}, []
        for way in ("run_as_data_comes", "run_by_the_clock"):

            def run(request, names, feed, printed, way=way):
                ran.extend([way, feed[1], names])
                return printed()

            ways[way] = run
        answer, added = self.answer(ways, **changes)
        self.assertEqual(answer, {"console": "text"})
        way, left, names = ran
        self.assertLessEqual({"lines", "spark", "explode", "window"}, set(names))
        return way, added, left

    def answer(self, ways, **changes):
        """The answer, and the lines that are there at the start."""
        spark, console = mock.MagicMock(), mock.MagicMock()
        spark.newSession.return_value = spark
        console.text.return_value = "text"
        added = []
        spark._jvm.java.util.ArrayList = lambda size: []
        spark._jvm.org.apache.spark.api.python.PythonUtils.toSeq = list
        memory_stream = spark._jvm.org.apache.spark.sql.execution.streaming.MemoryStream
        memory_stream.return_value.addData = added.append
        request = {
            "conf": {"spark.sql.session.timeZone": "UTC"},
            "sources": ["lines"],
            "is_refused": False,
            "cores": 2,
            "batches": [{"lines": {"lines": ["a"]}}, {"lines": {"lines": ["b"]}}],
            "at_start": True,
            "stop_ms": None,
            **changes,
        }
        java_list = mock.patch.object(replay, "java_list", lambda jvm, lines: lines)
        with fake_pyspark(), java_list, mock.patch.multiple(replay, **ways):
            return replay.replay_structured(request, spark, console), added

    def test_lines_at_the_start_are_there_before_the_first_trigger(self):
        self.assertEqual(self.replay(), ("run_as_data_comes", [["a"]], [{"lines": {"lines": ["b"]}}]))
        left = [{"lines": {"lines": ["a"]}}, {"lines": {"lines": ["b"]}}]
        self.assertEqual(self.replay(at_start=False), ("run_as_data_comes", [], left))

    def test_a_query_with_a_stop_goes_by_the_clock(self):
        way, _, _ = self.replay(stop_ms=5_000)
        self.assertEqual(way, "run_by_the_clock")

    def answer_of_one_that_ends(self, query):
        def run(request, names, feed, printed):
            names["query"] = query
            raise ValueError("it ended")

        return self.answer({"run_as_data_comes": run})[0]

    def test_a_query_that_failed_says_why_after_its_console(self):
        query = failed("[STREAM_FAILED] it ended", "[CAST_INVALID_INPUT] no number\n== DataFrame ==")
        expected = {"console": "text", "failure": "[CAST_INVALID_INPUT] no number"}
        self.assertEqual(self.answer_of_one_that_ends(query), expected)

    def test_an_error_of_another_kind_is_no_failure_of_the_query(self):
        for query in (failed(), None):
            with self.assertRaisesRegex(ValueError, "it ended"):
                self.answer_of_one_that_ends(query)


class Releases(unittest.TestCase):
    """Classes of Spark that have moved, and methods that take more."""

    def memory_stream(self, version):
        spark = mock.MagicMock()
        with fake_pyspark(version):
            stream = replay.memory_stream(spark, 3)
        streaming = spark._jvm.org.apache.spark.sql.execution.streaming
        homes = {"moved": streaming.runtime.MemoryStream, "old": streaming.MemoryStream}
        (home,) = [home for home, it in homes.items() if it.return_value is stream]
        session = homes[home].call_args.args[1]
        return home, session is spark._jsparkSession

    def test_a_source_in_memory_is_that_of_the_release(self):
        self.assertEqual(self.memory_stream("3.5.9"), ("old", False))
        self.assertEqual(self.memory_stream("4.0.5"), ("old", False))
        self.assertEqual(self.memory_stream("4.1.0.dev1"), ("moved", True))
        self.assertEqual(self.memory_stream("4.10.0"), ("moved", True))

    def started_with(self, release):
        spark, writer = mock.MagicMock(), mock.MagicMock()
        gateway = types.ModuleType("pyspark.java_gateway")
        gateway.ensure_callback_server_started = mock.MagicMock()
        streaming = types.ModuleType("pyspark.sql.streaming")
        streaming.StreamingQuery = lambda query: query
        modules = {"pyspark.java_gateway": gateway, "pyspark.sql.streaming": streaming}
        with fake_pyspark(), mock.patch.dict(sys.modules, modules):
            TriggerClock(0).start(writer, spark, release)
        manager = spark._jsparkSession.sessionState.return_value.streamingQueryManager.return_value
        fields = [it.args[0] for it in writer._jwrite.getClass().getDeclaredField.call_args_list]
        return fields[0], len(manager.startQuery.call_args.args)

    def test_a_query_is_started_as_the_release_has_it(self):
        self.assertEqual(self.started_with((3, 5)), ("df", 12))
        self.assertEqual(self.started_with((4, 1)), ("ds", 12))
        self.assertEqual(self.started_with((4, 2)), ("ds", 13))


class FakeQuery:
    """A query that asks the clock to wait for one trigger after the other."""

    def __init__(self, clock, triggers):
        self.isActive = True
        self.fired = []
        self.thread = threading.Thread(target=self.run, args=(clock, triggers), daemon=True)
        self.thread.start()

    def run(self, clock, triggers):
        for trigger in triggers:
            self.fired.append(clock.waitTillTime(trigger))

    def exception(self):
        return None


class TriggerClocks(unittest.TestCase):
    def test_triggers_fire_one_after_the_other_up_to_the_bound(self):
        clock = TriggerClock(500)
        query = FakeQuery(clock, [1_000, 2_000, 3_000])
        clock.fire(query, lambda trigger: trigger < 2_000)
        self.assertEqual(clock.getTimeMillis(), 1_000)
        clock.fire(query, lambda trigger: trigger <= 2_000)
        self.assertEqual(clock.nanoTime(), 2_000_000_000)
        self.assertEqual(query.fired, [1_000, 2_000])
        clock.release()
        query.thread.join(timeout=10)
        self.assertEqual(query.fired, [1_000, 2_000, 2_000], "released without its time")

    def test_a_query_that_has_ended_says_why(self):
        query = types.SimpleNamespace(isActive=False, exception=lambda: ValueError("its reason"))
        with self.assertRaisesRegex(ValueError, "its reason"):
            TriggerClock(0).await_query(query)

    def test_a_query_that_never_asks_is_not_waited_for_for_ever(self):
        query = types.SimpleNamespace(isActive=True, exception=lambda: None)
        with mock.patch("trigger_clock.BATCH_SECONDS", 0):
            with self.assertRaisesRegex(TimeoutError, "a trigger did not end in 0 s"):
                TriggerClock(0).await_query(query)


class Answers(unittest.TestCase):
    def answer(self, replayed):
        console, cluster = mock.MagicMock(), mock.MagicMock()
        with fake_pyspark(), mock.patch.dict(replay.KINDS, {"dstream": replayed}):
            return replay.answer({"kind": "dstream", "cores": 2}, cluster, console)

    def test_the_console_is_the_answer(self):
        self.assertEqual(self.answer(lambda *_: {"console": "text"}), {"console": "text"})

    def test_an_error_of_a_program_is_the_answer(self):
        def fail(*_):
            raise ValueError("no such name")

        self.assertEqual(self.answer(fail), {"error": "ValueError: no such name"})

    def test_an_error_of_java_is_its_first_lines(self):
        class JavaError(Exception):
            java_exception = mock.MagicMock()

        lines = "\n".join(f"line {number}" for number in range(9))
        JavaError.java_exception.toString.return_value = f"\n{lines}\n"
        self.assertEqual(replay.explained(JavaError()), "\n".join(lines.splitlines()[:6]))

    def test_a_spark_that_does_not_come_up_is_the_answer_to_hello(self):
        cluster = mock.MagicMock()
        cluster.start.side_effect = OSError("no master")
        with fake_pyspark():
            self.assertEqual(replay.hello({"hello": 2}, cluster), {"error": "OSError: no master"})

    def test_a_context_is_kept_for_the_same_number_of_cores(self):
        cluster = replay.Cluster(None)
        cluster.cores, cluster.session = 2, "session"
        self.assertEqual(cluster.start(2), "session")


class Settings(unittest.TestCase):
    def configured(self, master, classes=False, version="3.5.9"):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
            with mock.patch.object(replay, "FOLDER", folder):
                if classes:
                    os.mkdir(os.path.join(folder, "classes"))
                with fake_pyspark(version):
                    replay.configure(master)
            return os.environ["PYSPARK_SUBMIT_ARGS"]

    def test_the_clock_is_in_hand_on_every_master(self):
        for master in (None, "spark://localhost:7077"):
            arguments = self.configured(master)
            clock = "spark.streaming.clock=org.apache.spark.util.ManualClock"
            self.assertIn(clock, arguments)
            self.assertTrue(arguments.endswith(" pyspark-shell"))

    def test_shortcuts_are_for_the_local_master_alone(self):
        self.assertIn("quick_workers", self.configured(None))
        self.assertNotIn("quick_workers", self.configured("spark://localhost:7077"))

    def test_the_manager_of_checkpoints_is_that_of_the_release(self):
        manager = "FileSystemBasedCheckpointFileManager"
        self.assertIn(f"streaming.{manager}", self.configured(None, version="4.0.5"))
        self.assertIn(f"streaming.checkpointing.{manager}", self.configured(None, version="4.1.4"))

    def test_java_programs_are_on_the_class_path(self):
        self.assertNotIn("spark.jars", self.configured(None))
        self.assertIn("spark.jars", self.configured(None, classes=True))


class Processes(unittest.TestCase):
    """The parts that act on the process itself, in one of their own with a copy of the program."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in ("replay.py", "trigger_clock.py"):
            shutil.copy(SOURCES / name, self.folder)

    def run_python(self, code, given):
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command,
            input=given,
            cwd=self.folder,
            capture_output=True,
            start_new_session=True,
            timeout=30,
            check=False,
        )

    def test_requests_end_with_null(self):
        code = "import replay; print(list(replay.requests()))"
        result = self.run_python(code, b'{"id": 0}\n{"id": 1}\nnull\n')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, b"[{'id': 0}, {'id': 1}]\n")

    def test_the_process_group_ends_when_standard_input_does(self):
        code = "import replay, time; print(next(replay.requests()), flush=True); time.sleep(30)"
        result = self.run_python(code, b'{"id": 0}\n')
        self.assertEqual(result.returncode, -9)
        deadline = time.monotonic() + 10
        while os.path.exists(self.folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(os.path.exists(self.folder), "its folder goes with it")

    def test_the_console_keeps_every_byte_and_forgets_them_when_it_is_cleared(self):
        code = """
import json, os
from unittest import mock
import replay

answers = os.dup(1)
console, jvm = replay.Console("console.txt"), mock.MagicMock()
print("forgotten")
console.clear(jvm)
print("é\\r\\n", end="")
jvm.java.lang.System.out.flush = lambda: os.write(1, b"from the JVM \\xff")
os.write(answers, json.dumps(console.text(jvm)).encode())
"""
        result = self.run_python(code, b"")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.load(io.BytesIO(result.stdout)), "é\r\nfrom the JVM \ufffd")


if __name__ == "__main__":
    unittest.main()
