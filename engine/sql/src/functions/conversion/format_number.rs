//! `format_number`: numbers by a pattern of `java.text.DecimalFormat`.

use engine::{DataType, Failure, Value};

use super::digits::{Half, Number, grouped};
use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Takes, Type};
use crate::functions::dates::takes::expect;
use crate::functions::values::{check_text_length, string, thrown};
use crate::typed::Typed;

/// A number, and the count of its places or a pattern.
pub(super) fn types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if let [number, _] = &mut arguments[..] {
        let null = DataType::Double;
        let arguments = std::slice::from_mut(number);
        expect(arguments, 0, Type::Numeric, &null, session)?;
    }
    let second = match arguments.get(1).map(|it| &it.data_type) {
        Some(DataType::String) => Type::String,
        _ => Type::Integer,
    };
    let parameters: &[Type] = match second {
        Type::String => &[Type::Numeric, Type::String],
        _ => &[Type::Numeric, Type::Integer],
    };
    Takes::Exactly(parameters).coerce("format_number", arguments, session)
}

/// `format_number(number, places)`, `format_number(number, pattern)`.
pub(super) fn format_number(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let pattern = match &values[1] {
        Value::Integer(..=-1) => return Ok(Value::Null),
        Value::Integer(places) => {
            check_text_length(*places as usize)?;
            Pattern::of_places(*places as usize)
        }
        Value::String(pattern) if pattern.is_empty() => Pattern::of_places(0),
        Value::String(pattern) => Pattern::parse(pattern).ok_or_else(|| {
            thrown(format!(
                "the pattern '{pattern}' of `format_number` is not supported here"
            ))
        })?,
        _ => return Ok(Value::Null),
    };
    string(pattern.format(&values[0]))
}

/// A pattern.
#[derive(Debug, Default)]
struct Pattern {
    prefix: String,
    suffix: String,
    /// The digits before the point at least.
    whole_min: usize,
    places_min: usize,
    places_max: usize,
    /// The digits of a group; 0 without groups.
    group: usize,
    is_percent: bool,
}

impl Pattern {
    /// `#,###,###,###,###,###,##0` with this many places.
    fn of_places(places: usize) -> Pattern {
        Pattern {
            whole_min: 1,
            places_min: places,
            places_max: places,
            group: 3,
            ..Pattern::default()
        }
    }

    /// `None` of a pattern with exponents, quotes or another part for negative numbers.
    fn parse(pattern: &str) -> Option<Pattern> {
        if pattern.contains(['E', ';', '\'', '\u{A4}', '\u{2030}']) {
            return None;
        }
        let is_number = |it: char| matches!(it, '#' | '0' | ',' | '.');
        let start = pattern.find(is_number).unwrap_or(pattern.len());
        let end = pattern.rfind(is_number).map_or(start, |end| end + 1);
        let number = &pattern[start..end];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let zeros = |part: &str| part.matches('0').count();
        let is_ordered = !whole.trim_start_matches(['#', ',']).contains('#')
            && !fraction.trim_start_matches('0').contains('0')
            && !fraction.contains([',', '.']);
        is_ordered.then(|| Pattern {
            prefix: pattern[..start].to_owned(),
            suffix: pattern[end..].to_owned(),
            whole_min: zeros(whole),
            places_min: zeros(fraction),
            places_max: fraction.len(),
            group: whole.rfind(',').map_or(0, |at| whole.len() - at - 1),
            is_percent: pattern.contains('%'),
        })
    }

    fn format(&self, value: &Value) -> String {
        let is_negative = match value {
            Value::Float(number) if number.0.is_nan() => return "NaN".to_owned(),
            Value::Double(number) if number.0.is_nan() => return "NaN".to_owned(),
            Value::Float(number) => number.0.is_sign_negative(),
            Value::Double(number) => number.0.is_sign_negative(),
            other => Number::of(other).is_some_and(|digits| digits.is_negative),
        };
        let sign = if is_negative { "-" } else { "" };
        let number = match Number::of(value) {
            None => "\u{221E}".to_owned(),
            Some(digits) => self.digits(digits),
        };
        format!("{sign}{}{number}{}", self.prefix, self.suffix)
    }

    fn digits(&self, mut digits: Number) -> String {
        if self.is_percent && !digits.digits.is_empty() {
            digits.whole += 2;
        }
        let rounded = digits.rounded(self.places_max, Half::Even);
        let (whole, fraction) = rounded.parts(self.places_max);
        let kept = fraction.trim_end_matches('0').len().max(self.places_min);
        let fraction = &fraction[..kept];
        let whole = if whole == "0" { "" } else { &whole };
        let whole = format!("{whole:0>width$}", width = self.whole_min);
        let whole = match (whole.as_str(), fraction) {
            // A number has a digit at least.
            ("", "") => "0".to_owned(),
            (whole, _) => grouped(whole, self.group),
        };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{whole}{point}{fraction}")
    }
}
