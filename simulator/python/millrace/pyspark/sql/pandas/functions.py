"""`pyspark.sql.pandas.functions`: functions of series of values."""

import functools
import inspect
import itertools
import typing
import warnings

from millrace._millrace import UserDefinedFunction as _Function, map_groups
from millrace.errors import missing
from millrace.pyspark.errors import (
    PySparkRuntimeError, PySparkTypeError, wrong_value,
)
from millrace.pyspark.rdd import PythonEvalType
from millrace.pyspark.sql.column import Column, column_of, ddl
from millrace.pyspark.sql.frames import (
    batches_of, check_types, frame_of, libraries, not_for_pandas, objects_of_series, series_of, wrong_result,
)
from millrace.pyspark.sql.pandas.typehints import infer_eval_type
from millrace.pyspark.sql.types import DataType, StructField, StructType, parsed
from millrace.pyspark.sql.udf import UserDefinedFunction


class PandasUDFType:
    """The ways in which functions of pandas are called, as programs name them."""

    SCALAR = PythonEvalType.SQL_SCALAR_PANDAS_UDF
    SCALAR_ITER = PythonEvalType.SQL_SCALAR_PANDAS_ITER_UDF
    GROUPED_MAP = PythonEvalType.SQL_GROUPED_MAP_PANDAS_UDF
    GROUPED_AGG = PythonEvalType.SQL_GROUPED_AGG_PANDAS_UDF


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
        kind = infer_eval_type(inspect.signature(f), _hints(f)) if given.annotations else PandasUDFType.SCALAR
    if kind in (PandasUDFType.SCALAR, PandasUDFType.SCALAR_ITER) and not given.args and given.varargs is None:
        raise wrong_value(
            "INVALID_PANDAS_UDF",
            detail="0-arg pandas_udfs are not supported. Instead, create a 1-arg pandas_udf and ignore the arg in your "
                   "function.",
        )
    if kind == PandasUDFType.GROUPED_MAP:
        check_group_function(f)
    _check_result(returnType, kind)
    made = PandasAggregateFunction if kind == PandasUDFType.GROUPED_AGG else PandasFunction
    return made(f, returnType, evalType=kind)._wrapped()


def _check_result(returnType, kind):
    data_type = parsed(returnType) if isinstance(returnType, str) else returnType
    if kind == PandasUDFType.GROUPED_MAP:
        if not isinstance(data_type, StructType):
            raise PySparkTypeError(
                error_class="INVALID_RETURN_TYPE_FOR_PANDAS_UDF",
                message_parameters={
                    "eval_type": "SQL_GROUPED_MAP_PANDAS_UDF or SQL_GROUPED_MAP_PANDAS_UDF_WITH_STATE",
                    "return_type": str(data_type),
                },
            )
        where = "with grouped map Pandas UDFs or at groupby.applyInPandas(func, schema)"
    else:
        is_aggregate = kind == PandasUDFType.GROUPED_AGG
        where = f"with {'grouped aggregate' if is_aggregate else 'scalar'} Pandas UDFs"
        if is_aggregate and isinstance(data_type, StructType):
            raise not_for_pandas(where, data_type)
    check_types(where, data_type)


def _hints(f):
    try:
        return typing.get_type_hints(f)
    except NameError:
        return {}


def check_group_function(f):
    if len(inspect.getfullargspec(f).args) not in (1, 2):
        raise wrong_value(
            "INVALID_PANDAS_UDF",
            detail="pandas_udf with function type GROUPED_MAP or the function in groupby.applyInPandas must take either "
                   "one argument (data) or two arguments (key, data).",
        )


class PandasFunction(UserDefinedFunction):
    """A function of series, each of the values that an argument has in the rows of a batch of Arrow."""

    def _made(self, function):
        call = _each_batch if self.evalType == PandasUDFType.SCALAR else _all_batches
        call = functools.partial(call, function, self.returnType)
        return _Function.of_partitions(self._name, ddl(self.returnType), call, self.deterministic)


class PandasAggregateFunction(PandasFunction):
    """A function of the series of a group, which returns a value."""

    def __call__(self, *args):
        return PandasAggregate(super().__call__(*args)._expression, self, list(map(column_of, args)))

    def _made(self, function):
        def call(rows, kinds):
            raise missing("a group aggregate pandas UDF within an expression", "Give the aggregate a column of its own.")

        self._shipped_code = function
        return _Function.of_partitions(self._name, ddl(self.returnType), call, self.deterministic)


class PandasAggregate(Column):
    """The value of a function for each group."""

    def __init__(self, expression, function, arguments):
        super().__init__(expression)
        self.function, self.arguments = function, arguments

    def alias(self, *alias, **kwargs):
        return PandasAggregate(super().alias(*alias, **kwargs)._expression, self.function, self.arguments)

    name = alias

    def over(self, window):
        raise missing("Column.over of a pandas UDF", "Use applyInPandas for each group, or an aggregate function of Spark.")


def aggregated(table, keys, columns):
    """The keys and the values of functions for each group (`AggregateInPandasExec`)."""
    lists = [column.arguments for column in columns]
    bounds = list(itertools.accumulate(map(len, lists), initial=0))
    frame = table._frame.select([*itertools.chain(*lists), *keys])
    given = table._with(frame).schema.fields
    kinds, of_keys = [field.dataType for field in given[: bounds[-1]]], given[bounds[-1]:]
    results = [column.function.returnType for column in columns]

    def call(key, rows):
        values = [_argument([row[place] for row in rows], kind) for place, kind in enumerate(kinds)]
        made = [
            objects_of_series(_single(column.function._shipped_code(*values[start:end])), kind)[0]
            for column, kind, start, end in zip(columns, results, bounds, bounds[1:])
        ]
        return [[*key[0], *made]]

    for column in columns:
        column.function._shipped()
    names = [column._expression.name() for column in columns]
    made = map(StructField, names, results)
    schema = StructType([*(StructField(it.name, it.dataType, it.nullable) for it in of_keys), *made])
    groups = frame.columns()[bounds[-1]:]
    engine = table._session._engine()
    return table._with(map_groups(frame, groups, "applyInPandas", ddl(schema), call, engine))


def _single(value):
    import pandas as pd

    return pd.Series([value])


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
