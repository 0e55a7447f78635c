//! The texts of intervals (`IntervalUtils.castStringToYMInterval`, `castStringToDTInterval`).

use engine::{IntervalUnit, IntervalUnits};

use super::numbers::unit_micros;
use super::trim_all;

/// The reason why a text is no interval.
pub(crate) struct Unreadable {
    /// The error class of Spark 4.
    pub(crate) condition: Option<&'static str>,
    /// The message of Spark 3.5.
    pub(crate) message: String,
    /// Spark 4's words after the text.
    pub(crate) detail: String,
}

impl Unreadable {
    /// A reason that has no class.
    fn unclassified(message: impl Into<String>) -> Unreadable {
        Unreadable {
            condition: None,
            message: message.into(),
            detail: String::new(),
        }
    }

    /// The reason why months have no value.
    fn of_months(message: impl Into<String>) -> Unreadable {
        Unreadable {
            condition: Some("INVALID_INTERVAL_FORMAT.INTERVAL_PARSING"),
            message: message.into(),
            detail: "Error parsing interval year-month string.".to_owned(),
        }
    }
}

/// The months of a text: `1-2`, or `INTERVAL '1-2' YEAR TO MONTH`.
pub(crate) fn parse_year_month(text: &str, units: IntervalUnits) -> Result<i32, Unreadable> {
    let unmatched = || unmatched(text, units);
    let (is_negative, body) = body(text, units).ok_or_else(unmatched)?;
    let months = match (units.longest(), units.shortest()) {
        (IntervalUnit::Year, IntervalUnit::Month) => {
            let (years, months) = body.split_once('-').ok_or_else(unmatched)?;
            let months = number(months, 2).ok_or_else(unmatched)?;
            if months > 11 {
                return Err(Unreadable::of_months(format!(
                    "requirement failed: month {months} outside range [0, 11]"
                )));
            }
            number(years, 9).map(|years| years * 12 + months)
        }
        (IntervalUnit::Year, _) => number(body, 10).map(|years| years * 12),
        _ => number(body, 10),
    };
    let months = months.ok_or_else(unmatched)?;
    let months = if is_negative { -months } else { months };
    i32::try_from(months).map_err(|_| {
        Unreadable::of_months("Error parsing interval year-month string: integer overflow")
    })
}

/// The microseconds of a text: `1 02:03:04.5`, or `INTERVAL '1 02:03:04.5' DAY TO SECOND`.
pub(crate) fn parse_day_time(text: &str, units: IntervalUnits) -> Result<i64, Unreadable> {
    let unmatched = || unmatched(text, units);
    let (is_negative, body) = body(text, units).ok_or_else(unmatched)?;
    let parts = day_time_parts(body, units).ok_or_else(unmatched)?;
    let mut micros: i128 = 0;
    for (unit, part) in parts {
        let number = if unit == IntervalUnit::Second {
            seconds(part).ok_or_else(unmatched)?
        } else {
            let digits = match unit {
                _ if unit != units.longest() => 2,
                IntervalUnit::Day => 9,
                IntervalUnit::Hour => 10,
                _ => 12,
            };
            let number = number(part, digits).ok_or_else(unmatched)?;
            if unit != units.longest() {
                check_range(unit, number)?;
            }
            i128::from(number) * i128::from(unit_micros(unit))
        };
        if unit == IntervalUnit::Second && unit != units.longest() {
            check_range(unit, (number / 1_000_000) as i64)?;
        }
        micros += number;
    }
    let micros = if is_negative { -micros } else { micros };
    i64::try_from(micros).map_err(|_| Unreadable::unclassified("long overflow"))
}

/// The parts of a text, each of its unit.
fn day_time_parts(body: &str, units: IntervalUnits) -> Option<Vec<(IntervalUnit, &str)>> {
    use IntervalUnit::{Day, Hour, Minute, Second};
    let expected = [Day, Hour, Minute, Second];
    let mut expected = expected
        .into_iter()
        .filter(|unit| (units.longest()..=units.shortest()).contains(unit));
    let mut parts = Vec::new();
    let mut rest = body;
    if units.longest() == Day && units.shortest() != Day {
        let (day, time) = rest.split_once(' ')?;
        parts.push((expected.next()?, day));
        rest = time;
    }
    let mut times = rest.split(':');
    for unit in expected {
        parts.push((unit, times.next()?));
    }
    times.next().is_none().then_some(parts)
}

fn check_range(unit: IntervalUnit, number: i64) -> Result<(), Unreadable> {
    let most = if unit == IntervalUnit::Hour { 23 } else { 59 };
    if number <= most {
        return Ok(());
    }
    let name = unit.to_string().to_lowercase();
    Err(Unreadable::unclassified(format!(
        "requirement failed: {name} {number} outside range [0, {most}]"
    )))
}

/// Whole seconds of up to 13 digits, and up to nine digits of a fraction of which six count.
fn seconds(text: &str) -> Option<i128> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, "0"),
    };
    let is_fraction = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let six: String = fraction.chars().take(6).collect();
    let micros: i128 = format!("{six:0<6}").parse().ok()?;
    let whole = number(whole, 13)?;
    is_fraction.then_some(i128::from(whole) * 1_000_000 + micros)
}

fn number(text: &str, most_digits: usize) -> Option<i64> {
    let is_number =
        (1..=most_digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The sign and the numbers of a text, without the words around them.
fn body(text: &str, units: IntervalUnits) -> Option<(bool, &str)> {
    let text = trim_all(text);
    let sign = |text: &mut &str| {
        let is_negative = text.starts_with('-');
        *text = text.strip_prefix(['+', '-']).unwrap_or(text);
        is_negative
    };
    let is_quoted = text
        .get(..8)
        .is_some_and(|it| it.eq_ignore_ascii_case("interval"));
    let mut rest = text;
    let mut is_negative = false;
    if is_quoted {
        rest = rest[8..].trim_start();
        is_negative = sign(&mut rest);
        let (inner, end) = rest.strip_prefix('\'')?.split_once('\'')?;
        let words: Vec<&str> = end.split_whitespace().collect();
        if !words.join(" ").eq_ignore_ascii_case(&units.to_string()) {
            return None;
        }
        rest = inner;
    }
    let is_inner_negative = sign(&mut rest);
    Some((is_negative != is_inner_negative, rest))
}

fn unmatched(text: &str, units: IntervalUnits) -> Unreadable {
    let is_months = units.longest() <= IntervalUnit::Month;
    let kind = if is_months { "year-month" } else { "day-time" };
    let letters = letters(units);
    let name = units.to_string().to_lowercase();
    let message = format!(
        "Interval string does not match {kind} format of `[+|-]{letters}`, `INTERVAL [+|-]'[+|-]{letters}' {units}` when \
         cast to interval {name}: {}",
        trim_all(text)
    );
    let (condition, notice) = if is_months {
        ("INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING", "")
    } else {
        (
            "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
            " Set \"spark.sql.legacy.fromDayTimeString.enabled\" to \"true\" to restore the behavior before Spark 3.0.",
        )
    };
    Unreadable {
        condition: Some(condition),
        detail: format!("{message}.{notice}"),
        message,
    }
}

/// The form of a text: `d h:m:s.n`.
fn letters(units: IntervalUnits) -> &'static str {
    use IntervalUnit::{Day, Hour, Minute, Month, Second, Year};
    match (units.longest(), units.shortest()) {
        (Year, Month) => "y-m",
        (Year, _) => "y",
        (Day, Day) => "d",
        (Day, Hour) => "d h",
        (Day, Minute) => "d h:m",
        (Day, Second) => "d h:m:s.n",
        (Hour, Hour) => "h",
        (Hour, Minute) => "h:m",
        (Hour, Second) => "h:m:s.n",
        (Month, _) | (Minute, Minute) => "m",
        (Minute, Second) => "m:s.n",
        _ => "s.n",
    }
}
