"""Event loops of `asyncio` on stage: they wait in virtual time, and in real time for threads and sockets."""

import contextlib
import math
import sys
import threading


class Loops:
    """The event loops of the program, from when `asyncio` is there."""

    def __init__(self, stage, replaced):
        self._stage = stage
        self._replaced = replaced
        self._undo = contextlib.ExitStack()
        self._is_followed = False
        self._in_threads = set()

    def __enter__(self):
        self.follow()
        return self

    def __exit__(self, *raised):
        self._undo.close()

    def follow(self):
        """Has loops wait in virtual time, if the program has imported `asyncio`: not imported here, as that takes long."""
        events = sys.modules.get("asyncio.base_events")
        if self._is_followed or events is None:
            return
        self._is_followed = True
        loop_class = events.BaseEventLoop
        real_step, real_in_executor = loop_class._run_once, loop_class.run_in_executor

        def run_once(loop):
            if threading.get_ident() == self._stage.thread and not (loop._ready or loop._stopping):
                self._wait(loop)
            real_step(loop)

        def run_in_executor(loop, executor, func, *args):
            future = real_in_executor(loop, executor, func, *args)
            self._in_threads.add(future)
            future.add_done_callback(self._in_threads.discard)
            return future

        methods = {"_run_once": run_once, "run_in_executor": run_in_executor}
        self._undo.enter_context(self._replaced(loop_class, methods))

    def _wait(self, loop):
        """Waits for what the loop waits for: nothing is left to do at this time."""
        due = min((timer._when for timer in loop._scheduled if not timer._cancelled), default=None)
        seconds = None if due is None else due - loop.time()
        if seconds is not None and seconds <= 0:
            return
        if self._is_real(loop, seconds):
            loop._process_events(loop._selector.select(seconds))
        else:
            loop._process_events(loop._selector.select(0))
        if loop._ready:
            return
        # Rounded first, as a difference of two times is seldom a whole number of milliseconds.
        millis = None if seconds is None else math.ceil(round(seconds * 1000, 6))
        with _outside(loop):
            if self._stage.is_playing():
                self._stage.wait(lambda: loop._ready or loop._stopping, millis)
            elif millis is not None:
                self._stage.sleep(millis)

    def _is_real(self, loop, seconds):
        """True if a thread or a socket may have something for the loop."""
        has_sockets = len(loop._selector.get_map()) > 1  # One wakes the loop itself.
        has_threads = any(future.get_loop() is loop for future in self._in_threads)
        # A thread of that name waits for the end of a process.
        has_processes = any("waitpid" in thread.name for thread in threading.enumerate())
        is_called = seconds is None and threading.active_count() > 1
        return has_sockets or has_threads or has_processes or is_called


@contextlib.contextmanager
def _outside(loop):
    """While this is entered, the loop does not run: a function of a batch may have one of its own, as in Spark's thread."""
    events = sys.modules["asyncio.events"]
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(loop)
