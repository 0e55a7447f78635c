"""`pyspark.sql.streaming.DataStreamReader`: a stream as a table."""

from millrace.errors import missing
from millrace.pyspark.errors import PySparkTypeError, PySparkValueError
from millrace.pyspark.sql.column import ddl
from millrace.pyspark.sql.options import Options, heeded
from millrace.pyspark.sql.types import StructType, parsed

_OF_INFERENCE = ("inferschema", "prefersdecimal", "primitivesasstring", "samplingratio")


class DataStreamReader(Options):
    """A format with its schema and its options, of which each is heeded or refused by the engine."""

    def __init__(self, session):
        super().__init__()
        self._session = session
        self._format = None
        self._schema = None

    def format(self, source):
        self._format = source
        return self

    def schema(self, schema):
        if not isinstance(schema, (str, StructType)):
            raise _no_type("NOT_STR_OR_STRUCT", "schema", "a str or structType", schema)
        self._schema = _columns(parsed(schema) if isinstance(schema, str) else schema)
        return self

    def load(self, path=None, format=None, schema=None, **options):
        if format is not None:
            self.format(format)
        if schema is not None:
            self.schema(schema)
        self.options(**options)
        if path is not None:
            if not isinstance(path, str) or not path.strip():
                message = f"[VALUE_NOT_NON_EMPTY_STR] Value for `path` must be a non empty string, got '{path}'."
                raise PySparkValueError(message, "VALUE_NOT_NON_EMPTY_STR")
        source = (self._format or "parquet").lower()
        options = heeded(source, self._options)
        if self._schema is not None:
            # They say how columns are found where there is no schema.
            options = {name: value for name, value in options.items() if name.lower() not in _OF_INFERENCE}
        return self._session._read_stream(self._format, self._schema, options, path)

    def text(self, path, wholetext=False, lineSep=None, pathGlobFilter=None, recursiveFileLookup=None):
        return self._files("text", path, None, locals())

    def json(
        self, path, schema=None, primitivesAsString=None, prefersDecimal=None, allowComments=None,
        allowUnquotedFieldNames=None, allowSingleQuotes=None, allowNumericLeadingZero=None,
        allowBackslashEscapingAnyCharacter=None, mode=None, columnNameOfCorruptRecord=None, dateFormat=None,
        timestampFormat=None, multiLine=None, allowUnquotedControlChars=None, lineSep=None, locale=None,
        dropFieldIfAllNull=None, encoding=None, pathGlobFilter=None, recursiveFileLookup=None,
        allowNonNumericNumbers=None,
    ):  # fmt: skip
        return self._files("json", path, schema, locals())

    def csv(
        self, path, schema=None, sep=None, encoding=None, quote=None, escape=None, comment=None, header=None,
        inferSchema=None, ignoreLeadingWhiteSpace=None, ignoreTrailingWhiteSpace=None, nullValue=None, nanValue=None,
        positiveInf=None, negativeInf=None, dateFormat=None, timestampFormat=None, maxColumns=None,
        maxCharsPerColumn=None, maxMalformedLogPerPartition=None, mode=None, columnNameOfCorruptRecord=None,
        multiLine=None, charToEscapeQuoteEscaping=None, enforceSchema=None, emptyValue=None, locale=None, lineSep=None,
        pathGlobFilter=None, recursiveFileLookup=None, unescapedQuoteHandling=None,
    ):  # fmt: skip
        return self._files("csv", path, schema, locals())

    def parquet(
        self, path, mergeSchema=None, pathGlobFilter=None, recursiveFileLookup=None, datetimeRebaseMode=None,
        int96RebaseMode=None,
    ):  # fmt: skip
        return self._files("parquet", path, None, locals())

    def orc(self, path, mergeSchema=None, pathGlobFilter=None, recursiveFileLookup=None):
        return self._files("orc", path, None, locals())

    def table(self, tableName):
        if not isinstance(tableName, str):
            raise _no_type("NOT_STR", "tableName", "a str", tableName)
        table = self._session.table(tableName)
        if not table.isStreaming:
            raise missing(f"DataStreamReader.table({tableName!r})", "Read its files, or a view of a stream.")
        return table

    def _files(self, format, path, schema, given):
        if not isinstance(path, str):
            raise _no_type("NOT_STR", "path", "a str", path)
        for name in ("self", "path", "schema"):
            given.pop(name, None)
        given = {name: value for name, value in given.items() if value is not None and value is not False}
        return self.load(path, format, schema, **given)


def _no_type(error_class, argument, expected, value):
    got = type(value).__name__
    return PySparkTypeError(f"[{error_class}] Argument `{argument}` should be {expected}, got {got}.", error_class)


def _columns(schema):
    """The columns of a schema as the engine reads them."""
    return ddl(schema).removeprefix("struct<").removesuffix(">")

