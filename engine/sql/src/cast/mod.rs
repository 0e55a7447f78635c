//! Casts between types (`org.apache.spark.sql.catalyst.expressions.Cast`), a file for each family of target types.

mod binary;
mod booleans;
mod decimals;
mod interval_text;
mod intervals;
mod nested;
mod number_text;
mod numbers;
mod rules;
mod special;
mod strings;
mod time_text;
mod times;

pub(crate) use decimals::decimal_of_text;
pub(crate) use interval_text::{parse_day_time, parse_year_month};
pub(crate) use number_text::{java_double, java_float, trim_all, whole_number};
pub(crate) use special::special_moment;
pub use strings::string_of;
pub(crate) use time_text::{parse_date, parse_timestamp, parse_timestamp_ntz};

use engine::{DataType, Failure, Value};

use crate::context::{Context, Session};
use crate::function::Mismatch;
use crate::typed::Typed;

/// A cast from one type to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    from: DataType,
    to: DataType,
    mode: CastMode,
    is_nullable: bool,
}

/// The treatment of a value that cannot be cast (`EvalMode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastMode {
    /// It is `NULL`, or wraps around.
    Legacy,
    /// It fails (`spark.sql.ansi.enabled`).
    Ansi,
    /// It is `NULL` where [`Ansi`](CastMode::Ansi) fails (`try_cast`).
    Try,
}

impl CastMode {
    /// The mode of a cast in a session.
    fn of(is_try: bool, session: &Session) -> CastMode {
        match (is_try, session.ansi) {
            (true, _) => CastMode::Try,
            (false, true) => CastMode::Ansi,
            (false, false) => CastMode::Legacy,
        }
    }
}

impl Cast {
    /// A cast as it was written; `is_try` of a `try_cast`.
    ///
    /// # Errors
    ///
    /// Spark has no such cast.
    pub(crate) fn new(
        from: &DataType,
        to: &DataType,
        is_try: bool,
        session: &Session,
    ) -> Result<Cast, Mismatch> {
        let mode = CastMode::of(is_try, session);
        if !rules::can_cast(from, to, mode) {
            return Err(rules::refused(from, to, mode));
        }
        Ok(Cast {
            from: from.clone(),
            to: to.clone(),
            mode,
            is_nullable: rules::may_be_null(from, to, mode, session.spark),
        })
    }

    /// The treatment of a value that cannot be cast.
    pub fn mode(&self) -> CastMode {
        self.mode
    }

    /// Returns true if the value may be `NULL` although the operand is not.
    pub(crate) fn is_nullable(&self) -> bool {
        self.is_nullable
    }

    /// Returns true if the value depends on the moment of the micro-batch.
    pub(crate) fn depends_on_moment(&self, operand: &Typed) -> bool {
        self.from == DataType::String
            && self.to == DataType::Timestamp
            && special::depends_on_moment(operand)
    }

    /// A value as the other type.
    pub(crate) fn value(&self, value: Value, context: &Context<'_>) -> Result<Value, Failure> {
        let caster = Caster {
            mode: self.mode,
            context,
        };
        caster.cast(value, &self.from, &self.to)
    }
}

/// Casts values of one mode.
#[derive(Clone, Copy)]
struct Caster<'a> {
    mode: CastMode,
    context: &'a Context<'a>,
}

impl Caster<'_> {
    fn session(&self) -> &Session {
        self.context.session
    }

    /// A value that cannot be cast fails, and does not wrap around.
    fn is_strict(self) -> bool {
        self.mode != CastMode::Legacy
    }

    /// `NULL` where a value cannot be cast, or the failure.
    fn failed(self, failure: impl FnOnce() -> Failure) -> Result<Value, Failure> {
        match self.mode {
            CastMode::Ansi => Err(failure()),
            CastMode::Legacy | CastMode::Try => Ok(Value::Null),
        }
    }

    fn cast(self, value: Value, from: &DataType, to: &DataType) -> Result<Value, Failure> {
        if value == Value::Null || from == to {
            return Ok(value);
        }
        match to {
            DataType::Null => Ok(Value::Null),
            DataType::Boolean => self.to_boolean(&value, from),
            DataType::Byte | DataType::Short | DataType::Integer | DataType::Long => {
                self.to_integral(&value, from, to)
            }
            DataType::Float | DataType::Double => self.to_floating(&value, from, to),
            DataType::Decimal { precision, scale } => {
                self.to_decimal(&value, from, *precision, *scale)
            }
            DataType::String => Ok(Value::String(self.to_text(&value).into())),
            DataType::Binary => Ok(binary::to_binary(value)),
            DataType::Date => self.to_date(&value, from),
            DataType::Timestamp => self.to_timestamp(&value, from),
            DataType::TimestampNtz => self.to_timestamp_ntz(&value, from),
            DataType::YearMonthInterval(units) => self.to_year_month(&value, from, *units),
            DataType::DayTimeInterval(units) => self.to_day_time(&value, from, *units),
            DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) => {
                self.to_nested(value, from, to)
            }
        }
    }
}

#[cfg(test)]
mod tests;
