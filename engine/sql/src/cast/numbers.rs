//! Casts to whole and floating-point numbers.

use engine::{DataType, Decimal, Failure, IntervalUnit, SparkVersion, Value};

use super::{Caster, number_text};
use crate::failures::{cast_invalid_input, cast_overflow};

const MICROS_PER_SECOND: i64 = 1_000_000;

impl Caster<'_> {
    pub(super) fn to_integral(
        self,
        value: &Value,
        from: &DataType,
        to: &DataType,
    ) -> Result<Value, Failure> {
        let (least, most) = range(to);
        let whole = match value {
            Value::String(text) => {
                let number = number_text::whole_number(text, !self.is_strict());
                return match number.filter(|number| (least..=most).contains(number)) {
                    Some(number) => Ok(integral(number, to)),
                    None => self.failed(|| cast_invalid_input(value, from, to, self.session())),
                };
            }
            // A day is no number.
            Value::Date(_) => return Ok(Value::Null),
            Value::Float(number) => return self.of_double(number.0.into(), value, from, to),
            Value::Double(number) => return self.of_double(number.0, value, from, to),
            Value::YearMonthInterval { .. } | Value::DayTimeInterval { .. } => {
                return self.of_interval(value, from, to);
            }
            Value::Timestamp(micros) => micros.div_euclid(MICROS_PER_SECOND).into(),
            other => match whole(other) {
                Some(number) => number,
                None => return Ok(Value::Null),
            },
        };
        let fits = (i128::from(least)..=i128::from(most)).contains(&whole);
        let is_late = matches!(value, Value::Timestamp(_)) && !fits;
        if is_late && !self.is_strict() && self.session().spark == SparkVersion::V4 {
            return Ok(Value::Null);
        }
        if self.is_strict() && !fits {
            return self.failed(|| cast_overflow(value, from, to, self.session()));
        }
        Ok(integral(whole as i64, to))
    }

    /// A floating-point number without its fraction: in Java one that is too great is the greatest `int` or `long`, of
    /// which a shorter type has the last bits.
    fn of_double(
        self,
        number: f64,
        value: &Value,
        from: &DataType,
        to: &DataType,
    ) -> Result<Value, Failure> {
        if self.is_strict() {
            let (least, most) = range(to);
            if !(number.floor() <= most as f64 && number.ceil() >= least as f64) {
                return self.failed(|| cast_overflow(value, from, to, self.session()));
            }
        }
        Ok(match to {
            DataType::Long => Value::Long(number as i64),
            _ => integral(i64::from(number as i32), to),
        })
    }

    /// The number of the shortest units of an interval, which overflows in any mode.
    fn of_interval(self, value: &Value, from: &DataType, to: &DataType) -> Result<Value, Failure> {
        let number = interval_units(value).unwrap_or(0);
        let (least, most) = range(to);
        if !(least..=most).contains(&number) {
            let failure = || cast_overflow(value, from, to, self.session());
            return if self.mode == super::CastMode::Try {
                Ok(Value::Null)
            } else {
                Err(failure())
            };
        }
        Ok(integral(number, to))
    }

    pub(super) fn to_floating(
        self,
        value: &Value,
        from: &DataType,
        to: &DataType,
    ) -> Result<Value, Failure> {
        let is_float = *to == DataType::Float;
        let number = match value {
            Value::String(text) => {
                let number = if is_float {
                    number_text::float(text).map(|number| Value::Float(number.into()))
                } else {
                    number_text::double(text).map(|number| Value::Double(number.into()))
                };
                return match number {
                    Some(number) => Ok(number),
                    None => self.failed(|| cast_invalid_input(value, from, to, self.session())),
                };
            }
            Value::Date(_) => return Ok(Value::Null),
            Value::Float(number) => f64::from(number.0),
            Value::Double(number) => number.0,
            // Of whole numbers and decimals the nearest `float` is not always that of the nearest `double`.
            Value::Decimal(number) if is_float => {
                let nearest: f32 = number.to_string().parse().unwrap_or(f32::NAN);
                return Ok(Value::Float(nearest.into()));
            }
            Value::Decimal(number) => number.to_string().parse().unwrap_or(f64::NAN),
            Value::Timestamp(micros) => *micros as f64 / MICROS_PER_SECOND as f64,
            other => match whole(other) {
                Some(number) if is_float => return Ok(Value::Float((number as f32).into())),
                Some(number) => number as f64,
                None => return Ok(Value::Null),
            },
        };
        Ok(if is_float {
            Value::Float((number as f32).into())
        } else {
            Value::Double(number.into())
        })
    }
}

/// A truth, a whole number, or a decimal without its fraction.
fn whole(value: &Value) -> Option<i128> {
    Some(match value {
        Value::Boolean(truth) => i128::from(*truth),
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) => (*number).into(),
        Value::Long(number) => (*number).into(),
        Value::Decimal(decimal) => decimal_whole(*decimal),
        _ => return None,
    })
}

fn decimal_whole(decimal: Decimal) -> i128 {
    decimal.unscaled() / 10_i128.pow(decimal.scale().into())
}

/// The number of the shortest units of an interval.
pub(super) fn interval_units(value: &Value) -> Option<i64> {
    Some(match value {
        Value::YearMonthInterval { months, units } => match units.shortest() {
            IntervalUnit::Year => i64::from(months / 12),
            _ => i64::from(*months),
        },
        Value::DayTimeInterval { micros, units } => micros / unit_micros(units.shortest()),
        _ => return None,
    })
}

/// The microseconds of a unit from a day on.
pub(super) fn unit_micros(unit: IntervalUnit) -> i64 {
    match unit {
        IntervalUnit::Hour => 3_600 * MICROS_PER_SECOND,
        IntervalUnit::Minute => 60 * MICROS_PER_SECOND,
        IntervalUnit::Second => MICROS_PER_SECOND,
        IntervalUnit::Day | IntervalUnit::Month | IntervalUnit::Year => 86_400 * MICROS_PER_SECOND,
    }
}

/// The range of a whole number type.
fn range(data_type: &DataType) -> (i64, i64) {
    match data_type {
        DataType::Byte => (i8::MIN.into(), i8::MAX.into()),
        DataType::Short => (i16::MIN.into(), i16::MAX.into()),
        DataType::Integer => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The last bits of a number as a value of a type.
fn integral(number: i64, data_type: &DataType) -> Value {
    match data_type {
        DataType::Byte => Value::Byte(number as i8),
        DataType::Short => Value::Short(number as i16),
        DataType::Integer => Value::Integer(number as i32),
        _ => Value::Long(number),
    }
}
