"""`pyspark.sql.pandas.typehints`: the way in which a function of pandas is called, by its type hints."""

import inspect
import types
import typing

from millrace.pyspark.errors import PySparkNotImplementedError
from millrace.pyspark.rdd import PythonEvalType


def infer_eval_type(sig, type_hints):
    parameters = [type_hints.get(name, it.annotation) for name, it in sig.parameters.items()]
    result = type_hints.get("return", sig.return_annotation)
    if inspect.Parameter.empty in parameters:
        raise ValueError(f"Type hints for all parameters should be specified; however, got {sig}")
    if result is inspect.Signature.empty:
        raise ValueError(f"Type hint for the return type should be specified; however, got {sig}")
    if all(map(_is_series, parameters)):
        if _is_series_or_frame(result):
            return PythonEvalType.SQL_SCALAR_PANDAS_UDF
        if not _is_generic(result, "Iterator") and not _is_generic(result, "Tuple"):
            return PythonEvalType.SQL_GROUPED_AGG_PANDAS_UDF
    elif len(parameters) == 1 and _is_generic(parameters[0], "Iterator") and _is_generic(result, "Iterator"):
        [element] = parameters[0].__args__
        elements = element.__args__ if _is_generic(element, "Tuple") else [element]
        if all(it is Ellipsis or _is_series(it) for it in elements) and all(map(_is_series_or_frame, result.__args__)):
            return PythonEvalType.SQL_SCALAR_PANDAS_ITER_UDF
    raise PySparkNotImplementedError(
        error_class="UNSUPPORTED_SIGNATURE", message_parameters={"signature": str(sig)}
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
