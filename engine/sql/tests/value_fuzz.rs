//! Any query, line, pattern or text has rows, or is an error, and no panic.

use std::fs;
use std::path::Path;

use engine::{Inline, SparkVersion, Time};
use engine_sql::{
    CsvOptions, CsvParser, JsonOptions, JsonParser, Session, parse_schema, parse_type,
};
use engine_structured::SparkSession;
use proptest::prelude::*;

/// The rows of a query, or its error: either will do.
fn ask(sql: &str) {
    for spark in [SparkVersion::V3_5, SparkVersion::V4] {
        for ansi in [false, true] {
            let settings = Session {
                ansi,
                ..Session::new(spark)
            };
            let spark = SparkSession::local(1, "fuzz").with_settings(settings);
            let _ = spark.sql(sql).collect(Time::EPOCH, &Inline);
        }
    }
}

/// A text in SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The queries that were recorded from Spark, without those that make large values of large numbers.
fn recorded() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut files: Vec<_> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "sql"));
    files.sort();
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(file).expect("it is text"));
    let text: String = texts.collect();
    let is_large = |line: &str| {
        let makes = ["sequence", "repeat", "space", "pad", "sketch", "bround"];
        makes.iter().any(|it| line.contains(it)) && line.contains("00000")
            || line.contains("21474836")
    };
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("--"));
    lines
        .filter(|it| !is_large(it))
        .map(str::to_owned)
        .collect()
}

/// Words and signs of a text.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut was_word = false;
    for (at, character) in text.char_indices() {
        let is_word = character.is_alphanumeric() || character == '_';
        if at > start && !(is_word && was_word) {
            tokens.push(&text[start..at]);
            start = at;
        }
        was_word = is_word;
    }
    tokens.push(&text[start..]);
    tokens
}

const PUT: &[&str] = &[
    "NULL",
    "''",
    "'é😀'",
    "-1",
    "0",
    "99999999999999999999999999999999999999999",
    "1e400D",
    "X'FF'",
    "1.50",
    "DATE'9999-12-31'",
    "TIMESTAMP'-290308-12-21 19:59:06'",
    "array()",
    "map()",
    "struct(1)",
    "true",
    "(",
    ")",
    ",",
    "INTERVAL '1' DAY",
    "'%'",
    "x -> x",
    "*",
    "double('NaN')",
    "9223372036854775807L",
    "-128Y",
];

/// Changes of a recorded query: the kind of each, its place and the token that is put there.
fn changes() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, &'static str)>> {
    let change = (
        0_u8..4,
        any::<prop::sample::Index>(),
        prop::sample::select(PUT),
    );
    prop::collection::vec(change, 1..4)
}

fn columns() -> impl Strategy<Value = String> {
    let simple = prop::sample::select(
        &[
            "INT",
            "BIGINT",
            "DOUBLE",
            "FLOAT",
            "DECIMAL(5,2)",
            "STRING",
            "BOOLEAN",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMP_NTZ",
            "BINARY",
            "TINYINT",
            "INTERVAL DAY TO SECOND",
        ][..],
    );
    let of = prop::sample::select(&["_", "ARRAY<_>", "MAP<STRING, _>", "STRUCT<p: _, q: INT>"][..]);
    let column = (simple, of).prop_map(|(simple, of)| of.replace('_', simple));
    prop::collection::vec(column, 1..4).prop_map(|columns| {
        let columns = columns.iter().enumerate();
        let columns = columns.map(|(index, of)| format!("c{index} {of}"));
        columns.collect::<Vec<_>>().join(", ")
    })
}

/// Lines that are almost JSON, or almost CSV.
fn lines() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "'",
            "\\",
            "\\u12",
            "\\u0041",
            "\"c0\"",
            "\"c1\"",
            "null",
            "true",
            "1",
            "-0",
            "1e999",
            "1.5",
            "99999999999999999999",
            "NaN",
            "\"2024-02-30\"",
            "2024-02-29",
            "2024-01-01T25:00:00Z",
            " ",
            "\t",
            "\r",
            "é",
            "😀",
            "\u{0}",
            "/*",
            "*/",
            "#",
            "abc",
            "\"\"",
            "c0",
        ][..],
    );
    prop::collection::vec(part, 0..16).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn changed_queries_are_answered_or_refused(
        query in prop::sample::select(recorded()),
        changes in changes(),
    ) {
        let mut tokens: Vec<&str> = tokens(&query);
        for (kind, place, put) in changes {
            let at = place.index(tokens.len());
            match kind {
                0 if tokens.len() > 1 => drop(tokens.remove(at)),
                1 => tokens.insert(at, put),
                2 => tokens.swap(at, place.index(at + 1)),
                _ => tokens[at] = put,
            }
        }
        ask(&format!("SELECT {}", tokens.concat()));
    }

    #[test]
    fn any_line_is_read_or_refused(line in lines(), any in ".{0,40}", columns in columns(), mode in 0_usize..3) {
        let options = [("mode", ["PERMISSIVE", "FAILFAST", "DROPMALFORMED"][mode])];
        for spark in [SparkVersion::V3_5, SparkVersion::V4] {
            let session = Session::new(spark);
            let csv = CsvOptions::new(options, &session).expect("they are options");
            let json = JsonOptions::new(options, &session).expect("they are options");
            let schema = parse_schema(&columns).expect("they are columns");
            let whole = parse_type(&format!("STRUCT<{columns}>")).expect("it is a type");
            let csv = CsvParser::new(schema, csv, &session);
            let json = JsonParser::new(whole, json, &session);
            for line in [&line, &any] {
                if let Ok(csv) = &csv {
                    let _ = csv.row(line);
                }
                if let Ok(json) = &json {
                    let _ = json.rows(line);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_pattern_of_dates_is_followed_or_refused(
        pattern in "[yMLdDEuaGQqhHkKmsSnNVzOXxZwWeFc'\\[\\]{}#. :/é-]{0,12}",
        text in "[0-9TZ:+. a-zA-Z-]{0,24}",
    ) {
        let pattern = quoted(&pattern);
        let text = quoted(&text);
        ask(&format!("SELECT date_format(TIMESTAMP'2024-02-29 13:14:15.678', {pattern})"));
        ask(&format!("SELECT to_timestamp({text}, {pattern})"));
        ask(&format!("SELECT to_date({text}, {pattern}), from_unixtime(7, {pattern})"));
    }

    #[test]
    fn any_regular_expression_is_followed_or_refused(
        parts in prop::collection::vec(prop::sample::select(&[
            "a", "b", ".", "*", "+", "?", "(", ")", "[", "]", "^", "$", "|", "{2}", "{1,", "\\", "\\d", "\\p{L}", "\\p{",
            "(?i)", "(?=", "(?<n>", "(?<!", "\\1", "\\k<n>", "[^a-", "&&", "\\Q", "\\E", "\\b", "\\R", "\\x{41}", "é", "*+", "??",
        ][..]), 0..8),
        text in "[abé1 \\n]{0,12}",
        replacement in "[a$0-9{}\\\\n]{0,6}",
    ) {
        let regex = quoted(&parts.concat());
        let text = quoted(&text);
        let replacement = quoted(&replacement);
        ask(&format!("SELECT regexp_replace({text}, {regex}, {replacement})"));
        ask(&format!("SELECT {text} RLIKE {regex}, split({text}, {regex}), {text} LIKE {regex}"));
        ask(&format!("SELECT regexp_extract_all({text}, {regex}), regexp_extract({text}, {regex}, 1)"));
    }

    #[test]
    fn any_text_is_cast_or_refused(text in "[ 0-9a-zA-Z:.+/TZ_\\[\\]é-]{0,32}", any in ".{0,16}") {
        for text in [quoted(&text), quoted(&any)] {
            for of in [
                "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(10,2)", "DECIMAL(38,38)", "BOOLEAN", "DATE",
                "TIMESTAMP", "TIMESTAMP_NTZ", "BINARY", "INTERVAL YEAR TO MONTH", "INTERVAL DAY TO SECOND",
            ] {
                ask(&format!("SELECT CAST({text} AS {of}), try_cast({text} AS {of})"));
            }
            ask(&format!("SELECT to_number({text}, '999.99'), to_binary({text}), unhex({text}), conv({text}, 36, 10)"));
            ask(&format!("SELECT from_json({text}, {text}), get_json_object({text}, {text}), schema_of_json({text})"));
            ask(&format!("SELECT parse_url({text}, 'HOST'), format_string({text}, 1), str_to_map({text})"));
        }
    }
}
