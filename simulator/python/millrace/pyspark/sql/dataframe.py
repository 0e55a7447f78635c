"""`pyspark.sql.DataFrame`: a table, of a stream or of rows."""

import sys

from millrace._millrace import Expression
from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException, wrong_type
from millrace.pyspark.sql import na, stat
from millrace.pyspark.sql.column import Column
from millrace.pyspark.sql.na import NO_VALUE
from millrace.pyspark.sql.pandas.conversion import to_pandas
from millrace.pyspark.sql.pandas.map import map_in_arrow, map_in_pandas
from millrace.pyspark.sql.readwriter import DataFrameWriter
from millrace.pyspark.sql.refused import refuse_methods
from millrace.pyspark.sql.selection import Selection
from millrace.pyspark.sql.streaming import DataStreamWriter
from millrace.pyspark.sql.types import _parse_datatype_json_string
from millrace.pyspark.storagelevel import StorageLevel
from millrace.refused import refuse, without


class DataFrame(Selection):
    def __init__(self, frame, session):
        self._frame = frame
        self._session = session
        self._schema = None
        self._rdd = None
        self._storage_level = StorageLevel.NONE

    def _with(self, frame):
        return DataFrame(frame, self._session)

    def _kept(self):
        """The table with its rows as they are now."""
        return self._with(self._frame.kept(self._session._engine(), self._session._now_ms()))

    @property
    def sparkSession(self):
        return self._session

    @property
    def sql_ctx(self):
        from millrace.pyspark.sql.context import SQLContext

        return SQLContext(self._session.sparkContext, self._session)

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
        sys.stdout.write(self.schema._tree_string(*([] if level is None else [level])) + "\n")

    def explain(self, extended=None, mode=None):
        if mode not in (None, "simple", "extended"):
            raise missing(f"DataFrame.explain(mode={mode!r})", "Use simple or extended.")
        sys.stdout.write(self._frame.explain(bool(extended) or mode == "extended", "append") + "\n")

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
        raise wrong_type("NOT_COLUMN_OR_FLOAT_OR_INT_OR_LIST_OR_STR", "item", item)

    def _column(self, name):
        return Column(self._frame.column("`" + name.replace("`", "``") + "`"))

    # A table is the same however often it is read.

    def cache(self):
        return self.persist()

    def persist(self, storageLevel=StorageLevel.MEMORY_AND_DISK_DESER):
        self._storage_level = storageLevel
        return self

    def unpersist(self, blocking=False):
        self._storage_level = StorageLevel.NONE
        return self

    @property
    def storageLevel(self):
        return self._storage_level

    @property
    def is_cached(self):
        return self._storage_level != StorageLevel.NONE

    def checkpoint(self, eager=True):
        if self._session.sparkContext.getCheckpointDir() is None:
            raise RuntimeError("Checkpoint directory has not been set in the SparkContext")
        return self._kept()

    def localCheckpoint(self, eager=True):
        return self._kept()

    def hint(self, name, *parameters):
        if not isinstance(name, str):
            raise wrong_type("NOT_STR", "name", name)
        frame = self._frame.hint(name)
        if frame is None:
            raise missing(f"DataFrame.hint({name!r})", "Leave it out.")
        return self._with(frame)

    # Views

    def createOrReplaceTempView(self, name):
        self._frame.create_view(name)

    registerTempTable = createOrReplaceTempView

    def createTempView(self, name):
        self._create_view(name, name)

    def createGlobalTempView(self, name):
        self._create_view(f"global_temp.{name}", name)

    def createOrReplaceGlobalTempView(self, name):
        self._frame.create_view(f"global_temp.{name}")

    def _create_view(self, name, shown):
        if name.lower() in map(str.lower, self._session._engine().views()):
            raise AnalysisException(
                f"[TEMP_TABLE_OR_VIEW_ALREADY_EXISTS] Cannot create the temporary view `{shown}` because it already "
                "exists.\nChoose a different name, drop or replace the existing view,  or add the IF NOT EXISTS clause to "
                "tolerate pre-existing views.",
                "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
                {"relationName": f"`{shown}`"},
            )
        self._frame.create_view(name)

    # Rows

    @property
    def rdd(self):
        if self._rdd is None:
            self._rdd = self._session._rdd(self._partitions)
        return self._rdd

    def _partitions(self):
        """The rows of each partition."""
        return self._frame.collect(self._session._engine(), self._session._now_ms())

    def collect(self):
        return [row for rows in self._partitions() for row in rows]

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
        return self._frame.count(self._session._engine(), self._session._now_ms())

    def isEmpty(self):
        return not self.take(1)

    def foreach(self, f):
        self.rdd.foreach(f)

    def foreachPartition(self, f):
        self.rdd.foreachPartition(f)

    def toJSON(self, use_unicode=True):
        row = Expression.call("to_json", [Expression.call("struct", [Expression.column("*")])])
        texts = self._with(self._frame.select([row])).rdd.map(lambda row: row[0])
        return texts if use_unicode else texts.map(lambda text: text.encode("utf-8"))

    def show(self, n=20, truncate=True, vertical=False):
        sys.stdout.write(self._show_string(n, truncate, vertical) + "\n")

    def _show_string(self, n=20, truncate=True, vertical=False):
        if not isinstance(n, int) or isinstance(n, bool):
            raise wrong_type("NOT_INT", "n", n)
        if not isinstance(vertical, bool):
            raise wrong_type("NOT_BOOL", "vertical", vertical)
        try:
            cut = 20 if truncate is True else int(truncate)
        except ValueError:
            raise wrong_type("NOT_BOOL", "truncate", truncate) from None
        return self._frame.show(self._session._engine(), max(n, 0), cut, vertical, self._session._now_ms())

    def toPandas(self):
        return to_pandas(self)

    @without("DataFrame.mapInPandas", barrier="Stages are not distributed here.")
    def mapInPandas(self, func, schema, barrier=False):
        return map_in_pandas(self, func, schema)

    @without("DataFrame.mapInArrow", barrier="Stages are not distributed here.")
    def mapInArrow(self, func, schema, barrier=False):
        return map_in_arrow(self, func, schema)

    @property
    def na(self):
        return na.DataFrameNaFunctions(self)

    def dropna(self, how="any", thresh=None, subset=None):
        return na.dropped(self, how, thresh, subset)

    def fillna(self, value, subset=None):
        return na.filled(self, value, subset)

    def replace(self, to_replace, value=NO_VALUE, subset=None):
        return na.replaced(self, to_replace, value, subset)

    @property
    def stat(self):
        return stat.DataFrameStatFunctions(self)

    def approxQuantile(self, col, probabilities, relativeError):
        return stat.approximate_quantiles(self, col, probabilities, relativeError)

    def corr(self, col1, col2, method=None):
        return stat.correlation(self, col1, col2, method)

    def cov(self, col1, col2):
        return stat.covariance(self, col1, col2)

    def crosstab(self, col1, col2):
        return stat.contingency(self, col1, col2)

    def describe(self, *cols):
        return stat.description(self, cols[0] if len(cols) == 1 and isinstance(cols[0], list) else cols)

    def summary(self, *statistics):
        is_list = len(statistics) == 1 and isinstance(statistics[0], list)
        return stat.summary(self, statistics[0] if is_list else statistics)

    def sample(self, withReplacement=None, fraction=None, seed=None):
        return stat.sample(self, withReplacement, fraction, seed)

    def sampleBy(self, col, fractions, seed=None):
        return stat.sample_by(self, col, fractions, seed)

    def randomSplit(self, weights, seed=None):
        return stat.split(self, weights, seed)

    def sameSemantics(self, other):
        if not isinstance(other, DataFrame):
            raise wrong_type("NOT_STR", "other", other)
        return self._frame.same_plan(other._frame)

    @property
    def write(self):
        if self.isStreaming:
            raise AnalysisException(
                "[CALL_ON_STREAMING_DATASET_UNSUPPORTED] The method `write` can not be called on streaming "
                "Dataset/DataFrame.",
                "CALL_ON_STREAMING_DATASET_UNSUPPORTED",
                {"methodName": "`write`"},
            )
        return DataFrameWriter(self)

    @property
    def writeStream(self):
        if not self.isStreaming:
            raise AnalysisException("[WRITE_STREAM_NOT_ALLOWED] `writeStream` can be called only on streaming Dataset/DataFrame.")
        return DataStreamWriter(self)


refuse_methods(
    DataFrame,
    "colRegex freqItems inputFiles isLocal observe pandas_api semanticHash to "
    "to_koalas to_pandas_on_spark withMetadata writeTo",
)
refuse(DataFrame, {}, {"_jdf": "There is no JVM."})

