"""Text streams that take bytes, too, as standard output does, and those of a process."""

import io
import os
import sys


class Bytes(io.RawIOBase):
    """The `buffer` of a text stream: what is written to it is text in UTF-8."""

    def __init__(self, text):
        self._text = text

    def writable(self):
        return True

    def write(self, data):
        self._text.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class _Pipe(io.TextIOWrapper):
    """A text file that drops what is written to it once its reader has gone.

    That is caught here and not where bytes are written: an interrupt there would have them written twice.
    """

    def write(self, text):
        try:
            return super().write(text)
        except BrokenPipeError:
            self._drop()
            return len(text)

    def flush(self):
        try:
            super().flush()
        except BrokenPipeError:
            self._drop()

    def _drop(self):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def open_pipe(number, **options):
    """A text file of a descriptor, which stays open. That its reader goes changes nothing but what is read."""
    buffer = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
    return _Pipe(buffer, "utf-8", newline="\n", line_buffering=os.isatty(number), **options)


def open_standard():
    """Opens standard output and standard error for the program. Where one is closed, what is written is dropped."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # It takes the lowest number that is free.
    for number, name, options in (
        (1, "stdout", {}),
        (2, "stderr", {"errors": "backslashreplace", "write_through": True}),
    ):
        stream = getattr(sys, name)
        if stream is not None:
            stream.flush()
        opened = open_pipe(number, **options)
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
