"""The types of a table that is made of objects (`SparkSession.createDataFrame`)."""

import array
import datetime
import decimal

from millrace.pyspark.errors import PySparkTypeError, PySparkValueError
from millrace.pyspark.sql.types import (
    ArrayType, AtomicType, BinaryType, BooleanType, ByteType, DateType, DayTimeIntervalType, DecimalType, DoubleType,
    FloatType, IntegerType, LongType, MapType, NullType, ShortType, StringType, StructField, StructType, TimestampType,
)

_TYPES = {
    type(None): NullType(), bool: BooleanType(), int: LongType(), float: DoubleType(), str: StringType(),
    bytes: BinaryType(), bytearray: BinaryType(), decimal.Decimal: DecimalType(38, 18),
    datetime.datetime: TimestampType(), datetime.date: DateType(), datetime.time: TimestampType(),
    datetime.timedelta: DayTimeIntervalType(),
}

#: Rows of an RDD that are looked at where the first one does not say all types.
_ROWS_MAX = 100


def inferred_schema(rows, names=None):
    """The columns in which all of these rows fit, named by themselves or by `names`."""
    if not rows:
        raise PySparkValueError(error_class="CANNOT_INFER_EMPTY_SCHEMA", message_parameters={})
    schema = _of_row(rows[0], names)
    for row in rows[1:]:
        schema = merged(schema, _of_row(row, names))
    if _has_null(schema):
        raise PySparkValueError(error_class="CANNOT_DETERMINE_TYPE", message_parameters={})
    return _named(schema, names)


def schema_of_rdd(rdd, names=None, sampling_ratio=None):
    """The columns of the first row of an RDD; of more where they have types that this one does not say, or of a sample."""
    first = rdd.first()
    if hasattr(first, "__len__") and len(first) == 0:
        raise PySparkValueError(error_class="CANNOT_INFER_EMPTY_SCHEMA", message_parameters={})
    if sampling_ratio is not None:
        sample = rdd.sample(False, float(sampling_ratio)) if sampling_ratio < 0.99 else rdd
        return _named(sample.map(lambda row: _of_row(row, names)).reduce(merged), names)
    schema = _of_row(first, names)
    if _has_null(schema):
        for row in rdd.take(_ROWS_MAX)[1:]:
            schema = merged(schema, _of_row(row, names))
            if not _has_null(schema):
                break
        else:
            raise PySparkValueError(error_class="CANNOT_DETERMINE_TYPE", message_parameters={})
    return _named(schema, names)


def _named(schema, names):
    for field, name in zip(schema.fields, names or ()):
        field.name = name
    return schema


def _of_row(row, names):
    if isinstance(row, dict):
        items = sorted(row.items())
    elif isinstance(row, (tuple, list)):
        given = getattr(row, "__fields__", None) or getattr(row, "_fields", None) or names or []
        rest = [f"_{index}" for index in range(len(given) + 1, len(row) + 1)]
        items = list(zip([*given, *rest], row))
    elif hasattr(row, "__dict__"):
        items = sorted(row.__dict__.items())
    else:
        raise PySparkTypeError(
            error_class="CANNOT_INFER_SCHEMA_FOR_TYPE", message_parameters={"data_type": type(row).__name__}
        )
    columns = []
    for name, value in items:
        try:
            columns.append(StructField(name, type_of(value)))
        except TypeError:
            raise PySparkTypeError(
                error_class="CANNOT_INFER_TYPE_FOR_FIELD", message_parameters={"field_name": name}
            ) from None
    return StructType(columns)


def type_of(value):
    if type(value) in _TYPES:
        return _TYPES[type(value)]
    if isinstance(value, dict):
        for key, item in value.items():
            if key is not None and item is not None:
                return MapType(type_of(key), type_of(item))
        return MapType(NullType(), NullType())
    if isinstance(value, array.array):
        return ArrayType(_of_array(value), False)
    if isinstance(value, list):
        element = NullType()
        for item in value:
            element = merged(element, type_of(item))
        return ArrayType(element)
    try:
        return _of_row(value, None)
    except TypeError:
        raise PySparkTypeError(
            error_class="UNSUPPORTED_DATA_TYPE", message_parameters={"data_type": type(value).__name__}
        ) from None


def _of_array(value):
    """The type of the elements of an array: the least that has room for them."""
    if value.typecode in "fdu":
        return {"f": FloatType(), "d": DoubleType(), "u": StringType()}[value.typecode]
    bits = value.itemsize * 8 + value.typecode.isupper()
    for most, kind in ((8, ByteType()), (16, ShortType()), (32, IntegerType()), (64, LongType())):
        if bits <= most:
            return kind
    raise PySparkTypeError(
        error_class="UNSUPPORTED_DATA_TYPE", message_parameters={"data_type": f"array({value.typecode})"}
    )


def merged(one, other):
    """The type that both have room in."""
    if isinstance(one, NullType):
        return other
    if isinstance(other, NullType):
        return one
    if isinstance(one, AtomicType) and isinstance(other, StringType):
        return other
    if isinstance(one, StringType) and isinstance(other, AtomicType):
        return one
    if type(one) is not type(other):
        raise PySparkTypeError(
            error_class="CANNOT_MERGE_TYPE",
            message_parameters={"data_type1": type(one).__name__, "data_type2": type(other).__name__},
        )
    if isinstance(one, StructType):
        of_other = {field.name: field.dataType for field in other.fields}
        fields = [StructField(field.name, merged(field.dataType, of_other.pop(field.name, NullType())))
                  for field in one.fields]
        return StructType(fields + [StructField(name, data_type) for name, data_type in of_other.items()])
    if isinstance(one, ArrayType):
        return ArrayType(merged(one.elementType, other.elementType))
    if isinstance(one, MapType):
        return MapType(merged(one.keyType, other.keyType), merged(one.valueType, other.valueType))
    return one


def _has_null(data_type):
    """True if some part of a type is not known."""
    if isinstance(data_type, StructType):
        return any(_has_null(field.dataType) for field in data_type.fields)
    if isinstance(data_type, ArrayType):
        return _has_null(data_type.elementType)
    if isinstance(data_type, MapType):
        return _has_null(data_type.keyType) or _has_null(data_type.valueType)
    return isinstance(data_type, NullType)
