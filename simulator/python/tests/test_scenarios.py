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

WORKER_PRINTS = """
from pyspark import SparkContext
SparkContext("local[2]", "it").parallelize(range(1000)).foreach(lambda row: print("x" * 1000))
"""

SAVES = """
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
ssc = StreamingContext(SparkContext(appName="saves"), 1)
ssc.socketTextStream("localhost", 9999).map(lambda n: n).saveAsTextFiles(PREFIX, "txt")
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
    said = "the program has printed 100000 characters on standard error, and more: [limits] output of the timeline"
    for program in ("while True: print('x' * 1000, file=sys.stderr)", WORKER_PRINTS):
        for command in ("run", "test"):
            talking = play(f"import sys\n{program}", command, limits='limits = { output = "100kB" }')
            assert talking.returncode == 1 and said in talking.stdout + talking.stderr, program
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


def test_what_is_printed_before_a_program_ends_itself_is_shown(play):
    left = play("import os\nprint('before')\nos._exit(7)")
    assert (left.returncode, left.stdout) == (1, "before\n")
    assert "failed: the program exits with status 7" in left.stderr
    good = play("import os\nprint('before')\nos._exit(0)")
    assert (good.returncode, good.stdout) == (0, "before\n")
    forks = "import os\nprint('before')\nif os.fork() == 0:\n    os._exit(3)\nos.wait()\nprint('after')"
    assert play(forks).stdout == "before\nafter\n"
    killed = play("import os, signal\nprint('before', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)")
    assert killed.stdout == "before\n"


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


def test_the_files_that_a_program_saves_are_compared(play, tmp_path):
    rule = "-" * 43
    saved = "".join(f"{rule}\nSaved: out/n-{at}000.txt\n{rule}\n{text}\n\n" for at, text in ((1, "1"), (2, "0")))
    relative = SAVES.replace("PREFIX", "'out/n'")
    assert play(relative).stdout == saved
    assert play(relative, "test --bless").returncode == 0
    assert play(relative, "test").returncode == 0
    changed = play(relative.replace("lambda n: n", "lambda n: n + n"), "test")
    assert changed.returncode == 1 and "11" in changed.stdout + changed.stderr
    expected = '{ at = "2s", expect = { rows = ["0"] } },'
    assert play(relative, expected=expected).returncode == 0
    assert play(relative.replace("lambda n: n", "lambda n: n + n"), expected=expected).returncode == 1
    inside = SAVES.replace("PREFIX", "'file:' + os.getcwd() + '/out/n'")
    assert play(f"import os\n{inside}").stdout == saved
    outside = play(SAVES.replace("PREFIX", repr(str(tmp_path / "n"))))
    assert outside.stdout == ""
    assert f"note: {tmp_path}/n-1000.txt is saved outside of the folder in which the program runs" in outside.stderr


def test_notes_are_shown_where_a_text_is_not_the_snapshot(play):
    program = DIVIDES.replace("1 // int(n)", "n").replace("int(sys.argv[2])", "9998")
    stream = '{ at = "2s", stream = "localhost:9997", lines = ["1"] },'
    note = "note: nothing reads localhost:9997: the sources of the program are localhost:9998"
    for command in ("test", "test --bless"):
        tested = play(program, command, expected=stream)
        assert (tested.stdout + tested.stderr).count(note) == 1, command
    assert note not in play(program, "test", expected=stream).stderr


def test_a_text_without_anything_is_accepted_with_a_note(play):
    blessed = play("pass", "test --bless")
    assert blessed.returncode == 0
    note = "note: pipeline `divided` prints nothing, so that its snapshot is empty and compares nothing"
    assert note in blessed.stdout + blessed.stderr
    assert "note: the program has ended, and nothing was played" in blessed.stdout + blessed.stderr


def test_a_pipeline_may_be_strict_and_check_what_is_pickled(play, tmp_path):
    program = DIVIDES.replace("ssc.awaitTermination()", """
try:
    ssc.awaitTermination()
except Exception as error:
    print(type(error).__name__)
""")
    play(program)
    text = (tmp_path / "job.toml").read_text(encoding="utf-8")
    kinds = {}
    for key in ("", "strict = true", "check_pickle = true"):
        (tmp_path / "job.toml").write_text(f"{text}\n{key}\n", encoding="utf-8")
        lock = program.replace("import sys", "import sys, threading\nlock = threading.Lock()")
        (tmp_path / "job.py").write_text(lock.replace("1 //", "(lock and 1) //") if "check" in key else program)
        kinds[key] = millrace("run", "job.toml", folder=tmp_path).stdout.splitlines()[-1]
    assert kinds["strict = true"] == "Py4JJavaError"
    assert kinds[""] == "ZeroDivisionError"
    assert kinds["check_pickle = true"] == "PicklingError"


def test_tables_of_a_program_say_what_they_do_not_count(play):
    run = play(DIVIDES.replace("1 // int(n)", "n"), "run --summary --counters")
    assert "no state was updated" not in run.stderr
    assert "note: --summary: `divided` is a program, whose printed rows and whose queries are not counted" in run.stderr
    assert "note: --counters: `divided` is a program, whose states are not counted" in run.stderr
    (row,) = [line for line in run.stderr.splitlines() if line.startswith("1970-01-01 00:00:01")]
    assert row.split()[-2:] == ["-", "0"]


def test_a_query_has_the_shuffle_partitions_of_the_cluster(play):
    job = (TESTS / "programs" / "structured_streaming_word_count.py").read_text(encoding="utf-8")
    entry = '{ at = "3s", lines = ["a b c d e f g h"] },'
    clusters = ["shuffle_partitions = 1", "shuffle_partitions = 2", ""]
    one, two, default = (play(job, expected=entry, limits=f"[cluster]\n{it}").stdout for it in clusters)
    assert len({one, two, default}) == 3
    says = 'getOrCreate()\nspark.conf.set("spark.sql.shuffle.partitions", 2)'
    assert play(job.replace("getOrCreate()", says, 1), expected=entry, limits="[cluster]\nshuffle_partitions = 1").stdout == two


def test_limits_and_memory_of_a_program(play):
    run = play(DIVIDES, limits="limits = { batches = 1 }")
    said = "the program would have 2 batches until its timeline ends, and the limit is 1: [limits] batches of the timeline"
    assert run.returncode == 1 and said in run.stderr
    assert said not in play(DIVIDES, limits="limits = { batches = 2 }").stderr
    refused = play(DIVIDES, limits='cluster = { memory = "1MB" }')
    assert refused.returncode == 2
    assert "`memory` bounds the states of no pipeline: those of a `program` are not counted" in refused.stderr
