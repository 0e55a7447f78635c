"""`pyspark.sql.streaming.DataStreamReader`: a stream as a table."""

from millrace.errors import missing
from millrace.pyspark.errors import PySparkValueError, wrong_type
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.options import Reader, heeded

_OF_INFERENCE = ("inferschema", "prefersdecimal", "primitivesasstring", "samplingratio")


class DataStreamReader(Reader):
    """A format with its schema and its options, of which each is heeded or refused by the engine."""

    def load(self, path=None, format=None, schema=None, **options):
        self._with_load(format, schema, options)
        if path is not None:
            if not isinstance(path, str) or not path.strip():
                message = f"[VALUE_NOT_NON_EMPTY_STR] Value for `path` must be a non empty string, got '{path}'."
                raise PySparkValueError(message, "VALUE_NOT_NON_EMPTY_STR")
        source = (self._format or "parquet").lower()
        options = heeded(source, self._options)
        schema = None
        if self._schema is not None:
            # The columns as the engine reads them.
            schema = ddl(self._schema).removeprefix("struct<").removesuffix(">")
            # They say how columns are found where there is no schema.
            options = {name: value for name, value in options.items() if name.lower() not in _OF_INFERENCE}
        return self._session._read_stream(self._format, schema, options, path)

    def text(self, path, wholetext=False, lineSep=None, pathGlobFilter=None, recursiveFileLookup=None):
        return self._files("text", locals())

    def json(
        self, path, schema=None, primitivesAsString=None, prefersDecimal=None, allowComments=None,
        allowUnquotedFieldNames=None, allowSingleQuotes=None, allowNumericLeadingZero=None,
        allowBackslashEscapingAnyCharacter=None, mode=None, columnNameOfCorruptRecord=None, dateFormat=None,
        timestampFormat=None, multiLine=None, allowUnquotedControlChars=None, lineSep=None, locale=None,
        dropFieldIfAllNull=None, encoding=None, pathGlobFilter=None, recursiveFileLookup=None,
        allowNonNumericNumbers=None,
    ):  # fmt: skip
        return self._files("json", locals())

    def csv(
        self, path, schema=None, sep=None, encoding=None, quote=None, escape=None, comment=None, header=None,
        inferSchema=None, ignoreLeadingWhiteSpace=None, ignoreTrailingWhiteSpace=None, nullValue=None, nanValue=None,
        positiveInf=None, negativeInf=None, dateFormat=None, timestampFormat=None, maxColumns=None,
        maxCharsPerColumn=None, maxMalformedLogPerPartition=None, mode=None, columnNameOfCorruptRecord=None,
        multiLine=None, charToEscapeQuoteEscaping=None, enforceSchema=None, emptyValue=None, locale=None, lineSep=None,
        pathGlobFilter=None, recursiveFileLookup=None, unescapedQuoteHandling=None,
    ):  # fmt: skip
        return self._files("csv", locals())

    def parquet(
        self, path, mergeSchema=None, pathGlobFilter=None, recursiveFileLookup=None, datetimeRebaseMode=None,
        int96RebaseMode=None,
    ):  # fmt: skip
        return self._files("parquet", locals())

    def orc(self, path, mergeSchema=None, pathGlobFilter=None, recursiveFileLookup=None):
        return self._files("orc", locals())

    def table(self, tableName):
        if not isinstance(tableName, str):
            raise wrong_type("NOT_STR", "tableName", tableName)
        table = self._session.table(tableName)
        if not table.isStreaming:
            raise missing(f"DataStreamReader.table({tableName!r})", "Read its files, or a view of a stream.")
        return table

    def _files(self, format, arguments):
        if not isinstance(arguments["path"], str):
            raise wrong_type("NOT_STR", "path", arguments["path"])
        return self._with_arguments(arguments).load(arguments["path"], format, arguments.get("schema"))
