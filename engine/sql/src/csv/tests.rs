//! CSV lines.

use engine::SparkVersion;

use super::tokens::tokens;
use super::*;
use crate::context::Session;
use crate::ddl::parse_schema;

fn options() -> CsvOptions {
    CsvOptions::new([], &Session::new(SparkVersion::V3_5)).expect("options")
}

#[track_caller]
fn check(line: &str, expected: &[Option<&str>]) {
    let tokens = tokens(line, &options()).expect("a line");
    let tokens: Vec<Option<&str>> = tokens.iter().map(Option::as_deref).collect();
    assert_eq!(tokens, expected, "{line}");
}

#[test]
fn quotes_hold_separators_and_a_backslash_escapes_them() {
    check(r#""a,b",c"#, &[Some("a,b"), Some("c")]);
    check(r#""a \"q\"",c"#, &[Some(r#"a "q""#), Some("c")]);
    check(r#""a\\",c"#, &[Some(r"a\"), Some("c")]);
    check(r#""open,c"#, &[Some("open,c")]);
    check(r#""a" ,b"#, &[Some("a"), Some("b")]);
}

#[test]
fn a_quote_that_is_not_escaped_makes_a_value_that_is_not_quoted() {
    check(r#""a ""q""",c"#, &[Some(r#""a ""q""""#), Some("c")]);
    check(r#"a"b,c"#, &[Some(r#"a"b"#), Some("c")]);
    check(r#""a" x,c"#, &[Some(r#""a" x"#), Some("c")]);
}

#[test]
fn nothing_between_separators_is_no_value() {
    check(",", &[None, None]);
    check(r#""",x"#, &[Some(""), Some("x")]);
    assert_eq!(tokens("", &options()), None);
}

#[test]
fn a_row_has_null_where_a_value_is_wrong_or_missing() {
    let session = Session::new(SparkVersion::V3_5);
    let columns = parse_schema("a INT, b DOUBLE, _corrupt_record STRING").expect("a schema");
    let parser = CsvParser::new(columns, options(), &session).expect("a parser");
    let text = |line: &str| {
        let row = parser.row(line).expect("a row").expect("a row");
        row.iter()
            .map(|value| engine::render::Notation::Sql.text(value))
            .collect::<Vec<_>>()
            .join("|")
    };
    assert_eq!(text("1, 0.8"), "1|0.8|NULL");
    assert_eq!(text("x,2"), "NULL|2.0|x,2");
    assert_eq!(text("1"), "1|NULL|1");
    assert_eq!(text("1,2,3"), "1|2.0|1,2,3");
}
