"""The types of a table that is made of objects (`SparkSession.createDataFrame`)."""

import datetime
import decimal

from millrace.pyspark.errors import PySparkTypeError, PySparkValueError
from millrace.pyspark.sql.convert import fields
from millrace.pyspark.sql.row import Row
from millrace.pyspark.sql.types import (
    ArrayType, BinaryType, BooleanType, DateType, DayTimeIntervalType, DecimalType, DoubleType, LongType, MapType,
    NullType, StringType, StructField, StructType, TimestampType,
)

_TYPES = (
    (type(None), NullType()), (bool, BooleanType()), (int, LongType()), (float, DoubleType()), (str, StringType()),
    ((bytes, bytearray), BinaryType()), (decimal.Decimal, DecimalType(38, 18)), (datetime.datetime, TimestampType()),
    (datetime.date, DateType()), (datetime.timedelta, DayTimeIntervalType()),
)


def inferred_schema(data, names=None):
    """The columns of all rows, named by themselves or by `names`."""
    if not data:
        raise PySparkValueError("[CANNOT_INFER_EMPTY_SCHEMA] Can not infer schema from an empty dataset.")
    schema = None
    for row in data:
        of_row = _of_row(row, names)
        schema = of_row if schema is None else _merged(schema, of_row)
    if names is not None and not isinstance(data[0], dict):
        for index, name in enumerate(names[: len(schema.fields)]):
            schema.fields[index].name = name
    for field in schema.fields:
        if isinstance(field.dataType, NullType):
            raise PySparkValueError("[CANNOT_DETERMINE_TYPE] Some of types cannot be determined after inferring.")
    return schema


def _of_row(row, names):
    if isinstance(row, dict):
        items = sorted(row.items())
    elif isinstance(row, Row) and hasattr(row, "__fields__"):
        items = list(zip(row.__fields__, row))
    elif isinstance(row, (tuple, list)):
        given = getattr(row, "_fields", None) or [f"_{index}" for index in range(1, len(row) + 1)]
        items = list(zip(given, row))
    elif hasattr(row, "__dict__"):
        items = sorted(row.__dict__.items())
    else:
        raise PySparkTypeError(
            f"[CANNOT_INFER_SCHEMA_FOR_TYPE] Can not infer schema for type: `{type(row).__name__}`."
        )
    return StructType([StructField(name, _type_of(value)) for name, value in items])


def _type_of(value):
    for kind, data_type in _TYPES:
        if isinstance(value, kind):
            return data_type
    if isinstance(value, dict):
        for key, item in value.items():
            if key is not None and item is not None:
                return MapType(_type_of(key), _type_of(item))
        return MapType(NullType(), NullType())
    if isinstance(value, list):
        element = NullType()
        for item in value:
            if item is not None:
                element = _type_of(item)
                break
        return ArrayType(element)
    return _of_row(value, None)


def _merged(one, other):
    """The type that both have room in."""
    if isinstance(one, NullType):
        return other
    if isinstance(other, NullType) or one == other:
        return one
    if isinstance(one, StructType) and isinstance(other, StructType):
        of_other = {field.name: field.dataType for field in other.fields}
        merged = [StructField(field.name, _merged(field.dataType, of_other.pop(field.name, NullType())))
                  for field in one.fields]
        return StructType(merged + [StructField(name, data_type) for name, data_type in of_other.items()])
    if isinstance(one, ArrayType) and isinstance(other, ArrayType):
        return ArrayType(_merged(one.elementType, other.elementType))
    if isinstance(one, MapType) and isinstance(other, MapType):
        return MapType(_merged(one.keyType, other.keyType), _merged(one.valueType, other.valueType))
    if {type(one), type(other)} == {LongType, DoubleType}:
        return DoubleType()
    if isinstance(one, StringType) or isinstance(other, StringType):
        return StringType()
    raise PySparkTypeError(f"[CANNOT_MERGE_TYPE] Can not merge type `{type(one).__name__}` and `{type(other).__name__}`.")


def rows_of(data, schema):
    """The values of each row, in the order of the columns."""
    names = schema.names
    return [list(row) if isinstance(row, (tuple, list)) and len(row) == len(names) and not isinstance(row, Row)
            else fields(row, names) for row in data]
