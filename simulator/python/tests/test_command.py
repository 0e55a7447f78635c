"""`python -m millrace run` as a process: the modules and the arguments of its program."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def play(tmp_path):
    """Runs a program that lies in `jobs`, from the folder above."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "timeline.toml").write_text('timeline = [{ at = "1s", lines = ["a"] }]\n')

    def play(text, *arguments):
        (tmp_path / "jobs" / "job.py").write_text(text)
        command = [sys.executable, "-m", "millrace", "run", "jobs/job.py", "--timeline", "timeline.toml", *arguments]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        return subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, text=True, timeout=60)

    return play


def test_modules_of_the_current_folder_are_not_the_program_s(play, tmp_path):
    (tmp_path / "helper.py").write_text("")
    assert play("import helper").stderr.endswith("ModuleNotFoundError: No module named 'helper'\n")
    (tmp_path / "jobs" / "helper.py").write_text("print('beside it')\n")
    assert play("import helper").stdout == "beside it\n"


@pytest.mark.parametrize("text", ["host = sys.argv[1]", "sys.exit('Usage: job.py HOST PORT')"])
def test_a_program_without_its_arguments(play, text):
    note = "note: the program has been given no arguments: they stand behind its name, or in `arguments = [...]`\n"
    run = play(f"import sys\nif len(sys.argv) < 2:\n    {text}\n")
    assert run.returncode == 1 and run.stdout == "" and note in run.stderr
    assert ("line 3" in run.stderr) == ("argv" in text) and ("Usage" in run.stderr) == ("Usage" in text)
    assert note not in play("[][1]", "localhost").stderr


def test_a_queue_of_threads_is_waited_for_in_real_time(play):
    run = play("import queue\ntry:\n    queue.Queue().get(timeout=0.01)\nexcept queue.Empty:\n    print('empty')\n")
    assert (run.returncode, run.stdout) == (0, "empty\n")


def run(folder, *words, **options):
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "millrace", *words]
    return subprocess.run(command, cwd=folder, env=environment, text=True, timeout=60, **options)


def test_an_option_before_the_program_s_name_is_ours(play, tmp_path):
    play("")
    for words, said in (
        (["--strickt", "jobs/job.py"], "no option --strickt before the program's name: did you mean --strict?"),
        (["--host", "jobs/job.py"], "no option --host before the program's name"),
        (["--seed", "1", "-v", "jobs/job.py"], "no option -v before the program's name"),
    ):
        mistaken = run(tmp_path, "run", *words, "--timeline", "timeline.toml", capture_output=True)
        assert mistaken.returncode == 2 and f"error: there is {said}\n" in mistaken.stderr, words
    good = run(tmp_path, "run", "--seed", "1", "--strict", "jobs/job.py", "--timeline=timeline.toml", capture_output=True)
    assert good.returncode == 0


def test_an_option_behind_the_program_s_name_may_be_mistaken(play):
    text = "import sys\nprint(sys.argv[1:])"
    for words, meant in ((["--check-pickel"], "--check-pickle"), (["--evnts", "--host=a"], "--events")):
        mistaken = play(text, *words)
        assert mistaken.stdout == f"{words}\n"
        assert mistaken.stderr.startswith(f"note: {words[0]} is given to the program: did you mean {meant}?\n")
    assert "did you mean" not in play(text, "--", "--evnts").stderr
    assert "did you mean --timeline?" in play(text, "--timelin", "other.toml").stderr


@pytest.mark.parametrize("option", [[], ["--events"]])
@pytest.mark.parametrize("code", [0, 3])
def test_a_closed_pipe_changes_no_exit_code(play, tmp_path, option, code):
    play(f"import sys\nfor number in range(10000):\n    print('a' * 100)\nsys.exit({code})")
    words = [sys.executable, "-m", "millrace", "run", "jobs/job.py", "--timeline", "timeline.toml", *option, "a"]
    command = {"cwd": tmp_path, "env": {**os.environ, "PYTHONHASHSEED": "0"}, "text": True, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, stdout=subprocess.PIPE, **command) as started:
        assert "a" * 100 in started.stdout.readline()
        started.stdout.close()
        error = started.stderr.read()
    quiet = "note: the program has ended, and nothing was played. It has made no stream.\n"
    # In the place of an exit code, events have one of the failure.
    assert (started.returncode, error) == (0 if option else code, "" if code else quiet)
    closed = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *words], timeout=60, **command)
    assert (closed.returncode, closed.stderr) == (0 if option else code, "" if code else quiet)


def test_closed_standard_error_is_no_standard_output(play, tmp_path):
    play("print('blue')")
    words = [sys.executable, "-m", "millrace", "run", "jobs/job.py", "--timeline", "timeline.toml"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&- <&-', "sh", *words], cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE
    )
    assert (closed.returncode, closed.stdout) == (0, "blue\n")
