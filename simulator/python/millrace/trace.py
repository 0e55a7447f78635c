"""Places in the program's own files, and traces that begin there."""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


def is_ours(file):
    """True of the files of this package."""
    return file.startswith(_FOLDER)


def place():
    """The file and the line of the program that calls, such as `jobs/count.py:12`."""
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def of_program(error):
    """The exception, its trace without the frames of ours that have called the program."""
    trace = error.__traceback__
    while trace is not None and is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return error.with_traceback(trace)
