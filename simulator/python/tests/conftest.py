"""Programs that tests run by the command, as their users do."""

import textwrap

import pytest

from running import HEAD, TIMELINE, in_process, in_this_process

pytest_plugins = ["pytester"]


@pytest.fixture
def play(tmp_path):
    """Runs a program, which begins as all do."""

    def play(text, timeline=TIMELINE, arguments=(), head=HEAD, process=False):
        (tmp_path / "job.py").write_text(head + textwrap.dedent(text), encoding="utf-8")
        (tmp_path / "timeline.toml").write_text(timeline, encoding="utf-8")
        run = in_process if process else in_this_process
        return run(tmp_path, "run", "job.py", "--timeline", "timeline.toml", *arguments)

    return play
