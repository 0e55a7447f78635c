"""Rows that go through a command (`RDD.pipe`)."""

import io
import shlex
import subprocess

from millrace.pyspark.errors import PySparkRuntimeError


def piped(rows, command, env, is_checked):
    """The lines that a command prints which is given the rows, one a line."""
    text = "".join(str(row).rstrip("\n") + "\n" for row in rows)
    ended = subprocess.run(shlex.split(command), input=text.encode(), stdout=subprocess.PIPE, env=env)
    for line in io.BytesIO(ended.stdout):
        yield line.rstrip(b"\n").decode()
    if is_checked and ended.returncode:
        raise PySparkRuntimeError(
            f"[PIPE_FUNCTION_EXITED] Pipe function `{command}` exited with error code {ended.returncode}."
        )
