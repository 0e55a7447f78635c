"""Programs with mistakes: a clear message with file and line, the right exit code, nothing lost."""

import os
import signal
import subprocess
import sys
import time

import pytest

from running import TIMELINE, in_process, in_this_process

FIRST_BLOCK = """\
-------------------------------------------
Time: 1970-01-01 00:00:01
-------------------------------------------
blue green

"""


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


def test_an_event_that_nothing_sets(play):
    run = play("""
        import threading
        lines.pprint()
        ssc.start()
        threading.Event().wait()
        """)
    assert run.code == 1
    assert run.output == FIRST_BLOCK + FIRST_BLOCK.replace("00:01", "00:02").replace("blue green", "green")
    assert 'File "job.py", line 10, in <module>\n    threading.Event().wait()\n' in run.error
    assert "the program waits for an event, which nothing sets before its timeline ends" in run.error


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
    assert run.error.endswith("It has no models: compute them in functions of RDDs, or play the program on Spark.\n")


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
    assert run.code == 1 and run.output.startswith("True\n" + FIRST_BLOCK)
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
    assert (run.code, run.error) == (2, "error: jobs is a folder: name the program's file\n")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "timeline.toml")
    assert (run.code, run.error) == (2, "error: cannot read the program job.py: No such file or directory\n")
    (tmp_path / "job.py").write_text("print('not reached')\n")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "times.toml")
    assert (run.code, run.output) == (2, "")
    assert run.error == (
        "error: failed to read times.toml\n  because: No such file or directory (os error 2)\n"
    )
    run = in_process(tmp_path, "run", "job.py")
    assert run.code == 2 and "--timeline" in run.error


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    "call",
    [
        "ssc.stop()",
        "ssc.stop(True, True)",
        "StreamingContext.getActive()",
        "ssc.checkpoint('checkpoint')",
        "ssc.sparkContext.stop()",
        "ssc.sparkContext.broadcast(1)",
        "ssc.sparkContext.accumulator(1)",
        "ssc.sparkContext.parallelize([1])",
    ],
)
def test_a_thread_that_calls_spark_is_refused(millrace, tmp_path, call):
    (tmp_path / "job.py").write_text(
        "import threading\n"
        "from pyspark import SparkContext\n"
        "from pyspark.streaming import StreamingContext\n"
        "ssc = StreamingContext(SparkContext('local[2]', 'it'), 1)\n"
        "ssc.socketTextStream('localhost', 9999).pprint()\n"
        "ssc.start()\n"
        f"thread = threading.Thread(target=lambda: {call})\n"
        "thread.start()\n"
        "thread.join()\n"
        "ssc.awaitTermination()\n"
    )
    run = millrace.run(tmp_path / "job.py", {"1s": ["a"]}, check=False)
    assert "only the main thread can, as virtual time is its own" in str(run.exception)
    assert run.output.count("Time: ") == 1, "the program goes on"
