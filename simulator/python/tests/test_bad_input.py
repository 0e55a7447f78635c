"""Programs and timelines with mistakes: a clear message with file and line, the right exit code, nothing lost."""

import collections
import contextlib
import io
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from millrace import __main__

TIMELINE = """\
timeline = [
  { at = "1s", lines = ["blue green"] },
  { at = "2s", lines = ["green"] },
]
"""

HEAD = """\
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
sc = SparkContext("local[2]", "mistakes")
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)
"""

FIRST_BLOCK = """\
-------------------------------------------
Time: 1970-01-01 00:00:01
-------------------------------------------
blue green

"""


Result = collections.namedtuple("Result", "code output error")


@pytest.fixture
def play(tmp_path):
    """Runs a program, which begins as all do."""

    def play(text, timeline=TIMELINE, arguments=(), head=HEAD, process=False):
        (tmp_path / "job.py").write_text(head + textwrap.dedent(text), encoding="utf-8")
        (tmp_path / "timeline.toml").write_text(timeline, encoding="utf-8")
        run = in_process if process else in_this_process
        return run(tmp_path, "run", "job.py", "--timeline", "timeline.toml", *arguments)

    return play


def in_this_process(folder, *words):
    """The command, as the interpreter ends it, without another process."""
    output, error = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        try:
            code = __main__.command(list(words))
        except SystemExit as ended:
            code = ended.code or 0
            if not isinstance(code, int):
                print(code, file=sys.stderr)
                code = 1
    output.seek(0)
    return Result(code, output.read(), error.getvalue())


def in_process(folder, *words):
    run = subprocess.run(
        [sys.executable, "-m", "millrace", *words],
        capture_output=True,
        cwd=folder,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "0"},
        timeout=60,
    )
    return Result(run.returncode, run.stdout, run.stderr)


def test_a_program_that_does_not_parse(play):
    run = play("print('before')\nfor\n", head="", process=True)
    assert (run.code, run.output) == (1, "")
    assert run.error == '  File "job.py", line 2\n    for\n       ^\nSyntaxError: invalid syntax\n'


@pytest.mark.parametrize(
    ("call", "code", "error"),
    [("3", 3, ""), ("'no topic'", 1, "no topic\n"), ("None", 0, ""), ("", 0, ""), ("0", 0, "")],
)
def test_sys_exit(play, call, code, error):
    run = play(f"""
        lines.pprint()
        ssc.start()
        ssc.awaitTermination()
        import sys
        sys.exit({call})
        """, process=call in ("3", "'no topic'"))
    assert (run.code, run.error) == (code, error)
    assert run.output.startswith(FIRST_BLOCK)


def test_sys_exit_in_a_function_of_a_batch_fails_the_batch(play):
    run = play("""
        import sys
        lines.foreachRDD(lambda rdd: sys.exit(0))
        ssc.start()
        ssc.awaitTermination()
        """)
    assert run.code == 1
    assert run.error.startswith('Traceback (most recent call last):\n  File "job.py", line 10, in <module>\n')
    assert run.error.endswith("RuntimeError: a function of a batch calls sys.exit(0)\n")
    assert 'File "job.py", line 8, in <lambda>' in run.error


def test_a_context_that_is_never_started(play):
    run = play("lines.pprint()\nprint('done')\n")
    assert (run.code, run.output) == (0, "done\n")
    assert run.error == (
        "note: the program has ended, and nothing was played. The StreamingContext of job.py:4 has not been started.\n"
    )


def test_no_context(play):
    run = play("print('done')\n", head="")
    assert (run.code, run.output) == (0, "done\n")
    assert run.error == "note: the program has ended, and nothing was played. It has made no stream.\n"


def test_a_context_that_is_started_and_not_awaited(play):
    run = play("lines.pprint()\nssc.start()\n")
    assert (run.code, run.output) == (0, "")
    assert run.error == "note: the program has ended after 0:00:00, before 2 of the 2 entries of its timeline\n"


def test_a_program_that_stops_early(play):
    run = play("""
        lines.pprint()
        ssc.start()
        ssc.awaitTerminationOrTimeout(1)
        ssc.stop()
        print("stopped")
        """)
    assert (run.code, run.output) == (0, FIRST_BLOCK + "stopped\n")
    assert run.error == "note: the program has ended after 0:00:01, before 1 of the 2 entries of its timeline\n"


def test_no_output_operation(play):
    run = play("ssc.start()\n")
    assert run.code == 1
    assert "No output operations registered, so nothing to execute" in run.error
    assert 'File "job.py", line 6' in run.error


def test_two_contexts_one_after_the_other(play):
    run = play("""
        lines.pprint()
        ssc.start()
        ssc.awaitTerminationOrTimeout(1)
        ssc.stop(stopSparkContext=False)
        ssc = StreamingContext(sc, 1)
        ssc.socketTextStream("localhost", 9999).pprint()
        ssc.start()
        ssc.awaitTermination()
        """)
    assert (run.code, run.error) == (0, "")
    assert run.output == FIRST_BLOCK + FIRST_BLOCK.replace("00:01", "00:02").replace("blue green", "green")


def test_two_contexts_at_once(play):
    run = play("""
        second = StreamingContext(sc, 1)
        second.socketTextStream("localhost", 9999).pprint()
        lines.pprint()
        ssc.start()
        second.start()
        """)
    assert run.code == 1
    assert "Only one StreamingContext may be started" in run.error
    assert run.error.endswith("Currently running StreamingContext was made at job.py:4\n")
    run = play("SparkContext('local[3]', 'second')\n")
    assert run.code == 1
    assert run.error.endswith(
        "ValueError: Cannot run multiple SparkContexts at once; existing SparkContext(app=mistakes, master=local[2]) "
        "created by __init__ at job.py:3 \n"
    )


def test_a_context_is_not_started_again(play):
    run = play("""
        lines.pprint()
        ssc.start()
        ssc.stop(stopSparkContext=False)
        ssc.start()
        """)
    assert run.code == 1
    assert run.error.endswith("RuntimeError: StreamingContext has already been stopped\n")


def test_output_without_end(play):
    run = play("while True:\n    print('again')\n", TIMELINE + '[limits]\noutput = "1KiB"\n', head="")
    assert run.code == 1
    assert run.output == "again\n" * (1024 // 6)
    assert run.error.startswith('Traceback (most recent call last):\n  File "job.py", line 2, in <module>\n')
    assert "the program has printed 1024 characters, and more" in run.error


def test_sleep_without_end(play):
    run = play("""
        import time
        lines.pprint()
        ssc.start()
        while True:
            time.sleep(1)
        """)
    assert run.code == 1
    assert run.output == FIRST_BLOCK + FIRST_BLOCK.replace("00:01", "00:02").replace("blue green", "green")
    assert 'File "job.py", line 11, in <module>\n    time.sleep(1)\n' in run.error
    assert "the program sleeps on and on after the end of its timeline" in run.error


def test_sleep_without_end_that_minds_ctrl_c(play):
    run = play("""
        import time
        lines.pprint()
        ssc.start()
        try:
            while True:
                time.sleep(0.0001)
        except KeyboardInterrupt:
            print("interrupted")
        """)
    assert (run.code, run.error) == (0, "")
    assert run.output.endswith("interrupted\n")


def test_an_exception_begins_in_the_program(play):
    run = play("""
        print("before")
        def fail():
            raise LookupError("nothing there")
        fail()
        """)
    assert (run.code, run.output) == (1, "before\n")
    assert run.error.splitlines()[:3] == [
        "Traceback (most recent call last):",
        '  File "job.py", line 10, in <module>',
        "    fail()",
    ]
    assert run.error.endswith("LookupError: nothing there\n")


def test_an_exception_of_a_lambda_ends_in_the_program(play):
    run = play("""
        lines.pprint()
        lines.map(lambda line: line.split(" ")[1]).pprint()
        ssc.start()
        ssc.awaitTermination()
        """)
    assert run.code == 1
    assert run.output.startswith(FIRST_BLOCK)
    assert run.error.startswith('Traceback (most recent call last):\n  File "job.py", line 10, in <module>\n')
    assert 'File "job.py", line 8, in <lambda>\n' in run.error
    assert run.error.endswith("IndexError: list index out of range\n")


def test_files_and_packages_that_are_not_there(play):
    run = play("print('before')\nopen('nothing.txt')\n")
    assert (run.code, run.output) == (1, "before\n")
    assert run.error.endswith("FileNotFoundError: [Errno 2] No such file or directory: 'nothing.txt'\n")
    run = play("sc.textFile('nothing.txt').collect()\n")
    assert run.code == 1 and 'File "job.py", line 6' in run.error
    assert "Input path does not exist: file:" in run.error
    run = play("import package_that_is_not_there\n")
    assert run.code == 1 and 'File "job.py", line 6' in run.error
    assert run.error.endswith("ModuleNotFoundError: No module named 'package_that_is_not_there'\n")
    run = play("import pyspark.ml\n")
    assert run.code == 1 and 'File "job.py", line 6' in run.error
    assert run.error.endswith("Millrace has no module `pyspark.ml` yet\n")


def test_a_thread_of_the_program_cannot_call_spark(play):
    run = play("""
        import threading, time
        def other():
            print(time.time() > 1e9)
            ssc.awaitTermination()
        lines.pprint()
        ssc.start()
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        ssc.awaitTermination()
        """, process=True)
    assert run.code == 0 and run.output.startswith("True\n" + FIRST_BLOCK)
    assert "a thread of the program calls Spark: only the main thread can" in run.error


def test_arguments_that_are_not_ours_are_the_program_s(play):
    program = "import sys\nprint(sys.argv)\n"
    run = play(program, arguments=["a", "--topic", "words", "--", "--strict"], head="", process=True)
    assert run.output == "['job.py', 'a', '--topic', 'words', '--strict']\n"


def test_ctrl_c(tmp_path):
    (tmp_path / "job.py").write_text("print('before', flush=True)\nwhile True:\n    pass\n")
    (tmp_path / "timeline.toml").write_text(TIMELINE)
    command = [sys.executable, "-m", "millrace", "run", "job.py", "--timeline", "timeline.toml"]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=pipe, stderr=pipe, encoding="utf-8") as run:
        assert run.stdout.readline() == "before\n"
        run.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, error = run.communicate(timeout=30)
    assert run.returncode == 130 and time.monotonic() - started < 20
    assert error.startswith('Traceback (most recent call last):\n  File "job.py", line ')
    assert error.endswith("KeyboardInterrupt\n")


# The command line and the timeline


def test_programs_that_cannot_be_read(tmp_path):
    (tmp_path / "timeline.toml").write_text(TIMELINE)
    (tmp_path / "jobs").mkdir()
    run = in_this_process(tmp_path, "run", "jobs", "--timeline", "timeline.toml")
    assert (run.code, run.error) == (2, "millrace: jobs is a folder: name the program's file\n")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "timeline.toml")
    assert (run.code, run.error) == (2, "millrace: cannot read the program job.py: No such file or directory\n")
    (tmp_path / "job.py").write_text("print('not reached')\n")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "times.toml")
    assert (run.code, run.output) == (2, "")
    assert run.error == "millrace: cannot read the timeline times.toml: No such file or directory\n"
    run = in_process(tmp_path, "run", "job.py")
    assert run.code == 2 and "--timeline" in run.error


def read(tmp_path, text):
    """The lines that are said of the text of a timeline."""
    from millrace import timeline_file
    from millrace.errors import UsageError

    path = tmp_path / "timeline.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        timeline_file.read(path)
    return str(raised.value).replace(str(tmp_path) + os.sep, "").splitlines()


def test_a_timeline_that_is_no_toml(tmp_path):
    assert read(tmp_path, 'timeline = [\n  { at = "1s" lines = [] },\n]\n') == [
        "timeline.toml: no TOML: Unclosed inline table (at line 2, column 15)"
    ]


def test_all_mistakes_of_a_timeline_are_told_with_their_lines(tmp_path):
    assert read(
        tmp_path,
        """\
spark = "4"
timeline = [
  { at = "2s", lines = ["a"] },
  { at = "1s", line = ["b"] },
  { at = "3 parsecs", lines = "c" },
  { at = "4s", words = { blue = 0 }, partitions = 0, stream = 1 },
  { at = "5s", generate = { words = 3 } },
]
[clock]
start = "yesterday"
timezone = "Europe/Atlantis"
stopp = "3s"
[cluster]
cores = "two"
[limits]
output = "much"
""",
    ) == [
        "timeline.toml:12: `stopp` is not there for programs: [clock] has start, stop, timezone",
        "timeline.toml:1: a program sees Spark 3.5: leave it out",
        "timeline.toml:10: start is a time with a zone, such as 2018-06-21T23:00:29Z",
        "timeline.toml:4: `line` is not there for programs: [timeline] has at, lines, partitions, stream, words",
        "timeline.toml:4: times never run backwards: '1s' comes after 2000 ms",
        "timeline.toml:5: at: '3 parsecs' is no duration: write 250ms, 1.5s, 2m, 1h or 1d",
        "timeline.toml:5: lines: 'c' is no array of texts",
        "timeline.toml:6: words: 0 is no number from 1 to 1024",
        "timeline.toml:6: partitions: 0 is no number from 1 to 1024",
        "timeline.toml:6: stream: 1 is no text",
        "timeline.toml:7: `generate` is not there for programs: [timeline] has at, lines, partitions, stream, words",
        "timeline.toml:11: timezone: 'Europe/Atlantis' is no time zone: write UTC or Europe/Berlin",
        "timeline.toml:14: cores: 'two' is no number from 1 to 1024",
        "timeline.toml:16: output: 'much' is no size: write 512KiB or 1MiB",
    ]


def test_a_timeline_in_which_nothing_happens(tmp_path):
    assert read(tmp_path, "title = 'nothing'\n") == [
        "timeline.toml: nothing arrives: the timeline has no lines, and [clock] has no stop"
    ]


def test_a_timeline_of_years(play):
    run = play("lines.pprint()\nssc.start()\n", TIMELINE + '[limits]\ntime = "1 hour"\n[clock]\nstop = "2h"\n')
    assert run.code == 1 and "the timeline goes on for 7200 s of virtual time" in run.error
