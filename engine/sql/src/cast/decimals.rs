//! Casts to decimals (`org.apache.spark.sql.types.Decimal`).

use engine::render::Notation;
use engine::{DataType, Decimal, Failure, SparkVersion, Value};

use super::numbers::interval_units;
use super::{CastMode, Caster, trim_all};
use crate::failures::{cast_invalid_input, numeric_out_of_range, numeric_out_of_supported_range};

impl Caster<'_> {
    pub(super) fn to_decimal(
        self,
        value: &Value,
        from: &DataType,
        precision: u8,
        scale: u8,
    ) -> Result<Value, Failure> {
        let to = DataType::Decimal { precision, scale };
        let exact = match value {
            Value::String(text) => match Digits::parse(trim_all(text)) {
                None => {
                    return self.failed(|| cast_invalid_input(value, from, &to, self.session()));
                }
                Some(digits) => digits,
            },
            Value::Date(_) => return Ok(Value::Null),
            Value::Boolean(truth) => Digits::whole(i128::from(*truth)),
            // In Spark 3.5 seconds are a double first, which loses digits.
            Value::Timestamp(micros) if self.session().spark == SparkVersion::V3_5 => {
                match Digits::of_double(&Value::Double((*micros as f64 / 1e6).into())) {
                    Some(digits) => digits,
                    None => return Ok(Value::Null),
                }
            }
            Value::Timestamp(micros) => {
                Digits::new(*micros < 0, micros.unsigned_abs().to_string(), -6)
            }
            Value::Float(number) => {
                match Digits::of_double(&Value::Double(f64::from(number.0).into())) {
                    Some(digits) => digits,
                    None => return Ok(Value::Null),
                }
            }
            Value::Double(_) => match Digits::of_double(value) {
                Some(digits) => digits,
                None => return Ok(Value::Null),
            },
            Value::Decimal(decimal) => Digits::of_decimal(*decimal),
            Value::YearMonthInterval { .. } => {
                Digits::whole(interval_units(value).unwrap_or(0).into())
            }
            Value::DayTimeInterval { micros, units } => day_time_digits(*micros, *units),
            other => match Notation::Sql.text(other).parse() {
                Ok(number) => Digits::whole(number),
                Err(_) => return Ok(Value::Null),
            },
        };
        if let Some(decimal) = exact.to_decimal(precision, scale) {
            return Ok(Value::Decimal(decimal));
        }
        let is_interval = matches!(
            value,
            Value::YearMonthInterval { .. } | Value::DayTimeInterval { .. }
        );
        // An interval fails in any mode.
        if is_interval && self.mode != CastMode::Try {
            let text = exact.to_text();
            return Err(numeric_out_of_range(
                &text,
                precision,
                scale,
                self.session(),
            ));
        }
        self.failed(|| match value {
            Value::String(text) if exact.whole_digits() > i64::from(Decimal::PRECISION_MAX) => {
                numeric_out_of_supported_range(text, self.session())
            }
            _ => numeric_out_of_range(&exact.to_text(), precision, scale, self.session()),
        })
    }
}

/// The number of the shortest units of a day-time interval; of seconds with their fraction.
fn day_time_digits(micros: i64, units: engine::IntervalUnits) -> Digits {
    if units.shortest() == engine::IntervalUnit::Second {
        return Digits::new(micros < 0, micros.unsigned_abs().to_string(), -6);
    }
    let value = Value::DayTimeInterval { micros, units };
    Digits::whole(interval_units(&value).unwrap_or(0).into())
}

/// The decimal of a text; `None` if it is none or does not fit the type.
pub(crate) fn decimal_of_text(text: &str, precision: u8, scale: u8) -> Option<Decimal> {
    Digits::parse(trim_all(text))?.to_decimal(precision, scale)
}

/// A decimal number of any size (`java.math.BigDecimal`): its digits times a power of ten.
struct Digits {
    is_negative: bool,
    /// Without zeros at the start; empty of zero.
    written: String,
    exponent: i64,
}

impl Digits {
    fn new(is_negative: bool, digits: impl AsRef<str>, exponent: i64) -> Digits {
        Digits {
            is_negative,
            written: digits.as_ref().trim_start_matches('0').to_owned(),
            exponent,
        }
    }

    fn whole(number: i128) -> Digits {
        Digits::new(number < 0, number.unsigned_abs().to_string(), 0)
    }

    fn of_decimal(decimal: Decimal) -> Digits {
        let unscaled = decimal.unscaled();
        let scale = i64::from(decimal.scale());
        Digits::new(unscaled < 0, unscaled.unsigned_abs().to_string(), -scale)
    }

    /// The digits that Java writes for the number; `None` of those that are no number.
    fn of_double(value: &Value) -> Option<Digits> {
        Digits::parse(&Notation::Sql.text(value))
    }

    /// `-1.5e3`: a sign, digits with a point, an exponent of 32 bits.
    fn parse(text: &str) -> Option<Digits> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = i64::from(exponent) - fraction.len() as i64;
        Some(Digits::new(text.starts_with('-'), digits, exponent))
    }

    /// The number of digits before the point.
    fn whole_digits(&self) -> i64 {
        self.written.len() as i64 + self.exponent
    }

    /// The number rounded half up to some digits after the point, as that many units; `None` beyond 128 bits.
    fn unscaled(&self, scale: u8) -> Option<i128> {
        let places = self.exponent + i64::from(scale);
        if self.written.is_empty() {
            return Some(0);
        }
        let kept = self.written.len() as i64 + places;
        if kept > 38 + 1 {
            return None;
        }
        let size: i128 = if places >= 0 {
            let digits: i128 = self.written.parse().ok()?;
            digits.checked_mul(10_i128.checked_pow(places as u32)?)?
        } else if kept < 0 {
            0
        } else {
            let (kept, rest) = self.written.split_at(kept as usize);
            let kept: i128 = if kept.is_empty() {
                0
            } else {
                kept.parse().ok()?
            };
            kept + i128::from(rest.as_bytes()[0] >= b'5')
        };
        Some(if self.is_negative { -size } else { size })
    }

    fn to_decimal(&self, precision: u8, scale: u8) -> Option<Decimal> {
        Decimal::new(self.unscaled(scale)?, precision, scale)
    }

    /// As `BigDecimal.toPlainString` has it.
    fn to_text(&self) -> String {
        let sign = if self.is_negative && !self.written.is_empty() {
            "-"
        } else {
            ""
        };
        let digits = if self.written.is_empty() {
            "0"
        } else {
            &self.written
        };
        if self.exponent >= 0 {
            let zeros = if digits == "0" {
                0
            } else {
                self.exponent.min(1_000) as usize
            };
            return format!("{sign}{digits}{}", "0".repeat(zeros));
        }
        let scale = self.exponent.unsigned_abs().min(1_000) as usize;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        format!("{sign}{whole}.{fraction}")
    }
}
