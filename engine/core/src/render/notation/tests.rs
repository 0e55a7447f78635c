//! Each type in each language, as real Spark, Java and Python write it.

use std::sync::Arc;

use super::*;
use crate::types::{IntervalUnit, IntervalUnits, Record};

/// The text of a value as a part of another one.
fn part(notation: Notation, value: &Value) -> String {
    let utc = |micros| micros;
    let renderer = Renderer::new(notation, &utc);
    fmt::from_fn(|f| renderer.write(value, f)).to_string()
}

#[track_caller]
fn check(value: &impl Record, python: &str, java: &str, sql: &str) {
    let value = value.to_value();
    assert_eq!(part(Notation::Python3, &value), python);
    assert_eq!(part(Notation::Java, &value), java);
    assert_eq!(part(Notation::Sql, &value), sql);
}

#[track_caller]
fn check_python(value: &impl Record, three: &str, two: &str) {
    let value = value.to_value();
    assert_eq!(part(Notation::Python3, &value), three);
    assert_eq!(part(Notation::Python2, &value), two);
}

#[track_caller]
fn check_alone(value: &Value, python: &str, java: &str, sql: &str) {
    assert_eq!(Notation::Python3.text(value), python);
    assert_eq!(Notation::Java.text(value), java);
    assert_eq!(Notation::Sql.text(value), sql);
}

#[track_caller]
fn check_float(number: f64, expected: &str) {
    assert_eq!(part(Notation::Python3, &number.to_value()), expected);
}

#[test]
fn python_quotes_a_text_by_the_quotes_in_it() {
    check_python(&"", "''", "u''");
    check_python(&"it's", r#""it's""#, r#"u"it's""#);
    check_python(&r#"say"hi""#, r#"'say"hi"'"#, r#"u'say"hi"'"#);
    check_python(&r#"both'""#, r#"'both\'"'"#, r#"u'both\'"'"#);
    check_python(&r"b\s", r"'b\\s'", r"u'b\\s'");
}

#[test]
fn python_escapes_control_characters() {
    check_python(&"a\tb\nc\rd", r"'a\tb\nc\rd'", r"u'a\tb\nc\rd'");
    check_python(&"\u{7}\u{1b}\u{7f}", r"'\x07\x1b\x7f'", r"u'\x07\x1b\x7f'");
}

#[test]
fn python_3_keeps_printable_characters() {
    check_python(&"caf\u{e9} \u{a0}", r"'café \xa0'", r"u'caf\xe9 \xa0'");
    check_python(&"你\u{200b}", r"'你\u200b'", r"u'\u4f60\u200b'");
    check_python(
        &"😀\u{e0001}",
        r"'😀\U000e0001'",
        r"u'\U0001f600\U000e0001'",
    );
}

#[test]
fn texts_are_bare_in_java_and_sql() {
    check(
        &"say \"hi\"\t'",
        r#"'say "hi"\t\''"#,
        "say \"hi\"\t'",
        "say \"hi\"\t'",
    );
    check(&("", 3), "('', 3)", "(,3)", "{, 3}");
}

#[test]
fn constants() {
    check(&Value::Null, "None", "null", "NULL");
    check(&true, "True", "true", "true");
    check(&false, "False", "false", "false");
    check(
        &i64::MIN,
        "-9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775808",
    );
    check(&f64::NAN, "nan", "NaN", "NaN");
    check(&f32::NEG_INFINITY, "-inf", "-Infinity", "-Infinity");
}

#[test]
fn numbers_of_each_width() {
    check(&-1_i8, "-1", "-1", "-1");
    check(&7_u64, "7", "7", "7");
    check(&1e10, "10000000000.0", "1.0E10", "1.0E10");
    check(&1.1_f32, "1.100000023841858", "1.1", "1.1");
    let cents = Decimal::new(1, 10, 8).expect("one digit fits");
    check(&cents, "Decimal('1E-8')", "1E-8", "0.00000001");
    check(
        &u64::MAX,
        "Decimal('18446744073709551615')",
        "18446744073709551615",
        "18446744073709551615",
    );
}

#[test]
fn bytes() {
    let bytes = Value::Binary(Arc::from(*b"AB\xff'\n"));
    check(
        &bytes,
        r#"b"AB\xff'\n""#,
        "[41 42 FF 27 0A]",
        "[41 42 FF 27 0A]",
    );
    check_python(&bytes, r#"b"AB\xff'\n""#, r#""AB\xff'\n""#);
}

#[test]
fn sequences_nest() {
    check(&vec![1, 2], "[1, 2]", "[1, 2]", "[1, 2]");
    check(&vec![0; 0], "[]", "[]", "[]");
    check(&(7,), "(7,)", "(7)", "{7}");
    check(&Value::Tuple(Vec::new().into()), "()", "()", "{}");
    check(
        &(vec![1.0], None::<i64>),
        "([1.0], None)",
        "([1.0],null)",
        "{[1.0], NULL}",
    );
}

#[test]
fn a_struct_has_names_in_python_alone() {
    let fields = Struct::from_iter([("word", "blue".to_value()), ("count", Value::Null)]);
    let row = Value::Struct(fields);
    check(
        &row,
        "Row(word='blue', count=None)",
        "[blue,null]",
        "{blue, NULL}",
    );
}

#[test]
fn a_map_is_a_dict_a_hash_map_or_arrows() {
    let entries = [
        ("a".to_value(), 1.to_value()),
        ("b".to_value(), Value::Null),
    ];
    let map = Value::Map(entries.into());
    check(
        &map,
        "{'a': 1, 'b': None}",
        "{a=1, b=null}",
        "{a -> 1, b -> NULL}",
    );
}

#[test]
fn times_are_objects_in_python() {
    const AT_ELEVEN: i64 = 1_529_622_000_000_000;
    let [whole, half, odd] = [AT_ELEVEN, AT_ELEVEN + 30_250_000, AT_ELEVEN + 30_250_500];
    let date = Value::Date(17_703);
    check(
        &date,
        "datetime.date(2018, 6, 21)",
        "2018-06-21",
        "2018-06-21",
    );
    check_alone(&date, "2018-06-21", "2018-06-21", "2018-06-21");
    let whole = Value::Timestamp(whole);
    check(
        &whole,
        "datetime.datetime(2018, 6, 21, 23, 0)",
        "2018-06-21 23:00:00.0",
        "2018-06-21 23:00:00",
    );
    check_alone(
        &whole,
        "2018-06-21 23:00:00",
        "2018-06-21 23:00:00.0",
        "2018-06-21 23:00:00",
    );
    let half = Value::TimestampNtz(half);
    check(
        &half,
        "datetime.datetime(2018, 6, 21, 23, 0, 30, 250000)",
        "2018-06-21T23:00:30.250",
        "2018-06-21 23:00:30.25",
    );
    check_alone(
        &half,
        "2018-06-21 23:00:30.250000",
        "2018-06-21T23:00:30.250",
        "2018-06-21 23:00:30.25",
    );
    assert_eq!(
        Notation::Java.text(&Value::TimestampNtz(AT_ELEVEN)),
        "2018-06-21T23:00"
    );
    assert_eq!(
        Notation::Java.text(&Value::TimestampNtz(odd)),
        "2018-06-21T23:00:30.250500"
    );
    assert_eq!(
        Notation::Java.text(&Value::Timestamp(odd)),
        "2018-06-21 23:00:30.2505"
    );
}

#[test]
fn con_4_a_zone_moves_points_in_time_and_nothing_else() {
    let local = |micros| micros + 3_600_000_000;
    let in_zone = |value| Renderer::new(Notation::Sql, &local).text(&value);
    let window = Struct::from_iter([("start", Value::Timestamp(0))]);
    assert_eq!(in_zone(Value::Struct(window)), "{1970-01-01 01:00:00}");
    assert_eq!(in_zone(Value::TimestampNtz(0)), "1970-01-01 00:00:00");
    assert_eq!(in_zone(Value::Date(0)), "1970-01-01");
}

#[track_caller]
fn check_months(months: i32, longest: IntervalUnit, shortest: IntervalUnit, expected: &str) {
    let units = IntervalUnits::new(longest, shortest);
    let interval = Value::YearMonthInterval { months, units };
    assert_eq!(
        Notation::Sql.text(&interval),
        format!("INTERVAL {expected}")
    );
}

#[track_caller]
fn check_micros(micros: i64, longest: IntervalUnit, shortest: IntervalUnit, expected: &str) {
    let units = IntervalUnits::new(longest, shortest);
    let interval = Value::DayTimeInterval { micros, units };
    assert_eq!(
        Notation::Sql.text(&interval),
        format!("INTERVAL {expected}")
    );
}

const HOUR: i64 = 3_600_000_000;

#[test]
fn intervals_are_written_in_their_units() {
    use IntervalUnit::{Day, Hour, Minute, Month, Second, Year};
    check_months(14, Year, Month, "'1-2' YEAR TO MONTH");
    check_months(-13, Month, Month, "'-13' MONTH");
    check_months(36, Year, Year, "'3' YEAR");
    check_months(i32::MIN, Year, Month, "'-178956970-8' YEAR TO MONTH");
    check_micros(
        26 * HOUR + 184_500_000,
        Day,
        Second,
        "'1 02:03:04.5' DAY TO SECOND",
    );
    check_micros(HOUR / 12, Minute, Minute, "'05' MINUTE");
    check_micros(3 * HOUR, Hour, Hour, "'03' HOUR");
    check_micros(12_345_000, Second, Second, "'12.345' SECOND");
    check_micros(-26 * HOUR, Day, Hour, "'-1 02' DAY TO HOUR");
    check_micros(2 * HOUR + HOUR / 20, Hour, Minute, "'02:03' HOUR TO MINUTE");
    check_micros(184_001_000, Minute, Second, "'03:04.001' MINUTE TO SECOND");
    check_micros(48 * HOUR, Day, Day, "'2' DAY");
    check_micros(0, Second, Second, "'00' SECOND");
    check_micros(-500_000, Second, Second, "'-00.5' SECOND");
    check_micros(
        i64::MIN,
        Day,
        Second,
        "'-106751991 04:00:54.775808' DAY TO SECOND",
    );
}

#[test]
fn python_floats_are_as_short_as_they_read_back() {
    check_float(0.0, "0.0");
    check_float(-0.0, "-0.0");
    check_float(0.1 + 0.2, "0.30000000000000004");
    check_float(1e-4, "0.0001");
    check_float(1.5e-5, "1.5e-05");
    check_float(123_456_789_012_345.0, "123456789012345.0");
    check_float(9_999_999_999_999_998.0, "9999999999999998.0");
    check_float(1e16, "1e+16");
    check_float(-1.25e300, "-1.25e+300");
    check_float(5e-324, "5e-324");
    check_float(f64::INFINITY, "inf");
}
