"""`pyspark.sql.GroupedData`: rows that are together because of their keys."""

from millrace._millrace import Expression
from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.sql.column import Column, column_of, literal
from millrace.pyspark.sql.groups import applyInPandasWithState
from millrace.pyspark.sql.pandas.functions import PandasAggregate, aggregated
from millrace.pyspark.sql.pandas.map import PandasCogroupedOps, apply_in_pandas, apply_udf
from millrace.pyspark.sql.transform import transformWithState, transformWithStateInPandas


# The most values of a pivot that are looked up (`spark.sql.pivotMaxValues`).
PIVOT_VALUES_MAX = 10_000


class GroupedData:
    def __init__(self, table, keys, sets=None, pivot=None):
        self._table, self._keys, self._sets, self._pivot = table, keys, sets, pivot

    def agg(self, *exprs):
        assert exprs, "exprs should not be empty"
        if len(exprs) == 1 and isinstance(exprs[0], dict):
            columns = [_named(exprs[0][name], name) for name in _in_order_of_scala(exprs[0])]
        else:
            assert all(isinstance(it, Column) for it in exprs), "all exprs should be Column"
            columns = [it._expression for it in exprs]
        functions = [it for it in exprs if isinstance(it, PandasAggregate)]
        if functions:
            return self._agg_in_pandas(functions, len(functions) == len(exprs))
        frame = self._table._frame
        if self._pivot is not None:
            return self._table._with(_pivoted(frame, self._keys, *self._pivot, columns))
        if self._sets is None:
            return self._table._with(frame.aggregate(self._keys, columns))
        return self._table._with(frame.aggregate_sets(self._keys, self._sets, columns))

    def _agg_in_pandas(self, columns, are_all):
        name = columns[0].function._name
        if not are_all:
            raise AnalysisException(
                f"[INVALID_PANDAS_UDF_PLACEMENT] The group aggregate pandas UDF `{name}` cannot be invoked together with as "
                "other, non-pandas aggregate functions.",
                "INVALID_PANDAS_UDF_PLACEMENT",
                {"functionList": f"`{name}`"},
            )
        if self._pivot is not None or self._sets is not None:
            raise missing("a group aggregate pandas UDF of a pivot, a rollup or a cube", "Group by columns.")
        if self._table.isStreaming:
            raise AnalysisException("Streaming aggregation doesn't support group aggregate pandas UDF")
        return aggregated(self._table, self._keys, columns)

    def count(self):
        count = Expression.call("count", [Expression.literal(1, "int", self._table._session._engine())])
        return self.agg(Column(count.alias(["count"])))

    def pivot(self, pivot_col, values=None):
        if self._pivot is not None:
            raise AnalysisException("repeated pivots are not supported")
        if self._sets is not None:
            raise AnalysisException("pivot is only supported after a groupBy")
        table, column = self._table, column_of(pivot_col)
        if values is None:
            if table.isStreaming:
                raise AnalysisException("pivot is not supported on a streaming DataFrames/Datasets")
            found = table._with(table._frame.select([column]).distinct())
            key = found._frame.columns()[0]
            values = [value for value, in found._with(found._frame.sort([(key, False, True)])).take(PIVOT_VALUES_MAX + 1)]
            if len(values) > PIVOT_VALUES_MAX:
                raise AnalysisException(
                    f"The pivot column {column.name()} has more than {PIVOT_VALUES_MAX} distinct values, this could indicate an "
                    "error. If this was intended, set spark.sql.pivotMaxValues to at least the number of distinct values of "
                    "the pivot column."
                )
        return GroupedData(table, self._keys, pivot=(column, values))

    def _each(self, function, cols):
        if not cols:
            numeric = ("byte", "short", "integer", "long", "float", "double", "decimal")
            keys = {key.name().lower() for key in self._keys}
            cols = [field.name for field in self._table.schema.fields
                    if field.dataType.typeName() in numeric and field.name.lower() not in keys]
        return self.agg(*(Column(Expression.call(function, [Expression.column(f"`{name}`")])) for name in cols))

    def avg(self, *cols):
        return self._each("avg", cols)

    mean = avg

    def max(self, *cols):
        return self._each("max", cols)

    def min(self, *cols):
        return self._each("min", cols)

    def sum(self, *cols):
        return self._each("sum", cols)

    def applyInPandas(self, func, schema):
        return apply_in_pandas(self, func, schema)

    def apply(self, udf):
        return apply_udf(self, udf)

    def cogroup(self, other):
        return PandasCogroupedOps(self, other)

    def __repr__(self):
        keys = ", ".join(key.name() for key in self._keys)
        return f"GroupedData[grouping expressions: [{keys}], value: {self._table!r}, type: GroupBy]"


def _pivoted(frame, keys, pivot, values, aggregates):
    """The groups of some keys, with columns for each of these values of another key: `NULL` where a group has none of it."""
    groups = frame.aggregate([*keys, pivot], aggregates)
    columns = groups.columns()
    own, value, made = columns[:len(keys)], columns[len(keys)], columns[len(keys) + 1:]
    cells = []
    for wanted in values:
        name = "null" if wanted is None else str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        wanted = literal(wanted)
        for column, aggregate in zip(made, aggregates):
            cell = Expression.call("if", [Expression.call("<=>", [value, wanted]), column, literal(None)])
            first = Expression.call("first", [cell], ignore_nulls=True)
            cells.append(first.alias([name if len(made) == 1 else f"{name}_{aggregate.name()}"]))
    return groups.aggregate(own, cells)


def _in_order_of_scala(names):
    """Names in the order that a map of them has in the JVM: a map of Java's, and with more than four one of Scala's."""
    if len(names) > 4:
        return sorted(names, key=_digits)
    return sorted(names, key=lambda name: (_hash(name) ^ _hash(name) >> 16) & 15)


def _digits(name):
    """The digits to the base of 32 of the hash by which Scala 2.12 finds a name (`HashMap.improve`), the last one first."""
    code = _hash(name)
    code = code + ~(code << 9) & 0xFFFFFFFF
    code ^= code >> 14
    code = code + (code << 4) & 0xFFFFFFFF
    code ^= code >> 10
    return [code >> level & 31 for level in range(0, 32, 5)]


def _hash(name):
    """`java.lang.String.hashCode`, as a number from 0 on."""
    units = name.encode("utf-16-be")
    code = 0
    for high, low in zip(units[::2], units[1::2]):
        code = 31 * code + (high << 8 | low) & 0xFFFFFFFF
    return code


def _named(function, name):
    argument = Expression.column("*") if name == "*" else column_of(name)
    return Expression.call(function, [argument])


GroupedData.applyInPandasWithState = applyInPandasWithState
GroupedData.transformWithState = transformWithState
GroupedData.transformWithStateInPandas = transformWithStateInPandas
