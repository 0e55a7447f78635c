"""Tests of the player of programs that need no Spark: the times of lines, and the run of a program.

    python3 -m unittest discover --start-directory simulator/oracle/tests
"""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

SOURCES = pathlib.Path(__file__).parent.parent / "src"
sys.path.insert(0, str(SOURCES))

import program
import queries
import stage


def entry(at_ms, *lines, **more):
    return {"at_ms": at_ms, "lines": list(lines), **more}


def world(*entries, start_ms=0, stop_ms=10_000):
    return stage.World({"start_ms": start_ms, "stop_ms": stop_ms, "entries": list(entries)})


class Lines(unittest.TestCase):
    def test_what_comes_at_the_time_of_a_batch_is_in_it(self):
        given = world(entry(1_000, "before"), entry(1_001, "after"), entry(2_000, "at"), entry(2_001, "next"))
        self.assertEqual(given.blocks("any", 1_000, 2_000), [["after"], ["at"]])

    def test_lines_without_a_stream_are_for_all(self):
        given = world(entry(1, "mine", stream="a:1"), entry(1, "other", stream="b:2"), entry(1, "all", stream=None))
        self.assertEqual(given.blocks("a:1", 0, 1), [["mine"], ["all"]])

    def test_an_entry_is_cut_into_contiguous_partitions_of_which_none_is_empty(self):
        self.assertEqual(stage.cut(["a", "b", "c", "d", "e"], 2), [["a", "b"], ["c", "d", "e"]])
        self.assertEqual(stage.cut(["a"], 3), [["a"]])
        self.assertEqual(stage.cut([], 2), [])


class FakeMachine:
    """A context whose batches end at once, and which stops after some."""

    def __init__(self, world, interval, stops_at=None):
        self.world, self.interval, self.stops_at = world, interval, stops_at
        self.next = interval
        self.log = []

    def tick(self):
        self.log.append((self.next, self.world.now))
        self.next += self.interval

    def has_stopped(self):
        return self.stops_at is not None and self.next > self.stops_at


class Clocks(unittest.TestCase):
    def played(self, *waits, **options):
        given = world(stop_ms=5_000)
        given.machine = FakeMachine(given, 2_000, **options)
        answers = [given.advance(given.now + wait) for wait in waits]
        return given, answers

    def test_a_wait_plays_the_batches_up_to_its_end(self):
        given, answers = self.played(1_999, 1, 2_500)
        self.assertEqual(given.machine.log, [(2_000, 2_000), (4_000, 4_000)])
        self.assertEqual(given.now, 4_500)
        self.assertEqual(answers, [True, True, True])
        self.assertFalse(given.has_ended())

    def test_no_wait_goes_beyond_the_stop(self):
        given, _ = self.played(60_000)
        self.assertEqual(given.machine.log, [(2_000, 2_000), (4_000, 4_000)])
        self.assertEqual(given.now, 5_000)
        self.assertTrue(given.has_ended())

    def test_a_context_that_stops_itself_plays_no_more(self):
        given, answers = self.played(5_000, stops_at=2_000)
        self.assertEqual(given.machine.log, [(2_000, 2_000)])
        self.assertEqual(answers, [False])

    def test_files_come_with_their_time_and_once(self):
        mine = [entry(1_000, "a", "b", stream="in"), entry(3_000, "c", stream="in")]
        given = world(*mine, entry(1_000, "x", stream="p:1"))
        with tempfile.TemporaryDirectory() as folder:
            given.folders.append(("in", folder, set()))
            given.now = 2_000
            given.write_files()
            (name,) = os.listdir(folder)
            path = os.path.join(folder, name)
            self.assertEqual(os.stat(path).st_mtime, 1.0)
            self.assertEqual(pathlib.Path(path).read_text(), "a\nb\n")
            os.unlink(path)
            given.now = 4_000
            given.write_files()
            self.assertEqual(os.listdir(folder), ["3000-1.txt"])

    def test_lines_for_a_stream_that_is_not_read_are_known(self):
        given = world(entry(1, "a", stream="a:1"), entry(1, "b", stream="b:2"), entry(1, "c"))
        given.asked_for.add("a:1")
        self.assertEqual(given.unread(), ["b:2"])

    def test_paths_stay_in_the_folder_of_the_program(self):
        self.assertEqual(stage.local("checkpoint"), "checkpoint")
        self.assertEqual(stage.local("/tmp/checkpoint"), "tmp/checkpoint")
        self.assertEqual(stage.local("file:///tmp/it"), "tmp/it")
        self.assertEqual(stage.local("hdfs://name:9000/user/it"), "name:9000/user/it")


class Spans(unittest.TestCase):
    def span(self, batch, start, end=None):
        machine = stage.Machine.__new__(stage.Machine)
        machine.interval, machine.start, machine.end = 1_000, start, end
        return machine.span(batch)

    def test_the_first_batch_has_all_since_the_start(self):
        self.assertEqual(self.span(1_000, start=0), (-1, 1_000))
        self.assertEqual(self.span(2_000, start=1_400), (1_399, 2_000), "nothing from before")

    def test_a_later_batch_has_what_came_after_the_one_before(self):
        self.assertEqual(self.span(3_000, start=1_400), (2_000, 3_000))

    def test_nothing_comes_once_the_receivers_have_stopped(self):
        self.assertEqual(self.span(3_000, start=0, end=2_500), (2_000, 2_500))


class FakeJava:
    """An object whose class and its superclass have these private fields."""

    def __init__(self, own, inherited):
        self.values = own | inherited
        parent = types.SimpleNamespace(getDeclaredFields=lambda: self.fields(inherited), getSuperclass=lambda: None)
        self.of = types.SimpleNamespace(
            getDeclaredFields=lambda: self.fields(own), getSuperclass=lambda: parent, getName=lambda: "It"
        )

    def fields(self, names):
        return [self.field(name) for name in names]

    @staticmethod
    def field(name):
        get = lambda it: it.values[name]
        return types.SimpleNamespace(getName=lambda: name, setAccessible=mock.Mock(), get=get)

    def getClass(self):
        return self.of


class PrivateFields(unittest.TestCase):
    def test_a_field_is_found_by_the_name_that_scala_gave_it(self):
        java = FakeJava({"a": 1}, {"org$it$Loop$$queue": 2})
        self.assertEqual(stage.field(java, "a")(), 1)
        self.assertEqual(stage.field(java, "queue")(), 2)

    def test_a_field_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(AttributeError, "It has no field missing"):
            stage.field(FakeJava({}, {}), "missing")


class QueriesByData(unittest.TestCase):
    def test_each_instant_is_worked_off_before_the_next(self):
        given = world(entry(1_000, "a"), entry(1_000, "b"), entry(2_000, "c"), entry(9_000, "late"), stop_ms=5_000)
        log = []
        query = mock.Mock(isActive=True)
        query.processAllAvailable = lambda: log.append("processed")
        source = mock.Mock()
        source.add = lambda entries: log.append([line for each in entries for line in each["lines"]])
        given.queries.started.append((query, None))
        given.queries.sources.append(source)
        given.queries.advance(60_000)
        lines = [each for each in log if each != "processed"]
        self.assertEqual(lines, [["a", "b"], ["c"]])
        self.assertEqual(log[0], "processed", "what is there at the start")
        self.assertEqual(log[log.index(["c"]) - 1], "processed")
        self.assertEqual(log[-1], "processed")
        self.assertTrue(given.has_ended())

    def load(self, **options):
        modules = {"pyspark": mock.MagicMock(), "pyspark.sql": mock.MagicMock()}
        with mock.patch.dict(sys.modules, modules):
            return queries.load(mock.Mock(), mock.Mock())(types.SimpleNamespace(), **options)

    def test_what_is_not_played_is_refused_by_its_name(self):
        with self.assertRaisesRegex(NotImplementedError, "includeTimestamp"):
            self.load(format="socket", host="h", port=1, includeTimestamp=True)
        with self.assertRaisesRegex(NotImplementedError, "`rate`"):
            self.load(format="rate")


class Programs(unittest.TestCase):
    def run_program(self, text, arguments=()):
        """The exit status, standard output and standard error of a program."""
        output, errors = io.StringIO(), io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            job = os.path.join(folder, "job.py")
            kept = program.ProcessState(job)
            pathlib.Path(folder, "beside.py").write_text("value = 7\n")
            pathlib.Path(job).write_text(text)
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
                status = program.run(job, list(arguments))
            kept.restore()
        return status, output.getvalue(), errors.getvalue().replace(folder, "")

    def test_a_program_is_the_main_module_with_its_arguments(self):
        text = """
import sys

if __name__ == "__main__":
    print(sys.argv[1:], sys.modules["__main__"].__file__ == __file__)
"""
        self.assertEqual(self.run_program(text, ["a", "b"])[:2], (0, "['a', 'b'] True\n"))

    def test_an_error_is_shown_as_python_shows_it(self):
        status, output, errors = self.run_program("print('before')\nraise ValueError('no')\n")
        self.assertEqual((status, output), (1, "before\n"))
        expected = 'Traceback (most recent call last):\n  File "/job.py", line 2, in <module>\n    raise'
        self.assertTrue(errors.startswith(expected), errors)
        self.assertTrue(errors.endswith("ValueError: no\n"), errors)

    def test_the_status_of_an_exit_is_that_of_the_program(self):
        self.assertEqual(self.run_program("import sys; sys.exit(3)")[0], 3)
        self.assertEqual(self.run_program("import sys; sys.exit()")[0], 0)
        self.assertEqual(self.run_program("import sys; sys.exit('why')"), (1, "", "why\n"))

    def test_modules_beside_a_program_are_its_own(self):
        text = "import beside, os\nprint(beside.value)\nos.environ['LEFT'] = '1'\nos.chdir('/')"
        folder = os.getcwd()
        self.assertEqual(self.run_program(text)[:2], (0, "7\n"))
        self.assertFalse("beside" in sys.modules)
        self.assertFalse("LEFT" in os.environ)
        self.assertEqual(os.getcwd(), folder)


if __name__ == "__main__":
    unittest.main()
