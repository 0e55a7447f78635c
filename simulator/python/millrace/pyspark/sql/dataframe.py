"""`pyspark.sql.DataFrame`: a table that grows, and what is counted in it."""

from millrace._millrace import interval_ms
from millrace.errors import missing
from millrace.pyspark.sql.column import Column
from millrace.pyspark.sql.refused import refuse_methods
from millrace.pyspark.sql.streaming import DataStreamWriter


class DataFrame:
    def __init__(self, frame, session, columns):
        self._frame = frame
        self._session = session
        self._columns = columns

    @property
    def sparkSession(self):
        return self._session

    @property
    def isStreaming(self):
        return True

    @property
    def columns(self):
        if None in self._columns:
            raise missing("DataFrame.columns of expressions without a name", "Give each an alias.")
        return list(self._columns)

    def __getattr__(self, name):
        if name not in self._columns:
            raise AttributeError(f"'DataFrame' object has no attribute '{name}'")
        return Column._of(name)

    def __getitem__(self, name):
        if not isinstance(name, str):
            raise missing("DataFrame[...] of anything but a name", "Use select.")
        return Column._of(name)

    def select(self, *cols):
        columns = _columns(cols)
        frame = self._frame.select([column._expression for column in columns])
        return DataFrame(frame, self._session, [column._name for column in columns])

    def withWatermark(self, eventTime, delayThreshold):
        frame = self._frame.with_watermark(eventTime, interval_ms(delayThreshold))
        return DataFrame(frame, self._session, self._columns)

    def groupBy(self, *cols):
        return GroupedData(self, _columns(cols))

    groupby = groupBy

    @property
    def writeStream(self):
        return DataStreamWriter(self)


refuse_methods(
    DataFrame,
    "__repr__ agg alias approxQuantile cache checkpoint coalesce colRegex collect corr count cov createGlobalTempView "
    "createOrReplaceGlobalTempView createOrReplaceTempView createTempView crossJoin crosstab cube describe distinct "
    "drop dropDuplicates dropDuplicatesWithinWatermark drop_duplicates dropna dtypes exceptAll explain fillna filter "
    "first foreach foreachPartition freqItems head hint inputFiles intersect intersectAll isEmpty isLocal join limit "
    "localCheckpoint mapInArrow mapInPandas melt observe offset orderBy pandas_api persist printSchema randomSplit "
    "registerTempTable repartition repartitionByRange replace rollup sameSemantics sample sampleBy selectExpr "
    "semanticHash show sort sortWithinPartitions subtract summary tail take to toDF toJSON toLocalIterator toPandas "
    "transform union unionAll unionByName unpersist unpivot where withColumn withColumnRenamed withColumns "
    "withColumnsRenamed withMetadata writeTo",
)


class GroupedData:
    def __init__(self, table, keys):
        self._table, self._keys = table, keys

    def count(self):
        frame = self._table._frame.count_by([key._expression for key in self._keys])
        return DataFrame(frame, self._table._session, [*(key._name for key in self._keys), "count"])


refuse_methods(
    GroupedData, "__repr__ agg apply applyInPandas applyInPandasWithState avg cogroup max mean min pivot sum"
)


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], list):
        cols = cols[0]
    return [Column._of(col) for col in cols]
