"""Places in the program's own files, and traces that begin there."""

import contextlib
import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
_PICKLING = (f"{_FOLDER}ship.py", f"{_FOLDER}picklable.py")


def is_ours(file):
    """True of the files of this package."""
    return file.startswith(_FOLDER)


def place():
    """The file and the line of the program that calls, such as `jobs/count.py:12`."""
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def names_of(value):
    """The variables that hold a value in the functions of the program that are under way."""
    names, frame = set(), sys._getframe(1)
    while frame is not None:
        if not is_ours(frame.f_code.co_filename):
            names.update(name for name, held in frame.f_locals.items() if held is value)
        frame = frame.f_back
    return names


def text(error):
    """The trace of an exception as Python prints it, without frames of ours that lie between those of the program.

    Those at its end stay, unless the exception is one that we raise for the program, or says what cannot be pickled: it
    says all.
    """
    import traceback  # Not at the top: it takes as long as all else here, and is rarely needed.

    whole = traceback.TracebackException.from_exception(error)
    waiting, seen = [whole], set()
    while waiting:
        part = waiting.pop()
        if part is not None and id(part) not in seen:
            seen.add(id(part))
            part.stack[:] = _shown(part.stack, part.exc_type)
            waiting += [part.__cause__, part.__context__]
    return "".join(whole.format())


def _shown(frames, kind):
    is_hidden = [is_ours(frame.filename) or frame.filename == contextlib.__file__ for frame in frames]
    last = max((index for index, hidden in enumerate(is_hidden) if not hidden), default=-1)
    is_pickling = bool(frames) and frames[-1].filename in _PICKLING
    if is_pickling or issubclass(kind, SyntaxError) or kind.__module__.startswith(("millrace.", "pyspark.")):
        last = len(frames)
    return [frame for index, frame in enumerate(frames) if index > last or not is_hidden[index]]
