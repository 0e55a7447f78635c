"""`millrace` for pytest.

    def test_job(millrace):
        run = millrace.run("job.py", {"1s": ["blue blue"]})
        assert run.output.endswith("('blue', 2)\\n\\n")
"""

import io
import contextlib
import re

import pytest

from millrace import program, timeline

_BLOCK = re.compile(r"^-{43}\nTime: (.*)\n-{43}\n", re.MULTILINE)


class Run:
    """What a program has left behind."""

    def __init__(self, output, error):
        #: The text of standard output.
        self.output = output
        #: The text of standard error.
        self.error = error

    def batches(self):
        """The rows that `pprint` has printed, block by block: pairs of a time and a list of lines."""
        parts = _BLOCK.split(self.output)[1:]
        return [(time, text.rstrip("\n").splitlines()) for time, text in zip(parts[::2], parts[1::2])]


class Millrace:
    """Runs programs in the process of the test."""

    def run(self, job, script, arguments=(), strict=False, **settings):
        """Runs a program's file on a timeline, as `millrace.stage` takes it. What it raises is the caller's."""
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            program.run(job, [str(it) for it in arguments], timeline.of(script, **settings), strict)
        return Run(output.getvalue(), error.getvalue())


@pytest.fixture
def millrace():
    return Millrace()
