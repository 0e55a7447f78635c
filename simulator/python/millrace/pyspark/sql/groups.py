"""Functions of groups of rows, as frames of pandas (`pyspark.sql.pandas.group_ops`)."""

from millrace import ship
from millrace.pyspark.errors import PySparkTypeError
from millrace.pyspark.sql.column import Column, ddl
from millrace.pyspark.sql.frames import frame_of, frames_of, libraries, rows_of
from millrace.pyspark.sql.streaming.state import GroupState, GroupStateTimeout
from millrace.pyspark.sql.types import parsed

_TIMEOUTS = (
    GroupStateTimeout.NoTimeout, GroupStateTimeout.ProcessingTimeTimeout, GroupStateTimeout.EventTimeTimeout,
)


def _schema(written):
    return parsed(written) if isinstance(written, str) else written


def applyInPandasWithState(self, func, outputStructType, stateStructType, outputMode, timeoutConf):
    pandas, _ = libraries("GroupedData.applyInPandasWithState")
    assert timeoutConf in _TIMEOUTS
    output, state = _schema(outputStructType), _schema(stateStructType)
    rows = self._table.schema
    keys = self._table.select(*map(Column, self._keys)).schema
    function = ship.ship(func)

    def call(key, values, before, has_timed_out, batch_ms, watermark_ms):
        key = tuple(frame_of([key], keys).iloc[:, place][0] for place in range(len(keys)))
        group = GroupState(len(state), before, timeoutConf, has_timed_out, batch_ms, watermark_ms)
        frames = [pandas.DataFrame(columns=rows.names)] if has_timed_out else frames_of(values, rows)
        group._rows = [row for frame in _frames(function(key, frames, group)) for row in rows_of(frame, output)]
        return group

    frame = self._table._frame.apply_with_state(
        self._keys, ddl(output), ddl(state), outputMode.lower(), timeoutConf, call, self._table._session._engine()
    )
    return self._table._with(frame)


def _frames(made):
    """The frames that a function of a group and its state has made."""
    import pandas as pd

    if isinstance(made, pd.DataFrame) or not hasattr(made, "__iter__"):
        raise PySparkTypeError(
            "[UDF_RETURN_TYPE] Return type of the user-defined function should be iterable of pandas.DataFrame, but is "
            f"{type(made).__name__}.")
    return made
