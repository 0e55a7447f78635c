"""`pyspark.errors`: the exceptions that PySpark raises."""


class PySparkException(Exception):
    def __init__(self, message=None, error_class=None, message_parameters=None):
        self._error_class = error_class
        self._message_parameters = message_parameters
        super().__init__(message)

    def getErrorClass(self):
        return self._error_class

    def getMessageParameters(self):
        return self._message_parameters


class PySparkRuntimeError(PySparkException, RuntimeError):
    pass


class PySparkValueError(PySparkException, ValueError):
    pass


class PySparkTypeError(PySparkException, TypeError):
    pass


class PySparkAttributeError(PySparkException, AttributeError):
    pass


class IllegalArgumentException(PySparkException):
    pass


class UnsupportedOperationException(PySparkException):
    pass


class AnalysisException(PySparkException):
    pass


class StreamingQueryException(PySparkException):
    pass


class ParseException(AnalysisException):
    pass


#: The classes that are no refusals of a query's text.
_KINDS = {
    "_LEGACY_ERROR_TEMP_2047": IllegalArgumentException,
    "_LEGACY_ERROR_TEMP_2049": UnsupportedOperationException,
}


def refused(message, condition, advice):
    """The exception for what Spark refuses, with its error class if it has one."""
    kind = _KINDS.get(condition, AnalysisException)
    if condition and condition.startswith("PARSE_"):
        kind = ParseException
    return kind(f"{message} {advice}" if advice else message, condition)
