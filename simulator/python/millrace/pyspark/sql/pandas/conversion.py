"""`pyspark.sql.pandas.conversion`: tables as frames of pandas, and frames as tables."""

from millrace.pyspark.sql.frames import frame_of, libraries
from millrace.pyspark.sql.types import (
    BooleanType, ByteType, DayTimeIntervalType, DoubleType, FloatType, IntegerType, LongType, ShortType,
    TimestampNTZType, TimestampType,
)

#: The types of columns that are not the objects of their rows.
_DTYPES = {
    ByteType: "int8", ShortType: "int16", IntegerType: "int32", LongType: "int64", FloatType: "float32",
    DoubleType: "float64", BooleanType: "bool", TimestampType: "datetime64[ns]", TimestampNTZType: "datetime64[ns]",
    DayTimeIntervalType: "timedelta64[ns]",
}
_WITHOUT_NULL = (ByteType, ShortType, IntegerType, LongType)


def to_pandas(table):
    """The frame of a table's rows, by way of Arrow if the session says so."""
    pandas = libraries("DataFrame.toPandas")[0]
    rows, schema = table.collect(), table.schema
    if table.sparkSession.conf.get("spark.sql.execution.arrow.pyspark.enabled") == "true":
        return frame_of(rows, schema)
    frame = pandas.DataFrame.from_records(rows, index=range(len(rows)), columns=schema.names)
    series = [_typed(frame.iloc[:, place], field.dataType) for place, field in enumerate(schema.fields)]
    if not series:
        return frame
    frame = pandas.concat(series, axis=1)
    frame.columns = schema.names
    return frame


def _typed(series, data_type):
    """A column with the type that it has where it has no `NULL`, or a wider one."""
    dtype = _DTYPES.get(type(data_type))
    has_null = series.isnull().any()
    if isinstance(data_type, _WITHOUT_NULL) and has_null:
        dtype = "float64"
    if isinstance(data_type, BooleanType) and has_null:
        dtype = "object"
    return series if dtype is None else series.astype(dtype)
