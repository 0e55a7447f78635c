//! Literals of intervals: `INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '10 minutes'`.

use engine::{DataType, IntervalUnit, IntervalUnits, Value};

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::cast::{parse_day_time, parse_year_month};
use crate::ddl::interval_unit;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::span::Span;

/// The units of an interval, without the `S` of the plural: their months, or their microseconds, and the unit of the
/// type that they are counted in.
const UNITS: &[(&str, i64, i64, IntervalUnit)] = &[
    ("YEAR", 12, 0, IntervalUnit::Year),
    ("MONTH", 1, 0, IntervalUnit::Month),
    ("WEEK", 0, 604_800_000_000, IntervalUnit::Day),
    ("DAY", 0, 86_400_000_000, IntervalUnit::Day),
    ("HOUR", 0, 3_600_000_000, IntervalUnit::Hour),
    ("MINUTE", 0, 60_000_000, IntervalUnit::Minute),
    ("SECOND", 0, 1_000_000, IntervalUnit::Second),
    ("MILLISECOND", 0, 1_000, IntervalUnit::Second),
    ("MICROSECOND", 0, 1, IntervalUnit::Second),
];

/// An interval that is added up part by part.
#[derive(Debug, Default)]
struct Sum {
    months: i64,
    micros: i64,
    units: Vec<IntervalUnit>,
}

impl Cursor<'_> {
    /// Returns true before an interval: the word is no name of a column.
    pub(super) fn is_interval(&self) -> bool {
        let value = self.peek_after(1);
        let signs = usize::from(value.is_symbol("-") || value.is_symbol("+"));
        let value = self.peek_after(1 + signs);
        let unit = self.peek_after(2 + signs);
        matches!(value.kind, TokenKind::Number | TokenKind::String) && unit_of(unit.text).is_some()
            || value.kind == TokenKind::String && signs == 0
            || value.kind == TokenKind::Number && unit.kind == TokenKind::Word
    }

    /// Reads an interval.
    pub(super) fn interval(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        let is_text =
            self.peek().kind == TokenKind::String && unit_of(self.peek_after(1).text).is_none();
        if is_text {
            let text = self.strings()?;
            let span = self.span_from(start);
            let sum = sum_of_text(&text).ok_or_else(|| {
                let message =
                    format!("The value of the typed literal \"INTERVAL\" is invalid: '{text}'.");
                AnalysisError::new("INVALID_TYPED_LITERAL", message).at(Some(span))
            })?;
            return literal(&sum, self.text_from(start), span);
        }
        let (text, is_string) = self.interval_value()?;
        if self.peek_after(1).is_word("TO") {
            return self.interval_to(start, &text, is_string);
        }
        let mut sum = Sum::default();
        let mut all = String::new();
        let mut part = text;
        loop {
            let unit = self.peek();
            if unit_of(unit.text).is_none() || unit.kind != TokenKind::Word {
                return Err(self.unexpected());
            }
            self.advance();
            all = format!("{all} {part} {}", unit.text);
            let span = self.span_from(start);
            if part.trim().parse::<f64>().is_err() {
                let message = format!(
                    "Can only use numbers in the interval value part for multiple unit value pairs interval form, but got \
                     invalid value: {part}."
                );
                return Err(AnalysisError::unclassified(message).at(Some(span)));
            }
            let added = sum.add(part.trim(), unit.text);
            added.ok_or_else(|| invalid(&all, &part, unit.text, span))?;
            if !self.is_interval_part() {
                return literal(&sum, self.text_from(start), span);
            }
            part = self.interval_value()?.0;
        }
    }

    /// Returns true before a further number and its unit.
    fn is_interval_part(&self) -> bool {
        let signs = usize::from(self.is_symbol("-") || self.is_symbol("+"));
        let value = self.peek_after(signs);
        let unit = self.peek_after(signs + 1);
        let is_value = matches!(value.kind, TokenKind::Number | TokenKind::String);
        is_value && unit.kind == TokenKind::Word && unit_of(unit.text).is_some()
    }

    /// Reads a number with its sign, and returns true if it is in quotes.
    fn interval_value(&mut self) -> Result<(String, bool), AnalysisError> {
        let is_negative = self.is_symbol("-");
        if is_negative || self.is_symbol("+") {
            self.advance();
        }
        let token = self.peek();
        let text = match token.kind {
            TokenKind::String => self.strings()?.to_string(),
            TokenKind::Number => self.advance().text.to_owned(),
            _ => return Err(self.unexpected()),
        };
        let text = match (is_negative, text.strip_prefix('-')) {
            (false, _) => text,
            (true, Some(positive)) => positive.to_owned(),
            (true, None) => format!("-{text}"),
        };
        Ok((text, token.kind == TokenKind::String))
    }

    /// Reads the units of `'1-2' YEAR TO MONTH`.
    fn interval_to(
        &mut self,
        start: usize,
        text: &str,
        is_string: bool,
    ) -> Result<Expression, AnalysisError> {
        let from = self.advance().text;
        self.advance();
        let to = self.advance().text;
        let span = self.span_from(start);
        if !is_string {
            let message = "The value of from-to unit must be a string.";
            return Err(AnalysisError::unclassified(message).at(Some(span)));
        }
        let units = interval_unit(from).zip(interval_unit(to));
        let units = units.filter(|(longest, shortest)| {
            let is_months = |unit: &IntervalUnit| *unit <= IntervalUnit::Month;
            longest < shortest && is_months(longest) == is_months(shortest)
        });
        let Some((longest, shortest)) = units else {
            let message = format!("Intervals from {from} to {to} are not supported.");
            let condition = "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION";
            return Err(AnalysisError::new(condition, message).at(Some(span)));
        };
        let units = IntervalUnits::new(longest, shortest);
        let literal = if longest == IntervalUnit::Year {
            parse_year_month(text, units).map(|months| {
                let value = Value::YearMonthInterval { months, units };
                Expression::literal(value, DataType::YearMonthInterval(units))
            })
        } else {
            parse_day_time(text, units).map(|micros| {
                let value = Value::DayTimeInterval { micros, units };
                Expression::literal(value, DataType::DayTimeInterval(units))
            })
        };
        let literal = literal.map_err(|error| match error.condition {
            Some(condition) => AnalysisError::new(condition, error.message),
            None => AnalysisError::unclassified(error.message),
        });
        match literal {
            Ok(literal) => Ok(literal.at(Some(span))),
            Err(error) => Err(error.at(Some(span))),
        }
    }
}

/// The error of a number that a unit cannot have.
fn invalid(text: &str, number: &str, unit: &str, span: Span) -> AnalysisError {
    let unit = unit.to_lowercase();
    let unit = unit.trim_end_matches('s');
    let (condition, reason) = if number.contains('.') && unit != "second" {
        (
            "INVALID_INTERVAL_FORMAT.INVALID_FRACTION",
            format!("{unit} cannot have fractional part"),
        )
    } else {
        (
            "INVALID_INTERVAL_FORMAT.INVALID_VALUE",
            format!("invalid value {number}"),
        )
    };
    let message = format!("Error parsing '{text}' to interval, {reason}.");
    AnalysisError::new(condition, message).at(Some(span))
}

/// The error of an interval whose sum is too great.
fn too_great(text: &str, span: Span) -> AnalysisError {
    let message = format!("Error parsing '{text}' to interval: it is too great.");
    AnalysisError::new("INVALID_INTERVAL_FORMAT.ARITHMETIC_EXCEPTION", message).at(Some(span))
}

type Unit = (&'static str, i64, i64, IntervalUnit);

/// The unit of a word, be it in the plural.
fn unit_of(word: &str) -> Option<&'static Unit> {
    let word = word.to_ascii_uppercase();
    let singular = word.strip_suffix('S').unwrap_or(&word);
    UNITS.iter().find(|(name, ..)| *name == singular)
}

impl Sum {
    /// Adds a number of a unit; `None` if it is no number, has a fraction that the unit cannot have, or is too great.
    fn add(&mut self, number: &str, unit: &str) -> Option<()> {
        let (_, months, micros, counted) = unit_of(unit)?;
        self.units.push(*counted);
        let (is_negative, digits) = match number.strip_prefix(['-', '+']) {
            Some(digits) => (number.starts_with('-'), digits),
            None => (false, number),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_second = unit_of(unit)?.0 == "SECOND";
        let has_fraction = digits.contains('.');
        if whole.is_empty() && fraction.is_empty()
            || !is_digits(whole)
            || !is_digits(fraction)
            || has_fraction && !is_second
            || fraction.len() > 9
        {
            return None;
        }
        let sign = if is_negative { -1 } else { 1 };
        let whole: i64 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        let whole = whole.checked_mul(sign)?;
        let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let fraction: i64 = six.parse().ok()?;
        self.months = self.months.checked_add(whole.checked_mul(*months)?)?;
        let micros = whole.checked_mul(*micros)?.checked_add(fraction * sign)?;
        self.micros = self.micros.checked_add(micros)?;
        Some(())
    }
}

/// The interval of a text such as `1 day -2 hours` (`IntervalUtils.stringToInterval`).
fn sum_of_text(text: &str) -> Option<Sum> {
    let mut words = text.split_whitespace().peekable();
    words.next_if(|word| word.eq_ignore_ascii_case("interval"));
    let mut sum = Sum::default();
    while let Some(word) = words.next() {
        let mut number = word.to_owned();
        if matches!(word, "-" | "+") {
            number.push_str(words.next()?);
        }
        sum.add(&number, words.next()?)?;
    }
    (!sum.units.is_empty()).then_some(sum)
}

fn literal(sum: &Sum, text: &str, span: Span) -> Result<Expression, AnalysisError> {
    let longest = sum.units.iter().min().copied();
    let shortest = sum.units.iter().max().copied();
    let Some((longest, shortest)) = longest.zip(shortest) else {
        return Err(too_great(text, span));
    };
    let is_months = longest <= IntervalUnit::Month;
    if is_months != (shortest <= IntervalUnit::Month) {
        let message = format!("Cannot mix year-month and day-time fields: {text}.");
        return Err(AnalysisError::unclassified(message).at(Some(span)));
    }
    let units = IntervalUnits::new(longest, shortest);
    let literal = if is_months {
        let months = i32::try_from(sum.months).map_err(|_| too_great(text, span))?;
        let value = Value::YearMonthInterval { months, units };
        Expression::literal(value, DataType::YearMonthInterval(units))
    } else {
        let micros = sum.micros;
        let value = Value::DayTimeInterval { micros, units };
        Expression::literal(value, DataType::DayTimeInterval(units))
    };
    Ok(literal.at(Some(span)))
}
