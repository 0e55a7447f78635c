"""`pyspark.sql.pandas.functions`: functions of series of values."""

import functools
import inspect
import types
import typing
import warnings

from millrace._millrace import UserDefinedFunction as _Function
from millrace.pyspark.errors import (
    PySparkNotImplementedError, PySparkRuntimeError, PySparkTypeError, wrong_value,
)
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.frames import (
    batches_of, frame_of, libraries, objects_of_series, series_of, wrong_result,
)
from millrace.pyspark.sql.types import DataType, StructType, parsed
from millrace.pyspark.sql.udf import UserDefinedFunction


class PandasUDFType:
    """The ways in which PySpark calls functions of pandas (`PythonEvalType`)."""

    SCALAR = 200
    GROUPED_MAP = 201
    GROUPED_AGG = 202
    SCALAR_ITER = 204


_OF_HINTS = (PandasUDFType.SCALAR, PandasUDFType.SCALAR_ITER, PandasUDFType.GROUPED_AGG)


def pandas_udf(f=None, returnType=None, functionType=None):
    libraries("functions.pandas_udf")
    if f is None or isinstance(f, (str, DataType)):
        kind = functionType
        if kind is None and isinstance(returnType, int):
            kind = returnType
        return functools.partial(_made, returnType=_checked(f or returnType, kind), kind=kind)
    return _made(f, _checked(returnType, functionType), functionType)


def _checked(returnType, kind):
    if returnType is None:
        raise PySparkTypeError(error_class="CANNOT_BE_NONE", message_parameters={"arg_name": "returnType"})
    if kind is not None and kind not in (*_OF_HINTS, PandasUDFType.GROUPED_MAP):
        raise PySparkTypeError(
            error_class="INVALID_PANDAS_UDF_TYPE",
            message_parameters={"arg_name": "functionType", "arg_type": str(kind)},
        )
    return returnType


def _made(f, returnType, kind):
    given = inspect.getfullargspec(f)
    if kind in _OF_HINTS:
        warnings.warn(
            "In Python 3.6+ and Spark 3.0+, it is preferred to specify type hints for pandas UDF instead of specifying "
            "pandas UDF type which will be deprecated in the future releases. See SPARK-28264 for more details.",
            UserWarning,
        )
    elif kind is None:
        kind = _kind_of(f) if given.annotations else PandasUDFType.SCALAR
    if kind in (PandasUDFType.SCALAR, PandasUDFType.SCALAR_ITER) and not given.args and given.varargs is None:
        raise wrong_value(
            "INVALID_PANDAS_UDF",
            detail="0-arg pandas_udfs are not supported. Instead, create a 1-arg pandas_udf and ignore the arg in your "
                   "function.",
        )
    if kind == PandasUDFType.GROUPED_MAP:
        check_group_function(f)
    return PandasFunction(f, returnType, evalType=kind)._wrapped()


def check_group_function(f):
    if len(inspect.getfullargspec(f).args) not in (1, 2):
        raise wrong_value(
            "INVALID_PANDAS_UDF",
            detail="pandas_udf with function type GROUPED_MAP or the function in groupby.applyInPandas must take either "
                   "one argument (data) or two arguments (key, data).",
        )


def _kind_of(f):
    """The way in which a function is called, by its type hints (`infer_eval_type`)."""
    signature = inspect.signature(f)
    try:
        hints = typing.get_type_hints(f)
    except NameError:
        hints = {}
    parameters = [hints.get(name, it.annotation) for name, it in signature.parameters.items()]
    result = hints.get("return", signature.return_annotation)
    if inspect.Parameter.empty in parameters:
        raise ValueError(f"Type hints for all parameters should be specified; however, got {signature}")
    if result is inspect.Signature.empty:
        raise ValueError(f"Type hint for the return type should be specified; however, got {signature}")
    if all(map(_is_series, parameters)):
        if _is_series_or_frame(result):
            return PandasUDFType.SCALAR
        if not _is_generic(result, "Iterator") and not _is_generic(result, "Tuple"):
            return PandasUDFType.GROUPED_AGG
    elif len(parameters) == 1 and _is_generic(parameters[0], "Iterator") and _is_generic(result, "Iterator"):
        [element] = parameters[0].__args__
        elements = element.__args__ if _is_generic(element, "Tuple") else [element]
        if all(it is Ellipsis or _is_series(it) for it in elements) and all(map(_is_series_or_frame, result.__args__)):
            return PandasUDFType.SCALAR_ITER
    raise PySparkNotImplementedError(
        error_class="UNSUPPORTED_SIGNATURE", message_parameters={"signature": str(signature)}
    )


def _is_series_or_frame(hint):
    import pandas as pd

    return hint in (pd.Series, pd.DataFrame)


def _is_series(hint):
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return all(map(_is_series_or_frame, hint.__args__)) if is_union else _is_series_or_frame(hint)


def _is_generic(hint, name):
    found = getattr(hint, "_name", None) or getattr(hint, "__name__", None)
    return isinstance(found, str) and found.capitalize() == name


class PandasFunction(UserDefinedFunction):
    """A function of series, each of the values that an argument has in the rows of a batch of Arrow."""

    def _made(self, function):
        call = _each_batch if self.evalType == PandasUDFType.SCALAR else _all_batches
        call = functools.partial(call, function, self.returnType)
        return _Function.of_partitions(self._name, ddl(self.returnType), call, self.deterministic)


@functools.cache
def _types(texts):
    return [parsed(text) for text in texts]


def _batches(rows, kinds):
    """The series of each batch of rows, by argument; a frame for a struct."""
    kinds = _types(tuple(kinds))
    for batch in batches_of(rows):
        columns = [[row[place] for row in batch] for place in range(len(kinds))]
        yield [_argument(values, kind) for values, kind in zip(columns, kinds)]


def _argument(values, kind):
    if not isinstance(kind, StructType):
        return series_of(values, kind)
    return frame_of([[None] * len(kind.fields) if value is None else value for value in values], kind)


def _each_batch(function, kind, rows, kinds):
    made = []
    for arguments in _batches(rows, kinds):
        result = function(*arguments)
        if not hasattr(result, "__len__"):
            raise wrong_result(_expected(kind), type(result).__name__)
        if len(result) != len(arguments[0]):
            raise PySparkRuntimeError(
                error_class="SCHEMA_MISMATCH_FOR_PANDAS_UDF",
                message_parameters={"expected": str(len(arguments[0])), "actual": str(len(result))},
            )
        made += objects_of_series(result, kind)
    return made


def _all_batches(function, kind, rows, kinds):
    import pandas as pd

    arguments = (it[0] if len(it) == 1 else tuple(it) for it in _batches(rows, kinds))
    results = function(arguments)
    if not hasattr(results, "__iter__"):
        raise wrong_result(f"iterator of {_expected(kind)}", type(results).__name__)
    made, results = [], iter(results)
    for result in results:
        if not isinstance(result, pd.DataFrame if isinstance(kind, StructType) else pd.Series):
            raise wrong_result(f"iterator of {_expected(kind)}", f"iterator of {type(result).__name__}")
        made += objects_of_series(result, kind)
        if len(made) > len(rows):
            raise PySparkRuntimeError(error_class="OUTPUT_EXCEEDS_INPUT_ROWS", message_parameters={})
    if next(arguments, None) is not None:
        raise PySparkRuntimeError(error_class="INPUT_NOT_FULLY_CONSUMED", message_parameters={})
    if len(made) != len(rows):
        raise PySparkRuntimeError(
            error_class="RESULT_LENGTH_MISMATCH_FOR_SCALAR_ITER_PANDAS_UDF",
            message_parameters={"output_length": str(len(made)), "input_length": str(len(rows))},
        )
    return made


def _expected(kind):
    return "pandas.DataFrame" if isinstance(kind, StructType) else "pandas.Series"
