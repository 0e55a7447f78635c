"""Rows as frames of pandas and back, by way of Arrow, as Spark's workers convert them."""

from millrace.errors import missing
from millrace.pyspark.errors import PySparkRuntimeError, PySparkTypeError
from millrace.pyspark.sql.types import StructType

#: `spark.sql.execution.arrow.maxRecordsPerBatch`.
RECORDS = 10_000


def libraries(name):
    """pandas and pyarrow, which a call of this name needs."""
    try:
        import pandas
        import pyarrow
    except ImportError:
        raise missing(name, "Install pandas and pyarrow.") from None
    return pandas, pyarrow


def arrow_type(data_type):
    """The type of Arrow of a type (`to_arrow_type`)."""
    import pyarrow as pa

    if isinstance(data_type, StructType):
        return pa.struct([(field.name, arrow_type(field.dataType)) for field in data_type.fields])
    if hasattr(data_type, "elementType"):
        return pa.list_(arrow_type(data_type.elementType))
    if hasattr(data_type, "keyType"):
        return pa.map_(arrow_type(data_type.keyType), arrow_type(data_type.valueType))
    if hasattr(data_type, "precision"):
        return pa.decimal128(data_type.precision, data_type.scale)
    plain = {
        "boolean": pa.bool_(), "byte": pa.int8(), "short": pa.int16(), "integer": pa.int32(), "long": pa.int64(),
        "float": pa.float32(), "double": pa.float64(), "string": pa.string(), "binary": pa.binary(), "date": pa.date32(),
        "timestamp": pa.timestamp("us"), "timestamp_ntz": pa.timestamp("us"), "void": pa.null(),
    }
    name = data_type.typeName()
    if name not in plain:
        raise PySparkTypeError(f"[UNSUPPORTED_DATA_TYPE] Unsupported DataType `{data_type}`.")
    return plain[name]


def frame_of(rows, schema):
    """The frame of rows."""
    import pandas as pd
    import pyarrow as pa

    columns = [pa.array([row[place] for row in rows], arrow_type(field.dataType)) for place, field in enumerate(schema.fields)]
    series = [column.to_pandas(date_as_object=True, coerce_temporal_nanoseconds=True) for column in columns]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame(index=range(len(rows)))
    frame.columns = schema.names
    return frame


def frames_of(rows, schema):
    """The frames of a group, each of one batch of Arrow."""
    return (frame_of(rows[start : start + RECORDS], schema) for start in range(0, len(rows), RECORDS))


def rows_of(frame, schema):
    """The rows of a frame that a function has made, whose columns are matched by name if they have names."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise PySparkTypeError(
            "[UDF_RETURN_TYPE] Return type of the user-defined function should be pandas.DataFrame, but is "
            f"{type(frame).__name__}.")
    if frame.empty and not len(frame.columns):
        return []
    if any(isinstance(name, str) for name in frame.columns):
        lacking = sorted(set(schema.names).difference(frame.columns))
        extra = sorted(set(frame.columns).difference(schema.names))
        if lacking or extra:
            parts = [f"{kind}: {', '.join(names)}." for kind, names in (("Missing", lacking), ("Unexpected", extra)) if names]
            raise PySparkRuntimeError(
                "[RESULT_COLUMNS_MISMATCH_FOR_PANDAS_UDF] Column names of the returned pandas.DataFrame do not match "
                f"specified schema. {' '.join(parts)}")
        columns = [frame[name] for name in schema.names]
    else:
        if len(frame.columns) != len(schema.fields):
            raise PySparkRuntimeError(
                "[RESULT_LENGTH_MISMATCH_FOR_PANDAS_UDF] Number of columns of the returned pandas.DataFrame doesn't match "
                f"specified schema. Expected: {len(schema.fields)} Actual: {len(frame.columns)}")
        columns = [frame[frame.columns[place]] for place in range(len(schema.fields))]
    arrays = [_array_of(column, arrow_type(field.dataType)) for column, field in zip(columns, schema.fields)]
    return [list(row) for row in zip(*(array.to_pylist() for array in arrays))]


def _array_of(column, kind):
    import pyarrow as pa

    mask = None if hasattr(column.array, "__arrow_array__") else column.isnull()
    return pa.Array.from_pandas(column, mask=mask, type=kind, safe=True)
