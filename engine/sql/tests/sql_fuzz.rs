//! Any text is a plan or an error, and no panic.

use engine::SparkVersion;
use engine_sql::plan::LogicalPlan;
use engine_sql::{
    AnalysisError, Expression, Session, parse_expression_in, parse_query_in, parse_schema,
    parse_type,
};
use proptest::prelude::*;

/// Words and signs that mean something somewhere.
const TOKENS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "BY",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "WITH",
    "AS",
    "UNION",
    "ALL",
    "DISTINCT",
    "VALUES",
    "TABLE",
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "OUTER",
    "SEMI",
    "ANTI",
    "CROSS",
    "NATURAL",
    "ON",
    "USING",
    "LATERAL",
    "VIEW",
    "ROLLUP",
    "CUBE",
    "GROUPING",
    "SETS",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST",
    "TRY_CAST",
    "EXTRACT",
    "SUBSTRING",
    "TRIM",
    "BOTH",
    "LEADING",
    "POSITION",
    "OVERLAY",
    "PLACING",
    "FOR",
    "STRUCT",
    "ARRAY",
    "MAP",
    "INTERVAL",
    "DATE",
    "TIMESTAMP",
    "YEAR",
    "MONTH",
    "DAY",
    "TO",
    "SECOND",
    "WEEKS",
    "NULL",
    "TRUE",
    "FALSE",
    "NOT",
    "AND",
    "OR",
    "IN",
    "BETWEEN",
    "LIKE",
    "ILIKE",
    "RLIKE",
    "ESCAPE",
    "ANY",
    "SOME",
    "IS",
    "UNKNOWN",
    "EXISTS",
    "DIV",
    "FILTER",
    "IGNORE",
    "NULLS",
    "FIRST",
    "LAST",
    "ASC",
    "DESC",
    "OVER",
    "DATEADD",
    "INT",
    "DECIMAL",
    "count",
    "explode",
    "a",
    "b",
    "t",
    "`q`",
    "x",
    "r",
    "1",
    "2L",
    "1.5",
    "1e3",
    "9BD",
    "99999999999999999999",
    "'s'",
    "\"d\"",
    "'1-2'",
    "'1 day'",
    "X'1F'",
    "''",
    "(",
    ")",
    "(",
    ")",
    ",",
    ".",
    "*",
    "+",
    "-",
    "/",
    "%",
    "||",
    "|",
    "&",
    "^",
    "~",
    "!",
    "=",
    "==",
    "<>",
    "!=",
    "<=>",
    "<",
    "<=",
    ">",
    ">=",
    ">>",
    "<<",
    ">>>",
    "->",
    "=>",
    "::",
    ":",
    "[",
    "]",
    ";",
    "?",
    "@",
    "$",
    "\\",
    "--",
    "/*",
    "*/",
    "\n",
    "'",
    "\"",
    "`",
    "é",
];

fn sessions() -> [Session; 2] {
    [SparkVersion::V3_5, SparkVersion::V4].map(Session::new)
}

/// The span of an error lies in the text, at the borders of characters.
fn check(text: &str, error: Option<AnalysisError>) {
    let span = error.and_then(|error| error.span());
    if let Some(span) = span {
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} of {text:?}"
        );
    }
}

fn read(text: &str) {
    for session in &sessions() {
        check(text, parse_query_in(text, session).err());
        check(text, parse_expression_in(text, session).err());
    }
    check(text, parse_type(text).err());
    check(text, parse_schema(text).err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}") {
        read(&text);
    }

    #[test]
    fn any_tokens_are_read_or_refused(
        tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..40),
        separator in prop::sample::select(&[" ", "", "  "][..]),
    ) {
        read(&tokens.join(separator));
        read(&format!("SELECT {}", tokens.join(separator)));
        read(&format!("SELECT a FROM {}", tokens.join(separator)));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// What is nested is refused before it takes all of the stack.
    #[test]
    fn deep_texts_are_refused(
        open in prop::collection::vec(prop::sample::select(&[
            "(", "a + (", "NOT ", "-", "CASE WHEN ", "f(", "x -> ", "a[", "(SELECT ", "CAST(", "a IN (", "1 + ",
            "a OR ", "a AND b = ", "SELECT * FROM (", "SELECT 1 UNION ", "ARRAY<", "a.", "t JOIN ", "((a), ",
        ][..]), 1..4),
        count in 100_usize..1_000,
    ) {
        read(&open.concat().repeat(count));
        read(&format!("SELECT {}", open.concat().repeat(count)));
    }
}

fn query(text: &str) -> Result<LogicalPlan, AnalysisError> {
    parse_query_in(text, &sessions()[0])
}

fn expression(text: &str) -> Result<Expression, AnalysisError> {
    parse_expression_in(text, &sessions()[0])
}

#[track_caller]
fn too_complex<T: std::fmt::Debug>(result: Result<T, AnalysisError>) {
    let error = result.expect_err("it is refused");
    assert_eq!(error.condition(), Some("FAILED_TO_PARSE_TOO_COMPLEX"));
}

#[test]
fn texts_that_are_too_deep_are_refused() {
    too_complex(expression(&"(".repeat(100_000)));
    too_complex(expression(&format!("1{}", " + 1".repeat(100_000))));
    too_complex(expression(&format!("a{}", "[0]".repeat(100_000))));
    too_complex(expression(&"NOT ".repeat(100_000)));
    too_complex(query(&"SELECT * FROM (".repeat(10_000)));
    too_complex(query(&format!(
        "SELECT 1{}",
        " UNION SELECT 1".repeat(10_000)
    )));
    too_complex(query(&format!(
        "SELECT * FROM t{}",
        " JOIN t".repeat(10_000)
    )));
}

#[test]
fn texts_of_usual_depth_are_read() {
    assert!(expression(&format!("{}1{}", "(".repeat(60), ")".repeat(60))).is_ok());
    assert!(expression(&format!("1{}", " + 1".repeat(200))).is_ok());
    assert!(expression(&format!("a = 0{}", " OR a = 1".repeat(2_000))).is_ok());
    let all = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(1_000));
    assert!(query(&all).is_ok());
}
