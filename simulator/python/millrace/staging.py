"""The stage of a program: the virtual world in which it runs, from its first line to its end."""

import contextlib
import datetime
import math
import random
import sys
import threading

from millrace import clock, finder, ship, trace
from millrace._millrace import World
from millrace.errors import LimitReached, NotInMillrace, UsageError
from millrace.lives import Crashed, Life
from millrace.py4j.protocol import strictly
from millrace.record import Nothing

#: How often a program may sleep after the end of its timeline.
_SLEEPS_MAX = 10_000

_current = None


def current():
    """The stage that a program is on."""
    if _current is None:
        raise RuntimeError(
            "no timeline: run the program by `python -m millrace run`, in the pytest fixture `millrace`, "
            "or within `with millrace.stage(timeline):`"
        )
    return _current


def now_ms():
    """The virtual time, or `None` where no program is on stage, and in other threads than its own."""
    is_there = _current is not None and threading.get_ident() == _current.thread
    return _current.now_ms() if is_there else None


def has_crashed():
    """True if a fault of the timeline has ended the process of the program that is on stage."""
    return _current is not None and _current.life.has_crashed


class Stage:
    """A timeline, its virtual time, and the programs that see it."""

    def __init__(self, timeline, strict=False, observer=None, events=None, life=None):
        self.thread = threading.get_ident()
        self.life = life or Life()
        self._world = World(timeline, self.life.first_fault, self.life.is_again)
        self.start_ms = self._world.now()
        self.cores = timeline.cores
        self.shuffle_partitions = timeline.shuffle_partitions
        #: Records what the program shows and saves.
        self.observer = observer or Nothing()
        self._strict = strict
        self._events = events
        self._timeline = timeline
        self._output = sys.stdout
        #: The checkpoint folder of the last program, and whether that has a queue.
        self._folder = None
        self._has_queue = False
        #: The queries with a checkpoint, by its folder.
        self._checkpoints = {}
        #: The listener of the last program.
        self._listener = None
        self._intervals = []
        self._sleeps_left = _SLEEPS_MAX
        self._sources = set()
        self._waiting = {}
        self._at_end = []
        self._notes = set()
        #: The queries that were started, or were to be.
        self._queries = []

    @property
    def world(self):
        """The engine's world, for the thread of the program alone."""
        self.check_thread()
        if self.life.has_crashed:
            raise Crashed
        return self._world

    def _run(self, until, program=None):
        """Plays the world; a fault may end the process meanwhile."""
        world = self.world
        try:
            return world.run(until, program)
        finally:
            self._check_crash()

    # Time

    def now_ms(self):
        return self.world.now()

    def end_ms(self):
        """The last instant that is played: the timeline's stop, or the first batch at or after its last entry."""
        if self._timeline.stop_ms is not None:
            return self._timeline.stop_ms
        end = max(self._timeline.last_ms, self.start_ms + 1)
        return max((-(-end // interval) * interval for interval in self._intervals), default=end)

    def sleep(self, millis):
        """Lets virtual time pass; batches that are due run meanwhile."""
        until = self.now_ms() + millis
        end = self.end_ms()
        if until > end:
            self._sleeps_left -= 1
        if self._sleeps_left < 0 or until - self.start_ms > self._timeline.time_max_ms:
            raise LimitReached(
                "the program sleeps on and on after the end of its timeline: let it end when "
                "awaitTerminationOrTimeout returns true"
            )
        self._run(min(until, max(end, self.now_ms())))
        if until > end:
            self._end_programs()
            self._run(until)

    def is_playing(self):
        """True once a program has been started."""
        return bool(self._intervals)

    def wait(self, is_over, millis=None):
        """Lets virtual time pass until `is_over`, or for so long; batches that are due run meanwhile."""
        until = math.inf if millis is None else self.now_ms() + millis
        while not is_over() and self.now_ms() < until:
            if millis is None and self.now_ms() >= self.end_ms():
                self._end_programs()
                raise LimitReached("the program waits for an event, which nothing sets before its timeline ends")
            batch = min(self.now_ms() // interval * interval + interval for interval in self._intervals)
            self.sleep(min(batch, until) - self.now_ms())
        return is_over()

    # Programs

    def names(self, source):
        """Notes the name of a source."""
        self._sources.add(source)

    def note(self, text):
        """Says something about the program on standard error, once."""
        if text not in self._notes:
            self._notes.add(text)
            if self._events is not None:
                self._events.note(text)
            print(f"note: {text}", file=sys.stderr)

    def is_written(self, context, place):
        """Notes that a program is written down, and where; it may never be started."""
        self.check_thread()
        self._waiting[id(context)] = place

    def check_thread(self):
        if threading.get_ident() != self.thread:
            raise NotInMillrace(
                "a thread of the program calls Spark: only the main thread can, as virtual time is its own"
            )

    def start(self, context, listener=None, folder=None, goes_on=False, has_queue=False):
        """Starts a program. `listener` is called with each of its events, as it happens.

        One with checkpoints has a `folder` of them, and may go on from that.
        """
        self.check_thread()
        if self._timeline.faults() and self._queries:
            raise NotInMillrace(
                "a timeline with faults of the driver, and a program with streams and queries: leave one of them out"
            )
        interval = context.interval()
        self._check_length()
        self._check_batches(interval)
        self._listener = listener
        if self._events is not None:
            listener = self._events.following(listener)
        self._folder, self._has_queue = folder, has_queue
        files, earlier = (None, None) if folder is None or has_queue else self.life.begin(folder, goes_on)
        program = self.world.start(context, listener, self._say_of_driver, files, earlier)
        self._check_crash()
        self._waiting.clear()
        self._intervals.append(interval)
        return program

    def streams(self):
        """The names of the sources that take lines of the timeline."""
        return self._timeline.streams()

    def has_lines_for(self, source):
        return self._timeline.has_lines_for(source)

    def lines_for(self, source):
        """The lines of each entry of the timeline for a source, whatever its time."""
        entries = self._timeline.lines_until(self._timeline.last_ms)
        return [lines for _, stream, lines in entries if stream in (None, source)]

    def add_query(self, query):
        """Knows one more query. Returns its number."""
        self._queries.append(query)
        return len(self._queries) - 1

    def start_query(self, writer, session, ids, interval, write, listener, zone=None, new_files=None, folder=None):
        """Starts a query, whose tables are given to `write`, with times in this zone, or else in the timeline's.

        `listener` is called with what else happens to it, and `new_files` with each folder that it reads: it returns the
        files that were not there before. One with a checkpoint has it in a `folder`, and goes on from it. Returns its number,
        and its id.
        """
        self.check_thread()
        self._check_length()
        if interval > 1:  # A query without a trigger has as many batches as there are lines.
            self._check_batches(interval)
        checkpoint = say = None
        if folder is not None:
            if folder in self._checkpoints:
                self._keep_query(folder)
            else:
                say = self._say_of_driver
            files, earlier = self.life.begin(folder, True)
            checkpoint = {"folder": folder, "files": files, "earlier": earlier}
        query = {
            "id": ids[0],
            "run_id": ids[1],
            "zone": zone or self._timeline.zone,
            "print": write,
            "listener": listener,
            "driver_listener": say,
            "new_files": new_files or (lambda folder: []),
            "checkpoint": checkpoint,
        }
        with _reading(folder):
            program, id = self.world.start_query(writer, session, query)
        if folder is not None:
            self._checkpoints[folder] = program
        self._waiting.clear()
        self._intervals.append(interval)
        return program, id

    def query_at(self, folder):
        """The number of the last query with a checkpoint in this folder; `None` if there was none."""
        return self._checkpoints.get(folder)

    def _check_length(self):
        length = self.end_ms() - self.start_ms
        if length > self._timeline.time_max_ms:
            raise LimitReached(
                f"the timeline goes on for {length // 1000} s of virtual time: is a time of it mistaken?"
            )

    def _check_batches(self, interval):
        batches, limit = -((self.now_ms() - self.end_ms()) // interval), self._timeline.batches_max
        if batches > limit:
            raise LimitReached(
                f"the program would have {batches} batches until its timeline ends, and the limit is {limit}: [limits] "
                "batches of the timeline"
            )

    def await_program(self, program, timeout_ms):
        """Plays until the program stops, fails, or the time or the timeline is over. Returns true if it has stopped."""
        self.check_thread()
        end = self.end_ms()
        until = end if timeout_ms is None else self.now_ms() + timeout_ms
        if program is None:
            # As in Spark, one that is never started is awaited in vain.
            self.sleep(max(0, until - self.now_ms()))
            return False
        with self.failures("o1.awaitTermination"):
            if self._run(min(until, end), program):
                return True
        if until < end:
            return False
        self.stop(program, False)
        return self._run(end, program)

    def await_queries(self, programs, timeout=None):
        """Plays until one of some queries stops, or the time, in seconds, or the timeline is over. Returns true if one
        has stopped."""
        self.check_thread()
        end = self.end_ms()
        until = end if timeout is None else self.now_ms() + int(timeout * 1000)
        try:
            if self.world.run_any(min(until, max(end, self.now_ms())), programs):
                return True
        finally:
            self._check_crash()
        if until < end:
            return False
        for program in programs:
            self.stop(program, False)
        return bool(programs)

    def play_arrived(self, program, interval):
        """Plays until a query has had what has arrived: with a trigger of this interval, until that fires."""
        self.check_thread()
        until = self.now_ms() if interval <= 1 else -(-(self.now_ms() + 1) // interval) * interval
        self.await_queries([program], (until - self.now_ms()) / 1000)

    def stop(self, program, gracefully):
        self.world.stop(program, gracefully)
        if gracefully:
            # The batch of what has come, and the two in which the timer comes to rest.
            world = self.world
            try:
                world.finish(self.now_ms() + 3 * max(self._intervals), program)
            finally:
                self._check_crash()

    @contextlib.contextmanager
    def failures(self, call):
        """Raises failures of what runs within as they are, or where the stage is strict as PySpark's `call` does."""
        try:
            yield
        except SystemExit as error:
            # A function that a batch calls ends the batch by it, and not the program.
            failure = RuntimeError(f"a function of a batch calls sys.exit({error.code!r})")
            failure.__traceback__ = error.__traceback__
            raise (strictly(call, failure) if self._strict else failure) from None
        except Exception as error:
            if not self._strict or isinstance(error, NotInMillrace):
                raise
            raise strictly(call, error) from None

    def _end_programs(self):
        for program in range(len(self._intervals)):
            self.world.stop(program, False)

    # Checkpoints, and faults of the driver

    def goes_on(self, folder):
        """True if a program goes on from a checkpoint folder (`StreamingContext.getOrCreate`)."""
        self.check_thread()
        self._keep_files()
        with self.failures("o1.tryRecoverFromCheckpoint"), _reading(folder):
            return self.life.goes_on(folder)

    def begin_program(self):
        """Ends what is there of the last program, before the streams of another one are made."""
        self.check_thread()
        self._keep_files()
        self._folder, self.life.taken = None, {}

    def _keep_files(self):
        if self._folder is None:
            return
        files = self._world.files()
        if files is not None or self._has_queue:
            lines = self._timeline.lines_until(self._world.now())
            self.life.keep(self._folder, files or {}, lines, self._has_queue)

    def _keep_query(self, folder):
        """Keeps what the last query with a checkpoint in this folder has left there."""
        files = self._world.files_of_query(self._checkpoints[folder])
        self.life.keep(folder, files, self._timeline.lines_until(self._world.now()))

    def _say_of_driver(self, now, remark, kind, fields={}):
        if self._events is None:
            print(f"-- {remark}", file=self._output)
        else:
            self._events.event(now, kind, **fields)
        if kind == "driver_recovered" and self._listener is not None:
            self._listener(now, "started", now, 0, None)

    def _check_crash(self):
        if self._world.has_crashed() and not self.life.has_crashed:
            self._say_of_driver(self._world.now(), "driver crashed", "driver_crashed")
            self._output.flush()
            self._leave()
            self.life.crash()

    def _leave(self):
        """Leaves to the next process of the program what outlives this one."""
        self._keep_files()
        for folder in self._checkpoints:
            self._keep_query(folder)
        self.life.end(self._timeline.faults() - self._world.faults_left())

    # Its end

    def at_end(self, action):
        self._at_end.append(action)

    def close(self):
        for action in reversed(self._at_end):
            action()
        if self.life.has_crashed:
            return
        self._note_failures()
        batch = self._world.crash_to_come()
        if batch is not None:
            self.note(f"no batch has ended {batch - self._timeline.start_ms} ms after the start: the crash in it has not come")
        file = self._world.file_to_come()
        if file is not None:
            self.note(f"no query has written the file {file} of its checkpoint: the crash at it has not come")
        restart = self._world.restart_in_vain()
        if restart is not None:
            self.note(f"the restart {restart - self._timeline.start_ms} ms after the start has none to restart: the program runs")
        self._leave()
        unknown = self._timeline.streams() - self._sources
        if self._sources and unknown:
            known = ", ".join(sorted(self._sources))
            self.note(f"nothing reads {', '.join(sorted(unknown))}: the sources of the program are {known}")

    def _note_failures(self):
        """Says how batches have failed that the program has not waited for. Spark's log does."""
        if isinstance(sys.exception(), KeyboardInterrupt):
            return  # What is left of its batch is not run.
        for program in range(len(self._intervals)):
            try:
                self._world.run(self.now_ms(), program)
            except NotInMillrace:
                pass  # The program's run raises it.
            except Exception as error:
                text = trace.text(error).rstrip()
                self.note(f"a batch has failed, which awaitTermination would have raised:\n{text}")
        for query in self._queries:
            if failure := query.untold():
                self.note(f"a query has failed, which awaitTermination would have raised:\n{failure}")

    def note_rest(self):
        """Says what of the timeline has not been played by a program that has come to its end."""
        left = self._timeline.count_after(self.now_ms())
        if not self._intervals:
            places = ", ".join(self._waiting.values())
            made = f"The StreamingContext of {places} has not been started." if places else "It has made no stream."
            self.note(f"the program has ended, and nothing was played. {made}")
        elif left:
            after = datetime.timedelta(milliseconds=self.now_ms() - self.start_ms)
            total = len(self._timeline)
            self.note(f"the program has ended after {after}, before {left} of the {total} entries of its timeline")


@contextlib.contextmanager
def _reading(folder):
    """Says which checkpoint it is that cannot be read within."""
    try:
        yield
    except ValueError as error:
        raise RuntimeError(f"Failed to read checkpoint from directory {folder}: {error}") from None


@contextlib.contextmanager
def stage(timeline, strict=False, observer=None, checker=None, events=None, life=None):
    """Puts what runs within on a stage: `pyspark` is Millrace's, and time is virtual.

    A failure of a job is the exception that the program's function has raised; where it is `strict`, it is a
    `Py4JJavaError` about it, as PySpark raises. The `observer` records what is shown, the `checker` sees what
    Spark would pickle, and `events` writes what happens.
    """
    global _current
    if timeline.faults() and life is None:
        raise UsageError("a timeline with faults runs a program again, from its file: give it to `run`")
    if _current is not None:
        raise RuntimeError("a program is on stage already: stages do not nest")
    opened = Stage(timeline, strict, observer, events, life)
    NotInMillrace.raised.clear()
    drawn = random.getstate()
    # The same draws in each run, where Spark's workers draw others each time.
    random.seed(0)
    with finder.installed(), clock.virtual(opened, timeline.zone):
        _current, ship.checker = opened, checker
        try:
            yield opened
        finally:
            try:
                opened.close()
            finally:
                _current, ship.checker = None, None
                random.setstate(drawn)
