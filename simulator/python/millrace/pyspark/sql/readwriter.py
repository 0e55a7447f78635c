"""`SparkSession.read` and `DataFrame.write`: finite tables of files, and tables that are written out."""

import os

from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException, IllegalArgumentException, wrong_type
from millrace.pyspark.rdd import RDD
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.options import Options, Reader, heeded
from millrace.pyspark.sql.tablefiles import FILES, Folder, files_of, is_here, place_of
from millrace.pyspark.sql.written import record
from millrace.pyspark.textfile import local_path

_MODES = {"overwrite": "overwrite", "append": "append", "ignore": "ignore"}
_MODES.update(dict.fromkeys(("error", "errorifexists", "default"), "errorifexists"))


class DataFrameReader(Reader):
    def load(self, path=None, format=None, schema=None, **options):
        self._with_load(format, schema, options)
        path = self._taken("path") if path is None else path
        source = (self._format or "parquet").lower()
        if source == "kafka":
            return self._topics()
        if source == "jdbc":
            raise missing(f"SparkSession.read.format({source!r})", "Give the rows by createDataFrame, or by a file.")
        if source in ("statestore", "state-metadata"):
            raise missing(
                f"SparkSession.read.format({source!r})",
                "The states of a query show in what it hands out, and in StreamingQuery.lastProgress['stateOperators'].")
        if path is None:
            raise AnalysisException(
                f"[UNABLE_TO_INFER_SCHEMA] Unable to infer schema for {source.upper()}. It must be specified manually.",
                "UNABLE_TO_INFER_SCHEMA",
            )
        return self._read(source, [path] if isinstance(path, str) else list(path))

    def _topics(self):
        from millrace.pyspark.sql.dataframe import DataFrame

        stage = self._session._stage
        lines = stage._timeline.lines_until(self._session._now_ms())
        frame, topics = self._session._engine().read_topics(list(heeded("kafka", self._options).items()), lines)
        for topic in topics:
            stage.names(topic)
        return DataFrame(frame, self._session)

    def table(self, tableName):
        return self._session.table(tableName)

    def json(
        self, path, schema=None, primitivesAsString=None, prefersDecimal=None, allowComments=None,
        allowUnquotedFieldNames=None, allowSingleQuotes=None, allowNumericLeadingZero=None,
        allowBackslashEscapingAnyCharacter=None, mode=None, columnNameOfCorruptRecord=None, dateFormat=None,
        timestampFormat=None, multiLine=None, allowUnquotedControlChars=None, lineSep=None, samplingRatio=None,
        dropFieldIfAllNull=None, encoding=None, locale=None, pathGlobFilter=None, recursiveFileLookup=None,
        modifiedBefore=None, modifiedAfter=None, allowNonNumericNumbers=None,
    ):
        return self._with_arguments(locals())._lines("json", path, schema)

    def csv(
        self, path, schema=None, sep=None, encoding=None, quote=None, escape=None, comment=None, header=None,
        inferSchema=None, ignoreLeadingWhiteSpace=None, ignoreTrailingWhiteSpace=None, nullValue=None, nanValue=None,
        positiveInf=None, negativeInf=None, dateFormat=None, timestampFormat=None, maxColumns=None,
        maxCharsPerColumn=None, maxMalformedLogPerPartition=None, mode=None, columnNameOfCorruptRecord=None,
        multiLine=None, charToEscapeQuoteEscaping=None, samplingRatio=None, enforceSchema=None, emptyValue=None,
        locale=None, lineSep=None, pathGlobFilter=None, recursiveFileLookup=None, modifiedBefore=None,
        modifiedAfter=None, unescapedQuoteHandling=None,
    ):
        return self._with_arguments(locals())._lines("csv", path, schema)

    def text(
        self, paths, wholetext=False, lineSep=None, pathGlobFilter=None, recursiveFileLookup=None, modifiedBefore=None,
        modifiedAfter=None,
    ):
        return self._with_arguments(locals())._read("text", [paths] if isinstance(paths, str) else list(paths))

    def parquet(self, *paths, **options):
        return self.options(**options)._read("parquet", list(paths))

    def orc(
        self, path, mergeSchema=None, pathGlobFilter=None, recursiveFileLookup=None, modifiedBefore=None,
        modifiedAfter=None,
    ):
        return self._with_arguments(locals())._read("orc", [path] if isinstance(path, str) else list(path))

    def jdbc(
        self, url, table, column=None, lowerBound=None, upperBound=None, numPartitions=None, predicates=None,
        properties=None,
    ):
        return self.format("jdbc").load()

    def _lines(self, source, path, schema):
        if schema is not None:
            self.schema(schema)
        if isinstance(path, RDD):
            partitions = path.map(lambda line: line if isinstance(line, str) else str(line)).glom().collect()
            return self._table(source, partitions)
        if not isinstance(path, (str, list)):
            raise wrong_type("NOT_STR_OR_LIST_OF_RDD", "path", path)
        return self._read(source, [path] if isinstance(path, str) else path)

    def _read(self, source, paths):
        if source not in FILES or any(place_of(path) in self._session._written for path in paths):
            written = [self._session._written.get(place_of(path)) for path in paths]
            if None in written:
                raise missing(
                    f"SparkSession.read.format({source!r})",
                    "There is what the program itself has written. Give other rows as CSV or JSON, or by createDataFrame.",
                )
            table = written[0]
            for other in written[1:]:
                table = table.union(other)
            return table
        is_whole = "true" in (self._taken("wholetext") or "", self._multi_line(source) or "")
        files = [file for path in paths for file in files_of(path, source, is_whole)]
        if not files and self._schema is None and source != "text":
            raise AnalysisException(
                f"[UNABLE_TO_INFER_SCHEMA] Unable to infer schema for {source.upper()}. It must be specified manually.",
                "UNABLE_TO_INFER_SCHEMA",
            )
        return self._table(source, files, self._base(paths))

    def _multi_line(self, source):
        # Of CSV the engine refuses it.
        return self._taken("multiLine") if source == "json" else None

    def _base(self, paths):
        """The folder below which folders are columns: the one that is read, unless the option names another one."""
        base = self._taken("basePath") or (paths[0] if len(paths) == 1 else None)
        return None if base is None else os.path.abspath(local_path(base, "SparkSession.read"))

    def _table(self, source, lines, base=None):
        from millrace.pyspark.sql.dataframe import DataFrame

        if (self._taken("encoding") or "utf-8").lower() not in ("utf-8", "utf8"):
            raise missing(f"the {source} option `encoding`", "Files are read as UTF-8.")
        schema = None if self._schema is None else ddl(self._schema)
        options = list(heeded(source, self._options).items())
        frame = self._session._engine().read(source, schema, options, lines, base)
        return DataFrame(frame, self._session)


class DataFrameWriter(Options):
    """Writes a table. Files of CSV, JSON and text are saved; of all else there is a record, and nothing is written."""

    def __init__(self, df):
        super().__init__()
        self._df = df
        self._spark = df.sparkSession
        self._format = None
        self._mode = "errorifexists"
        self._partition_by = []

    def mode(self, saveMode):
        if saveMode is not None:
            if saveMode.lower() not in _MODES:
                raise IllegalArgumentException(
                    f"Unknown save mode: {saveMode}. Accepted save modes are 'overwrite', 'append', 'ignore', 'error', "
                    "'errorifexists', 'default'."
                )
            self._mode = _MODES[saveMode.lower()]
        return self

    def format(self, source):
        self._format = source
        return self

    def partitionBy(self, *cols):
        self._partition_by = list(cols[0] if len(cols) == 1 and isinstance(cols[0], (list, tuple)) else cols)
        return self

    def bucketBy(self, numBuckets, col, *cols):
        raise missing("DataFrameWriter.bucketBy", "Leave it out: a table that is saved is in no files here.")

    def sortBy(self, col, *cols):
        raise missing("DataFrameWriter.sortBy", "Sort the table before it is written.")

    def save(self, path=None, format=None, mode=None, partitionBy=None, **options):
        self._with(format, mode, partitionBy, options)
        path = self._taken("path") if path is None else path
        source = (self._format or "parquet").lower()
        if source == "noop":
            self._df.count()
        elif source == "console":
            rows, truncate = self._taken("numRows") or "20", self._taken("truncate") or "true"
            self._df.show(int(rows), truncate == "true" if truncate in ("true", "false") else int(truncate))
        elif path is None:
            if source in (*FILES, "parquet", "orc"):
                raise IllegalArgumentException(
                    "Expected exactly one path to be specified, but got: .", "_LEGACY_ERROR_TEMP_2050", {"paths": ""}
                )
            self._record(source)
        elif source in FILES and is_here(path):
            self._save_files(source, path)
        else:
            self._keep(source, path)

    def saveAsTable(self, name, format=None, mode=None, partitionBy=None, **options):
        self._with(format, mode, partitionBy, options)
        catalog = self._spark.catalog
        exists = catalog.tableExists(name)
        if exists and self._mode == "errorifexists":
            table = f"`spark_catalog`.`default`.`{catalog._qualified(name)}`"
            raise AnalysisException(
                f"[TABLE_OR_VIEW_ALREADY_EXISTS] Cannot create table or view {table} because it already exists.\nChoose "
                "a different name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate "
                "pre-existing objects.",
                "TABLE_OR_VIEW_ALREADY_EXISTS",
                {"relationName": table},
            )
        if exists and self._mode == "ignore":
            return
        rows = self._df._kept()
        if exists and self._mode == "append":
            rows = self._spark.table(name).unionByName(rows)._kept()
        self.option("table", name)._record((self._format or "parquet").lower())
        catalog._save(name, rows)

    def insertInto(self, tableName, overwrite=None):
        if overwrite is not None:
            self.mode("overwrite" if overwrite else "append")
        before = self._spark.table(tableName)
        rows = self._df.toDF(*before.columns)
        if self._mode != "overwrite":
            rows = before.union(rows)
        rows = rows._kept()
        self.option("table", tableName)._record((self._format or "parquet").lower())
        self._spark.catalog._save(tableName, rows)

    def json(
        self, path, mode=None, compression=None, dateFormat=None, timestampFormat=None, lineSep=None, encoding=None,
        ignoreNullFields=None,
    ):
        self._with_arguments(locals()).mode(mode).format("json").save(path)

    def parquet(self, path, mode=None, partitionBy=None, compression=None):
        self._with("parquet", mode, partitionBy, {"compression": compression}).save(path)

    def text(self, path, compression=None, lineSep=None):
        self._with_arguments(locals()).format("text").save(path)

    def csv(
        self, path, mode=None, compression=None, sep=None, quote=None, escape=None, header=None, nullValue=None,
        escapeQuotes=None, quoteAll=None, dateFormat=None, timestampFormat=None, ignoreLeadingWhiteSpace=None,
        ignoreTrailingWhiteSpace=None, charToEscapeQuoteEscaping=None, encoding=None, emptyValue=None, lineSep=None,
    ):
        self._with_arguments(locals()).mode(mode).format("csv").save(path)

    def orc(self, path, mode=None, partitionBy=None, compression=None):
        self._with("orc", mode, partitionBy, {"compression": compression}).save(path)

    def jdbc(self, url, table, mode=None, properties=None):
        self.mode(mode).format("jdbc").options(url=url, dbtable=table, **(properties or {})).save()

    def _with(self, source, mode, partition_by, options):
        self.mode(mode).options(**options)
        if partition_by is not None:
            self.partitionBy(*([partition_by] if isinstance(partition_by, str) else partition_by))
        return self if source is None else self.format(source)

    def _record(self, source):
        record(self._df._frame, self._spark, source, self._mode, self._options)

    def _keep(self, source, path):
        """Records a table that has a path, and keeps it for the program to read."""
        place, rows = place_of(path), self._df._kept()
        before = self._spark._written.get(place)
        if before is not None and self._mode == "ignore":
            return
        if before is not None and self._mode == "errorifexists":
            raise _exists(path)
        self.option("path", path)
        if self._partition_by:
            self.option("partitionBy", ",".join(self._partition_by))
        self._record(source)
        is_longer = before is not None and self._mode == "append"
        self._spark._written[place] = before.unionByName(rows)._kept() if is_longer else rows

    def _save_files(self, source, path):
        folder = Folder(path)
        if folder.exists() and self._mode == "ignore":
            return
        if folder.exists() and self._mode == "errorifexists":
            raise _exists(path)
        for name in self._partition_by:
            if name.lower() not in map(str.lower, self._df.columns):
                raise AnalysisException(
                    f"Partition column `{name}` not found in schema {self._df.schema.simpleString()}.",
                    "_LEGACY_ERROR_TEMP_1155",
                )
        options = list(heeded(source, self._options).items())
        files = self._df._frame.files(
            self._spark._engine(), source, options, self._partition_by, self._spark._now_ms()
        )
        if self._mode == "overwrite":
            folder.remove()
        folder.save(_extension(source, options), files, self._spark._stage.observer)


def _extension(source, options):
    """The extension of files, which names their compression."""
    if source != "parquet":
        return FILES[source]
    compression = next((value for name, value in options if name.lower() == "compression"), "snappy").lower()
    return "parquet" if compression in ("none", "uncompressed") else f"{compression}.parquet"


def _exists(path):
    place = f"file:{os.path.abspath(path)}"
    return AnalysisException(
        f'[PATH_ALREADY_EXISTS] Path {place} already exists. Set mode as "overwrite" to overwrite the existing path.',
        "PATH_ALREADY_EXISTS",
        {"outputPath": place},
    )
