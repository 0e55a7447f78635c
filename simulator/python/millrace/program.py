"""A program's file, run as `__main__` on a stage."""

import contextlib
import os
import sys
import types

from millrace._millrace import in_worker
from millrace.staging import stage


class _Output:
    """Standard output of the program. What a worker prints goes to standard error, as on Spark."""

    def __init__(self, output):
        self._output = output

    def write(self, text):
        return (sys.stderr if in_worker() else self._output).write(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def __getattr__(self, name):
        return getattr(self._output, name)


def run(path, arguments, timeline, strict=False):
    """Runs a file; its exceptions are the caller's. `SystemExit` too."""
    path = os.fspath(path)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    main = types.ModuleType("__main__")
    main.__file__ = path
    with stage(timeline, strict) as opened, _as_main(main, path, arguments), _output():
        exec(code, main.__dict__)
        return opened


@contextlib.contextmanager
def _as_main(main, path, arguments):
    before = sys.modules["__main__"], sys.argv, list(sys.path)
    sys.modules["__main__"] = main
    sys.argv = [path, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    try:
        yield
    finally:
        sys.modules["__main__"], sys.argv, sys.path[:] = before


@contextlib.contextmanager
def _output():
    with contextlib.redirect_stdout(_Output(sys.stdout)):
        yield
