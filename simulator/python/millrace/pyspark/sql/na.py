"""`DataFrame.na`: rows without values, and values in their place (`DataFrameNaFunctions`)."""

import warnings

from millrace._millrace import Expression
from millrace.pyspark.errors import AnalysisException, PySparkTypeError, PySparkValueError, wrong_type
from millrace.pyspark.sql.column import literal
from millrace.pyspark.sql.conf import NO_VALUE

_NUMBERS = ("byte", "short", "integer", "long", "float", "double", "decimal")


class DataFrameNaFunctions:
    def __init__(self, df):
        self.df = df

    def drop(self, how="any", thresh=None, subset=None):
        return self.df.dropna(how, thresh, subset)

    def fill(self, value, subset=None):
        return self.df.fillna(value, subset)

    def replace(self, to_replace, value=NO_VALUE, subset=None):
        return self.df.replace(to_replace, value, subset)


def dropped(table, how, thresh, subset):
    """The rows that have as many values as they need."""
    if how is not None and how not in ("any", "all"):
        raise PySparkValueError(
            error_class="VALUE_NOT_ANY_OR_ALL", message_parameters={"arg_name": "how", "arg_value": str(how)}
        )
    if subset is None:
        subset = table.columns
    elif isinstance(subset, str):
        subset = [subset]
    elif not isinstance(subset, (list, tuple)):
        raise wrong_type("NOT_LIST_OR_STR_OR_TUPLE", "subset", subset)
    if thresh is None:
        thresh = len(subset) if how == "any" else 1
    fields = [_field(table, name) for name in subset]
    values = [_without_nan(_column(it), it) for it in fields]
    has = [Expression.call("case", [Expression.call("isnotnull", [value]), literal(1), literal(0)]) for value in values]
    count = literal(0)
    for one in has:
        count = Expression.call("+", [count, one])
    return table._with(table._frame.filter(Expression.call(">=", [count, literal(thresh)])))


def filled(table, value, subset):
    """The table with a value where columns of its type have none."""
    if not isinstance(value, (float, int, str, bool, dict)):
        raise wrong_type("NOT_BOOL_OR_DICT_OR_FLOAT_OR_INT_OR_STR", "value", value)
    if isinstance(value, dict):
        for name, it in value.items():
            if not isinstance(it, (float, int, str, bool)):
                raise AnalysisException(f"Unsupported value type {type(it).__name__} ({it}).")
        values = {_field(table, name).name: it for name, it in value.items()}
    else:
        if subset is not None and not isinstance(subset, (list, tuple, str)):
            raise wrong_type("NOT_LIST_OR_TUPLE", "subset", subset)
        names = [subset] if isinstance(subset, str) else table.columns if subset is None else subset
        fields = [_field(table, name) for name in names]
        values = {it.name: value for it in fields if _is_of(it.dataType, value)}
    return _changed(table, values, _filled)


def _filled(column, field, value):
    value = literal(value).cast(field.dataType.simpleString())
    return Expression.call("coalesce", [_without_nan(column, field), value])


def _without_nan(column, field):
    kind = field.dataType.typeName()
    return Expression.call("nanvl", [column, literal(None).cast(kind)]) if kind in ("float", "double") else column


def replaced(table, to_replace, value, subset):
    """The table with other values in the place of some."""
    if value is NO_VALUE:
        if not isinstance(to_replace, dict):
            raise PySparkTypeError(
                error_class="ARGUMENT_REQUIRED",
                message_parameters={"arg_name": "value", "condition": "`to_replace` is dict"},
            )
        value = None
    kinds = (bool, float, int, str, list, tuple)
    if not isinstance(to_replace, (*kinds, dict)):
        raise wrong_type("NOT_BOOL_OR_DICT_OR_FLOAT_OR_INT_OR_LIST_OR_STR_OR_TUPLE", "to_replace", to_replace)
    if not isinstance(value, kinds) and value is not None and not isinstance(to_replace, dict):
        raise wrong_type("NOT_BOOL_OR_FLOAT_OR_INT_OR_LIST_OR_NONE_OR_STR_OR_TUPLE", "value", value)
    if isinstance(to_replace, (list, tuple)) and isinstance(value, (list, tuple)) and len(to_replace) != len(value):
        raise PySparkValueError(
            error_class="LENGTH_SHOULD_BE_THE_SAME",
            message_parameters={"arg1": "to_replace", "arg2": "value", "arg1_length": str(len(to_replace)),
                                "arg2_length": str(len(value))},
        )
    if not (subset is None or isinstance(subset, (list, tuple, str))):
        raise wrong_type("NOT_LIST_OR_STR_OR_TUPLE", "subset", subset)
    if isinstance(to_replace, dict):
        pairs = to_replace
        if value is not None:
            warnings.warn("to_replace is a dict and value is not None. value will be ignored.", stacklevel=3)
    else:
        old = [to_replace] if isinstance(to_replace, (float, int, str)) else to_replace
        new = value if isinstance(value, (list, tuple)) else [value] * len(old)
        pairs = dict(zip(old, new))
    given = [it for it in (*pairs, *pairs.values()) if it is not None]
    if not any(all(isinstance(it, kind) for it in given) for kind in (bool, str, (float, int))):
        raise PySparkValueError(error_class="MIXED_TYPE_REPLACEMENT", message_parameters={})
    names = [subset] if isinstance(subset, str) else table.columns if subset is None else subset
    fields = [_field(table, name) for name in names]
    if not pairs:
        return table
    sample = next(iter(pairs))
    return _changed(table, {it.name: pairs for it in fields if _is_of(it.dataType, sample)}, _replaced)


def _replaced(column, field, pairs):
    kind, branches = field.dataType.simpleString(), []
    for old, new in pairs.items():
        branches += [Expression.call("=", [column, literal(old).cast(kind)]), literal(new).cast(kind)]
    return Expression.call("case", [*branches, column])


def _changed(table, values, change):
    """The table with a change in each column that there is a value for."""
    columns = []
    for field in table.schema.fields:
        column = _column(field)
        if field.name in values:
            column = change(column, field, values[field.name]).alias([field.name])
        columns.append(column)
    return table._with(table._frame.select(columns))


def _is_of(data_type, value):
    """Whether a value is for columns of a type."""
    name = data_type.typeName()
    if isinstance(value, bool):
        return name == "boolean"
    return name == "string" if isinstance(value, str) else name in _NUMBERS


def _column(field):
    return Expression.column(f"`{field.name}`")


def _field(table, name):
    """The column of a name, whatever the case of its letters."""
    found = next((it for it in table.schema.fields if it.name.lower() == name.lower()), None)
    if found is None:
        table._frame.select([Expression.column(name)])  # Refuses it by its name.
        raise AnalysisException(f"the column `{name}` is part of another one, which has other parts, too")
    return found
