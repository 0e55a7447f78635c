"""`pyspark.streaming.StreamingContext`: a program of streams, from its first line to its end."""

import contextlib
import datetime
import io

from millrace import ship, staging, trace
from millrace._millrace import Context
from millrace.pyspark.context import SparkContext
from millrace.pyspark.errors import IllegalArgumentException
from millrace.pyspark.rdd import RDD
from millrace.pyspark.storagelevel import StorageLevel
from millrace.pyspark.streaming import events
from millrace.pyspark.streaming.dstream import DStream
from millrace.pyspark.streaming.files import NewFiles, lines_of_file, records_of_file
from millrace.refused import refuse, without


#: Received records are logged in the checkpoint folder, so that a crash does not lose them.
_LOG_RECORDS = "spark.streaming.receiver.writeAheadLog.enable"


class StreamingContext:
    _activeContext = None

    @without("StreamingContext", jssc="There is no JVM.")
    def __init__(self, sparkContext, batchDuration=None, jssc=None):
        assert batchDuration is not None
        if isinstance(batchDuration, str) or int(batchDuration * 1000) < 1:
            raise ValueError(f"batchDuration is a number of seconds, from 0.001 on, and not {batchDuration!r}")
        self._sc = sparkContext
        self._stage = staging.current()
        self._interval = int(batchDuration * 1000)
        self._context = Context(self._stage.world, sparkContext._cores, sparkContext.appName, self._interval)
        self._program = None
        self._is_stopped = False
        self._checkpoint_dir = None
        self._needs_checkpoint = False
        self._goes_on = False
        self._inputs = []
        self._outputs = []
        self._makers = []
        self._listeners = []
        self._place = trace.place()
        self._stage.is_written(self, self._place)
        self._stage.at_end(self._leave)

    # Where it comes from

    @classmethod
    def getOrCreate(cls, checkpointPath, setupFunc):
        if staging.current().goes_on(checkpointPath):
            # Spark has the program in the checkpoint and does not call this: nothing is printed, and a `SparkContext` that
            # is there is taken.
            with contextlib.redirect_stdout(io.StringIO()), SparkContext._taken_again():
                ssc = setupFunc()
            ssc._goes_on, ssc._listeners = True, []
        else:
            ssc = setupFunc()
        ssc.checkpoint(checkpointPath)
        return ssc

    @classmethod
    def getActive(cls):
        active = cls._activeContext
        if active is not None and active._has_stopped():
            cls._activeContext = None
        return cls._activeContext

    @classmethod
    def getActiveOrCreate(cls, checkpointPath, setupFunc):
        if not callable(setupFunc):
            raise TypeError("setupFunc should be callable.")
        active = cls.getActive()
        if active is not None:
            return active
        return setupFunc() if checkpointPath is None else cls.getOrCreate(checkpointPath, setupFunc)

    @property
    def sparkContext(self):
        return self._sc

    # Sources

    # Where blocks are kept, and how often, has no effect where no worker is lost.
    def socketTextStream(self, hostname, port, storageLevel=StorageLevel.MEMORY_AND_DISK_2):
        if not isinstance(port, int):
            raise TypeError(f"port is an integer, and not {port!r}, for which Spark has no method")
        if not 0 <= port <= 65535:
            raise IllegalArgumentException(f"port out of range:{port}")
        self._stage.names(f"{hostname}:{port}")
        return self._source(lambda: self._context.socket_stream(hostname, port), "receiver", "text")

    def textFileStream(self, directory):
        self._stage.names(directory)
        return self._files(directory, lines_of_file, lambda: self._context.kept_stream(directory), "text")

    def binaryRecordsStream(self, directory, recordLength):
        return self._files(directory, lambda path: records_of_file(path, recordLength), self._context.no_stream, "bytes")

    def _files(self, directory, rows_of, beside, serializer):
        """What is read of each file that comes into a folder, and what comes to a stream beside them."""

        def make():
            files = NewFiles(directory, self._stage.life)
            return beside().transform(lambda millis, batch: files.added_to(millis, batch, rows_of))

        return self._source(make, "files", serializer)

    def queueStream(self, rdds, oneAtATime=True, default=None):
        if default and not isinstance(default, RDD):
            default = self._sc.parallelize(default)
        if not rdds and default:
            rdds = [rdds]  # As PySpark has it: the first batch is one of no rows.
        if not rdds:
            raise IndexError("list index out of range")
        rdds = [rdd if isinstance(rdd, RDD) else self._sc.parallelize(rdd) for rdd in rdds]
        if not default:
            default = self._sc.parallelize([], 1)
        batches = [rdd._rdd for rdd in rdds]
        serializers = {rdd._serializer for rdd in rdds}
        serializer = serializers.pop() if len(serializers) == 1 else "rows"

        def make():
            return self._context.queue_stream(batches, bool(oneAtATime), default._rdd)

        return self._source(make, "queue", serializer)

    def _named(self, name, kind):
        """The stream of this name in the timeline."""
        self._stage.names(name)
        stream = self._context.kept_stream if kind == "direct" else self._context.named_stream
        return self._source(lambda: stream(name), kind, "text")

    def _source(self, make, kind, serializer):
        self._check_not_started()
        self._inputs.append(kind)
        return DStream(self, self._interval, make, serializer)

    # Several streams

    def union(self, *dstreams):
        if not dstreams:
            raise ValueError("should have at least one DStream to union")
        if len({stream._serializer for stream in dstreams}) > 1:
            raise ValueError("All DStreams should have same serializer")
        if len({stream._slideDuration for stream in dstreams}) > 1:
            raise ValueError("All DStreams should have same slide duration")
        first, *others = dstreams
        if not others:
            return first
        return self.transform(list(dstreams), lambda rdds: rdds[0].ctx.union(rdds))

    def transform(self, dstreams, transformFunc):
        # Batch by batch a list grows along the streams; the last one hands it to the function.
        first, *others = dstreams
        if not others:
            return first.transform(lambda rdd: transformFunc([rdd]))
        batches = []

        def begin(_, rdd):
            batches[:] = [rdd]
            return rdd

        def add(_, rdd, other):
            batches.append(other)
            return rdd

        def finish(_, rdd, other):
            add(None, rdd, other)
            return transformFunc(tuple(batches))

        stream = first.transform(begin)
        for other in others[:-1]:
            stream = stream.transformWith(add, other)
        return stream.transformWith(finish, others[-1])

    # Settings

    def checkpoint(self, directory):
        self._checkpoint_dir = directory
        self._sc.setCheckpointDir(directory)

    # Only slice would see that batches are remembered longer, and it is refused.
    def remember(self, duration):
        self._context.remember(int(duration * 1000))

    def addStreamingListener(self, streamingListener):
        self._listeners.append(streamingListener)

    # Its life

    def start(self):
        if self._program is not None and not self._is_stopped and not self._has_stopped():
            return
        self._check_state()
        if self._needs_checkpoint and self._sc.getCheckpointDir() is None:
            self._refuse(
                "o1.start",
                "requirement failed: The checkpoint directory has not been set. Please set it by "
                "StreamingContext.checkpoint().",
            )
        if "receiver" in self._inputs and self._sc._cores == 1:
            self._stage.note(
                f"{self._sc.master} has one core, which the receiver takes: Spark would never run a batch of this "
                "program. Set the master to local[2]."
            )
        # As jobs of batches have them, whatever the program sets later.
        self._properties = dict(self._sc._local_properties)
        self._stage.begin_program()
        for stream, function in self._outputs:
            stream._stream.foreach_rdd(self._doer(stream, function))
        # Spark writes checkpoints of a queue, and reads none.
        has_queue = "queue" in self._inputs
        if self._checkpoint_dir is not None:
            self._check_functions()
            if not has_queue:
                self._context.checkpoint()
                if self._sc._conf.get(_LOG_RECORDS, "").lower() == "true":
                    self._context.log_records()
        listener = events.listen(self._listeners, self._inputs)
        try:
            self._program = self._stage.start(
                self._context, listener, self._checkpoint_dir, self._goes_on, has_queue
            )
        except ValueError as error:
            text = str(error)
            if self._goes_on:
                with self._stage.failures("o1.start"):
                    raise RuntimeError(text) from None
            self._refuse("o1.start", f"requirement failed: {text[:1].upper()}{text[1:]}")
        StreamingContext._activeContext = self

    def awaitTermination(self, timeout=None):
        self._stage.await_program(self._program, _wait(timeout))

    def awaitTerminationOrTimeout(self, timeout):
        return self._stage.await_program(self._program, _wait(timeout))

    def stop(self, stopSparkContext=True, stopGraceFully=False):
        self._stage.check_thread()
        if self._program is not None:
            self._stage.stop(self._program, stopGraceFully)
        self._is_stopped = True
        self._leave()
        if stopSparkContext:
            self._sc.stop()

    def _refuse(self, call, text):
        """Raises what the JVM raises, as PySpark has it."""
        with self._stage.failures(call):
            raise IllegalArgumentException(text)

    def _check_not_started(self):
        if self._program is not None:
            self._refuse(
                "o1.foreachRDD",
                "Adding new inputs, transformations, and output operations after starting a context is not supported",
            )

    def _check_changeable(self, call, setting):
        if self._program is not None:
            with self._stage.failures(call):
                raise RuntimeError(f"Cannot change {setting} of a DStream after streaming context has started")

    def _check_state(self):
        """Refuses to start what has been stopped, or what would run beside another."""
        active = StreamingContext.getActive()
        with self._stage.failures("o1.start"):
            if self._is_stopped or self._has_stopped():
                raise RuntimeError("StreamingContext has already been stopped")
            if active is not None:
                raise RuntimeError(
                    "Only one StreamingContext may be started in this JVM. Currently running StreamingContext was "
                    f"made at {active._place}"
                )

    def _leave(self):
        if StreamingContext._activeContext is self:
            StreamingContext._activeContext = None

    def _has_stopped(self):
        return self._program is not None and self._stage.world.has_stopped(self._program)

    # Called by streams and by the engine

    def _add_output(self, stream, function):
        self._check_not_started()
        self._outputs.append((stream, function))

    def _check_functions(self):
        """Refuses functions that Spark could not write into the checkpoint: it pickles those of the program, too."""
        with self._stage.failures("o1.start"):
            for _, function in self._outputs:
                ship.ship(function)
            for function in self._makers:
                ship.ship(function)

    def _maker(self, stream, function):
        """A function of the program that makes the batches of a stream of batches, as the engine calls it."""
        self._makers.append(function)

        def make(millis, *batches):
            with self._sc._with_local_properties(self._properties):
                made = function(_time(millis), *(RDD(batch, self._sc) for batch in batches))
            if not made:
                stream._has_none = millis
                made = self._sc.emptyRDD()
            return made._rdd

        return make

    def _doer(self, stream, function):
        """A function of the program that does something with a batch, as the engine calls it."""

        def do(millis, batch):
            # One that is no RDD has no job.
            if millis != stream._has_none:
                with self._sc._with_local_properties(self._properties):
                    function(_time(millis), RDD(batch, self._sc))

        return do

    def _check_interval(self, stream, interval):
        if int(interval * 1000) % stream._slide != 0:
            self._refuse(
                "o1.checkpoint",
                "requirement failed: The checkpoint interval has to be a multiple of the slide of the stream",
            )

    def __getnewargs__(self):
        raise TypeError("cannot pickle 'StreamingContext' object")

    def _to_worker(self):
        SparkContext._to_worker(self._sc)


refuse(
    StreamingContext,
    {},
    {"_jssc": "There is no JVM.", "_jvm": "There is no JVM."},
)


def _wait(timeout):
    """The milliseconds to wait for; `None` of no bound, which a negative one is, too (`ContextWaiter`)."""
    return None if timeout is None or timeout < 0 else int(timeout * 1000)


def _time(millis):
    return datetime.datetime.fromtimestamp(millis / 1000.0)
