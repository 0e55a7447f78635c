"""The options that Spark's sources and sinks have, by format. Spark passes over all others, and so does Millrace."""

from millrace import staging
from millrace.pyspark.errors import wrong_type
from millrace.pyspark.sql.types import StructType, parsed

_FILES = (
    "path basePath pathGlobFilter recursiveFileLookup modifiedBefore modifiedAfter ignoreCorruptFiles ignoreMissingFiles "
    "mergeSchema maxFilesPerTrigger maxFileAge latestFirst fileNameOnly cleanSource sourceArchiveDir maxCachedFiles "
    "discardCachedInputRatio retention maxRecordsPerFile partitionOverwriteMode timeZone compression"
)
_ROWS = (
    "charset codec columnNameOfCorruptRecord dateFormat enableDateTimeParsingFallback encoding lineSep locale mode multiLine "
    "samplingRatio timestampFormat timestampNTZFormat"
)
_CSV = (
    "charToEscapeQuoteEscaping columnPruning comment delimiter emptyValue enforceSchema escape escapeQuotes header "
    "ignoreLeadingWhiteSpace ignoreTrailingWhiteSpace inferSchema inputBufferSize maxCharsPerColumn maxColumns "
    "maxMalformedLogPerPartition nanValue negativeInf nullValue positiveInf preferDate quote quoteAll sep "
    "unescapedQuoteHandling"
)
_JSON = (
    "allowBackslashEscapingAnyCharacter allowComments allowNonNumericNumbers allowNumericLeadingZeros allowSingleQuotes "
    "allowUnquotedControlChars allowUnquotedFieldNames dropFieldIfAllNull ignoreNullFields inferTimestamp prefersDecimal "
    "pretty primitivesAsString writeNonAsciiCharacterAsCodePoint"
)
_KAFKA = (
    "assign endingOffsets endingOffsetsByTimestamp endingTimestamp failOnDataLoss fetchOffset.numRetries "
    "fetchOffset.retryIntervalMs groupIdPrefix includeHeaders kafkaConsumer.pollTimeoutMs maxOffsetsPerTrigger "
    "maxTriggerDelay minOffsetsPerTrigger minPartitions startingOffsets startingOffsetsByTimestamp "
    "startingOffsetsByTimestampStrategy startingTimestamp subscribe subscribePattern topic"
)

#: The options of each format, those that it has as a source and those that it has as a sink.
_KNOWN = {
    "console": "numRows truncate",
    "csv": f"{_FILES} {_ROWS} {_CSV}",
    "json": f"{_FILES} {_ROWS} {_JSON}",
    "kafka": _KAFKA,
    "memory": "",
    "noop": "",
    "orc": f"{_FILES} orc.compress",
    "parquet": f"{_FILES} datetimeRebaseMode int96RebaseMode",
    "rate": "numPartitions rampUpTime rowsPerSecond",
    "rate-micro-batch": "advanceMillisPerBatch numPartitions rowsPerBatch startTimestamp",
    "socket": "host includeTimestamp port",
    "text": f"{_FILES} encoding lineSep wholetext",
}


def heeded(format, options):
    """The options without those that Spark passes over, each of which is noted. Those of other formats are all there."""
    format = format.lower()
    if format not in _KNOWN:
        return options
    known = {name.lower(): name for name in _KNOWN[format].split()}
    kept = {}
    for name, value in options.items():
        if name.lower() in known or (format == "kafka" and name.lower().startswith("kafka.")):
            kept[name] = value
        else:
            _note(format, name, known)
    return kept


def _note(format, name, known):
    import difflib

    nearest = difflib.get_close_matches(name.lower(), known, 1, 0.8)
    advice = f": did you mean {known[nearest[0]]!r}?" if nearest else ""
    staging.current().note(f"Spark passes over the option {name!r}, which the format {format} does not have{advice}")


#: The arguments of methods that are no options.
_ARGUMENTS = ("self", "path", "paths", "schema", "mode", "partitionBy")


class Options:
    """Options by name, whatever the case of its letters; the last one counts."""

    def __init__(self):
        self._options = {}

    def option(self, key, value):
        if value is not None:
            self._options.pop(next((it for it in self._options if it.lower() == key.lower()), None), None)
            self._options[key] = str(value).lower() if isinstance(value, bool) else str(value)
        return self

    def options(self, **options):
        for key, value in options.items():
            self.option(key, value)
        return self

    def _with_arguments(self, arguments):
        return self.options(**{name: value for name, value in arguments.items() if name not in _ARGUMENTS})

    def _taken(self, name):
        """The value of an option, which is taken out; `None` if it is not given."""
        return self._options.pop(next((it for it in self._options if it.lower() == name.lower()), None), None)


class Reader(Options):
    """A format and a schema beside the options, as both readers have them."""

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
            raise wrong_type("NOT_STR_OR_STRUCT", "schema", schema)
        self._schema = parsed(schema) if isinstance(schema, str) else schema
        return self

    def _with_load(self, format, schema, options):
        """The same with the arguments of `load`."""
        if format is not None:
            self.format(format)
        if schema is not None:
            self.schema(schema)
        return self.options(**options)

    def _with_arguments(self, arguments):
        # To a writer it is no option.
        return super()._with_arguments(arguments).option("mode", arguments.get("mode"))
