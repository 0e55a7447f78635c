"""`pyspark.errors`: the exceptions that PySpark raises."""

import re
import traceback

from millrace.errors import NotInMillrace
from millrace.py4j.protocol import Py4JJavaError
from millrace.pyspark.error_classes import MESSAGES


class PySparkException(Exception):
    """An exception with a message, or with an error class of `MESSAGES` and the parameters of its message."""

    def __init__(self, message=None, error_class=None, message_parameters=None):
        self._error_class = error_class
        self._message_parameters = message_parameters
        if message is None and error_class is not None:
            text = re.sub("<([a-zA-Z0-9_]+)>", lambda it: message_parameters[it[1]], MESSAGES[error_class])
            message = f"[{error_class}] {text}"
        super().__init__(message)

    def getErrorClass(self):
        return self._error_class

    def getMessageParameters(self):
        return self._message_parameters

    def getSqlState(self):
        return None


class PySparkRuntimeError(PySparkException, RuntimeError):
    pass


class PySparkValueError(PySparkException, ValueError):
    pass


class PySparkTypeError(PySparkException, TypeError):
    pass


class PySparkAttributeError(PySparkException, AttributeError):
    pass


class PySparkAssertionError(PySparkException, AssertionError):
    pass


class PySparkNotImplementedError(PySparkException, NotImplementedError):
    pass


class IllegalArgumentException(PySparkException):
    pass


class UnsupportedOperationException(PySparkException):
    pass


class ArithmeticException(PySparkException):
    pass


class ArrayIndexOutOfBoundsException(PySparkException):
    pass


class DateTimeException(PySparkException):
    pass


class NumberFormatException(IllegalArgumentException):
    pass


class AnalysisException(PySparkException):
    pass


class TempTableAlreadyExistsException(AnalysisException):
    pass


class PythonException(PySparkException):
    pass


class QueryExecutionException(PySparkException):
    pass


class SparkRuntimeException(PySparkException):
    pass


class SparkUpgradeException(PySparkException):
    pass


class StreamingQueryException(PySparkException):
    #: The exception that is the cause of this one in the JVM, whose text this one has.
    cause = None

    @property
    def desc(self):
        return str(self)


class UnknownException(PySparkException):
    pass


class ParseException(AnalysisException):
    pass


#: The classes that are no refusals of a query's text.
_KINDS = {
    "_LEGACY_ERROR_TEMP_2047": IllegalArgumentException,
    "_LEGACY_ERROR_TEMP_2049": UnsupportedOperationException,
}


def refused(message, condition, advice, is_illegal_argument=False):
    """The exception for what Spark refuses, with its error class if it has one."""
    kind = IllegalArgumentException if is_illegal_argument else _KINDS.get(condition, AnalysisException)
    if condition and condition.startswith("PARSE_"):
        kind = ParseException
    return kind(f"{message} {advice}" if advice else message, condition)


#: The exceptions of error classes of expressions; that of a value that is malformed depends on the type.
_OF_EXPRESSIONS = {
    "ARITHMETIC_OVERFLOW": ArithmeticException,
    "BINARY_ARITHMETIC_OVERFLOW": ArithmeticException,
    "CAST_OVERFLOW": ArithmeticException,
    "DIVIDE_BY_ZERO": ArithmeticException,
    "NUMERIC_VALUE_OUT_OF_RANGE": ArithmeticException,
    "CANNOT_PARSE_TIMESTAMP": DateTimeException,
    "INVALID_ARRAY_INDEX": ArrayIndexOutOfBoundsException,
    "INVALID_ARRAY_INDEX_IN_ELEMENT_AT": ArrayIndexOutOfBoundsException,
}
_MALFORMED = {"BOOLEAN": SparkRuntimeException, "DATE": DateTimeException, "TIMESTAMP": DateTimeException}


def of_expression(message, text):
    """The exception for a failure in an expression, of its error class; without one that of a job of the JVM."""
    found = re.match(r"\[([A-Z_]+)", message)
    condition = found and found[1]
    kind = _OF_EXPRESSIONS.get(condition)
    if condition == "CAST_INVALID_INPUT":
        target = re.search('cannot be cast to "([A-Z]+)', message)
        kind = _MALFORMED.get(target and target[1], NumberFormatException)
    if kind is None:
        return Py4JJavaError("o1.collectToPython", PySparkException(text))
    return kind(text, condition)


def of_worker(error):
    """The exception for what a function of the program has raised in a worker."""
    if not isinstance(error, Exception) or isinstance(error, NotInMillrace):
        return error
    text = "".join(traceback.format_exception(error))
    made = PythonException(f"\n  An exception was thrown from the Python worker. Please see the stack trace below.\n{text}")
    made.__cause__ = error
    return made


def wrong_type(error_class, name, value):
    """The exception for an argument of another type."""
    return PySparkTypeError(
        error_class=error_class, message_parameters={"arg_name": name, "arg_type": type(value).__name__}
    )


def wrong_value(error_class, **parameters):
    """The exception for a value that an argument cannot have."""
    return PySparkValueError(error_class=error_class, message_parameters=parameters)
