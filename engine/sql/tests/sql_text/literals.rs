//! Literals and their types.

use super::shape::check_4;
use engine::DataType;
use engine_sql::{ExpressionKind, parse_expression};

#[track_caller]
fn literal(text: &str, data_type: &DataType, value: &str) {
    let expression = parse_expression(text).expect("it is SQL");
    let ExpressionKind::Literal(literal) = &*expression.kind else {
        panic!("{text} is no literal");
    };
    assert_eq!(&literal.data_type, data_type, "{text}");
    assert_eq!(
        engine::render::Notation::Sql.text(&literal.value),
        value,
        "{text}"
    );
}

fn type_of(text: &str) -> DataType {
    engine_sql::parse_type(text).expect("it is SQL")
}

#[test]
fn numbers_have_the_least_type_or_that_of_their_suffix() {
    for (text, data_type, value) in [
        ("1", "INT", "1"),
        ("-2147483648", "INT", "-2147483648"),
        ("2147483648", "BIGINT", "2147483648"),
        (
            "9223372036854775808",
            "DECIMAL(19,0)",
            "9223372036854775808",
        ),
        ("0012", "INT", "12"),
        ("1L", "BIGINT", "1"),
        ("1s", "SMALLINT", "1"),
        ("-128Y", "TINYINT", "-128"),
        ("1D", "DOUBLE", "1.0"),
        ("1.5F", "FLOAT", "1.5"),
        ("1e3", "DOUBLE", "1000.0"),
        ("1.5E-1", "DOUBLE", "0.15"),
        ("1.5", "DECIMAL(2,1)", "1.5"),
        ("0.10", "DECIMAL(2,2)", "0.10"),
        ("1.", "DECIMAL(1,0)", "1"),
        (".5", "DECIMAL(1,1)", "0.5"),
        ("1e3BD", "DECIMAL(4,0)", "1000"),
        ("1.50bd", "DECIMAL(3,2)", "1.50"),
        ("0.0", "DECIMAL(1,1)", "0.0"),
    ] {
        literal(text, &type_of(data_type), value);
    }
}

#[test]
fn strings_have_escapes() {
    for (text, value) in [
        (r"'a\nb'", "a\nb"),
        (r"'\\ \' \q'", r"\ ' q"),
        (r"'\u0041\U0001F600'", "A😀"),
        (r"'\uD83D\uDE00'", "😀"),
        (r"'\101\0'", "A\0"),
        (r"'\%\_'", r"\%\_"),
        (r"r'a\nb'", r"a\nb"),
        ("'a' \"b\" 'c'", "abc"),
        ("'it''s'", "its"),
        ("\"say ''x''\"", "say ''x''"),
    ] {
        literal(text, &DataType::String, value);
    }
    check_4("'it''s'", "'it's'");
}

#[test]
fn literals_have_a_type_before_them() {
    literal("DATE '2024-2-9'", &DataType::Date, "2024-02-09");
    literal(
        "timestamp'2024-02-09 01:02:03.5'",
        &DataType::Timestamp,
        "2024-02-09 01:02:03.5",
    );
    literal(
        "TIMESTAMP_LTZ '2024-02-09 02:00:00+02:00'",
        &DataType::Timestamp,
        "2024-02-09 00:00:00",
    );
    literal(
        "TIMESTAMP_NTZ '2024-02-09'",
        &DataType::TimestampNtz,
        "2024-02-09 00:00:00",
    );
    literal("X'1f0'", &DataType::Binary, "[01 F0]");
    literal("x \"41\"", &DataType::Binary, "[41]");
    literal("NULL", &DataType::Null, "NULL");
    literal("true", &DataType::Boolean, "true");
}

#[test]
fn intervals_have_all_spellings() {
    for (text, data_type, value) in [
        (
            "INTERVAL 10 minutes",
            "INTERVAL MINUTE",
            "INTERVAL '10' MINUTE",
        ),
        ("interval '1' day", "INTERVAL DAY", "INTERVAL '1' DAY"),
        ("INTERVAL -3 HOURS", "INTERVAL HOUR", "INTERVAL '-03' HOUR"),
        ("INTERVAL - '-1' DAY", "INTERVAL DAY", "INTERVAL '1' DAY"),
        (
            "INTERVAL 1 DAY 2 HOURS",
            "INTERVAL DAY TO HOUR",
            "INTERVAL '1 02' DAY TO HOUR",
        ),
        ("INTERVAL 1 WEEK", "INTERVAL DAY", "INTERVAL '7' DAY"),
        (
            "INTERVAL 1.5 SECONDS",
            "INTERVAL SECOND",
            "INTERVAL '01.5' SECOND",
        ),
        (
            "INTERVAL '10' MICROSECONDS",
            "INTERVAL SECOND",
            "INTERVAL '00.00001' SECOND",
        ),
        (
            "INTERVAL '1-2' YEAR TO MONTH",
            "INTERVAL YEAR TO MONTH",
            "INTERVAL '1-2' YEAR TO MONTH",
        ),
        (
            "INTERVAL 1 YEAR 2 MONTHS",
            "INTERVAL YEAR TO MONTH",
            "INTERVAL '1-2' YEAR TO MONTH",
        ),
        (
            "INTERVAL '1 02:03:04' DAY TO SECOND",
            "INTERVAL DAY TO SECOND",
            "INTERVAL '1 02:03:04' DAY TO SECOND",
        ),
        (
            "INTERVAL '1 day -2 hours'",
            "INTERVAL DAY TO HOUR",
            "INTERVAL '0 22' DAY TO HOUR",
        ),
    ] {
        literal(text, &type_of(data_type), value);
    }
}
