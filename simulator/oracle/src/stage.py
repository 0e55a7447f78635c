"""The stage on which a program plays: a clock that moves while the program waits, and streams by a timeline.

`set_up` replaces the few methods of PySpark that touch time or the world. All else is Spark's own.
"""

import contextlib
import functools
import glob
import os
import re
import sys
import threading
import time
from unittest import mock

import queries
from replay import java_list, wait_until


class World:
    """The world outside of a program, by time in milliseconds."""

    def __init__(self, timeline):
        self.now = timeline["start_ms"]
        self.stop = timeline["stop_ms"]
        self.entries = timeline["entries"]
        self.machine = None
        self.queries = queries.Queries(self, local)
        self.folders = []
        self.asked_for = set()
        self.number_of_blocks = 0

    def unread(self):
        """The streams that have lines, and which the program has not asked for."""
        named = [entry["stream"] for entry in self.entries if entry.get("stream") is not None]
        return sorted(set(named) - self.asked_for)

    def blocks(self, stream, after, until):
        """The partitions of a batch: each entry of this stream is cut into as many pieces as it says."""
        mine = [entry for entry in self.entries if after < entry["at_ms"] <= until]
        mine = [entry for entry in mine if entry.get("stream") in (None, stream)]
        return [block for entry in mine for block in cut(entry["lines"], entry.get("partitions", 1))]

    def advance(self, until):
        """Lets batch after batch come, each when the one before has ended. False once the context has stopped."""
        until = min(until, self.stop)
        while self.is_playing() and self.machine.next <= until:
            self.now = self.machine.next
            self.write_files()
            self.machine.tick()
        self.now = max(self.now, until)
        return self.is_playing()

    def is_playing(self):
        return self.machine is not None and not self.machine.has_stopped()

    def has_ended(self):
        return self.now >= self.stop

    def write_files(self):
        """The files that came into the folders that are watched, with the time at which they came."""
        for stream, folder, written in self.folders:
            for index, entry in enumerate(self.entries):
                is_mine = entry.get("stream") in (None, stream)
                if is_mine and index not in written and entry["at_ms"] <= self.now:
                    written.add(index)
                    write_file(folder, f"{entry['at_ms']}-{index}.txt", entry)


def cut(lines, count):
    """Contiguous pieces, of which none is empty."""
    bounds = [index * len(lines) // count for index in range(count + 1)]
    return [lines[start:end] for start, end in zip(bounds, bounds[1:]) if start < end]


def write_file(folder, name, entry):
    hidden = os.path.join(folder, f".{name}")
    with open(hidden, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in entry["lines"])
    os.utime(hidden, (entry["at_ms"] / 1_000, entry["at_ms"] / 1_000))
    os.rename(hidden, os.path.join(folder, name))


class Machine:
    """A streaming context that is started, with its clock in hand."""

    def __init__(self, ssc, now):
        self.ssc = ssc
        java = ssc._jssc.ssc()
        self.scheduler = java.scheduler()
        self.bus = ssc._jssc.sparkContext().sc().listenerBus()
        self.clock = self.scheduler.clock()
        self.interval = java.graph().batchDuration().milliseconds()
        self.start = now
        self.end = None
        # Batch times are multiples of the interval, and the first comes after the start.
        self.next = (now // self.interval + 1) * self.interval
        generator = field(self.scheduler, "jobGenerator")()
        timer = field(generator, "timer")()
        self.previous = field(timer, "prevTime")
        self.timer_is_stopped = field(timer, "stopped")
        events = field(generator, "eventLoop")()
        self.queue = field(events, "eventQueue")()
        self.thread = field(events, "eventThread")()

    def tick(self):
        """Plays the next batch to its end, or raises the error that ended it."""
        batch = self.next
        self.next += self.interval
        self.clock.setTime(batch)
        wait_until(lambda: self.has_ended(batch), f"batch {batch}")

    def has_ended(self, batch):
        if self.ssc._jssc.awaitTerminationOrTimeout(0):
            return True
        if self.previous() < batch or not self.is_idle():
            return False
        # A batch without jobs is never pending, and the end of one is an event as well.
        if not self.scheduler.getPendingTimes().isEmpty() or not self.is_idle():
            return False
        self.bus.waitUntilEmpty(120_000)
        return True

    def is_idle(self):
        """True if all events are handled: then the thread that generates jobs waits for the next."""
        if not self.queue.isEmpty() or self.thread.getState().toString() != "WAITING":
            return False
        calls = self.thread.getStackTrace()
        return any("BlockingDeque" in call.getClassName() for call in calls[:8])

    def span(self, batch):
        """The time of a batch, after the first instant and up to the last: from the start until receivers stop."""
        first = batch - self.interval
        after = self.start - 1 if first <= self.start else first
        return after, batch if self.end is None else min(batch, self.end)

    def rest(self):
        """Lets the timer come to rest, as in a stop that is graceful: it fires twice more once its stop is asked for."""
        wait_until(self.timer_is_stopped, "the stop of the timer")
        for _ in range(2):
            world.now = self.next
            # The error of a batch waits for `awaitTermination`.
            with contextlib.suppress(Exception):
                self.tick()

    def report(self, batch, stream_id, count):
        """Gives listeners the number of records of a batch."""
        jvm = self.ssc._jvm
        nothing = jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(jvm.java.util.HashMap())
        info = jvm.org.apache.spark.streaming.scheduler.StreamInputInfo(stream_id, count, nothing)
        self.scheduler.inputInfoTracker().reportInfo(jvm.Time(batch), info)

    def has_stopped(self):
        return self.ssc._jssc.getState().toString() == "STOPPED"


def field(java_object, name):
    """Reads a private field of an object."""
    return functools.partial(declared(java_object.getClass(), name).get, java_object)


def declared(java_class, name):
    """A private field, to whose name Scala may have added that of its class."""
    of = java_class
    while of is not None:
        for found in of.getDeclaredFields():
            if found.getName().split("$$")[-1] == name:
                found.setAccessible(True)
                return found
        of = of.getSuperclass()
    raise AttributeError(f"{java_class.getName()} has no field {name}")


# Functions of streams are pickled when Spark checkpoints a program, and find the world here.
world = None


def batch_of(stream, stream_id, when, _):
    """The lines of a stream in the batch of this time."""
    from pyspark import RDD, SparkContext
    from pyspark.serializers import UTF8Deserializer

    batch = round(when.timestamp() * 1_000)
    blocks = world.blocks(stream, *world.machine.span(batch))
    world.machine.report(batch, stream_id, sum(map(len, blocks)))
    sc = SparkContext._active_spark_context
    return RDD(rdd_of_blocks(sc, stream_id, blocks), sc, UTF8Deserializer())


def rdd_of_blocks(sc, stream_id, blocks):
    """The RDD that a receiver's stream has. Unlike one of a list it knows where its blocks are, as `coalesce` asks."""
    jvm = sc._jvm
    storage = jvm.org.apache.spark.storage
    manager = block_manager(sc)
    any_type = sc._jsc.emptyRDD().classTag()
    ids = sc._gateway.new_array(storage.BlockId, len(blocks))
    for index, block in enumerate(blocks):
        ids[index] = storage.StreamBlockId(stream_id, world.number_of_blocks)
        world.number_of_blocks += 1
        lines = jvm.org.apache.spark.api.python.PythonUtils.toSeq(java_list(jvm, block)).iterator()
        manager.putIterator(ids[index], lines, storage.StorageLevel.MEMORY_AND_DISK(), True, any_type)
    rdd = jvm.org.apache.spark.rdd.BlockRDD(sc._jsc.sc(), ids, any_type)
    return jvm.org.apache.spark.api.java.JavaRDD(rdd, any_type)


def block_manager(sc):
    """Read as a field: to call a method, py4j looks at all, and those of this class in Spark 4 need others that are not
    there."""
    of = sc._jvm.java.lang.Class.forName("org.apache.spark.SparkEnv")
    return declared(of, "blockManager").get(sc._jsc.sc().env())


def stream_of(ssc, name):
    """A stream that has the lines of the timeline, as text that the JVM holds, which is what a socket gives."""
    from pyspark.serializers import NoOpSerializer, UTF8Deserializer
    from pyspark.streaming.dstream import DStream
    from pyspark.streaming.util import TransformFunction

    world.asked_for.add(name)
    jvm, sc = ssc._jvm, ssc._sc
    streaming = jvm.org.apache.spark.streaming
    any_type = sc._jsc.emptyRDD().classTag()
    nothing = streaming.dstream.ConstantInputDStream(ssc._jssc.ssc(), sc._jsc.emptyRDD().rdd(), any_type)
    lines = TransformFunction(sc, functools.partial(batch_of, name, nothing.id()), NoOpSerializer())
    bytes_of_lines = jvm.PythonTransformedDStream(nothing, lines)
    # A stream made by Python is one of bytes: windows over it could not hold text.
    identity = getattr(jvm.scala.Predef, "$conforms")()
    texts = streaming.dstream.MappedDStream(bytes_of_lines, identity, any_type, any_type)
    return DStream(streaming.api.java.JavaDStream(texts, any_type), ssc, UTF8Deserializer())


def local(path):
    """A path within the folder in which the program runs, whatever file system it names."""
    path = path.split("://", 1)[-1].removeprefix("file:")
    return os.path.normpath(path.lstrip("/")) if os.path.isabs(path) else path


def set_up(timeline):
    """Replaces all that touches time or the world, until the result is closed."""
    from contextlib import ExitStack

    from pyspark import RDD, SparkContext
    from pyspark.streaming import StreamingContext

    global world
    world = World(timeline)
    patches = ExitStack()

    def replace(owner, name, make):
        original = getattr(owner, name)
        patches.enter_context(mock.patch.object(owner, name, make(original)))

    for name in ("__init__", "start", "stop", "awaitTermination", "awaitTerminationOrTimeout"):
        replace(StreamingContext, name, globals()[f"context_{name.strip('_')}"])
    replace(StreamingContext, "socketTextStream", lambda _: socket_text_stream)
    replace(StreamingContext, "textFileStream", context_text_file_stream)
    replace(StreamingContext, "checkpoint", of_local_path)
    replace(SparkContext, "setCheckpointDir", of_local_path)
    replace(StreamingContext, "getOrCreate", class_method_of_local_path)
    replace(time, "sleep", sleep)
    replace(threading.Event, "wait", event_wait)
    if timeline.get("shows_saved"):
        replace(RDD, "saveAsTextFile", rdd_save_as_text_file)
    queries.set_up(world.queries, replace)
    return patches


def rdd_save_as_text_file(original):
    """Shows what is saved below the folder of the program as Millrace's text of a scenario has it."""

    def saveAsTextFile(self, path, compressionCodecClass=None):
        original(self, path, compressionCodecClass)
        name = os.path.relpath(re.sub("^file:(//)?", "", path))
        if name.partition(os.sep)[0] == os.pardir:
            return
        rule = "-------------------------------------------"
        print(f"{rule}\nSaved: {name}\n{rule}")
        for part in sorted(glob.glob(os.path.join(glob.escape(name), "part-*"))):
            with open(part, encoding="utf-8", newline="\n") as file:
                print(file.read(), end="")
        print()

    return saveAsTextFile


def context_init(original):
    def __init__(self, sparkContext, batchDuration=None, jssc=None):
        if jssc is not None:
            raise NotImplementedError("a program that goes on from a checkpoint is not played: use another folder")
        original(self, sparkContext, batchDuration)
        self._jssc.ssc().scheduler().clock().setTime(world.now)

    return __init__


def context_start(original):
    def start(self):
        self._jssc.ssc().scheduler().clock().setTime(world.now)
        original(self)
        world.machine = Machine(self, world.now)

    return start


def context_stop(original):
    def stop(self, stopSparkContext=True, stopGraceFully=False):
        machine = world.machine
        if not stopGraceFully or not world.is_playing() or machine.ssc is not self:
            return original(self, stopSparkContext, stopGraceFully)
        machine.end = world.now
        stopping = threading.Thread(target=original, args=(self, False, True), daemon=True)
        stopping.start()
        machine.rest()
        stopping.join()
        return original(self, stopSparkContext, stopGraceFully)

    return stop


def context_awaitTermination(original):
    def awaitTermination(self, timeout=None):
        if world.machine is None:
            return original(self, timeout)
        self.awaitTerminationOrTimeout((world.stop - world.now) / 1_000 if timeout is None else timeout)

    return awaitTermination


def context_awaitTerminationOrTimeout(_):
    def awaitTerminationOrTimeout(self, timeout):
        """At the end of the timeline the context is stopped, as from outside."""
        world.advance(world.now + round(timeout * 1_000))
        if world.is_playing() and world.has_ended():
            self.stop(stopSparkContext=False)
        # Raises the error that ended it.
        return self._jssc.awaitTerminationOrTimeout(0)

    return awaitTerminationOrTimeout


def socket_text_stream(self, hostname, port, storageLevel=None):
    return stream_of(self, f"{hostname}:{port}")


def context_text_file_stream(original):
    def textFileStream(self, directory):
        folder = os.path.abspath(local(directory))
        os.makedirs(folder, exist_ok=True)
        world.asked_for.add(directory)
        world.folders.append((directory, folder, set()))
        return original(self, local(directory))

    return textFileStream


def of_local_path(original):
    def with_local_path(self, path):
        return original(self, local(path))

    return with_local_path


def class_method_of_local_path(original):
    def getOrCreate(cls, checkpointPath, setupFunc):
        return original(local(checkpointPath), setupFunc)

    return classmethod(getOrCreate)


def is_program():
    """True if the caller of the caller is the program itself, and no library or thread of it."""
    caller = sys._getframe(2).f_globals.get("__name__")
    return caller == "__main__" and threading.current_thread() is threading.main_thread()


def event_wait(original):
    def wait(self, timeout=None):
        """Batch after batch comes, until one of them sets the event."""
        if not is_program() or not world.is_playing():
            return original(self, timeout)
        until = world.stop if timeout is None else world.now + round(timeout * 1_000)
        while not self.is_set() and world.now < min(until, world.stop):
            world.advance(min(world.machine.next, until))
        if timeout is None and not self.is_set():
            raise KeyboardInterrupt("the timeline has ended")
        return self.is_set()

    return wait


def sleep(original):
    def virtual_sleep(seconds):
        """The program's own sleep is time in which batches come; that of a library is not."""
        if not is_program():
            original(seconds)
        elif world.is_playing():
            world.advance(world.now + round(seconds * 1_000))
        elif world.queries.started:
            world.queries.advance(world.now + round(seconds * 1_000))

    return virtual_sleep
