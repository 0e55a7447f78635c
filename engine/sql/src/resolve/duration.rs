//! Durations as the text of an interval (`org.apache.spark.sql.catalyst.util.IntervalUtils.stringToInterval`).

/// Units of one length, and their microseconds.
const UNITS: [(&str, i64); 7] = [
    ("week", 7 * 86_400_000_000),
    ("day", 86_400_000_000),
    ("hour", 3_600_000_000),
    ("minute", 60_000_000),
    ("second", 1_000_000),
    ("millisecond", 1_000),
    ("microsecond", 1),
];

/// The microseconds of a text such as `10 minutes`, `1 hour 30 minutes` or `interval 1.5 seconds`.
///
/// # Errors
///
/// The reason why it has none.
pub fn parse_duration(text: &str) -> Result<i64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let written = lower.strip_prefix("interval ").unwrap_or(&lower);
    let words: Vec<&str> = written.split_ascii_whitespace().collect();
    if words.is_empty() || !words.len().is_multiple_of(2) {
        return Err("it is a list of numbers and units, such as `10 minutes`".to_owned());
    }
    let mut sum: i64 = 0;
    for pair in words.chunks(2) {
        let micros = micros_of(pair[0], pair[1])?;
        sum = sum.checked_add(micros).ok_or("it is too long")?;
    }
    Ok(sum)
}

fn micros_of(number: &str, unit: &str) -> Result<i64, String> {
    let singular = unit.strip_suffix('s').unwrap_or(unit);
    if singular == "month" || singular == "year" {
        return Err(
            "intervals greater than a month are not supported, as months have no fixed length"
                .to_owned(),
        );
    }
    let known = UNITS.iter().find(|(name, _)| *name == singular);
    let (_, micros) = known.ok_or_else(|| format!("`{unit}` is no unit"))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !fraction.is_empty() && singular != "second" {
        return Err(format!("`{unit}` cannot have a fraction"));
    }
    let is_negative = whole.starts_with('-');
    let whole: i64 = match whole {
        "" | "-" | "+" if !fraction.is_empty() => 0,
        _ => whole
            .parse()
            .map_err(|_| format!("`{number}` is no number"))?,
    };
    let fraction = match fraction {
        "" => 0,
        digits if digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let nanos: i64 = format!("{digits:0<9}").parse().unwrap_or(0);
            nanos / 1_000
        }
        _ => return Err(format!("`{number}` is no number")),
    };
    let signed = if is_negative { -fraction } else { fraction };
    whole
        .checked_mul(*micros)
        .and_then(|it| it.checked_add(signed))
        .ok_or_else(|| "it is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_spark_s_units() {
        assert_eq!(parse_duration("10 minutes"), Ok(600_000_000));
        assert_eq!(
            parse_duration(" INTERVAL 1 Hour 30 minutes "),
            Ok(5_400_000_000)
        );
        assert_eq!(parse_duration("1.5 seconds"), Ok(1_500_000));
        assert_eq!(parse_duration("-0.5 second"), Ok(-500_000));
        assert_eq!(parse_duration("2 weeks"), Ok(1_209_600_000_000));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "10",
            "minutes",
            "1 month",
            "1 fortnight",
            "1.5 hours",
            "9223372036854775807 days",
            "x seconds",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
