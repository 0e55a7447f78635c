//! Literals: numbers, strings, and those with a type before them.

use std::sync::Arc;

use engine::{DataType, Decimal, SparkVersion, Text, Value};

use super::cursor::Cursor;
use super::number::{Written, written};
use super::text::unescaped;
use super::token::TokenKind;
use crate::cast::{parse_date, parse_timestamp, parse_timestamp_ntz};
use crate::error::AnalysisError;
use crate::expression::Expression;

impl Cursor<'_> {
    /// Reads a number, a string, bytes, `NULL`, `TRUE` or `FALSE`.
    pub(super) fn literal(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let token = self.peek();
        let literal = match token.kind {
            TokenKind::String => Expression::from(self.strings()?.as_str()),
            TokenKind::Hex => {
                let digits = &token.text[2..token.text.len() - 1];
                let bytes = bytes(digits).ok_or_else(|| self.invalid_literal("X", digits))?;
                self.advance();
                Expression::literal(Value::Binary(bytes), DataType::Binary)
            }
            TokenKind::Word if token.is_word("NULL") => {
                self.advance();
                Expression::null()
            }
            TokenKind::Word => Expression::from(self.advance().is_word("TRUE")),
            _ => {
                let sign = if self.take_symbol("-") { "-" } else { "" };
                let number = self.advance().text;
                let span = Some(self.span_from(start));
                number_of(sign, number).map_err(|error| error.at(span))?
            }
        };
        Ok(literal.at(Some(self.span_from(start))))
    }

    /// Reads strings that stand side by side as one.
    pub(super) fn strings(&mut self) -> Result<Text, AnalysisError> {
        let keeps_quotes = self.spark == SparkVersion::V4;
        if self.peek().kind != TokenKind::String {
            return Err(self.unexpected());
        }
        let mut text = unescaped(self.advance().text, keeps_quotes);
        while self.peek().kind == TokenKind::String {
            text.push_str(&unescaped(self.advance().text, keeps_quotes));
        }
        Ok(text.into())
    }

    /// Reads `DATE '2024-01-01'` and the like.
    pub(super) fn typed_literal(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let name = self.peek().text.to_ascii_uppercase();
        let data_type = match name.as_str() {
            "INTERVAL" => return self.interval(),
            "DATE" => DataType::Date,
            "TIMESTAMP" | "TIMESTAMP_LTZ" => DataType::Timestamp,
            "TIMESTAMP_NTZ" => DataType::TimestampNtz,
            "X" => DataType::Binary,
            _ => {
                let message = format!(
                    "Literals of the type \"{name}\" are not supported. Supported types are \"DATE\", \"TIMESTAMP_NTZ\", \
                     \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\"."
                );
                let error = AnalysisError::new("UNSUPPORTED_TYPED_LITERAL", message);
                return Err(error.at(Some(self.peek().span)));
            }
        };
        self.advance();
        let text = self.strings()?;
        let word = text.trim().to_ascii_lowercase();
        let is_relative = matches!(word.as_str(), "now" | "today" | "tomorrow" | "yesterday");
        if is_relative && data_type != DataType::Binary {
            let span = Some(self.span_from(start));
            let error = AnalysisError::unclassified(format!("{name} '{text}' is not supported"));
            let help = "Reckon from current_date() or current_timestamp().";
            return Err(error.with_help(help).at(span));
        }
        let text = match word.as_str() {
            "epoch" if data_type != DataType::Binary => "1970-01-01".into(),
            _ => text,
        };
        let zone = &self.session.zone;
        let value = match data_type {
            DataType::Date => parse_date(&text).map(Value::Date),
            DataType::Timestamp => parse_timestamp(&text, zone, 0).map(Value::Timestamp),
            DataType::TimestampNtz => parse_timestamp_ntz(&text, true).map(Value::TimestampNtz),
            _ => bytes(&text).map(Value::Binary),
        };
        let value = value.ok_or_else(|| {
            let span = Some(self.span_from(start));
            invalid(&name, &text).at(span)
        })?;
        Ok(Expression::literal(value, data_type).at(Some(self.span_from(start))))
    }

    fn invalid_literal(&self, name: &str, text: &str) -> AnalysisError {
        invalid(name, text).at(Some(self.peek().span))
    }
}

fn invalid(name: &str, text: &str) -> AnalysisError {
    let message = format!("The value of the typed literal \"{name}\" is invalid: '{text}'.");
    AnalysisError::new("INVALID_TYPED_LITERAL", message)
}

/// The bytes of hexadecimal digits; of an odd number of digits the first byte has one.
fn bytes(digits: &str) -> Option<Arc<[u8]>> {
    let digits = digits.chars().map(|digit| digit.to_digit(16));
    let mut digits = digits.collect::<Option<Vec<u32>>>()?;
    if digits.len() % 2 == 1 {
        digits.insert(0, 0);
    }
    let bytes = digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8);
    Some(bytes.collect())
}

/// The literal of a number with its sign.
fn number_of(sign: &str, text: &str) -> Result<Expression, AnalysisError> {
    let Some(number) = written(text) else {
        let message = format!("Syntax error at or near '{text}'.");
        return Err(AnalysisError::new("PARSE_SYNTAX_ERROR", message));
    };
    let digits = format!("{sign}{}", number.digits);
    let out_of = |name: &str, least: &str, most: &str| {
        let message = format!(
            "Numeric literal {digits} is outside the valid range for {name} with minimum value of {least} and maximum \
             value of {most}. Please adjust the value accordingly."
        );
        AnalysisError::new("INVALID_NUMERIC_LITERAL_RANGE", message)
    };
    match number.suffix.to_ascii_uppercase().as_str() {
        "L" => match digits.parse::<i64>() {
            Ok(value) => Ok(Expression::from(value)),
            Err(_) => Err(out_of(
                "bigint",
                "-9223372036854775808",
                "9223372036854775807",
            )),
        },
        "S" => match digits.parse::<i16>() {
            Ok(value) => Ok(Expression::from(value)),
            Err(_) => Err(out_of("smallint", "-32768", "32767")),
        },
        "Y" => match digits.parse::<i8>() {
            Ok(value) => Ok(Expression::from(value)),
            Err(_) => Err(out_of("tinyint", "-128", "127")),
        },
        // The greatest number is compared as it is written, and not as it is rounded.
        "F" => match (digits.parse::<f32>(), digits.parse::<f64>()) {
            (Ok(value), Ok(exact)) if exact.abs() <= f64::from(f32::MAX) => {
                Ok(Expression::from(value))
            }
            _ => Err(out_of(
                "float",
                "-3.4028234663852886E+38",
                "3.4028234663852886E+38",
            )),
        },
        "BD" => decimal(sign, &number),
        "" if !number.has_exponent && number.has_point => decimal(sign, &number),
        "" if !number.has_exponent => match (digits.parse::<i32>(), digits.parse::<i64>()) {
            (Ok(value), _) => Ok(Expression::from(value)),
            (_, Ok(value)) => Ok(Expression::from(value)),
            _ => decimal(sign, &number),
        },
        _ => match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Expression::from(value)),
            _ => Err(out_of(
                "double",
                "-1.7976931348623157E+308",
                "1.7976931348623157E+308",
            )),
        },
    }
}

/// The literal of a decimal number, of the least precision and scale that it has room in.
fn decimal(sign: &str, number: &Written<'_>) -> Result<Expression, AnalysisError> {
    let (mantissa, exponent) = number
        .digits
        .split_once(['e', 'E'])
        .unwrap_or((number.digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.parse().unwrap_or(i64::from(i32::MAX));
    let all = format!("{whole}{fraction}");
    let mut digits = all.trim_start_matches('0').to_owned();
    let mut scale = fraction.len() as i64 - exponent;
    let zeros = scale.min(0).unsigned_abs();
    let most = usize::from(Decimal::PRECISION_MAX);
    let precision = digits.len().max(1) as u64 + zeros;
    let precision = precision.max(scale.max(0).unsigned_abs());
    if precision > most as u64 {
        return Err(AnalysisError::new(
            "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
            format!("Decimal precision {precision} exceeds max precision {most}."),
        ));
    }
    digits.extend(std::iter::repeat_n('0', zeros as usize));
    scale = scale.max(0);
    let digits = if digits.is_empty() { "0" } else { &digits };
    let value = format!("{sign}{digits}").parse().ok();
    let precision = precision as u8;
    let scale = scale as u8;
    let value = value.and_then(|unscaled| Decimal::new(unscaled, precision, scale));
    let data_type = DataType::Decimal { precision, scale };
    Ok(Expression::literal(
        value.map_or(Value::Null, Value::Decimal),
        data_type,
    ))
}
