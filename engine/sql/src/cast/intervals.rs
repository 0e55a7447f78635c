//! Casts to intervals (`IntervalUtils`).

use engine::{DataType, Failure, FailureKind, IntervalUnit, IntervalUnits, Value};

use super::numbers::unit_micros;
use super::{CastMode, Caster, interval_text};
use crate::failures::{cast_overflow, failure};

impl Caster<'_> {
    pub(super) fn to_year_month(
        self,
        value: &Value,
        from: &DataType,
        units: IntervalUnits,
    ) -> Result<Value, Failure> {
        let is_years = units.shortest() == IntervalUnit::Year;
        let months = match value {
            Value::String(text) => match interval_text::parse_year_month(text, units) {
                Ok(months) => Some(months.into()),
                Err(error) => return self.unreadable(text, error),
            },
            // The shorter units are cut off.
            Value::YearMonthInterval { months, .. } if is_years => {
                Some(i64::from(months / 12 * 12))
            }
            Value::YearMonthInterval { months, .. } => Some(i64::from(*months)),
            other => Caster::scaled(other, if is_years { 12 } else { 1 }),
        };
        match months.and_then(|months| i32::try_from(months).ok()) {
            Some(months) => Ok(Value::YearMonthInterval { months, units }),
            None => self.overflow(value, from, &DataType::YearMonthInterval(units)),
        }
    }

    pub(super) fn to_day_time(
        self,
        value: &Value,
        from: &DataType,
        units: IntervalUnits,
    ) -> Result<Value, Failure> {
        let unit = unit_micros(units.shortest());
        let micros = match value {
            Value::String(text) => match interval_text::parse_day_time(text, units) {
                Ok(micros) => Some(micros),
                Err(error) => return self.unreadable(text, error),
            },
            Value::DayTimeInterval { micros, .. } if units.shortest() == IntervalUnit::Second => {
                Some(*micros)
            }
            Value::DayTimeInterval { micros, .. } => Some(micros / unit * unit),
            other => Caster::scaled(other, unit),
        };
        match micros {
            Some(micros) => Ok(Value::DayTimeInterval { micros, units }),
            None => self.overflow(value, from, &DataType::DayTimeInterval(units)),
        }
    }

    /// A number of units, each of this number of microseconds or months. Decimals are rounded half up to microseconds, or to
    /// whole months; of units other than seconds only the whole ones count.
    fn scaled(value: &Value, unit: i64) -> Option<i64> {
        match value {
            Value::Byte(number) => i64::from(*number).checked_mul(unit),
            Value::Short(number) => i64::from(*number).checked_mul(unit),
            Value::Integer(number) => i64::from(*number).checked_mul(unit),
            Value::Long(number) => number.checked_mul(unit),
            Value::Decimal(number) => {
                let one = 10_i128.pow(number.scale().into());
                let unscaled = number.unscaled();
                let is_fraction_kept = unit == 1_000_000 || unit == 1;
                let all = if is_fraction_kept {
                    round_half_up(unscaled.checked_mul(unit.into())?, one)
                } else {
                    (unscaled / one).checked_mul(unit.into())?
                };
                i64::try_from(all).ok()
            }
            _ => None,
        }
    }

    /// A number that is no interval of its type, in any mode.
    fn overflow(self, value: &Value, from: &DataType, to: &DataType) -> Result<Value, Failure> {
        match self.mode {
            CastMode::Try => Ok(Value::Null),
            CastMode::Ansi | CastMode::Legacy => {
                Err(cast_overflow(value, from, to, self.session()))
            }
        }
    }

    /// A text that is no interval fails in any mode.
    fn unreadable(self, text: &str, error: interval_text::Unreadable) -> Result<Value, Failure> {
        if self.mode == CastMode::Try {
            return Ok(Value::Null);
        }
        let session = self.session();
        Err(match (session.spark, error.condition) {
            (engine::SparkVersion::V4, Some(condition)) => {
                let message = format!(
                    "Error parsing '{text}' to interval. Please ensure that the value provided is in a valid format for \
                     defining an interval. You can reference the documentation for the correct format. {}",
                    error.detail
                );
                failure(FailureKind::Spark, condition, &message, "22006", session)
            }
            _ => Failure::new(FailureKind::Spark, error.message),
        })
    }
}

fn round_half_up(number: i128, one: i128) -> i128 {
    let size = (number.unsigned_abs() + one.unsigned_abs() / 2) / one.unsigned_abs();
    if number < 0 {
        -(size as i128)
    } else {
        size as i128
    }
}
