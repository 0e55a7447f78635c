"""Events as listeners have them: objects with the accessors of Spark's `org.apache.spark.streaming.api.java` classes."""


class _Java:
    """An object whose values are read by calls, as those of the JVM are."""

    def __init__(self, **values):
        self.__dict__.update({name: (lambda value=value: value) for name, value in values.items()})


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

    def __init__(self, millis, records):
        self.millis, self.records = millis, records
        self.submitted = millis
        self.started = self.ended = None
        self.operations = _Map()

    def info(self):
        started, ended = self.started, self.ended
        return _Java(
            batchTime=_Time(self.millis),
            streamIdToInputInfo=_Map({0: _Java(inputStreamId=0, numRecords=self.records)}),
            submissionTime=self.submitted,
            processingStartTime=-1 if started is None else started,
            processingEndTime=-1 if ended is None else ended,
            schedulingDelay=-1 if started is None else started - self.submitted,
            processingDelay=-1 if ended is None else ended - started,
            totalDelay=-1 if ended is None else ended - self.submitted,
            numRecords=self.records,
            outputOperationInfos=_Map(self.operations),
        )


def listen(listeners):
    """A function that takes the engine's events and calls the listeners; `None` if there are none."""
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
            batch = batches[millis] = _Batch(millis, number)
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
        name="foreachRDD",
        description="",
        startTime=started,
        endTime=ended,
        failureReason=failure,
    )
