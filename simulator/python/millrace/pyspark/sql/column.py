"""`pyspark.sql.Column`: an expression over the columns of a table."""

import datetime
import decimal

from millrace._millrace import Expression
from millrace.errors import missing
from millrace.pyspark.errors import IllegalArgumentException, PySparkTypeError, PySparkValueError, wrong_type, wrong_value
from millrace.pyspark.sql.types import (
    ArrayType, BinaryType, BooleanType, ByteType, DataType, DateType, DayTimeIntervalType, DecimalType, DoubleType,
    FloatType, IntegerType, LongType, NullType, ShortType, StringType, StructType, TimestampType,
)


def ddl(data_type):
    """A type as the engine reads it."""
    if isinstance(data_type, str):
        return data_type
    if isinstance(data_type, StructType):
        fields = (
            f"`{field.name.replace('`', '``')}`: {ddl(field.dataType)}{'' if field.nullable else ' NOT NULL'}"
            for field in data_type.fields
        )
        return f"struct<{', '.join(fields)}>"
    if isinstance(data_type, ArrayType):
        return f"array<{ddl(data_type.elementType)}>"
    if hasattr(data_type, "keyType"):
        return f"map<{ddl(data_type.keyType)}, {ddl(data_type.valueType)}>"
    return data_type.simpleString()


def literal_type(value):
    """The type of a literal, as `lit` gives it one."""
    if value is None:
        return NullType()
    if isinstance(value, bool):
        return BooleanType()
    if isinstance(value, int):
        return IntegerType() if -(2**31) <= value < 2**31 else LongType()
    if isinstance(value, decimal.Decimal):
        _, digits, exponent = value.as_tuple()
        scale = max(-exponent, 0)
        return DecimalType(max(len(digits) + max(exponent, 0), scale), scale)
    for kind, data_type in (
        (float, DoubleType()), (str, StringType()), ((bytes, bytearray), BinaryType()),
        (datetime.datetime, TimestampType()), (datetime.date, DateType()), (datetime.timedelta, DayTimeIntervalType()),
    ):
        if isinstance(value, kind):
            return data_type
    raise wrong_value("UNSUPPORTED_LITERAL", literal=str(value))


def literal(value):
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, Column) for item in value):
            raise wrong_value("COLUMN_IN_LIST", func_name="lit")
        return Expression.call("array", [literal(item) for item in value])
    if type(value).__module__ == "numpy":
        return _of_numpy(value)
    return _literal(value, literal_type(value))


def _literal(value, data_type):
    from millrace.pyspark.sql.session import SparkSession

    return Expression.literal(value, data_type.simpleString(), SparkSession._engine_of_active())


#: The types of numbers of NumPy.
_OF_NUMPY = {
    "bool": BooleanType(), "int8": ByteType(), "int16": ShortType(), "int32": IntegerType(), "int64": LongType(),
    "float32": FloatType(), "float64": DoubleType(),
}


def _of_numpy(value):
    """A number of NumPy as Python's own, or an array of them."""
    if not hasattr(value, "tolist") or getattr(value, "shape", ()) == ():
        return literal(value.item())
    # The JVM has no arrays of bytes that are numbers.
    kind = ShortType() if value.dtype.name == "int8" else _OF_NUMPY.get(value.dtype.name)
    if kind is None:
        raise PySparkTypeError(
            error_class="UNSUPPORTED_NUMPY_ARRAY_SCALAR", message_parameters={"dtype": value.dtype.name}
        )
    return Expression.call("array", [_literal(item, kind) for item in value.tolist()])


def typed_literal(value):
    """A literal as `lit` makes it: a number of NumPy has its type."""
    kind = _OF_NUMPY.get(value.dtype.name) if getattr(value, "shape", None) == () else None
    return literal(value) if kind is None else _literal(value.item(), kind)


def expression_of(value):
    """The expression of a column or of a literal."""
    return value._expression if isinstance(value, Column) else literal(value)


def column_of(value):
    """The expression of a column or of its name."""
    if isinstance(value, str):
        return Expression.column(value)
    return expression_of(value)


def _operator(sign, reverse=False):
    def operator(self, other):
        pair = [self._expression, expression_of(other)]
        return Column(Expression.call(sign, pair[::-1] if reverse else pair))

    return operator


def _of_one(function):
    return lambda self: Column(Expression.call(function, [self._expression]))


def _sorted(descending, nulls_first):
    def order(self):
        column = Column(self._expression)
        column._order = (descending, nulls_first)
        column._order_text = f" {'DESC' if descending else 'ASC'} NULLS {'FIRST' if nulls_first else 'LAST'}"
        return column

    return order


class Column:
    # The order that a sort by the column has.
    _order = (False, True)
    _order_text = ""

    def __init__(self, expression):
        self._expression = expression

    __add__ = _operator("+")
    __radd__ = _operator("+", True)
    __sub__ = _operator("-")
    __rsub__ = _operator("-", True)
    __mul__ = _operator("*")
    __rmul__ = _operator("*", True)
    __truediv__ = __div__ = _operator("/")
    __rtruediv__ = __rdiv__ = _operator("/", True)
    __mod__ = _operator("%")
    __rmod__ = _operator("%", True)
    __pow__ = _operator("power")
    __rpow__ = _operator("power", True)
    __neg__ = _of_one("negative")
    __invert__ = _of_one("not")
    __and__ = __rand__ = _operator("and")
    __or__ = __ror__ = _operator("or")
    __eq__ = _operator("=")
    __lt__ = _operator("<")
    __le__ = _operator("<=")
    __gt__ = _operator(">")
    __ge__ = _operator(">=")
    __hash__ = object.__hash__

    def __ne__(self, other):
        return ~(self == other)

    eqNullSafe = _operator("<=>")
    bitwiseAND = _operator("&")
    bitwiseOR = _operator("|")
    bitwiseXOR = _operator("^")
    contains = _operator("contains")
    startswith = _operator("startswith")
    endswith = _operator("endswith")
    like = _operator("like")
    ilike = _operator("ilike")
    rlike = _operator("rlike")
    isNull = _of_one("isnull")
    isNotNull = _of_one("isnotnull")
    asc = asc_nulls_first = _sorted(False, True)
    asc_nulls_last = _sorted(False, False)
    desc = desc_nulls_last = _sorted(True, False)
    desc_nulls_first = _sorted(True, True)

    def between(self, lowerBound, upperBound):
        return (self >= lowerBound) & (self <= upperBound)

    def isin(self, *cols):
        if len(cols) == 1 and isinstance(cols[0], (list, set)):
            cols = tuple(cols[0])
        return Column(Expression.call("in", [self._expression, *map(expression_of, cols)]))

    def substr(self, startPos, length):
        if type(startPos) is not type(length):
            raise PySparkTypeError(error_class="NOT_SAME_TYPE", message_parameters={
                "arg_name1": "startPos", "arg_name2": "length",
                "arg_type1": type(startPos).__name__, "arg_type2": type(length).__name__,
            })
        parts = [self._expression, expression_of(startPos), expression_of(length)]
        return Column(Expression.call("substring", parts))

    def getItem(self, key):
        return self[key]

    def getField(self, name):
        return self[name]

    def __getitem__(self, key):
        if isinstance(key, slice):
            if key.step is not None:
                raise ValueError("Using a slice with a step is not supported.")
            return self.substr(key.start, key.stop)
        # Spark extracts a field, an element or a value, by what the column is.
        if isinstance(key, str):
            return Column(self._expression.field(key))
        return Column(Expression.call("get_item", [self._expression, expression_of(key)]))

    def __getattr__(self, item):
        if item.startswith("__"):
            raise AttributeError(item)
        return self[item]

    def alias(self, *alias, **kwargs):
        if kwargs.pop("metadata", None) is not None:
            raise missing("Column.alias(metadata=...)", "Leave it out: nothing reads it.")
        assert not kwargs, f"Unexpected kwargs where passed: {kwargs}"
        return Column(self._expression.alias(list(alias)))

    name = alias

    def cast(self, dataType):
        if not isinstance(dataType, (str, DataType)):
            raise wrong_type("NOT_DATATYPE_OR_STR", "dataType", dataType)
        return Column(self._expression.cast(ddl(dataType)))

    astype = cast

    def try_cast(self, dataType):
        return Column(self._expression.cast(ddl(dataType), True))

    def when(self, condition, value):
        if not isinstance(condition, Column):
            raise wrong_type("NOT_COLUMN", "condition", condition)
        raise IllegalArgumentException("when() can only be applied on a Column previously generated by when() function")

    def otherwise(self, value):
        raise IllegalArgumentException("otherwise() can only be applied on a Column previously generated by when() function")

    def over(self, window):
        from millrace.pyspark.sql.window import WindowSpec

        if not isinstance(window, WindowSpec):
            raise wrong_type("NOT_WINDOWSPEC", "window", window)
        return Column(self._expression.over(window._partition, window._order, window._frame))

    def withField(self, fieldName, col):
        raise missing("Column.withField", "Build the struct anew by functions.struct.")

    def dropFields(self, *fieldNames):
        raise missing("Column.dropFields", "Build the struct anew by functions.struct.")

    def __contains__(self, item):
        raise PySparkValueError(error_class="CANNOT_APPLY_IN_FOR_COLUMN", message_parameters={})

    def __iter__(self):
        raise TypeError("Column is not iterable")

    def __bool__(self):
        raise PySparkValueError(error_class="CANNOT_CONVERT_COLUMN_INTO_BOOL", message_parameters={})

    __nonzero__ = __bool__

    def __repr__(self):
        return f"Column<'{self._expression.text()}{self._order_text}'>"


class CaseColumn(Column):
    """`when(..)`, which more branches may follow."""

    def __init__(self, branches):
        super().__init__(Expression.call("case", branches))
        self._branches = branches

    def when(self, condition, value):
        if not isinstance(condition, Column):
            raise wrong_type("NOT_COLUMN", "condition", condition)
        return CaseColumn([*self._branches, condition._expression, expression_of(value)])

    def otherwise(self, value):
        return Column(Expression.call("case", [*self._branches, expression_of(value)]))
