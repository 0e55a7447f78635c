"""`pyspark.sql.DataFrame`: a table, of a stream or of rows."""

import sys

from millrace._millrace import Expression, interval_ms
from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException, IllegalArgumentException, PySparkTypeError
from millrace.pyspark.sql.column import Column, column_of
from millrace.pyspark.sql.group import GroupedData
from millrace.pyspark.sql.refused import refuse_methods
from millrace.pyspark.sql.streaming import DataStreamWriter
from millrace.pyspark.sql.types import _parse_datatype_json_string


class DataFrame:
    def __init__(self, frame, session):
        self._frame = frame
        self._session = session
        self._schema = None

    def _with(self, frame):
        return DataFrame(frame, self._session)

    @property
    def sparkSession(self):
        return self._session

    @property
    def isStreaming(self):
        return self._frame.is_streaming()

    @property
    def schema(self):
        if self._schema is None:
            self._schema = _parse_datatype_json_string(self._frame.schema())
        return self._schema

    @property
    def columns(self):
        return list(self.schema.names)

    @property
    def dtypes(self):
        return [(field.name, field.dataType.simpleString()) for field in self.schema.fields]

    def printSchema(self, level=None):
        sys.stdout.write(self.schema.treeString(*([] if level is None else [level])) + "\n")

    def explain(self, extended=None, mode=None):
        if mode not in (None, "simple", "extended"):
            raise missing(f"DataFrame.explain(mode={mode!r})", "Use simple or extended.")
        sys.stdout.write(self._frame.explain(bool(extended) or mode == "extended") + "\n")

    def __repr__(self):
        columns = ", ".join(f"{name}: {kind}" for name, kind in self.dtypes)
        return f"DataFrame[{columns}]"

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.columns:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return self._column(name)

    def __getitem__(self, item):
        if isinstance(item, str):
            return Column(self._frame.star() if item == "*" else self._frame.column(item))
        if isinstance(item, Column):
            return self.filter(item)
        if isinstance(item, (list, tuple)):
            return self.select(*item)
        if isinstance(item, int):
            return self._column(self.columns[item])
        raise PySparkTypeError(
            f"[NOT_COLUMN_OR_FLOAT_OR_INT_OR_LIST_OR_STR] Argument `item` should be a column, integer, list or str, got "
            f"{type(item).__name__}."
        )

    def _column(self, name):
        return Column(self._frame.column("`" + name.replace("`", "``") + "`"))

    def select(self, *cols):
        return self._with(self._frame.select(_columns(cols)))

    def selectExpr(self, *expr):
        if len(expr) == 1 and isinstance(expr[0], list):
            expr = expr[0]
        return self._with(self._frame.select([Expression.parse(text) for text in expr]))

    def filter(self, condition):
        if isinstance(condition, str):
            return self._with(self._frame.filter(Expression.parse(condition)))
        if not isinstance(condition, Column):
            raise PySparkTypeError(
                f"[NOT_COLUMN_OR_STR] Argument `condition` should be a Column or str, got {type(condition).__name__}."
            )
        return self._with(self._frame.filter(condition._expression))

    where = filter

    def withColumn(self, colName, col):
        return self.withColumns({colName: col})

    def withColumns(self, colsMap):
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
        names = {col.lower() for col in cols if isinstance(col, str)}
        places = self._frame.places([col._expression for col in cols if isinstance(col, Column)])
        kept = [column for place, column in enumerate(self._frame.columns())
                if place not in places and column.name().lower() not in names]
        return self._with(self._frame.select(kept))

    def alias(self, alias):
        return self._with(self._frame.alias(alias))

    def withWatermark(self, eventTime, delayThreshold):
        if not isinstance(eventTime, str):
            raise PySparkTypeError(f"[NOT_STR] Argument `eventTime` should be a str, got {type(eventTime).__name__}.")
        if not isinstance(delayThreshold, str):
            raise PySparkTypeError(
                f"[NOT_STR] Argument `delayThreshold` should be a str, got {type(delayThreshold).__name__}."
            )
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
        if allowMissingColumns:
            raise missing("DataFrame.unionByName(allowMissingColumns=True)", "Add the columns by withColumn.")
        return self._with(self._frame.union(other._frame, True))

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

    def orderBy(self, *cols, ascending=True):
        if len(cols) == 1 and isinstance(cols[0], list):
            cols = cols[0]
        ascending = ascending if isinstance(ascending, (list, tuple)) else [ascending] * len(cols)
        keys = []
        for col, is_ascending in zip(cols, ascending):
            descending, nulls_first = getattr(col, "_order", (False, True)) if isinstance(col, Column) else (False, True)
            if not is_ascending:
                descending, nulls_first = True, False
            keys.append((column_of(col), descending, nulls_first))
        return self._with(self._frame.sort(keys))

    sort = orderBy

    def limit(self, num):
        return self._with(self._frame.limit(num))

    def offset(self, num):
        return self._with(self._frame.offset(num))

    def transform(self, func, *args, **kwargs):
        result = func(self, *args, **kwargs)
        assert isinstance(result, DataFrame), f"Func returned an instance of type [{type(result)}], should have been DataFrame."
        return result

    # A table is the same however often it is read.
    def cache(self):
        return self

    persist = unpersist = lambda self, *args, **kwargs: self

    def createOrReplaceTempView(self, name):
        self._frame.create_view(name)
        self._session._views.add(name.lower())

    registerTempTable = createOrReplaceTempView

    def createTempView(self, name):
        if name.lower() in self._session._views:
            raise AnalysisException(
                f"[TEMP_TABLE_OR_VIEW_ALREADY_EXISTS] Cannot create the temporary view `{name}` because it already exists."
            )
        self.createOrReplaceTempView(name)

    def collect(self):
        return self._frame.collect(self._session._engine(), self._session._now_ms())

    def toLocalIterator(self, prefetchPartitions=False):
        return iter(self.collect())

    def take(self, num):
        return self.limit(num).collect()

    def head(self, n=None):
        if n is None:
            rows = self.take(1)
            return rows[0] if rows else None
        return self.take(n)

    def first(self):
        return self.head()

    def tail(self, num):
        return self.collect()[-num:] if num else []

    def count(self):
        return len(self.collect())

    def isEmpty(self):
        return not self.take(1)

    def foreach(self, f):
        for row in self.collect():
            f(row)

    def show(self, n=20, truncate=True, vertical=False):
        if vertical:
            raise missing("DataFrame.show(vertical=True)", "Leave it out.")
        cut = 20 if truncate is True else int(truncate)
        sys.stdout.write(self._frame.show(n, cut, self._session._now_ms()) + "\n")

    def toPandas(self):
        import pandas

        return pandas.DataFrame.from_records(self.collect(), columns=self.columns)

    @property
    def writeStream(self):
        if not self.isStreaming:
            raise AnalysisException("[WRITE_STREAM_NOT_ALLOWED] `writeStream` can be called only on streaming Dataset/DataFrame.")
        return DataStreamWriter(self)


refuse_methods(
    DataFrame,
    "approxQuantile checkpoint coalesce colRegex corr cov createGlobalTempView createOrReplaceGlobalTempView crosstab "
    "describe dropna exceptAll fillna foreachPartition freqItems hint inputFiles intersect intersectAll isLocal "
    "localCheckpoint mapInArrow mapInPandas melt observe pandas_api randomSplit repartition repartitionByRange replace "
    "sameSemantics sample sampleBy semanticHash sortWithinPartitions subtract summary to toJSON unpivot withMetadata writeTo",
)


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], (list, tuple)):
        cols = cols[0]
    return [column_of(col) for col in cols]


def _names(subset):
    if subset is not None and (not isinstance(subset, (list, tuple)) or not all(isinstance(it, str) for it in subset)):
        raise PySparkTypeError(f"[NOT_LIST_OR_TUPLE] Argument `subset` should be a list or tuple, got {type(subset).__name__}.")
    return list(subset or ())
