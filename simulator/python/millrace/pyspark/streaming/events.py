"""Events as listeners have them: objects with the accessors of Spark's `org.apache.spark.streaming.api.java` classes."""


from millrace.errors import missing


class _Java:
    """An object whose values are read by calls, as those of the JVM are. A function is called then."""

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value if callable(value) else lambda value=value: value)


class _Map(dict):
    """A map of the JVM, as far as programs read one."""

    def size(self):
        return len(self)

    def get(self, key, default=None):
        return super().get(key, default)

    def containsKey(self, key):
        return key in self


class _Time:
    def __init__(self, millis):
        self._millis = millis

    def milliseconds(self):
        return self._millis

    def toString(self):
        return str(self)

    def __str__(self):
        return f"{self._millis} ms"


class _Batch:
    """A batch while its events come in."""

    def __init__(self, millis, records, inputs):
        self.millis, self.records, self.inputs = millis, records, inputs
        self.submitted = millis
        self.started = self.ended = None
        self.operations = _Map()

    def info(self):
        started, ended = self.started, self.ended
        return _Java(
            batchTime=_Time(self.millis),
            streamIdToInputInfo=self._input_infos(),
            submissionTime=self.submitted,
            processingStartTime=-1 if started is None else started,
            processingEndTime=-1 if ended is None else ended,
            schedulingDelay=-1 if started is None else started - self.submitted,
            processingDelay=-1 if ended is None else ended - started,
            totalDelay=-1 if ended is None else ended - self.submitted,
            numRecords=self._total,
            outputOperationInfos=_Map(self.operations),
        )

    def _input_infos(self):
        """The streams of receivers and of files; those of queues have none in Spark either."""
        others = {"numRecords": self._of_one, "metadata": _Map(), "metadataDescription": None}
        of_files = {"numRecords": 0, "metadata": _no_metadata, "metadataDescription": _no_metadata}
        kinds = {"receiver": others, "direct": others, "files": of_files}
        return _Map(
            {
                number: _Java(inputStreamId=number, **kinds[kind])
                for number, kind in enumerate(self.inputs)
                if kind in kinds
            }
        )

    def _counted(self):
        """The number of streams whose records Spark counts."""
        return self.inputs.count("receiver") + self.inputs.count("direct")

    def _total(self):
        """The records of the batch. Spark counts none of files, which the engine's number has, too."""
        if not self._counted():
            return 0
        if "files" in self.inputs and self.records:
            raise missing("BatchInfo.numRecords beside textFileStream", "Count the rows in foreachRDD.")
        return self.records

    def _of_one(self):
        if self._counted() > 1 and self.records:
            raise missing("StreamInputInfo.numRecords of several streams", "Count the rows in foreachRDD.")
        return self._total()


def _no_metadata():
    raise missing("StreamInputInfo.metadata of textFileStream", "The names of files are not kept.")


def listen(listeners, inputs):
    """A function that takes the engine's events and calls the listeners; `None` if there are none.

    The `inputs` are the kinds of the program's input streams: `receiver`, `direct`, `files` or `queue`.
    """
    if not listeners:
        return None
    batches = {}

    def tell(method, event):
        for listener in listeners:
            getattr(listener, method)(event)

    def on(now, kind, millis, number, text):
        if kind == "started":
            tell("onStreamingStarted", _Java(time=millis))
        elif kind == "batch_submitted":
            batch = batches[millis] = _Batch(millis, number, inputs)
            batch.submitted = now
            tell("onBatchSubmitted", _Java(batchInfo=batch.info()))
        elif kind == "batch_started":
            batches[millis].started = now
            tell("onBatchStarted", _Java(batchInfo=batches[millis].info()))
        elif kind == "operation_started":
            batches[millis].operations[number] = _operation(millis, number, now, -1, None)
            tell("onOutputOperationStarted", _Java(outputOperationInfo=batches[millis].operations[number]))
        elif kind == "operation_completed":
            batches[millis].operations[number] = _operation(millis, number, now, now, text)
            tell("onOutputOperationCompleted", _Java(outputOperationInfo=batches[millis].operations[number]))
        elif kind == "batch_completed":
            batch = batches.pop(millis)
            batch.ended = now
            tell("onBatchCompleted", _Java(batchInfo=batch.info()))

    return on


def _operation(millis, number, started, ended, failure):
    return _Java(
        batchTime=_Time(millis),
        id=number,
        name="callForeachRDD at NativeMethodAccessorImpl.java:0",
        description="",
        startTime=started,
        endTime=ended,
        failureReason=failure,
    )
