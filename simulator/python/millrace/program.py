"""A program's file, run as `__main__` on a stage."""

import contextlib
import os
import sys
import types

from millrace import trace
from millrace._millrace import in_worker
from millrace.errors import LimitReached, NotInMillrace, UsageError
from millrace.lives import Crashed, Life
from millrace.staging import has_crashed, stage


class _Limited:
    """A stream of the program, which takes so much text."""

    def __init__(self, stream, limit, place=""):
        self._stream = stream
        self._limit = self._left = limit
        self._place = place

    def write(self, text):
        if has_crashed():
            return len(text)
        self._left -= len(text)
        if self._left < 0:
            printed = f"the program has printed {self._limit} characters{self._place}, and more"
            raise LimitReached(f"{printed}: [limits] output of the timeline")
        return self._stream.write(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def __getattr__(self, name):
        return getattr(self._stream, name)


class _Output(_Limited):
    """Standard output of the program. A worker's prints go to standard error, as on Spark."""

    def write(self, text):
        return sys.stderr.write(text) if in_worker() else super().write(text)


def read(path):
    """The code of a program's file."""
    path = os.fspath(path)
    if os.path.isdir(path):
        raise UsageError(f"error: {path} is a folder: name the program's file")
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise UsageError(f"error: cannot read the program {path}: {error.strerror}") from None
    return compile(text, path, "exec", dont_inherit=True)


def run(path, arguments, timeline, strict=False, observer=None, checker=None, events=None, life=None):
    """Runs a file, and again after each crash from which its timeline starts it again.

    Its exceptions are the caller's, `SystemExit` too; the next life passes over those of one before. Returns true if it
    has crashed for good.
    """
    __tracebackhide__ = True  # In the traces of pytest.
    path = os.fspath(path)
    life = life or Life()
    while True:
        code = read(path)
        error = None
        try:
            _live(path, code, arguments, timeline, strict, observer, checker, events, life)
        except Crashed:
            pass
        except (Exception, SystemExit) as raised:
            error = raised
        if timeline.restart_ms(life.first_fault) is None:
            if error is not None:
                raise error
            return life.has_crashed
        if error is not None:
            _say(error, path, events)
        life.begin_again()


def _say(error, path, events):
    """Says how a life has ended after which there is another one."""
    if isinstance(error, SystemExit) and not error.code:
        return
    print(trace.text(error), end="", file=sys.stderr)
    if events is not None:
        from millrace.events import reason_of

        events.failed(reason_of(error, path))


def _live(path, code, arguments, timeline, strict, observer, checker, events, life):
    __tracebackhide__ = True  # In the traces of pytest.
    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = __builtins__
    with (
        stage(timeline, strict, observer, checker, events, life) as opened,
        _as_main(main, path, arguments),
        _limited(timeline),
    ):
        opened.observer.begin(main.__dict__)
        try:
            exec(code, main.__dict__)
        except IndexError:
            _note_arguments(opened, arguments)
            raise
        except SystemExit as error:
            _raise_refusal()
            if error.code:
                _note_arguments(opened, arguments)
            else:
                opened.note_rest()
            raise
        _raise_refusal()
        opened.note_rest()


def _note_arguments(opened, arguments):
    """Says how to give arguments, if it is for want of them that a program has ended before it began."""
    if not arguments and not opened.is_playing():
        opened.note("the program has been given no arguments: they stand behind its name, or in `arguments = [...]`")


def _raise_refusal():
    """Raises the first refusal, if the program has gone on after one, in a handler or in a thread."""
    for refusal in NotInMillrace.raised:
        refusal.add_note("The program has gone on after this: what it has shown since is not what Spark shows.")
        raise refusal


@contextlib.contextmanager
def _as_main(main, path, arguments):
    folder = os.path.dirname(os.path.abspath(path))
    before = sys.modules["__main__"], sys.argv, list(sys.path)
    directory, environment = os.getcwd(), dict(os.environ)
    # As a process of its own would, the program imports its neighbours anew.
    aside = _take_neighbours(folder)
    sys.modules["__main__"] = main
    sys.argv = [path, *arguments]
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        _take_neighbours(folder)
        sys.modules.update(aside)
        sys.modules["__main__"], sys.argv, sys.path[:] = before
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)


def _take_neighbours(folder):
    """Takes out the modules that lie in a folder, with all that is in them."""
    tops = {name for name, module in list(sys.modules.items()) if "." not in name and _lies_in(module, folder)}
    names = [name for name in sys.modules if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}


def _lies_in(module, folder):
    """True of a module whose file, or of a package whose folder, is in this folder."""
    places = [*getattr(module, "__path__", ()), getattr(module, "__file__", None) or ""]
    return os.path.dirname(places[0].rstrip(os.sep)) == folder and module.__name__ not in ("__main__", "millrace")


@contextlib.contextmanager
def _limited(timeline):
    output = _Output(sys.stdout, timeline.output_max)
    error = _Limited(sys.stderr, timeline.error_max, " on standard error")
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        yield
