"""`pyspark.sql.types`: the types of columns."""

import json
import re

from millrace.pyspark.errors import wrong_type
from millrace.pyspark.sql.refused import refusing
from millrace.pyspark.sql.row import Row


class DataType:
    def __repr__(self):
        return type(self).__name__ + "()"

    def __hash__(self):
        return hash(str(self))

    def __eq__(self, other):
        return isinstance(other, type(self)) and self.__dict__ == other.__dict__

    @classmethod
    def typeName(cls):
        return cls.__name__[:-4].lower()

    def simpleString(self):
        return self.typeName()

    def jsonValue(self):
        return self.typeName()

    def json(self):
        return json.dumps(self.jsonValue(), separators=(",", ":"), sort_keys=True)

    # A value is the same object outside and inside of a table.
    def needConversion(self):
        return False

    def toInternal(self, obj):
        return obj

    def fromInternal(self, obj):
        return obj


class _OneOfEach(type):
    """Types without parameters: there is one of each."""

    _instances = {}

    def __call__(cls):
        if cls not in cls._instances:
            cls._instances[cls] = super().__call__()
        return cls._instances[cls]


class NullType(DataType, metaclass=_OneOfEach):
    @classmethod
    def typeName(cls):
        return "void"


class AtomicType(DataType):
    pass


class NumericType(AtomicType):
    pass


class IntegralType(NumericType, metaclass=_OneOfEach):
    pass


class FractionalType(NumericType):
    pass


class StringType(AtomicType, metaclass=_OneOfEach):
    pass


class CharType(AtomicType):
    def __init__(self, length):
        self.length = length

    def simpleString(self):
        return f"char({self.length})"

    jsonValue = simpleString

    def __repr__(self):
        return f"CharType({self.length})"


class VarcharType(AtomicType):
    def __init__(self, length):
        self.length = length

    def simpleString(self):
        return f"varchar({self.length})"

    jsonValue = simpleString

    def __repr__(self):
        return f"VarcharType({self.length})"


class BinaryType(AtomicType, metaclass=_OneOfEach):
    pass


class BooleanType(AtomicType, metaclass=_OneOfEach):
    pass


class DateType(AtomicType, metaclass=_OneOfEach):
    pass


class TimestampType(AtomicType, metaclass=_OneOfEach):
    pass


class TimestampNTZType(AtomicType, metaclass=_OneOfEach):
    @classmethod
    def typeName(cls):
        return "timestamp_ntz"


class DecimalType(FractionalType):
    def __init__(self, precision=10, scale=0):
        self.precision = precision
        self.scale = scale
        self.hasPrecisionInfo = True

    def simpleString(self):
        return f"decimal({self.precision},{self.scale})"

    jsonValue = simpleString

    def __repr__(self):
        return f"DecimalType({self.precision},{self.scale})"


class DoubleType(FractionalType, metaclass=_OneOfEach):
    pass


class FloatType(FractionalType, metaclass=_OneOfEach):
    pass


class ByteType(IntegralType):
    def simpleString(self):
        return "tinyint"


class ShortType(IntegralType):
    def simpleString(self):
        return "smallint"


class IntegerType(IntegralType):
    def simpleString(self):
        return "int"


class LongType(IntegralType):
    def simpleString(self):
        return "bigint"


class _IntervalType(AtomicType):
    """An interval of units, from the greatest to the least that it is written in."""

    _names = ()

    def __init__(self, startField=None, endField=None):
        if startField is None and endField is None:
            startField, endField = 0, len(self._names) - 1
        elif startField is not None and endField is None:
            endField = startField
        if startField not in range(len(self._names)) or endField not in range(len(self._names)):
            raise RuntimeError(f"interval {startField} to {endField} is invalid")
        self.startField = startField
        self.endField = endField

    def simpleString(self):
        start, end = self._names[self.startField], self._names[self.endField]
        return f"interval {start}" if start == end else f"interval {start} to {end}"

    jsonValue = simpleString

    def __repr__(self):
        return f"{type(self).__name__}({self.startField}, {self.endField})"


class DayTimeIntervalType(_IntervalType):
    DAY, HOUR, MINUTE, SECOND = range(4)
    _names = ("day", "hour", "minute", "second")


class YearMonthIntervalType(_IntervalType):
    YEAR, MONTH = range(2)
    _names = ("year", "month")


class ArrayType(DataType):
    def __init__(self, elementType, containsNull=True):
        assert isinstance(elementType, DataType), f"elementType {elementType} should be an instance of {DataType}"
        self.elementType = elementType
        self.containsNull = containsNull

    def simpleString(self):
        return f"array<{self.elementType.simpleString()}>"

    def jsonValue(self):
        return {
            "type": self.typeName(),
            "elementType": self.elementType.jsonValue(),
            "containsNull": self.containsNull,
        }

    @classmethod
    def fromJson(cls, json):
        return cls(_of_json(json["elementType"]), json["containsNull"])

    def __repr__(self):
        return f"ArrayType({self.elementType}, {self.containsNull})"


class MapType(DataType):
    def __init__(self, keyType, valueType, valueContainsNull=True):
        assert isinstance(keyType, DataType), f"keyType {keyType} should be an instance of {DataType}"
        assert isinstance(valueType, DataType), f"valueType {valueType} should be an instance of {DataType}"
        self.keyType = keyType
        self.valueType = valueType
        self.valueContainsNull = valueContainsNull

    def simpleString(self):
        return f"map<{self.keyType.simpleString()},{self.valueType.simpleString()}>"

    def jsonValue(self):
        return {
            "type": self.typeName(),
            "keyType": self.keyType.jsonValue(),
            "valueType": self.valueType.jsonValue(),
            "valueContainsNull": self.valueContainsNull,
        }

    @classmethod
    def fromJson(cls, json):
        return cls(_of_json(json["keyType"]), _of_json(json["valueType"]), json["valueContainsNull"])

    def __repr__(self):
        return f"MapType({self.keyType}, {self.valueType}, {self.valueContainsNull})"


class StructField(DataType):
    def __init__(self, name, dataType, nullable=True, metadata=None):
        assert isinstance(dataType, DataType), f"dataType {dataType} should be an instance of {DataType}"
        assert isinstance(name, str), f"field name {name} should be a string"
        self.name = name
        self.dataType = dataType
        self.nullable = nullable
        self.metadata = metadata or {}

    def simpleString(self):
        return f"{self.name}:{self.dataType.simpleString()}"

    def jsonValue(self):
        return {
            "name": self.name,
            "type": self.dataType.jsonValue(),
            "nullable": self.nullable,
            "metadata": self.metadata,
        }

    @classmethod
    def fromJson(cls, json):
        return cls(json["name"], _of_json(json["type"]), json.get("nullable", True), json.get("metadata"))

    def typeName(self):
        raise TypeError("StructField does not have typeName. Use typeName on its type explicitly instead.")

    def __repr__(self):
        return f"StructField('{self.name}', {self.dataType}, {self.nullable})"


class StructType(DataType):
    def __init__(self, fields=None):
        self.fields = list(fields or ())
        assert all(isinstance(field, StructField) for field in self.fields), "fields should be a list of StructField"

    @property
    def names(self):
        return [field.name for field in self.fields]

    def fieldNames(self):
        return self.names

    def add(self, field, data_type=None, nullable=True, metadata=None):
        if not isinstance(field, StructField):
            if data_type is None:
                raise ValueError("Must specify DataType if passing name of struct_field to create.")
            if isinstance(data_type, str):
                data_type = parsed(data_type)
            field = StructField(field, data_type, nullable, metadata)
        self.fields.append(field)
        return self

    def __iter__(self):
        return iter(self.fields)

    def __len__(self):
        return len(self.fields)

    def __getitem__(self, key):
        if isinstance(key, str):
            for field in self.fields:
                if field.name == key:
                    return field
            raise KeyError(f"No StructField named {key}")
        if isinstance(key, int):
            try:
                return self.fields[key]
            except IndexError:
                raise IndexError("StructType index out of range") from None
        if isinstance(key, slice):
            return StructType(self.fields[key])
        raise wrong_type("NOT_INT_OR_SLICE_OR_STR", "key", key)

    def simpleString(self):
        return f"struct<{','.join(field.simpleString() for field in self.fields)}>"

    def jsonValue(self):
        return {"type": self.typeName(), "fields": [field.jsonValue() for field in self.fields]}

    @classmethod
    def fromJson(cls, json):
        return cls([StructField.fromJson(field) for field in json["fields"]])

    @classmethod
    def fromDDL(cls, ddl):
        return parsed(ddl)

    def _tree_string(self, maxDepth=2147483647):
        return "root\n" + "".join(_tree(field, 1, maxDepth) for field in self.fields)

    def __repr__(self):
        return f"StructType([{', '.join(str(field) for field in self.fields)}])"


_ATOMIC = {
    kind.typeName(): kind
    for kind in (
        NullType, StringType, BinaryType, BooleanType, DateType, TimestampType, TimestampNTZType, DecimalType,
        DoubleType, FloatType, ByteType, ShortType, IntegerType, LongType,
    )
}
_COMPLEX = {kind.typeName(): kind for kind in (ArrayType, MapType, StructType)}
_WITH_NUMBERS = re.compile(r"(decimal|char|varchar)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_INTERVAL = re.compile(r"interval (\w+)(?: to (\w+))?")


def _of_json(value):
    """The type of its JSON value."""
    if isinstance(value, dict):
        if value["type"] not in _COMPLEX:
            raise ValueError(f"Unable to convert the type {value['type']} from JSON")
        return _COMPLEX[value["type"]].fromJson(value)
    if value in _ATOMIC:
        return _ATOMIC[value]()
    if match := _WITH_NUMBERS.fullmatch(value):
        kind = {"decimal": DecimalType, "char": CharType, "varchar": VarcharType}[match[1]]
        return kind(*(int(number) for number in match.groups()[1:] if number is not None))
    if match := _INTERVAL.fullmatch(value):
        kind = YearMonthIntervalType if match[1] in YearMonthIntervalType._names else DayTimeIntervalType
        return kind(*(kind._names.index(unit) for unit in match.groups() if unit))
    raise ValueError(f"Unable to parse the data type {value}")


def _parse_datatype_json_string(text):
    return _of_json(json.loads(text))


def _tree(field, depth, most):
    if depth > most:
        return ""
    prefix = " |   " * (depth - 1) + " |-- "
    nullable = str(field.nullable).lower()
    name = field.dataType.typeName() if isinstance(field.dataType, tuple(_COMPLEX.values())) else _leaf(field.dataType)
    return f"{prefix}{field.name}: {name} (nullable = {nullable})\n" + _subtree(field.dataType, depth + 1, most)


def _leaf(data_type):
    return data_type.simpleString() if isinstance(data_type, (DecimalType, _IntervalType)) else data_type.typeName()


def _subtree(data_type, depth, most):
    if isinstance(data_type, StructType):
        return "".join(_tree(field, depth, most) for field in data_type.fields)
    if isinstance(data_type, ArrayType):
        return _part("element", data_type.elementType, f"containsNull = {str(data_type.containsNull).lower()}", depth, most)
    if isinstance(data_type, MapType):
        null = f"valueContainsNull = {str(data_type.valueContainsNull).lower()}"
        return _part("key", data_type.keyType, None, depth, most) + _part("value", data_type.valueType, null, depth, most)
    return ""


def _part(name, data_type, null, depth, most):
    if depth > most:
        return ""
    leaf = data_type.typeName() if isinstance(data_type, tuple(_COMPLEX.values())) else _leaf(data_type)
    end = f" ({null})" if null else ""
    return f"{' |   ' * (depth - 1)} |-- {name}: {leaf}{end}\n" + _subtree(data_type, depth + 1, most)


def parsed(ddl):
    """The type of a text such as `"word STRING, count INT"` or `"int"`."""
    from millrace._millrace import parse_type

    return _of_json(json.loads(parse_type(ddl)))


_parse_datatype_string = parsed

__getattr__ = refusing("pyspark.sql.types", "UserDefinedType")

__all__ = [
    "DataType", "NullType", "CharType", "StringType", "VarcharType", "BinaryType", "BooleanType", "DateType",
    "TimestampType", "TimestampNTZType", "DecimalType", "DoubleType", "FloatType", "ByteType", "IntegerType",
    "LongType", "DayTimeIntervalType", "YearMonthIntervalType", "Row", "ShortType", "ArrayType", "MapType",
    "StructField", "StructType", "UserDefinedType",
]
