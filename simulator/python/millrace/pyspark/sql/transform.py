"""`transformWithState` and `transformWithStateInPandas` of `pyspark.sql.GroupedData`."""

from millrace import ship
from millrace._millrace import transform_with_state
from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException, IllegalArgumentException
from millrace.pyspark.sql.column import Column, ddl
from millrace.pyspark.sql.frames import frames_of, libraries, rows_of
from millrace.pyspark.sql.streaming.stateful_processor import ExpiredTimerInfo, StatefulProcessorHandle, TimerValues
from millrace.pyspark.sql.types import parsed
from millrace.pyspark.version import IS_SPARK_4

_TIME_MODES = ("none", "processingtime", "eventtime")
_OUTPUT_MODES = ("append", "complete", "update")


class _Task:
    """A processor in one task, whose copy is its own: the rows of a partition in one micro-batch."""

    def __init__(self, processor, states, rows_in, initial_in, rows_out):
        self._processor, self._rows_in, self._initial_in, self._rows_out = processor, rows_in, initial_in, rows_out
        self._handle = StatefulProcessorHandle(states)
        processor.init(self._handle)
        self._handle._is_open = False

    def _times(self, states):
        self._handle._states = states
        return TimerValues(*states.times())

    def rows(self, states, key, rows):
        return self._rows_out(self._processor.handleInputRows(tuple(key), self._rows_in(rows), self._times(states)))

    def timer(self, states, key, expiry_ms):
        return self._rows_out(self._processor.handleExpiredTimer(
            key=tuple(key), timerValues=self._times(states), expiredTimerInfo=ExpiredTimerInfo(expiry_ms)))

    def initial(self, states, key, rows):
        for row in self._initial_in(rows):
            self._processor.handleInitialState(tuple(key), row, self._times(states))

    def close(self):
        self._processor.close()


def transformWithState(
    self, statefulProcessor, outputStructType, outputMode, timeMode, initialState=None, eventTimeColumnName=""
):
    def in_rows(schema):
        return iter

    def out_rows(rows, output):
        made = (row.asDict() for row in rows)
        return [[row.get(name) for name in output.names] for row in made]

    return _transformed(
        self, "transformWithState", (in_rows, out_rows), statefulProcessor, outputStructType, outputMode, timeMode,
        initialState, eventTimeColumnName)


def transformWithStateInPandas(
    self, statefulProcessor, outputStructType, outputMode, timeMode, initialState=None, eventTimeColumnName=""
):
    libraries("GroupedData.transformWithStateInPandas")

    def in_frames(schema):
        return lambda rows: frames_of(rows, schema)

    def out_frames(frames, output):
        return [row for frame in frames for row in rows_of(frame, output)]

    return _transformed(
        self, "transformWithStateInPandas", (in_frames, out_frames), statefulProcessor, outputStructType, outputMode,
        timeMode, initialState, eventTimeColumnName)


def _transformed(groups, name, rows, processor, output, output_mode, time_mode, initial, event_time):
    if not IS_SPARK_4:
        raise missing(f"GroupedData.{name}", "Spark 3.5 has it not: set MILLRACE_SPARK=4, and the program sees Spark 4.")
    _check_word("STREAMING_OUTPUT_MODE.INVALID", output_mode, _OUTPUT_MODES)
    _check_word("STATEFUL_PROCESSOR_UNKNOWN_TIME_MODE", time_mode, _TIME_MODES)
    assert initial is None or isinstance(initial, type(groups))
    output = parsed(output) if isinstance(output, str) else output
    read, write = rows
    read_rows = read(groups._table.schema)
    read_initial = initial and read(initial._table.schema)
    if event_time and event_time not in output.names:
        names = ", ".join(f"`{name}`" for name in output.names)
        raise AnalysisException(
            f"[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `{event_time}` cannot be "
            f"resolved. Did you mean one of the following? [{names}]. SQLSTATE: 42703",
            "UNRESOLVED_COLUMN.WITH_SUGGESTION")
    copy = ship.command(lambda: processor)

    def begin(states):
        return _Task(copy(), states, read_rows, read_initial, lambda made: write(made, output))

    frame = transform_with_state(
        groups._table._frame, groups._keys, ddl(output), output_mode.lower(), time_mode.lower(), event_time,
        initial and (initial._table._frame, initial._keys), begin, groups._table._session._engine())
    return groups._table._with(frame)


def _check_word(error_class, word, known):
    if word.lower() in known:
        return
    if error_class == "STREAMING_OUTPUT_MODE.INVALID":
        text = (
            f"Invalid streaming output mode: {word}. Accepted output modes are 'Append', 'Complete', 'Update'. "
            "SQLSTATE: 42KDE")
    else:
        text = (
            f"Unknown time mode {word}. Accepted timeMode modes are 'none', 'processingTime', 'eventTime' "
            "SQLSTATE: 42802")
    raise IllegalArgumentException(f"[{error_class}] {text}")
