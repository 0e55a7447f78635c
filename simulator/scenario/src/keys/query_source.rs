//! `[[source]]`: the streams that queries in SQL read.

use std::time::Duration;

use super::{MAX_FILES, SOURCES, WATERMARK};
use crate::language::{KeyCount, Kind, TableOf, TomlKey, WithDefault, keywords, toml_table};
use crate::{DropDuplicates, Source, SourceWatermark};

toml_table! {
    pub(crate) QUERY_SOURCE = "source", "in `[[source]]`", KeyCount::Any;
    "A stream that the pipelines of `sql` read as a table. Without any they read the table `lines`, with the column `value`."

    "Its name in SQL, and as the `stream` of an entry: a letter or `_`, then letters, digits and `_`."
    SOURCE_NAME: TomlKey<String> = ("name", Kind::TABLE_NAME, r#"name = "events""#).required();

    "What it makes of the lines; with `direct` it reads the folder of its name."
    SOURCE_KIND: WithDefault<Source> = ("kind", Kind::Word(&SOURCES), r#"kind = "socket""#)
        .or(Source::Memory);

    "The most files that a micro-batch reads (`maxFilesPerTrigger`), with `kind = \"direct\"`; without it, all there are."
    SOURCE_MAX_FILES: TomlKey<usize> = (MAX_FILES.text.name, Kind::integer(1, 1_000_000), MAX_FILES.text.example);

    "The form of a line."
    FORMAT: WithDefault<LineFormat> = ("format", Kind::Word(&FORMATS), r#"format = "json""#)
        .or(LineFormat::Text);

    "The columns of a line of JSON or CSV, as in Spark."
    SOURCE_SCHEMA: TomlKey<String> = ("schema", Kind::TEXT, r#"schema = "ts TIMESTAMP, user STRING, n INT""#);

    "What becomes of a line of JSON or CSV that does not fit the schema."
    PARSE_MODE: WithDefault<ParseMode> = ("mode", Kind::Word(&PARSE_MODES), r#"mode = "failfast""#)
        .or(ParseMode::Permissive);

    "The place at which a query on a topic begins that has no checkpoint (`startingOffsets`), with `format = \"kafka\"`: `earliest`, `latest`, or the JSON of offsets; without it, `latest`."
    STARTING_OFFSETS: TomlKey<String> = ("starting_offsets", Kind::TEXT, r#"starting_offsets = "earliest""#);

    "The most messages that a micro-batch reads (`maxOffsetsPerTrigger`), with `format = \"kafka\"`; without it, all there are."
    MAX_OFFSETS: TomlKey<usize> = ("max_offsets_per_trigger", Kind::integer(1, 1_000_000_000), "max_offsets_per_trigger = 100");

    "The options of its reader, as Spark has them, with `format = \"kafka\"`, `\"rate\"` or `\"rate-micro-batch\"`."
    SOURCE_OPTIONS: TomlKey<Vec<(String, String)>> = ("options", Kind::OPTIONS, "options = { rowsPerSecond = 2 }");

    "How late a row may come (`withWatermark`)."
    SOURCE_WATERMARK: TomlKey<SourceWatermark> = (WATERMARK.text.name, WATERMARK_KIND, r#"watermark = { column = "ts", delay = "10s" }"#);

    "Rows that have come before are dropped, after the watermark is set (`dropDuplicates`); `{}` compares all columns."
    DROP_DUPLICATES: TomlKey<DropDuplicates> = ("drop_duplicates", DROP_DUPLICATES_KIND, r#"drop_duplicates = { columns = ["user"] }"#);
}

keywords! {
    /// The form of the lines of a source.
    pub enum LineFormat, FORMATS;

    /// A line is the column `value`.
    Text = "text", "A line is the text of the column `value`.";
    /// A line is an object, taken apart by `from_json`.
    Json = "json", "A line is an object, taken apart by `from_json(value, schema)`.";
    /// A line has values between commas, taken apart by `from_csv`.
    Csv = "csv", "A line has values between commas, taken apart by `from_csv(value, schema)`.";
    /// A line is a message of a topic.
    Kafka = "kafka", "A line is the value of a message of the topic of the source's name, with the columns `key`, `value`, `topic`, `partition`, `offset`, `timestamp` and `timestampType`; see `keys` of an entry.";
    /// There are no lines, but numbers at a steady rate.
    Rate = "rate", "There are no lines: the virtual clock makes numbers at a steady rate, with the columns `timestamp` and `value`.";
    /// There are no lines, but equally many numbers in each micro-batch.
    RateMicroBatch = "rate-micro-batch", "There are no lines: each micro-batch has equally many numbers, with the columns `timestamp` and `value`. It needs the option `rowsPerBatch`, and runs one in each millisecond at most.";
}

impl LineFormat {
    /// True if it is that of a reader with options of its own.
    pub(crate) fn has_options(self) -> bool {
        self == LineFormat::Kafka || !self.has_lines()
    }

    /// True if there are lines.
    pub(crate) fn has_lines(self) -> bool {
        !matches!(self, LineFormat::Rate | LineFormat::RateMicroBatch)
    }
}

keywords! {
    /// The fate of a line that does not fit the schema.
    pub enum ParseMode, PARSE_MODES;

    /// It becomes a row without the values that it does not have.
    Permissive = "permissive", "It becomes a row in which what does not fit is `NULL`.";
    /// It ends the query.
    FailFast = "failfast", "It ends the query.";
}

const WATERMARK_KIND: Kind<SourceWatermark> = Kind::Table(TableOf {
    table: &WATERMARK_TABLE,
    read: |table| {
        Some(SourceWatermark {
            column: table.get(&WATERMARK_COLUMN)?,
            delay: table.get(&WATERMARK_DELAY)?,
        })
    },
    write: |watermark, items| {
        items.set(&WATERMARK_COLUMN, &watermark.column);
        items.set(&WATERMARK_DELAY, &watermark.delay);
    },
});

toml_table! {
    WATERMARK_TABLE = "watermark", "in `watermark`", KeyCount::Any;
    "The watermark of a source: groups at it or before are final, and take no late rows."

    "The column of event time."
    WATERMARK_COLUMN: TomlKey<String> = ("column", Kind::TEXT, r#"column = "ts""#).required();

    "How far the watermark stays behind the latest time in the column."
    WATERMARK_DELAY: TomlKey<Duration> = ("delay", Kind::OFFSET, r#"delay = "10s""#).required();
}

const DROP_DUPLICATES_KIND: Kind<DropDuplicates> = Kind::Table(TableOf {
    table: &DROP_DUPLICATES_TABLE,
    read: |table| {
        Some(DropDuplicates {
            columns: table.get(&COLUMNS),
            within_watermark: table.get_or_default(&WITHIN_WATERMARK),
        })
    },
    write: |dropped, items| {
        items.set_some(&COLUMNS, dropped.columns.as_ref());
        items.set_unless_default(&WITHIN_WATERMARK, &dropped.within_watermark);
    },
});

toml_table! {
    DROP_DUPLICATES_TABLE = "drop_duplicates", "in `drop_duplicates`", KeyCount::Any;
    "The rows of a source that are dropped because they have come before."

    "The columns that are compared; without it, all."
    COLUMNS: TomlKey<Vec<String>> = ("columns", Kind::TEXTS, r#"columns = ["user"]"#);

    "A row is known only until the watermark has passed it (`dropDuplicatesWithinWatermark`)."
    WITHIN_WATERMARK: WithDefault<bool> = ("within_watermark", Kind::FLAG, "within_watermark = true")
        .or(false);
}
