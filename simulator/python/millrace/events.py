"""The events of a program as lines of JSON, for `millrace`, which has started it.

While they are written they have standard output for themselves: what the program prints there is an event, too, and
what its subprocesses print goes to standard error.
"""

import io
import json
import os
import stat
import sys
import threading
import traceback

from millrace import staging
from millrace.pyspark.textfile import local_path
from millrace.record import Nothing
from millrace.texts import Bytes, open_pipe

#: Bytes of text that one event has at most, but for a longer text that is printed at once.
_TEXT_MAX = 65_536


class Writer(io.TextIOBase):
    """Writes events; as a file, it takes the program's standard output."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, start_ms):
        self._file = open_pipe(os.dup(1))
        os.dup2(2, 1)
        self._text, self._length, self._time = [], 0, start_ms
        self._process, self._exit = os.getpid(), os._exit
        os._exit = self._end_process
        self.buffer = Bytes(self)

    def write(self, text):
        length = len(text.encode("utf-8"))
        now = self._now()
        if now != self._time or self._length > _TEXT_MAX:
            self._write_text()
            self._time = now
        self._text.append(text)
        self._length += length
        return len(text)

    def flush(self):
        self._write_text()
        self._file.flush()

    def writable(self):
        return True

    def event(self, now, event, **fields):
        self._write_text()
        self._time = now
        self._write(now, event, **fields)

    def following(self, listener):
        """A listener of a program that writes its events, and passes them on."""

        def write(now, kind, batch_time, number, reason):
            self.event(now, kind, batch_time_ms=batch_time, number=number, reason=reason)
            if listener is not None:
                listener(now, kind, batch_time, number, reason)

        return write

    def note(self, text):
        self.event(self._now(), "noted", text=text)

    def failed(self, reason):
        self.event(self._now(), "program_failed", reason=reason)

    def close_events(self):
        self.event(self._now(), "stopped")
        self._file.flush()

    def give_back(self):
        """Leaves standard output and input to another interpreter in this process."""
        self.flush()
        os.dup2(self._file.fileno(), 1)
        if _parent is not None:
            os.dup2(_parent, 0)

    def _end_process(self, status):
        """`os._exit`: the program ends, and what it has printed is not lost. A child of it ends as it does."""
        if isinstance(status, int) and os.getpid() == self._process:
            if status != 0:
                self.failed(_status(status))
            self.close_events()
        self._exit(status)

    def _write_text(self):
        if self._text:
            text = "".join(self._text)
            self._text, self._length = [], 0
            self._write(self._time, "text_printed", text=text)

    def _write(self, now, event, **fields):
        # At once, as another thread may end the process.
        self._file.write(json.dumps({"time_ms": now, "event": event, **fields}) + "\n")

    def _now(self):
        on_stage = staging.now_ms()
        return self._time if on_stage is None else on_stage


class Saved(Nothing):
    """Adds the files that the program saves to its text, in which they are read and compared."""

    def __init__(self, writer):
        self._writer = writer
        self._folder = os.path.realpath(os.curdir)

    def save(self, path, lines):
        name = os.path.relpath(os.path.realpath(local_path(path, "RDD.saveAsTextFile")), self._folder)
        if name.partition(os.sep)[0] == os.pardir:
            staging.current().note(
                f"{path} is saved outside of the folder in which the program runs, and not compared: save it by a "
                "relative path"
            )
            return
        self._writer.write("\n".join([_RULE, f"Saved: {name}", _RULE, *lines, "", ""]))

    def write(self, text, format, mode, options, columns, rows):
        self._writer.write(text)


#: Before and after the title of a batch, as `pprint` has it.
_RULE = "-------------------------------------------"


def open_writer(start_ms):
    """Writes events from now on, instead of what is printed; the time is this until a program is on stage."""
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        _end_with_parent()
    sys.stdout = Writer(start_ms)
    return sys.stdout


#: The standard input by which this process is watched; `None` if it is not.
_parent = None


def _end_with_parent():
    """Ends this process when the other end of its standard input is closed: the one that has started it is gone.

    The program finds its standard input empty.
    """
    global _parent
    parent, end = os.dup(0), os._exit
    _parent = parent
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def watch():
        while os.read(parent, 1):
            pass
        end(1)

    threading.Thread(target=watch, daemon=True).start()


def reason_of(error, program):
    """An exception that ends a program, with the line of the program that it passed last."""
    if isinstance(error, SystemExit):
        return _status(error.code) if isinstance(error.code, int) else str(error.code)
    folder = os.path.dirname(os.path.abspath(program))
    frames = traceback.extract_tb(error.__traceback__)
    lines = [it for it in frames if os.path.dirname(os.path.abspath(it.filename)) == folder]
    place = f" ({os.path.basename(lines[-1].filename)}:{lines[-1].lineno})" if lines else ""
    text = str(error)
    return f"{type(error).__name__}{': ' if text else ''}{text}{place}"


def _status(code):
    return f"the program exits with status {int(code)}"
