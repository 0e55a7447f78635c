"""The fixture `millrace`: runs of programs in the process of a test, and what they have left behind."""

import contextlib
import io
import os
import sys

from millrace import program, snapshots, staging, timeline
from millrace.errors import LimitReached
from millrace.lives import Life
from millrace.picklable import Checker
from millrace.process import KILLED
from millrace.pytest_plugin import _USED, test_name
from millrace.record import Record
from millrace.texts import Bytes


#: The settings of a timeline that is no file, and the seed of one that is.
_SETTINGS = {"start", "stop", "zone", "cores", "faults", "seed"}


class Run:
    """A program that has been run, or that is on stage."""

    def __init__(self, test, bless):
        self._test, self._bless = test, bless
        self._record = Record()
        self._output, self._error = _Copy(sys.stdout), _Copy(sys.stderr)
        #: The exception that has ended the program; `None` if nothing has.
        self.exception = None
        #: What the program has given `sys.exit`; 1 if an exception has ended it, and 0 if it came to its end.
        self.code = 0

    @property
    def output(self):
        """The text of standard output."""
        return self._output.getvalue()

    @property
    def error(self):
        """The text of standard error."""
        return self._error.getvalue()

    def batches(self, output=None):
        """The batches that `pprint` has shown, in order: all, or those of one `pprint`.

        An output is named by a variable that holds its stream, one of the program or one of the functions in which
        `pprint` is called, or by the number of its `pprint`, from 0 on in the order of the program.
        """
        if isinstance(output, str):
            output = self._number(output)
        elif output is not None and not 0 <= output < len(self._record.streams):
            count = len(self._record.streams)
            raise IndexError(f"no output has the number {output}: the program calls pprint {count} times")
        return [batch for number, batch in self._record.batches if output is None or number == output]

    @property
    def saved(self):
        """The lines of the files that the program has saved, by the path that it names."""
        return dict(self._record.saved)

    @property
    def written(self):
        """What the program has written to places that are not here, such as a database or a topic: each `DataFrame.write`
        and each micro-batch of a query, in order, with its `format`, `mode`, `options`, `columns` and `rows`."""
        return list(self._record.written)

    def sink(self, format):
        """What the program has written to the places of this format that are not here, such as "kafka": those of
        `written` that have it."""
        known = self._record.written
        found = [written for written in known if written.format == format]
        if not found:
            formats = ", ".join(dict.fromkeys(written.format for written in known))
            raise KeyError(f"nothing was written to {format!r}; the program has written to: {formats or 'nothing'}")
        return found

    def snapshot(self, name=None):
        """Compares the output with the one that was accepted, which `--millrace-bless` makes of this one.

        `name` tells the snapshots of one test apart.
        """
        __tracebackhide__ = True
        path = snapshots.path_of(self._test.path, test_name(self._test), name)
        used = self._test.__dict__.setdefault(_USED, [])
        if str(path) in [it for it, _ in used]:
            raise ValueError(f"two snapshots of this test are {path.name}: give each a name")
        accepted = snapshots.read(path)
        if accepted == self.output:
            used.append((str(path), "equal"))
        elif self._bless:
            snapshots.write(path, self.output)
            used.append((str(path), "written"))
        else:
            used.append((str(path), "different"))
            if accepted is None:
                text = f"there is no snapshot {path.name} yet; this was printed:\n{self.output}"
            else:
                text = snapshots.difference(accepted, self.output)
            raise AssertionError(f"{text}\nTo accept it: pytest --millrace-bless")

    def _number(self, name):
        known = self._record.numbers()
        if name not in known:
            raise KeyError(
                f"no variable {name!r} of the program holds a stream on which pprint is called. "
                f"These do: {', '.join(known) or 'none'}. A number names an output, too, from 0 on."
            )
        number, *others = known[name]
        if others:
            outputs = ", ".join(f"{it} ({self._record.places[it]})" for it in known[name])
            raise KeyError(
                f"variables {name!r} hold several streams on which pprint is called: name one by its number: {outputs}"
            )
        return number


class Millrace:
    """Puts programs and functions on stage, each on a timeline that is a dictionary, a scenario file or a `Timeline`.

    A relative path is looked for in the folder of the test, that of pytest's configuration and the current one. With
    `folder` a program runs in that folder, where relative paths of its own lead.
    """

    def __init__(self, test, config):
        self._test = test
        self._bless = config.getoption("--millrace-bless")
        self._folders = [test.path.parent, config.rootpath, os.getcwd()]

    def run(
        self,
        job,
        script,
        arguments=(),
        *,
        strict=False,
        check_pickle=False,
        on_disk=False,
        folder=None,
        check=True,
        **settings,
    ):
        """Runs a program's file. It raises what the program raises; with `check=False` that is in `run.exception`."""
        __tracebackhide__ = True
        if isinstance(arguments, str):
            raise TypeError(f"the arguments of a program are a list of texts: write {arguments.split()!r}")
        job = self._find(job)
        words = [str(it) for it in arguments]
        run = Run(self._test, self._bless)
        script = self._timeline(script, settings)
        with run_in(folder), _captured(run):
            try:
                checker, life = Checker() if check_pickle else None, Life(on_disk)
                if program.run(job, words, script, strict, run._record, checker, None, life):
                    run.code = KILLED
            except SystemExit as error:
                run.code = error.code or 0
                run.exception = error if error.code else None
            except LimitReached as error:
                run.code, run.exception = 1, RuntimeError(str(error)).with_traceback(error.__traceback__)
            except Exception as error:
                run.code, run.exception = 1, error
        if check and run.exception is not None:
            raise run.exception
        return run

    def explore(self, job, script, arguments=(), **settings):
        """Searches for a schedule under which a program breaks a promise: see `millrace.explore`.

        Raises an `AssertionError` with the smallest timeline found for the first one. Returns the number of schedules.
        """
        __tracebackhide__ = True
        from millrace.explore import explore

        return explore(self, job, script, arguments, **settings)

    @contextlib.contextmanager
    def stage(self, script, *, strict=False, check_pickle=False, folder=None, **settings):
        """Puts what runs within on stage. Gives what it leaves behind, meanwhile and afterwards."""
        run = Run(self._test, self._bless)
        script = self._timeline(script, settings)
        checker = Checker() if check_pickle else None
        with run_in(folder), _captured(run), staging.stage(script, strict, run._record, checker):
            yield run

    def _find(self, path):
        for folder in self._folders:
            found = os.path.join(folder, path)
            if os.path.exists(found):
                return found
        places = ", ".join(map(str, dict.fromkeys(map(os.fspath, self._folders))))
        raise FileNotFoundError(f"there is no {path} in {places}")

    def _timeline(self, script, settings):
        if unknown := settings.keys() - _SETTINGS:
            known = ", ".join(("arguments", "strict", "check_pickle", "on_disk", "folder", *sorted(_SETTINGS)))
            raise TypeError(f"{', '.join(sorted(unknown))} is no setting of a run: there are {known}")
        if not isinstance(script, (str, os.PathLike)):
            if "seed" in settings:
                raise TypeError("a seed is of a timeline's file, whose `generate` draws from it")
            return timeline.of(script, **settings)
        seed = settings.pop("seed", 0)
        if settings:
            raise TypeError(f"a timeline's file says {', '.join(settings)} itself")
        return timeline.read(self._find(script), seed)


def run_in(folder):
    return contextlib.nullcontext() if folder is None else contextlib.chdir(folder)


@contextlib.contextmanager
def _captured(run):
    with contextlib.redirect_stdout(run._output), contextlib.redirect_stderr(run._error):
        yield


class _Copy(io.StringIO):
    """Keeps what is written, and passes it on: pytest shows it where a test fails."""

    def __init__(self, stream):
        super().__init__()
        self._stream = stream
        self.buffer = Bytes(self)

    def write(self, text):
        self._stream.write(text)
        return super().write(text)
