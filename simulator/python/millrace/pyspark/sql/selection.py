"""The methods of `pyspark.sql.DataFrame` that make tables of tables."""

from millrace._millrace import Expression, interval_ms
from millrace.pyspark.errors import IllegalArgumentException, PySparkValueError, wrong_type
from millrace.pyspark.sql import partitions, sets
from millrace.pyspark.sql.column import Column, column_of
from millrace.pyspark.sql.group import GroupedData
from millrace.pyspark.sql.pandas.functions import PandasAggregate


class Selection:
    def select(self, *cols):
        if any(isinstance(col, PandasAggregate) for col in cols):
            return self.agg(*cols)
        return self._with(self._frame.select(_columns(cols)))

    def selectExpr(self, *expr):
        if len(expr) == 1 and isinstance(expr[0], list):
            expr = expr[0]
        return self._with(self._frame.select([Expression.parse(text) for text in expr]))

    def filter(self, condition):
        if isinstance(condition, str):
            return self._with(self._frame.filter(Expression.parse(condition)))
        if not isinstance(condition, Column):
            raise wrong_type("NOT_COLUMN_OR_STR", "condition", condition)
        return self._with(self._frame.filter(condition._expression))

    where = filter

    def withColumn(self, colName, col):
        if not isinstance(col, Column):
            raise wrong_type("NOT_COLUMN", "col", col)
        return self.withColumns({colName: col})

    def withColumns(self, *colsMap):
        assert len(colsMap) == 1
        [colsMap] = colsMap
        if not isinstance(colsMap, dict):
            raise wrong_type("NOT_DICT", "colsMap", colsMap)
        columns, new = [], {name.lower(): (name, col) for name, col in colsMap.items()}
        for column in self._frame.columns():
            name = column.name().lower()
            columns.append(new[name][1]._expression.alias([new[name][0]]) if name in new else column)
        names = {name.lower() for name in self.columns}
        columns += [col._expression.alias([name]) for name, col in new.values() if name.lower() not in names]
        return self._with(self._frame.select(columns))

    def withColumnRenamed(self, existing, new):
        return self.withColumnsRenamed({existing: new})

    def withColumnsRenamed(self, colsMap):
        if not isinstance(colsMap, dict):
            raise wrong_type("NOT_DICT", "colsMap", colsMap)
        renamed = {name.lower(): new for name, new in colsMap.items()}
        columns = []
        for column in self._frame.columns():
            name = renamed.get(column.name().lower())
            columns.append(column if name is None else column.alias([name]))
        return self._with(self._frame.select(columns))

    def toDF(self, *cols):
        if len(cols) != len(self.columns):
            raise IllegalArgumentException(
                f"requirement failed: The number of columns doesn't match. Old column names ({len(self.columns)}): "
                f"{', '.join(self.columns)} New column names ({len(cols)}): {', '.join(cols)}"
            )
        pairs = zip(self._frame.columns(), cols)
        return self._with(self._frame.select([old.alias([new]) for old, new in pairs]))

    def drop(self, *cols):
        for col in cols:
            if not isinstance(col, (str, Column)):
                raise wrong_type("NOT_COLUMN_OR_STR", "col", col)
        names = {col.lower() for col in cols if isinstance(col, str)}
        places = self._frame.places([col._expression for col in cols if isinstance(col, Column)])
        kept = [column for place, column in enumerate(self._frame.columns())
                if place not in places and column.name().lower() not in names]
        return self._with(self._frame.select(kept))

    def alias(self, alias):
        assert isinstance(alias, str), "alias should be a string"
        return self._with(self._frame.alias(alias))

    def withWatermark(self, eventTime, delayThreshold):
        if not isinstance(eventTime, str):
            raise wrong_type("NOT_STR", "eventTime", eventTime)
        if not isinstance(delayThreshold, str):
            raise wrong_type("NOT_STR", "delayThreshold", delayThreshold)
        return self._with(self._frame.with_watermark(eventTime, interval_ms(delayThreshold)))

    def groupBy(self, *cols):
        return GroupedData(self, _columns(cols))

    groupby = groupBy

    def rollup(self, *cols):
        keys = _columns(cols)
        return GroupedData(self, keys, [list(range(count)) for count in range(len(keys), -1, -1)])

    def cube(self, *cols):
        keys = _columns(cols)
        every = range(2 ** len(keys))
        return GroupedData(self, keys, [[key for key in range(len(keys)) if not bits >> (len(keys) - 1 - key) & 1]
                                        for bits in every])

    def agg(self, *exprs):
        return self.groupBy().agg(*exprs)

    def distinct(self):
        return self._with(self._frame.distinct())

    def dropDuplicates(self, subset=None):
        return self._with(self._frame.deduplicate(_names(subset), False))

    drop_duplicates = dropDuplicates

    def dropDuplicatesWithinWatermark(self, subset=None):
        return self._with(self._frame.deduplicate(_names(subset), True))

    def union(self, other):
        return self._with(self._frame.union(other._frame))

    unionAll = union

    def unionByName(self, other, allowMissingColumns=False):
        return sets.united_by_name(self, other, allowMissingColumns)

    def subtract(self, other):
        return self._with(self._frame.subtract(other._frame))

    def intersect(self, other):
        return self._with(self._frame.intersect(other._frame))

    def exceptAll(self, other):
        return self._with(self._frame.subtract(other._frame, True))

    def intersectAll(self, other):
        return self._with(self._frame.intersect(other._frame, True))

    def unpivot(self, ids, values, variableColumnName, valueColumnName):
        return sets.unpivoted(self, ids, values, variableColumnName, valueColumnName)

    melt = unpivot

    def join(self, other, on=None, how=None):
        how = how or "inner"
        if isinstance(on, str):
            on = [on]
        if isinstance(on, Column):
            on = [on]
        if not on:
            return self._with(self._frame.join(other._frame, how))
        if all(isinstance(it, str) for it in on):
            return self._with(self._frame.join(other._frame, how, None, list(on)))
        condition = on[0]
        for it in on[1:]:
            condition = condition & it
        return self._with(self._frame.join(other._frame, how, condition._expression))

    def crossJoin(self, other):
        return self._with(self._frame.join(other._frame, "cross"))

    def sort(self, *cols, **kwargs):
        return self._with(self._frame.sort(_order(cols, **kwargs)))

    orderBy = sort

    def sortWithinPartitions(self, *cols, **kwargs):
        return partitions.sorted_within(self, _order(cols, **kwargs))

    def repartition(self, numPartitions, *cols):
        return partitions.repartitioned(self, numPartitions, cols)

    def repartitionByRange(self, numPartitions, *cols):
        return partitions.repartitioned_by_range(self, numPartitions, cols, _order)

    def coalesce(self, numPartitions):
        return partitions.coalesced(self, numPartitions)

    def limit(self, num):
        return self._with(self._frame.limit(num))

    def offset(self, num):
        return self._with(self._frame.offset(num))

    def transform(self, func, *args, **kwargs):
        result = func(self, *args, **kwargs)
        assert isinstance(result, Selection), f"Func returned an instance of type [{type(result)}], should have been DataFrame."
        return result


def _order(cols, ascending=True):
    """The expressions of a sort, each with true if it is descending, and true if `NULL` comes first."""
    if not cols:
        raise PySparkValueError(error_class="CANNOT_BE_EMPTY", message_parameters={"item": "column"})
    if len(cols) == 1 and isinstance(cols[0], list):
        cols = cols[0]
    ascending = ascending if isinstance(ascending, (list, tuple)) else [ascending] * len(cols)
    keys = []
    for col, is_ascending in zip(cols, ascending):
        descending, nulls_first = getattr(col, "_order", (False, True)) if isinstance(col, Column) else (False, True)
        if not is_ascending:
            descending, nulls_first = True, False
        keys.append((column_of(col), descending, nulls_first))
    return keys


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], (list, tuple)):
        cols = cols[0]
    return [column_of(col) for col in cols]


def _names(subset):
    if subset is not None and (not isinstance(subset, (list, tuple)) or not all(isinstance(it, str) for it in subset)):
        raise wrong_type("NOT_LIST_OR_TUPLE", "subset", subset)
    return list(subset or ())
