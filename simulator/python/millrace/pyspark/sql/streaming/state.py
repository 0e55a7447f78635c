"""`pyspark.sql.streaming.state`: the state of a group of rows, from batch to batch."""

from millrace.pyspark.errors import PySparkTypeError, wrong_value


class GroupStateTimeout:
    NoTimeout = "NoTimeout"
    ProcessingTimeTimeout = "ProcessingTimeTimeout"
    EventTimeTimeout = "EventTimeTimeout"


class GroupState:
    """The state of a group, as the function of it sees it in one batch. Times are in milliseconds since the epoch."""

    def __init__(self, fields, value, timeout, has_timed_out, batch_ms, watermark_ms):
        self._fields = fields
        self._value = None if value is None else tuple(value)
        self._timeout_conf = timeout
        self._has_timed_out = has_timed_out
        self._batch_ms = batch_ms
        self._watermark_ms = watermark_ms
        self._is_updated = self._is_removed = False
        self._timeout_ms = None

    @property
    def exists(self):
        return self._value is not None

    @property
    def get(self):
        if self._value is None:
            raise ValueError("State is either not defined or has already been removed")
        return self._value

    @property
    def getOption(self):
        return self._value

    @property
    def hasTimedOut(self):
        return self._has_timed_out

    def getCurrentProcessingTimeMs(self):
        return self._batch_ms

    def getCurrentWatermarkMs(self):
        if self._watermark_ms is None:
            raise RuntimeError(
                "Cannot get event time watermark timestamp without setting watermark before applyInPandasWithState"
            )
        return self._watermark_ms

    def update(self, newValue):
        if newValue is None:
            raise PySparkTypeError(error_class="CANNOT_BE_NONE", message_parameters={"arg_name": "newValue"})
        if len(newValue) != self._fields:
            raise wrong_value(
                "LENGTH_SHOULD_BE_THE_SAME", arg1="newValue", arg2="value schema",
                arg1_length=str(len(newValue)), arg2_length=str(self._fields),
            )
        # A number of NumPy is one of Python.
        self._value = tuple(value.item() if hasattr(value, "dtype") else value for value in newValue)
        self._is_updated, self._is_removed = True, False

    def remove(self):
        self._value = None
        self._is_updated, self._is_removed = False, True

    def setTimeoutDuration(self, durationMs):
        if isinstance(durationMs, str):
            from millrace._millrace import interval_ms

            durationMs = interval_ms(durationMs)
        if self._timeout_conf != GroupStateTimeout.ProcessingTimeTimeout:
            raise RuntimeError(
                "Cannot set timeout duration without enabling processing time timeout in applyInPandasWithState")
        if durationMs <= 0:
            raise ValueError("Timeout duration must be positive")
        self._timeout_ms = self._batch_ms + durationMs

    def setTimeoutTimestamp(self, timestampMs):
        if self._timeout_conf != GroupStateTimeout.EventTimeTimeout:
            raise RuntimeError(
                "Cannot set timeout timestamp without enabling event time timeout in applyInPandasWithState")
        if timestampMs <= 0:
            raise ValueError("Timeout timestamp must be positive")
        if self._watermark_ms is not None and timestampMs < self._watermark_ms:
            raise ValueError(
                f"Timeout timestamp ({timestampMs}) cannot be earlier than the current watermark ({self._watermark_ms})")
        self._timeout_ms = timestampMs

    def __str__(self):
        return "GroupState(%s)" % (self._value if self.exists else "<undefined>")
