"""Virtual time for the program on stage: `time` and `datetime` follow the world's clock.

Other threads than that of the program see the real clock: theirs is no place in the timeline. So does what
is written in C and asks the system itself, such as a database driver.
"""

import contextlib
import ctypes
import datetime
import functools
import gc
import math
import os
import queue  # noqa: F401  It keeps the real clock if it is imported before: its waits are real.
import sys
import threading
import time as _time

from millrace.loops import Loops


@contextlib.contextmanager
def virtual(stage, zone):
    """While this is entered, time is that of the stage, and the zone is `zone`."""

    real_time, real_monotonic, real_sleep = _time.time, _time.monotonic, _time.sleep
    real_wait, real_info = threading.Event.wait, _time.get_clock_info

    def is_other_thread():
        return threading.get_ident() != stage.thread

    # `today` asks `time.time` by itself.
    def now(cls, tz=None):
        return cls.fromtimestamp(seconds(), tz)

    def utcnow(cls):
        return cls.fromtimestamp(seconds(), datetime.timezone.utc).replace(tzinfo=None)

    def seconds():
        return real_time() if is_other_thread() else stage.now_ms() / 1000.0

    def nanoseconds():
        return round(seconds() * 1_000) * 1_000_000

    def since_start():
        return real_monotonic() if is_other_thread() else (stage.now_ms() - stage.start_ms) / 1000.0

    def nanoseconds_since_start():
        return round(since_start() * 1_000) * 1_000_000

    def sleep(seconds):
        if is_other_thread():
            return real_sleep(seconds)
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        # At least a millisecond, so that a loop of short sleeps gets somewhere.
        stage.sleep(math.ceil(seconds * 1000))

    def wait(event, timeout=None):
        # A thread that begins or ends is waited for in real time.
        is_program = not is_other_thread() and sys._getframe(1).f_globals is not vars(threading)
        if is_program and stage.is_playing():
            return stage.wait(event.is_set, None if timeout is None else math.ceil(timeout * 1000))
        return real_wait(event, timeout)

    loops = Loops(stage, _replaced)

    def clock_info(name):
        loops.follow()  # A loop asks for it when it is made.
        return real_info(name)

    in_time = {
        "time": seconds,
        "time_ns": nanoseconds,
        "monotonic": since_start,
        "monotonic_ns": nanoseconds_since_start,
        "perf_counter": since_start,
        "perf_counter_ns": nanoseconds_since_start,
        "sleep": sleep,
        "get_clock_info": clock_info,
        "localtime": _defaulting(_time.localtime, seconds),
        "gmtime": _defaulting(_time.gmtime, seconds),
        "ctime": _defaulting(_time.ctime, seconds),
        "strftime": _strftime(_time.strftime),
    }
    with (
        _zone(zone),
        # Not as functions, which would be methods where a class has one, as `logging.Formatter` has `localtime`.
        _replaced(_time, {name: functools.partial(function) for name, function in in_time.items()}),
        _methods(datetime.datetime, {"now": classmethod(now), "utcnow": classmethod(utcnow)}),
        _replaced(threading.Event, {"wait": wait}),
        loops,
    ):
        yield


@contextlib.contextmanager
def _replaced(owner, names):
    """While this is entered, these names of a module or of a class are others."""
    before = {name: getattr(owner, name) for name in names}
    for name, value in names.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


@contextlib.contextmanager
def _methods(cls, methods):
    """While this is entered, a class that is written in C has other methods.

    It is the class itself that has them, as a program may have imported it before, pickles by it and asks for the type of
    its objects. Such a class refuses to be changed, but for its dictionary; of a change there Python has to be warned.
    """
    names = gc.get_referents(cls.__dict__)[0]
    before = {name: names[name] for name in methods}

    def set_to(values):
        names.update(values)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))

    set_to(methods)
    try:
        yield
    finally:
        set_to(before)


def _defaulting(function, seconds):
    """The function of a point in time, which is now if none is given."""

    def of(when=None):
        return function(seconds() if when is None else when)

    return of


def _strftime(function):
    def strftime(format, when=None):
        return function(format, _time.localtime() if when is None else when)

    return strftime


@contextlib.contextmanager
def _zone(zone):
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    _time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        _time.tzset()
