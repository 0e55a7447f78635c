//! Casts of Spark SQL: a text without a value of the type is `NULL`, and fails in Spark 4.

use engine::{Failure, SparkVersion, Value};

use crate::ansi;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// `CAST(value AS BIGINT)`.
///
/// # Errors
///
/// `CAST_INVALID_INPUT`, in Spark 4.
pub(crate) fn to_long(value: Value, spark: SparkVersion) -> Result<Value, Failure> {
    Ok(match value {
        Value::String(text) => match parse_long(&text, spark) {
            Some(number) => Value::Long(number),
            None if spark.is_ansi() => return Err(ansi::cast_invalid_input(&text)),
            None => Value::Null,
        },
        Value::Timestamp(micros) => Value::Long(micros.div_euclid(MICROS_PER_SECOND)),
        Value::Long(_) => value,
        _ => Value::Null,
    })
}

/// The `BIGINT` of a text, as `CAST(text AS BIGINT)` gives it; `None` where that is `NULL` or fails.
///
/// As `org.apache.spark.unsafe.types.UTF8String` has it, by `toLong` in Spark 3.5 and by `toLongExact` in Spark 4: a
/// sign and digits between blanks or control characters, and in Spark 3.5 a fraction that is cut off.
///
/// ```
/// use engine_structured::{SparkVersion, parse_long};
/// assert_eq!(parse_long("12.7", SparkVersion::V3_5), Some(12));
/// assert_eq!(parse_long("12.7", SparkVersion::V4), None);
/// assert_eq!(parse_long("2018-06-21", SparkVersion::V3_5), None);
/// ```
pub fn parse_long(text: &str, spark: SparkVersion) -> Option<i64> {
    let text = text.trim_matches(|c: char| c.is_ascii_control() || c == ' ');
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let (whole, fraction) = match digits.split_once('.') {
        Some(parts) if !spark.is_ansi() => parts,
        // A point is no digit.
        _ => (digits, ""),
    };
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

    const VERSIONS: [SparkVersion; 2] = [SparkVersion::V3_5, SparkVersion::V4];

    fn of_text(text: &str, spark: SparkVersion) -> Result<Value, Failure> {
        to_long(Value::String(text.into()), spark)
    }

    #[track_caller]
    fn check(text: &str, expected: i64) {
        for spark in VERSIONS {
            assert_eq!(of_text(text, spark), Ok(Value::Long(expected)), "{text:?}");
        }
    }

    /// Checks a text that Spark 4 does not take, with what Spark 3.5 makes of it.
    #[track_caller]
    fn check_refused(text: &str, before: Option<i64>) {
        let before = before.map_or(Value::Null, Value::Long);
        assert_eq!(of_text(text, SparkVersion::V3_5), Ok(before), "{text:?}");
        let failure = of_text(text, SparkVersion::V4);
        assert_eq!(failure, Err(ansi::cast_invalid_input(text)));
    }

    #[test]
    fn a_text_is_its_number() {
        check("0", 0);
        check("+12", 12);
        check("-12", -12);
        check(" \t\n12\u{7f}\u{0}", 12);
        check("-9223372036854775808", i64::MIN);
        check("9223372036854775807", i64::MAX);
    }

    #[test]
    fn mb_7_a_fraction_is_cut_off_and_fails_in_spark_4() {
        check_refused("12.9", Some(12));
        check_refused("-12.9", Some(-12));
        check_refused("12.", Some(12));
        check_refused(".5", Some(0));
        check_refused(".", Some(0));
    }

    #[test]
    fn mb_7_a_text_that_is_no_number_is_null_and_fails_in_spark_4() {
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
            check_refused(text, None);
        }
    }

    /// As Spark 4.0.5 to 4.3.0 say it of this value.
    #[test]
    fn mb_7_the_text_is_quoted_as_sql_has_it() {
        let failure = of_text("'q\"\\", SparkVersion::V4).expect_err("it is no number");
        assert_eq!(
            failure.to_string(),
            r#"[CAST_INVALID_INPUT] The value '\'q"\\' of the type "STRING" cannot be cast to "BIGINT" because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead. SQLSTATE: 22018"#
        );
    }

    #[test]
    fn a_time_is_its_seconds_rounded_down() {
        for spark in VERSIONS {
            let check = |value, seconds| assert_eq!(to_long(value, spark), Ok(seconds));
            check(Value::Timestamp(1_999_999), Value::Long(1));
            check(Value::Timestamp(-1), Value::Long(-1));
            check(Value::Long(7), Value::Long(7));
            check(Value::Null, Value::Null);
        }
    }
}
