//! Places, errors, and what differs between versions.

use super::shape::plan;
use engine::SparkVersion;
use engine_sql::plan::PlanKind;
use engine_sql::{Session, parse_query, parse_query_in};

#[track_caller]
fn first_column(text: &str, expected: &str) {
    let PlanKind::Project { columns, .. } = plan(text) else {
        panic!("{text} selects");
    };
    let span = columns[0].span.expect("it is SQL");
    assert_eq!(&text[span.start..span.end], expected);
}

#[test]
fn parts_know_their_place() {
    first_column(
        "SELECT\n  upper( a ) + 1 AS x FROM t",
        "upper( a ) + 1 AS x",
    );
    first_column("SELECT -- é\n 'é' || b FROM t", "'é' || b");
    first_column("SELECT (a + b) * 2 FROM t", "(a + b) * 2");
    first_column("SELECT CAST(a AS INT) FROM t", "CAST(a AS INT)");
    first_column("SELECT a IS NOT NULL FROM t", "a IS NOT NULL");
    first_column(
        "SELECT CASE WHEN a THEN 1 END FROM t",
        "CASE WHEN a THEN 1 END",
    );
    let text = "SELECT * FROM a JOIN (SELECT 1) b ON true";
    let PlanKind::Project { input, .. } = plan(text) else {
        panic!("a projection");
    };
    let span = input.span.expect("it is SQL");
    assert_eq!(&text[span.start..span.end], "a JOIN (SELECT 1) b ON true");
}

#[track_caller]
fn refused(text: &str, message: &str, at: &str) {
    let error = parse_query(text).expect_err("it is refused");
    assert_eq!(error.to_string(), message, "{text}");
    let span = error.span().expect("it is SQL");
    assert_eq!(&text[span.start..span.end], at, "{text}");
}

#[test]
fn errors_have_spark_s_words_and_the_place() {
    for (text, near) in [
        ("SELECT 1 +", ""),
        ("SELECT (1", ""),
        ("SELECT 1 2 3", "2"),
        ("SELECT FROM VALUES (1)", "("),
        ("SELECT a IS NULL = b FROM t", "="),
        ("SELECT 1::INT", ":"),
        ("SELECT 1 << 2", "<"),
        ("SELECT 'a", "'"),
        ("SELECT größe", "ö"),
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM t WHERE", ""),
        ("SELECT 1 AS \"x\"", "\"x\""),
    ] {
        let shown = if near.is_empty() {
            "end of input".to_owned()
        } else {
            format!("'{near}'")
        };
        let message = format!("[PARSE_SYNTAX_ERROR] Syntax error at or near {shown}.");
        refused(text, &message, near);
    }
    refused(
        "SELECT 1)",
        "[PARSE_SYNTAX_ERROR] Syntax error at or near ')': extra input ')'.",
        ")",
    );
    refused(
        " ",
        "[PARSE_EMPTY_STATEMENT] Syntax error, unexpected empty statement.",
        "",
    );
    refused(
        "SELECT * FROM my-table",
        "[INVALID_IDENTIFIER] The identifier my-table is invalid. Please, consider quoting it with back-quotes as `my-table`.",
        "my-table",
    );
    refused(
        "SELECT 128Y",
        "[INVALID_NUMERIC_LITERAL_RANGE] Numeric literal 128 is outside the valid range for tinyint with minimum value of -128 and maximum value of 127. Please adjust the value accordingly.",
        "128Y",
    );
    refused(
        "SELECT DATE 'x'",
        "[INVALID_TYPED_LITERAL] The value of the typed literal \"DATE\" is invalid: 'x'.",
        "DATE 'x'",
    );
    refused(
        "SELECT /* a",
        "[UNCLOSED_BRACKETED_COMMENT] Found an unclosed bracketed comment. Please, append */ at the end of the comment.",
        "/",
    );
}

#[test]
fn what_is_not_there_is_refused_by_name() {
    for (text, thing, at) in [
        ("SELECT a FROM t SORT BY a", "SORT BY", "SORT"),
        (
            "SELECT /*+ COALESCE(1) */ a FROM t",
            "The hint COALESCE",
            "COALESCE",
        ),
        ("INSERT INTO t VALUES (1)", "The statement INSERT", "INSERT"),
        (
            "SELECT CAST(a AS INTERVAL) FROM t",
            "The type INTERVAL without units",
            "INTERVAL",
        ),
    ] {
        refused(text, &format!("{thing} is not supported"), at);
    }
}

#[test]
fn a_sample_without_a_seed_is_refused_as_no_run_would_be_like_the_next() {
    refused(
        "SELECT a FROM t TABLESAMPLE (10 PERCENT)",
        "TABLESAMPLE without a seed is not supported: a run would differ from the next",
        "t TABLESAMPLE (10 PERCENT)",
    );
}

#[test]
fn versions_differ_in_their_grammar() {
    let session = Session::new(SparkVersion::V4);
    assert!(parse_query_in("SELECT 1::INT, 1 << 2", &session).is_ok());
    let error = parse_query_in("SELECT größe", &session).expect_err("it is refused");
    assert_eq!(error.condition(), Some("INVALID_IDENTIFIER"));
}
