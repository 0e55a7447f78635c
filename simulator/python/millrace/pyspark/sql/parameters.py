"""Values of a program in the text of a query: `SparkSession.sql(query, args, **kwargs)`."""

import contextlib
import datetime
import decimal
import re
import string

from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.sql.column import Column

# What is no parameter, or may be one: texts and names in quotes, comments; `:name` and `?`.
_PARTS = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|/\*[\s\S]*?\*/|::)|:([A-Za-z_]\w*)|\?"""
)


def with_parameters(text, args):
    """The text with a literal in the place of each parameter: `:name` of a dict, `?` of a list."""
    if not args:
        return text
    is_named = isinstance(args, dict)
    rest = [] if is_named else list(reversed(args))

    def replaced(part):
        name = part[2]
        if part[1] is not None or (name is not None) != is_named:
            return part[0]
        if name in args if is_named else rest:
            return _literal(args[name] if is_named else rest.pop())
        raise _unbound(name or f"_{part.start()}")

    return _PARTS.sub(replaced, text)


@contextlib.contextmanager
def formatted(session, text, values):
    """The text with `{name}` replaced by a column, a table or a literal; tables have names meanwhile."""
    if not values:
        yield text
        return
    views = []

    def shown(value):
        if isinstance(value, Column):
            return value._expression.name()
        if hasattr(value, "createOrReplaceTempView"):
            views.append(f"_pyspark_{len(views)}")
            value.createOrReplaceTempView(views[-1])
            return views[-1]
        return _literal(value)

    try:
        yield string.Formatter().vformat(text, (), {name: _Shown(shown, value) for name, value in values.items()})
    finally:
        for view in views:
            session._engine().drop_view(view)


class _Shown:
    def __init__(self, show, value):
        self._show, self._value = show, value

    def __format__(self, spec):
        return self._show(self._value)

    def __getitem__(self, name):
        return _Shown(self._show, self._value[name])

    def __getattr__(self, name):
        return _Shown(self._show, getattr(self._value, name))


def _literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, decimal.Decimal)):
        return str(value) + ("L" if isinstance(value, int) and not -(2**31) <= value < 2**31 else "")
    if isinstance(value, float):
        return f"{value!r}D"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP '{value}'"
    if isinstance(value, datetime.date):
        return f"DATE '{value}'"
    raise missing(f"SparkSession.sql with a value of the type {type(value).__name__}", "Put it into the text.")


def _unbound(name):
    return AnalysisException(
        f"[UNBOUND_SQL_PARAMETER] Found the unbound parameter: {name}. Please, fix `args` and provide a mapping of the "
        "parameter to a SQL literal.",
        "UNBOUND_SQL_PARAMETER",
    )
