"""`pyspark.sql.Column`: an expression of a query."""

from millrace import _millrace
from millrace.errors import missing
from millrace.pyspark.sql.refused import INSTEAD, refuse_methods


class Column:
    """An expression, and the name that it has if it is known."""

    def __init__(self, expression, name=None):
        self._expression = expression
        self._name = name

    @staticmethod
    def _of(value):
        """The column that is meant by a column or by its name."""
        return value if isinstance(value, Column) else Column(_millrace.Column.named(value), value)

    def alias(self, *alias, **kwargs):
        if kwargs or len(alias) != 1:
            raise missing("Column.alias with several names or metadata", "Give one name.")
        return Column(self._expression.alias(alias[0]), alias[0])

    name = alias

    def getItem(self, key):
        if not isinstance(key, int):
            raise missing(f"Column.getItem({key!r})", "Only an index of an array is understood.")
        return Column(self._expression.item(key))

    def __getitem__(self, key):
        return self.getItem(key)

    def cast(self, dataType):
        if getattr(dataType, "typeName", lambda: dataType)() not in ("long", "bigint"):
            raise missing(f"Column.cast({dataType!r})", "Only a cast to long is there.")
        return Column(self._expression.cast_to_long())

    astype = cast

    def __bool__(self):
        raise ValueError(
            "Cannot convert column into bool: please use '&' for 'and', '|' for 'or', '~' for 'not' when building "
            "DataFrame boolean expressions."
        )

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"Column.{name}", INSTEAD)


refuse_methods(
    Column,
    "__add__ __and__ __contains__ __div__ __eq__ __ge__ __gt__ __invert__ __iter__ __le__ __lt__ __mod__ __mul__ "
    "__ne__ __neg__ __or__ __pow__ __radd__ __rand__ __repr__ __rmod__ __rmul__ __ror__ __rpow__ __rsub__ __rtruediv__ "
    "__sub__ __truediv__ asc asc_nulls_first asc_nulls_last between bitwiseAND bitwiseOR bitwiseXOR contains desc "
    "desc_nulls_first desc_nulls_last dropFields endswith eqNullSafe getField ilike isNotNull isNull isin like "
    "otherwise over rlike startswith substr when withField",
)
Column.__hash__ = object.__hash__
