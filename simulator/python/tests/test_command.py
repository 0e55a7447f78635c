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
