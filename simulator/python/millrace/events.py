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
from millrace.texts import Bytes

#: Bytes of text that one event has at most, but for a longer text that is printed at once.
_TEXT_MAX = 65_536


class Writer(io.TextIOBase):
    """Writes events; as a file, it takes the program's standard output."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, start_ms):
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        self._text, self._length, self._time = [], 0, start_ms
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
        pass  # Text goes with the next event, in its order.

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

    def failed(self, reason):
        self.event(self._now(), "program_failed", reason=reason)

    def close_events(self):
        self.event(self._now(), "stopped")
        self._file.flush()

    def _write_text(self):
        if self._text:
            text = "".join(self._text)
            self._text, self._length = [], 0
            self._write(self._time, "text_printed", text=text)

    def _write(self, now, event, **fields):
        json.dump({"time_ms": now, "event": event, **fields}, self._file)
        self._file.write("\n")

    def _now(self):
        on_stage = staging.now_ms()
        return self._time if on_stage is None else on_stage


def open_writer(start_ms):
    """Writes events from now on, instead of what is printed; the time is this until a program is on stage."""
    sys.stdout = Writer(start_ms)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        _end_with_parent()
    return sys.stdout


def _end_with_parent():
    """Ends this process when the other end of its standard input is closed: the one that has started it is gone.

    The program finds its standard input empty.
    """
    parent = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def watch():
        while os.read(parent, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def reason_of(error, program):
    """An exception that ends a program, with the line of the program that it passed last."""
    if isinstance(error, SystemExit):
        is_status = isinstance(error.code, int)
        return f"the program exits with status {int(error.code)}" if is_status else str(error.code)
    folder = os.path.dirname(os.path.abspath(program))
    frames = traceback.extract_tb(error.__traceback__)
    lines = [it for it in frames if os.path.dirname(os.path.abspath(it.filename)) == folder]
    place = f" ({os.path.basename(lines[-1].filename)}:{lines[-1].lineno})" if lines else ""
    text = str(error)
    return f"{type(error).__name__}{': ' if text else ''}{text}{place}"
