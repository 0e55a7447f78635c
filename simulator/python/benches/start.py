"""Times the book's program within pytest's process, and as a process of its own beside a bare interpreter.

    python benches/start.py

Within a process: the median of 200 runs. As a process: wall time, in turns, the least of fifteen each.

Targets: 3 ms within pytest; 25 ms more than a bare interpreter that has the hash seed 0.
"""

import contextlib
import functools
import io
import os
import pathlib
import statistics
import subprocess
import sys
import time

from millrace import program, timeline

BOOK = pathlib.Path(__file__).parent.parent / "tests" / "programs" / "streaming_word_count.py"


def within():
    def run():
        with contextlib.redirect_stdout(io.StringIO()):
            program.run(BOOK, [], timeline.of({"1s": ["blue blue green"], "2s": ["gohawks"]}))

    return statistics.median(seconds(run) for _ in range(200))


def processes():
    bare = [sys.executable, "-c", "pass"]
    whole = [sys.executable, "-m", "millrace", "run", BOOK, "--timeline", BOOK.with_suffix(".toml")]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    # Compiled modules are kept, as where the package is installed.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    times = {"bare": [], "whole": []}
    for _ in range(15):
        for name, command in (("bare", bare), ("whole", whole)):
            run = functools.partial(subprocess.run, command, env=env, stdout=subprocess.DEVNULL, check=True)
            times[name].append(seconds(run))
    return min(times["bare"]), min(times["whole"])


def seconds(run):
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main():
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"within a process: {within() * 1e3:.2f} ms (target 3)")
    bare, whole = processes()
    more = whole - bare
    print(f"as a process: {whole * 1e3:.0f} ms, bare {bare * 1e3:.0f} ms, {more * 1e3:.0f} ms more (target 25)")


if __name__ == "__main__":
    main()
