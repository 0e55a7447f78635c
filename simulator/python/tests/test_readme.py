"""The README is true: its files are written, its commands are run, and its outputs are what they print."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

README = pathlib.Path(__file__).parent.parent / "README.md"

FILE = re.compile(r"`([\w.]+)`:?\n\n```(?:python|toml)\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def exchanges(block):
    """The commands of a block, each with what it prints."""
    return [part.partition("\n")[::2] for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]


def matches(shown, printed):
    """True if a text is what is shown, where a line `...` stands for any lines, and times of tests for any."""
    pattern = re.escape(shown).replace(re.escape("  ...\n"), "(?:.*\n)*?")
    return re.fullmatch(re.sub(r"in\\ \d+\\\.\d+s", r"in\\ [0-9.]+s", pattern), printed)


@pytest.mark.skipif(shutil.which("bash") is None, reason="it needs bash")
def test_the_readme(tmp_path):
    text = README.read_text(encoding="utf-8")
    files = FILE.findall(text)
    names = ["streaming_word_count.py", "timeline.toml", "test_word_count.py", "failing.py", "totals.py", "dies.toml"]
    assert [name for name, _ in files] == names
    for name, content in files:
        (tmp_path / name).write_text(content, encoding="utf-8")
    book = pathlib.Path(__file__).parent / "programs" / "streaming_word_count.py"
    assert files[0][1] == book.read_text(encoding="utf-8")
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "COLUMNS": "80"}
    env = {name: value for name, value in env.items() if name != "CI" and not name.startswith("PYTEST_")}
    for command, shown in (exchange for block in CONSOLE.findall(text) for exchange in exchanges(block)):
        run = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=env, stdout=-1, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        assert matches(shown, run.stdout), f"$ {command}\n{run.stdout}"
