"""`pyspark.sql.functions`: what builds expressions."""

import ast
import importlib
import inspect
import random
import sys

from millrace._millrace import Expression, has_function, interval_ms
from millrace.pyspark.errors import wrong_type, wrong_value
from millrace.pyspark.sql.column import CaseColumn, Column, column_of, ddl, expression_of, literal, typed_literal
from millrace.pyspark.sql.pandas.functions import PandasUDFType, pandas_udf
from millrace.pyspark.sql.refused import refuse_functions
from millrace.pyspark.sql.signatures import SIGNATURES, SQL_NAMES
from millrace.pyspark.sql.types import DataType
from millrace.pyspark.sql.udf import udf


def col(col):
    return Column(Expression.column(col))


column = col


def lit(col):
    return col if isinstance(col, Column) else Column(typed_literal(col))


def expr(str):
    return Column(Expression.parse(str))


def when(condition, value):
    if not isinstance(condition, Column):
        raise wrong_type("NOT_COLUMN", "condition", condition)
    return CaseColumn([condition._expression, expression_of(value)])


def _call(function, *arguments, **flags):
    return Column(Expression.call(function, list(arguments), **flags))


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], (list, set, tuple)):
        cols = cols[0]
    return map(column_of, cols)


def array(*cols):
    return _call("array", *_columns(cols))


def struct(*cols):
    return _call("struct", *_columns(cols))


def create_map(*cols):
    return _call("map", *_columns(cols))


def count(col):
    return _call("count", Expression.column("*") if isinstance(col, str) and col == "*" else column_of(col))


def count_distinct(col, *cols):
    return _call("count", *map(column_of, (col, *cols)), distinct=True)


countDistinct = count_distinct


def sum_distinct(col):
    return _call("sum", column_of(col), distinct=True)


sumDistinct = sum_distinct


def approx_count_distinct(col, rsd=None):
    return _call("approx_count_distinct", column_of(col), *([] if rsd is None else [literal(rsd)]))


approxCountDistinct = approx_count_distinct


def first(col, ignorenulls=False):
    return _call("first", column_of(col), ignore_nulls=ignorenulls)


def last(col, ignorenulls=False):
    return _call("last", column_of(col), ignore_nulls=ignorenulls)


def first_value(col, ignoreNulls=None):
    return _call("first_value", column_of(col), ignore_nulls=bool(ignoreNulls))


def last_value(col, ignoreNulls=None):
    return _call("last_value", column_of(col), ignore_nulls=bool(ignoreNulls))


def any_value(col, ignoreNulls=None):
    return _call("any_value", column_of(col), ignore_nulls=bool(ignoreNulls))


def rand(seed=None):
    return _call("rand", literal(_drawn(seed)))


def randn(seed=None):
    return _call("randn", literal(_drawn(seed)))


def _drawn(seed):
    """A seed, or another one for each call, which is the same in each run."""
    return random.randint(0, sys.maxsize) if seed is None else seed


def row_number():
    return _call("row_number")


def rank():
    return _call("rank")


def dense_rank():
    return _call("dense_rank")


def percent_rank():
    return _call("percent_rank")


def cume_dist():
    return _call("cume_dist")


def ntile(n):
    return _call("ntile", literal(int(n)))


def lag(col, offset=1, default=None):
    return _call("lag", column_of(col), literal(offset), literal(default))


def lead(col, offset=1, default=None):
    return _call("lead", column_of(col), literal(offset), literal(default))


def nth_value(col, offset, ignoreNulls=False):
    return _call("nth_value", column_of(col), literal(offset), ignore_nulls=bool(ignoreNulls))


def percentile_approx(col, percentage, accuracy=10000):
    return _call("percentile_approx", column_of(col), expression_of(percentage), expression_of(accuracy))


def approx_percentile(col, percentage, accuracy=10000):
    return _call("approx_percentile", column_of(col), expression_of(percentage), expression_of(accuracy))


def percentile(col, percentage, frequency=1):
    return _call("percentile", column_of(col), expression_of(percentage), expression_of(frequency))


def negate(col):
    return _call("negative", column_of(col))


def bitwise_not(col):
    return _call("~", column_of(col))


bitwiseNOT = bitwise_not


def json_tuple(col, *fields):
    return _call("json_tuple", column_of(col), *map(literal, fields))


def window(timeColumn, windowDuration, slideDuration=None, startTime=None):
    given = {"windowDuration": windowDuration, "slideDuration": slideDuration, "startTime": startTime}
    for name, duration in given.items():
        if not isinstance(duration, str) and (duration or name == "windowDuration"):
            raise wrong_type("NOT_STR", name, duration)
    durations = [windowDuration]
    if slideDuration or startTime:
        durations.append(slideDuration or windowDuration)
    if startTime:
        durations.append(startTime)
    for duration in durations[:2]:
        interval_ms(duration)
    return _call("window", column_of(timeColumn), *map(literal, durations))


def session_window(timeColumn, gapDuration):
    return _call("session_window", column_of(timeColumn), _text_or_column("gapDuration", gapDuration))


def _text_or_column(name, value):
    """The expression of a column, or of a text that is a literal."""
    if not isinstance(value, (Column, str)):
        raise wrong_type("NOT_COLUMN_OR_STR", name, value)
    return expression_of(value)


def assert_true(col, errMsg=None):
    return _call("assert_true", column_of(col), *([] if errMsg is None else [_text_or_column("errMsg", errMsg)]))


def raise_error(errMsg):
    return _call("raise_error", _text_or_column("errMsg", errMsg))


def overlay(src, replace, pos, len=-1):
    for name, value in (("pos", pos), ("len", len)):
        if not isinstance(value, (int, str, Column)):
            raise wrong_type("NOT_COLUMN_OR_INT_OR_STR", name, value)
    return _call("overlay", *map(column_of, (src, replace, pos, len)))


def _of_at_least_two(name):
    def function(*cols):
        if len(cols) < 2:
            raise wrong_value("WRONG_NUM_COLUMNS", func_name=name, num_cols="2")
        return _call(name, *_columns(cols))

    function.__name__ = function.__qualname__ = name
    return function


greatest, least = _of_at_least_two("greatest"), _of_at_least_two("least")


def _with_options(function, arguments, options):
    if options:
        pairs = [literal(str(part).lower() if isinstance(part, bool) else str(part))
                 for pair in options.items() for part in pair]
        arguments = [*arguments, Expression.call("map", pairs)]
    return _call(function, *arguments)


def _schema(schema):
    if isinstance(schema, DataType):
        return literal(ddl(schema))
    return _text_or_column("schema", schema)


def from_json(col, schema, options=None):
    return _with_options("from_json", [column_of(col), _schema(schema)], options)


def from_csv(col, schema, options=None):
    return _with_options("from_csv", [column_of(col), _schema(schema)], options)


def to_json(col, options=None):
    return _with_options("to_json", [column_of(col)], options)


def to_csv(col, options=None):
    return _with_options("to_csv", [column_of(col)], options)


def schema_of_json(json, options=None):
    return _with_options("schema_of_json", [_text_or_column("json", json)], options)


def schema_of_csv(csv, options=None):
    return _with_options("schema_of_csv", [_text_or_column("csv", csv)], options)


def _order(name):
    def order(col):
        return getattr(col if isinstance(col, Column) else Column(column_of(col)), name)()

    order.__name__ = order.__qualname__ = name
    return order


asc, asc_nulls_first, asc_nulls_last = _order("asc"), _order("asc_nulls_first"), _order("asc_nulls_last")
desc, desc_nulls_first, desc_nulls_last = _order("desc"), _order("desc_nulls_first"), _order("desc_nulls_last")


def call_function(funcName, *cols):
    return _call(funcName, *map(column_of, cols))


def call_udf(udfName, *cols):
    return _call(udfName, *map(column_of, cols))


def broadcast(df):
    return df.hint("broadcast")


def _lambda(function, depth):
    """The function of elements that a function of columns is."""
    given = inspect.signature(function).parameters.values()
    if not all(it.kind in (it.POSITIONAL_ONLY, it.POSITIONAL_OR_KEYWORD) for it in given):
        raise wrong_value("UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION", func_name=function.__name__)
    names = [f"{name}_{depth}" for name, _ in zip("xyz", given)]
    if not 1 <= len(given) <= 3:
        raise wrong_value(
            "WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION", func_name=function.__name__, num_args=str(len(given))
        )
    global _depth
    _depth += 1
    try:
        result = function(*(Column(Expression.column(name)) for name in names))
    finally:
        _depth -= 1
    if not isinstance(result, Column):
        raise wrong_value(
            "HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN", func_name=function.__name__, return_type=type(result).__name__
        )
    return Expression.function(names, result._expression)


_depth = 0


def _argument(mark, value):
    if mark == ">":
        return _lambda(value, _depth)
    return expression_of(value) if mark == "!" else column_of(value)


def _made(name, parameters):
    """The function of a line of the table."""
    marks, signature = {}, []
    for parameter in parameters.split(", ") if parameters else []:
        written, _, default = parameter.partition("=")
        bare = written.strip("*!>")
        marks[bare] = written[-1]
        kind = inspect.Parameter.VAR_POSITIONAL if written[0] == "*" else inspect.Parameter.POSITIONAL_OR_KEYWORD
        value = ast.literal_eval(default) if default else inspect.Parameter.empty
        signature.append(inspect.Parameter(bare, kind, default=value))
    signature = inspect.Signature(signature)
    sql_name = SQL_NAMES.get(name, name)

    def function(*args, **kwargs):
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        arguments = []
        for parameter, value in given.arguments.items():
            if signature.parameters[parameter].kind is inspect.Parameter.VAR_POSITIONAL:
                arguments += _columns(value)
            elif value is not None or signature.parameters[parameter].default is not None:
                arguments.append(_argument(marks[parameter], value))
        return _call(sql_name, *arguments)

    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    function.__signature__ = signature
    return function


_LINES = dict(line.rstrip(")").split("(", 1) for line in SIGNATURES.split("\n") if line)
_known = {name: has_function(SQL_NAMES.get(name, name)) for name in _LINES}

_refused = refuse_functions(
    "pyspark.sql.functions",
    [name for name, is_known in _known.items() if not is_known],
    {
        "udtf": "Use udf with an array as its result, and explode.",
        "unwrap_udt": "There are no user-defined types.",
        "grouping_id": "Group by one list of columns.",
        **dict.fromkeys("bucket days hours months years".split(), "They partition tables that are written, and none is."),
    },
)

for _name, _is_known in _known.items():
    if _is_known:
        setattr(sys.modules[__name__], _name, _made(_name, _LINES[_name]))

#: The modules of which PySpark's own imports these names at its top, so that `import *` passes them on.
_PASSED_ON = {
    "millrace.pyspark.context": "SparkContext",
    "millrace.pyspark.errors": "PySparkTypeError PySparkValueError",
    "millrace.pyspark.sql.column": "Column",
    "millrace.pyspark.sql.dataframe": "DataFrame",
    "millrace.pyspark.sql.types": "ArrayType DataType StringType StructType",
    "typing": "Any Callable Dict Iterable List Optional TYPE_CHECKING Tuple Type Union ValuesView cast overload",
    **dict.fromkeys("decimal functools inspect sys warnings".split(), ""),
}
_MODULES = {name: module for module, names in _PASSED_ON.items() for name in names.split() or [module]}


def __getattr__(name):
    if name not in _MODULES:
        return _refused(name)
    module = importlib.import_module(_MODULES[name])
    return module if name == _MODULES[name] else getattr(module, name)


__getattr__.refusals = _refused.refusals

# `import *` gives what is refused, too: a `sum` or a `max` would else be Python's own.
__all__ = sorted(
    {name for name, value in vars().items() if callable(value) and not name.startswith("_")
     and getattr(value, "__module__", None) == __name__}
    | {"countDistinct", "column", "PandasUDFType", "pandas_udf", "udf", *_refused.refusals, *_MODULES}
)
