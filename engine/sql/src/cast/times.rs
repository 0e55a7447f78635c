//! Casts to dates and timestamps.

use engine::{DataType, Decimal, Failure, Value};

use super::{CastMode, Caster, time_text};
use crate::failures::{cast_invalid_input, cast_overflow, long_overflow};
use crate::zone::{instant_of_local, local_micros, midnight, start_of_day};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

impl Caster<'_> {
    pub(super) fn to_date(self, value: &Value, from: &DataType) -> Result<Value, Failure> {
        let micros = match value {
            Value::String(text) => {
                return match time_text::parse_date(text) {
                    Some(days) => Ok(Value::Date(days)),
                    None => self.failed(|| {
                        cast_invalid_input(value, from, &DataType::Date, self.session())
                    }),
                };
            }
            Value::Timestamp(micros) => local_micros(&self.session().zone, *micros),
            Value::TimestampNtz(micros) => *micros,
            _ => return Ok(Value::Null),
        };
        Ok(Value::Date(micros.div_euclid(MICROS_PER_DAY) as i32))
    }

    pub(super) fn to_timestamp(self, value: &Value, from: &DataType) -> Result<Value, Failure> {
        let zone = &self.session().zone;
        let to = DataType::Timestamp;
        let micros = match value {
            Value::String(text) => {
                return match time_text::parse_timestamp(text, zone, self.context.timestamp) {
                    Some(micros) => Ok(Value::Timestamp(micros)),
                    None => self.failed(|| cast_invalid_input(value, from, &to, self.session())),
                };
            }
            Value::Boolean(truth) => i64::from(*truth),
            Value::Byte(number) => seconds((*number).into()),
            Value::Short(number) => seconds((*number).into()),
            Value::Integer(number) => seconds((*number).into()),
            Value::Long(number) => seconds(*number),
            Value::Float(number) => return self.of_seconds(number.0.into(), value, from),
            Value::Double(number) => return self.of_seconds(number.0, value, from),
            Value::Decimal(number) => decimal_micros(*number),
            Value::Date(days) => start_of_day(zone, i64::from(*days)).ok_or_else(long_overflow)?,
            Value::TimestampNtz(micros) => {
                instant_of_local(zone, *micros).ok_or_else(long_overflow)?
            }
            _ => return Ok(Value::Null),
        };
        Ok(Value::Timestamp(micros))
    }

    /// The point in time of some seconds after the epoch.
    fn of_seconds(self, seconds: f64, value: &Value, from: &DataType) -> Result<Value, Failure> {
        if !seconds.is_finite() {
            return self
                .failed(|| cast_invalid_input(value, from, &DataType::Timestamp, self.session()));
        }
        let micros = seconds * MICROS_PER_SECOND as f64;
        let fits = micros.floor() <= i64::MAX as f64 && micros.ceil() >= i64::MIN as f64;
        if self.mode != CastMode::Legacy && !fits {
            let micros = Value::Double(micros.into());
            return self.failed(|| {
                cast_overflow(&micros, &DataType::Double, &DataType::Long, self.session())
            });
        }
        Ok(Value::Timestamp(micros as i64))
    }

    pub(super) fn to_timestamp_ntz(self, value: &Value, from: &DataType) -> Result<Value, Failure> {
        let micros = match value {
            Value::String(text) => {
                return match time_text::parse_timestamp_ntz(text, true) {
                    Some(micros) => Ok(Value::TimestampNtz(micros)),
                    None => self.failed(|| {
                        cast_invalid_input(value, from, &DataType::TimestampNtz, self.session())
                    }),
                };
            }
            Value::Date(days) => midnight(i64::from(*days)).ok_or_else(long_overflow)?,
            Value::Timestamp(micros) => local_micros(&self.session().zone, *micros),
            _ => return Ok(Value::Null),
        };
        Ok(Value::TimestampNtz(micros))
    }
}

/// Seconds in whole microseconds; beyond 64 bits the last ones are kept.
fn decimal_micros(seconds: Decimal) -> i64 {
    let one = 10_i128.pow(seconds.scale().into());
    let whole = seconds.unscaled() / one;
    let rest = seconds.unscaled() % one;
    let rest = match seconds.scale() {
        scale @ 0..=6 => rest * 10_i128.pow(u32::from(6 - scale)),
        scale => rest / 10_i128.pow(u32::from(scale - 6)),
    };
    (whole.wrapping_mul(MICROS_PER_SECOND.into()) + rest) as i64
}

/// Seconds in microseconds, as near as 64 bits allow (`TimeUnit.toMicros`).
fn seconds(number: i64) -> i64 {
    number.saturating_mul(MICROS_PER_SECOND)
}
