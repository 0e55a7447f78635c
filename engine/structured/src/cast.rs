//! Casts of Spark SQL with `spark.sql.ansi.enabled` off: what has no value of the type is `NULL`.

use engine::Value;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// `CAST(value AS BIGINT)`.
pub(crate) fn to_long(value: Value) -> Value {
    match value {
        Value::String(text) => parse_long(&text).map_or(Value::Null, Value::Long),
        Value::Timestamp(micros) => Value::Long(micros.div_euclid(MICROS_PER_SECOND)),
        Value::Long(_) => value,
        _ => Value::Null,
    }
}

/// The `BIGINT` of a text, as `CAST(text AS BIGINT)` gives it; `None` where that is `NULL`.
///
/// As `org.apache.spark.unsafe.types.UTF8String.toLong` (Spark 3.5.9) has it: a sign, digits, and a fraction that is
/// cut off, between blanks or control characters.
///
/// ```
/// assert_eq!(engine_structured::parse_long("12.7"), Some(12));
/// assert_eq!(engine_structured::parse_long("2018-06-21"), None);
/// ```
pub fn parse_long(text: &str) -> Option<i64> {
    let text = text.trim_matches(|c: char| c.is_ascii_control() || c == ' ');
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Below zero there is room for one more number than above.
    let below = whole.bytes().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_sub(digit)
    })?;
    if is_negative {
        Some(below)
    } else {
        below.checked_neg()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        let expected = expected.map_or(Value::Null, Value::Long);
        assert_eq!(to_long(Value::String(text.into())), expected, "{text:?}");
    }

    #[test]
    fn a_text_is_its_number() {
        check("0", Some(0));
        check("+12", Some(12));
        check("-12", Some(-12));
        check(" \t\n12\u{7f}\u{0}", Some(12));
        check("-9223372036854775808", Some(i64::MIN));
        check("9223372036854775807", Some(i64::MAX));
    }

    #[test]
    fn a_fraction_is_cut_off() {
        check("12.9", Some(12));
        check("-12.9", Some(-12));
        check("12.", Some(12));
        check(".5", Some(0));
        check(".", Some(0));
    }

    #[test]
    fn a_text_that_is_no_number_is_null() {
        for text in [
            "",
            " ",
            "+",
            "-",
            "--1",
            "1-",
            "1 2",
            "a",
            "1.a",
            "1.2.3",
            "1e3",
            "٣",
            "\u{a0}1",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_time_is_its_seconds_rounded_down() {
        assert_eq!(to_long(Value::Timestamp(1_999_999)), Value::Long(1));
        assert_eq!(to_long(Value::Timestamp(-1)), Value::Long(-1));
        assert_eq!(to_long(Value::Long(7)), Value::Long(7));
        assert_eq!(to_long(Value::Null), Value::Null);
    }
}
