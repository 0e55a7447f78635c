"""`pyspark.sql.types`, as far as a cast names one."""

from millrace.pyspark.sql.refused import refusing


class LongType:
    @classmethod
    def typeName(cls):
        return "long"


__getattr__ = refusing(
    "pyspark.sql.types",
    "ArrayType BinaryType BooleanType ByteType CharType DataType DateType DayTimeIntervalType DecimalType DoubleType "
    "FloatType IntegerType MapType NullType Row ShortType StringType StructField StructType TimestampNTZType "
    "TimestampType UserDefinedType VarcharType YearMonthIntervalType",
)

__all__ = ["LongType", *__getattr__.refusals]
