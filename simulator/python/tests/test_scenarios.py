"""`millrace`, the command line, plays programs that scenarios name.

It is built by `cargo build -p millrace-cli`; the variable MILLRACE names another one.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import pytest

TESTS = pathlib.Path(__file__).parent
MILLRACE = os.environ.get("MILLRACE", TESTS.parents[2] / "target" / "debug" / "millrace")

SCENARIO = """
timeline = [
  {{ at = "1s", lines = ["1"] }},
  {{ at = "2s", lines = ["0"] }},{expected}
]
{limits}
[[pipeline]]
name = "divided"
program = "{program}"
arguments = ["localhost", "9999"]
"""

DIVIDES = """
import sys
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
ssc = StreamingContext(SparkContext(appName="divides"), 1)
ssc.socketTextStream(sys.argv[1], int(sys.argv[2])).map(lambda n: 1 // int(n)).pprint()
ssc.start()
ssc.awaitTermination()
"""


def millrace(*arguments, folder=TESTS, **variables):
    environment = {**os.environ, "MILLRACE_PYTHON": sys.executable, **variables}
    environment.pop("CI", None)
    return subprocess.run(
        [MILLRACE, *arguments], capture_output=True, cwd=folder, encoding="utf-8", env=environment, timeout=60
    )


@pytest.fixture
def play(tmp_path):
    def play(program, command="run", expected="", limits="", **variables):
        (tmp_path / "job.py").write_text(program, encoding="utf-8")
        scenario = SCENARIO.format(program="job.py", expected=expected, limits=limits)
        (tmp_path / "job.toml").write_text(scenario, encoding="utf-8")
        return millrace(*command.split(), "job.toml", folder=tmp_path, **variables)

    return play


def test_a_scenario_prints_its_snapshot():
    tested = millrace("test", "scenarios")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "same  word_count/counts" in tested.stdout + tested.stderr


def test_lines_go_to_their_stream():
    run = millrace("run", "--json", "scenarios/word_count.toml")
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert [it["records"] for it in events if it["event"] == "batch_submitted"] == [1, 1]
    assert "nothing reads localhost:1: the sources of the program are localhost:9999" in run.stderr


def test_a_snapshot_is_accepted_and_then_compared(play, tmp_path):
    program = DIVIDES.replace("1 // int(n)", "n")
    assert play(program, "test").returncode != 0
    assert play(program, "test --bless").returncode == 0
    assert play(program, "test").returncode == 0
    changed = play(program.replace("map(lambda n: n)", "map(lambda n: n + n)"), "test")
    assert changed.returncode == 1
    assert "differs  job/divided" in changed.stdout + changed.stderr
    assert "11" in changed.stdout + changed.stderr


def test_a_failure_is_said_with_its_line_and_may_be_expected(play):
    run = play(DIVIDES)
    assert run.returncode == 1
    assert "failed: batch at 1970-01-01 00:00:02: ZeroDivisionError: integer division or modulo by zero" in run.stderr
    assert "failed: ZeroDivisionError: integer division or modulo by zero (job.py:6)" in run.stderr
    assert run.stdout.endswith("00:00:01\n-------------------------------------------\n1\n\n")
    expected = '{ at = "2s", expect = { failure = "ZeroDivisionError" } },'
    assert play(DIVIDES, expected=expected).returncode == 0


@pytest.mark.parametrize(
    "program, said",
    [
        ("import nowhere", "failed: ModuleNotFoundError: No module named 'nowhere' (job.py:1)"),
        ("print('before'\n", "failed: SyntaxError: '(' was never closed (job.py, line 1)"),
        ("print('before')\nimport sys\nsys.exit(3)", "failed: the program exits with status 3"),
        ("import sys\nsys.exit('no host')", "failed: no host"),
    ],
)
def test_a_program_that_ends_by_an_error_says_so(play, program, said):
    run = play(program)
    assert run.returncode == 1
    assert said in run.stderr
    assert run.stdout == ("before\n" if program.startswith("print('before')") else "")


def test_expected_rows_are_those_of_the_last_block(play):
    program = DIVIDES.replace("1 // int(n)", "n + '!'")
    rows = '{{ at = "2s", expect = {{ rows = ["{}"] }} }},'
    assert play(program, expected=rows.format("0!")).returncode == 0
    unmet = play(program, expected=rows.format("1!"))
    assert unmet.returncode == 1
    assert "printed last: 0!" in unmet.stderr


def test_a_program_without_end_is_ended(play):
    endless = play("while True: print('x' * 1000)", limits='limits = { output = "100kB" }')
    assert "its rows have more than 100kB of text by 0s" in endless.stderr
    waiting = play("while True: pass", MILLRACE_PYTHON_SECONDS="1")
    assert "the program has run for 1 s and was ended" in waiting.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks into /proc")
def test_an_interpreter_does_not_outlive_the_one_that_has_started_it(tmp_path):
    (tmp_path / "job.py").write_text("import os\nopen(os.environ['PID'], 'w').write(str(os.getpid()))\nwhile True: pass\n")
    (tmp_path / "job.toml").write_text(SCENARIO.format(program="job.py", expected="", limits=""))
    number = tmp_path / "pid"
    environment = {**os.environ, "MILLRACE_PYTHON": sys.executable, "PID": str(number)}
    with subprocess.Popen([MILLRACE, "run", "job.toml"], cwd=tmp_path, env=environment) as started:
        wait_until(lambda: number.exists() and number.read_text())
        started.kill()
    wait_until(lambda: not pathlib.Path("/proc", number.read_text()).exists())


def wait_until(is_so):
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("not within ten seconds")


def test_bytes_are_printed_too(play):
    assert play("import sys\nsys.stdout.buffer.write('é\\n'.encode())\nprint('after')").stdout == "é\nafter\n"


def test_an_interpreter_that_is_killed_says_by_what(play):
    killed = play("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert "the interpreter ended before the program did, by signal: 9 (SIGKILL)" in killed.stderr
    left = play("import os\nos._exit(7)")
    assert "the interpreter ended before the program did, by exit status: 7" in left.stderr


def test_an_interpreter_that_cannot_play_says_what_to_install(play, tmp_path):
    missing = play(DIVIDES, MILLRACE_PYTHON="no-such-python")
    assert missing.returncode == 2
    assert "failed to start no-such-python" in missing.stderr
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -I "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    without = play(DIVIDES, MILLRACE_PYTHON=str(bare))
    assert without.returncode == 2
    assert "-m pip install ./simulator/python" in without.stderr


def test_arguments_that_look_like_options_are_the_program_s(play, tmp_path):
    play("import sys\nprint(sys.argv[1:])")
    scenario = tmp_path / "job.toml"
    text = scenario.read_text(encoding="utf-8").replace('["localhost", "9999"]', '["--strict", "--", "-h"]')
    scenario.write_text(text, encoding="utf-8")
    run = millrace("run", "job.toml", folder=tmp_path)
    assert run.stdout == "['--strict', '--', '-h']\n"
