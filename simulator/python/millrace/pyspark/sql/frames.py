"""Rows as frames of pandas and back, by way of Arrow, as Spark's workers convert them."""

from millrace.errors import missing
from millrace.pyspark.errors import (
    PySparkNotImplementedError, PySparkRuntimeError, PySparkTypeError, PySparkValueError,
)
from millrace.pyspark.sql.types import ArrayType, MapType, StructType, TimestampType


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
    if isinstance(data_type, ArrayType):
        return pa.list_(arrow_type(data_type.elementType))
    if isinstance(data_type, MapType):
        return pa.map_(arrow_type(data_type.keyType), arrow_type(data_type.valueType))
    if hasattr(data_type, "precision"):
        return pa.decimal128(data_type.precision, data_type.scale)
    plain = {
        "boolean": pa.bool_(), "byte": pa.int8(), "short": pa.int16(), "integer": pa.int32(), "long": pa.int64(),
        "float": pa.float32(), "double": pa.float64(), "string": pa.string(), "binary": pa.binary(), "date": pa.date32(),
        "timestamp": pa.timestamp("us"), "timestamp_ntz": pa.timestamp("us"), "void": pa.null(),
        "daytimeinterval": pa.duration("us"),
    }
    name = data_type.typeName()
    if name not in plain:
        raise PySparkTypeError(error_class="UNSUPPORTED_DATA_TYPE", message_parameters={"data_type": str(data_type)})
    return plain[name]


def array_of(values, data_type):
    """The array of Arrow of objects."""
    import pyarrow as pa

    return pa.array([_to_arrow(value, data_type) for value in values], arrow_type(data_type))


def objects_of(array, data_type):
    """The objects of an array of Arrow."""
    return [_from_arrow(value, data_type) for value in array.to_pylist()]


def _to_arrow(value, data_type):
    if value is None:
        return None
    if isinstance(data_type, ArrayType):
        return [_to_arrow(item, data_type.elementType) for item in value]
    if isinstance(data_type, MapType):
        return [(_to_arrow(key, data_type.keyType), _to_arrow(item, data_type.valueType)) for key, item in value.items()]
    if isinstance(data_type, StructType):
        values = [value.get(name) for name in data_type.names] if isinstance(value, dict) else value
        return {field.name: _to_arrow(item, field.dataType) for field, item in zip(data_type.fields, values)}
    return value


def _from_arrow(value, data_type):
    if value is None:
        return None
    if isinstance(data_type, ArrayType):
        return [_from_arrow(item, data_type.elementType) for item in value]
    if isinstance(data_type, MapType):
        return {_from_arrow(key, data_type.keyType): _from_arrow(item, data_type.valueType) for key, item in value}
    if isinstance(data_type, StructType):
        return {field.name: _from_arrow(value[field.name], field.dataType) for field in data_type.fields}
    return value


def series_of(values, data_type):
    """The series of objects."""
    # A point in time has had a time zone, with which it keeps its unit.
    in_nanoseconds = not isinstance(data_type, TimestampType)
    return array_of(values, data_type).to_pandas(
        date_as_object=True, coerce_temporal_nanoseconds=in_nanoseconds, maps_as_pydicts="lossy"
    )


def frame_of(rows, schema):
    """The frame of rows."""
    import pandas as pd

    series = [series_of([row[place] for row in rows], field.dataType) for place, field in enumerate(schema.fields)]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame(index=range(len(rows)))
    frame.columns = schema.names
    return frame


def batches_of(rows):
    """The rows of each batch of Arrow."""
    size = int(_setting("spark.sql.execution.arrow.maxRecordsPerBatch"))
    size = size if size > 0 else len(rows)
    return (rows[start : start + size] for start in range(0, len(rows), size))


def frames_of(rows, schema):
    """The frames of a group, each of one batch of Arrow."""
    return (frame_of(batch, schema) for batch in batches_of(rows))


def rows_of(frame, schema, is_cut=False):
    """The rows of a frame that a function has made, whose columns are matched by name if they have names.

    If it `is_cut`, columns behind those of the schema do not count.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise wrong_result("pandas.DataFrame", type(frame).__name__)
    if frame.empty and not len(frame.columns):
        return []
    if is_cut:
        frame = frame.iloc[:, : len(schema.fields)]
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
    objects = [objects_of_series(column, field.dataType) for column, field in zip(columns, schema.fields)]
    return [list(row) for row in zip(*objects)]


def objects_of_series(series, data_type):
    """The objects of a series that a function has made; of a frame for a struct."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(data_type, StructType) and isinstance(series, pd.DataFrame):
        return [dict(zip(data_type.names, row)) for row in rows_of(series, data_type)]
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.dtype.categories.dtype)
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_convert(_setting("spark.sql.session.timeZone")).dt.tz_localize(None)
    if isinstance(data_type, (ArrayType, MapType, StructType)):
        series = series.map(lambda value: _to_arrow(value, data_type) if not _is_missing(value) else None)
    mask = None if hasattr(series.array, "__arrow_array__") else series.isnull()
    kind = arrow_type(data_type)
    text = f"Exception thrown when converting pandas.Series ({series.dtype}) with name '{series.name}' to Arrow Array ({kind})."
    is_safe = _setting("spark.sql.execution.pandas.convertToArrowArraySafely") == "true"
    try:
        return objects_of(pa.Array.from_pandas(series, mask=mask, type=kind, safe=is_safe), data_type)
    except TypeError as error:
        raise PySparkTypeError(text) from error
    except ValueError as error:
        if is_safe:
            text += (
                " It can be caused by overflows or other unsafe conversions warned by Arrow. Arrow safe type check can be "
                "disabled by using SQL config `spark.sql.execution.pandas.convertToArrowArraySafely`."
            )
        raise PySparkValueError(text) from error


def _is_missing(value):
    return value is None or value != value if not hasattr(value, "__len__") else False


def _setting(name):
    from millrace.pyspark.sql.session import SparkSession

    return SparkSession.active().conf.get(name)


def check_types(where, data_type):
    """Refuses a result that has no type of Arrow."""
    try:
        arrow_type(data_type)
    except TypeError:
        raise not_for_pandas(where, data_type) from None


def not_for_pandas(where, data_type):
    """The exception for the type of the results of a function."""
    return PySparkNotImplementedError(
        error_class="NOT_IMPLEMENTED", message_parameters={"feature": f"Invalid return type {where}: {data_type}"}
    )


def wrong_result(expected, actual):
    """The exception for what a function returns."""
    return PySparkTypeError(
        error_class="UDF_RETURN_TYPE", message_parameters={"expected": expected, "actual": actual}
    )
