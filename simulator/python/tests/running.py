"""The command `python -m millrace`, and what it gave."""

import collections
import contextlib
import io
import os
import subprocess
import sys

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

Result = collections.namedtuple("Result", "code output error")


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
