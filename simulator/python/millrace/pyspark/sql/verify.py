"""Whether objects fit the types of a schema (`SparkSession.createDataFrame(verifySchema=True)`)."""

import array
import datetime
import decimal

from millrace.pyspark.errors import PySparkTypeError, PySparkValueError
from millrace.pyspark.sql.types import (
    ArrayType, BinaryType, BooleanType, ByteType, CharType, DateType, DayTimeIntervalType, DecimalType, DoubleType,
    FloatType, IntegerType, LongType, MapType, ShortType, StringType, StructType, TimestampNTZType, TimestampType,
    VarcharType,
)

# No subclass of these is taken: Spark unpickles none.
_ACCEPTED = {
    BooleanType: (bool,),
    ByteType: (int,),
    ShortType: (int,),
    IntegerType: (int,),
    LongType: (int,),
    FloatType: (float,),
    DoubleType: (float,),
    DecimalType: (decimal.Decimal,),
    BinaryType: (bytearray, bytes),
    DateType: (datetime.date, datetime.datetime),
    TimestampType: (datetime.datetime,),
    TimestampNTZType: (datetime.datetime,),
    DayTimeIntervalType: (datetime.timedelta,),
    ArrayType: (list, tuple, array.array),
    MapType: (dict,),
}

# The bounds of whole numbers, and how PySpark names them.
_BOUNDS = {
    ByteType: (-128, 127, "127", "-127"),
    ShortType: (-(2**15), 2**15 - 1, "32767", "-32768"),
    IntegerType: (-(2**31), 2**31 - 1, "2147483647", "-2147483648"),
    LongType: (-(2**63), 2**63 - 1, "9223372036854775807", "-9223372036854775808"),
}


def verify(value, data_type, nullable=True):
    """Raises if an object is none of a type: a `PySparkTypeError`, or a `PySparkValueError` of one beyond its bounds."""
    if value is None:
        if not nullable:
            raise PySparkValueError(error_class="CANNOT_BE_NONE", message_parameters={"arg_name": "obj"})
    elif isinstance(data_type, StructType):
        _verify_struct(value, data_type)
    elif not isinstance(data_type, (StringType, CharType, VarcharType)):
        if type(value) not in _ACCEPTED.get(type(data_type), ()):
            raise _not_accepted(str(data_type), value)
        _verify_parts(value, data_type)


def _verify_parts(value, data_type):
    if isinstance(data_type, ArrayType):
        for item in value:
            verify(item, data_type.elementType, data_type.containsNull)
    elif isinstance(data_type, MapType):
        for key, item in value.items():
            verify(key, data_type.keyType, False)
            verify(item, data_type.valueType, data_type.valueContainsNull)
    elif type(data_type) in _BOUNDS:
        least, most, lower, upper = _BOUNDS[type(data_type)]
        if not least <= value <= most:
            raise PySparkValueError(
                error_class="VALUE_OUT_OF_BOUND",
                message_parameters={
                    "arg_name": "obj", "lower_bound": lower, "upper_bound": upper, "actual": str(value),
                },
            )


def _verify_struct(value, struct):
    if isinstance(value, dict):
        values = [value.get(field.name) for field in struct.fields]
    elif isinstance(value, (tuple, list)):
        values = value
        if len(values) != len(struct.fields):
            raise PySparkValueError(
                error_class="LENGTH_SHOULD_BE_THE_SAME",
                message_parameters={
                    "arg1": "obj", "arg2": "fields",
                    "arg1_length": str(len(values)), "arg2_length": str(len(struct.fields)),
                },
            )
    elif hasattr(value, "__dict__"):
        values = [value.__dict__.get(field.name) for field in struct.fields]
    else:
        raise _not_accepted("StructType", value)
    for item, field in zip(values, struct.fields):
        verify(item, field.dataType, field.nullable)


def _not_accepted(data_type, value):
    return PySparkTypeError(
        error_class="CANNOT_ACCEPT_OBJECT_IN_TYPE",
        message_parameters={"data_type": data_type, "obj_name": str(value), "obj_type": type(value).__name__},
    )
