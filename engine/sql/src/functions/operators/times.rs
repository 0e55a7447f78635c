//! Operators of dates, timestamps and intervals, which functions of these stand for (`BinaryArithmetic` in
//! `org.apache.spark.sql.catalyst.analysis.BinaryArithmeticWithDatetimeResolver`).

use engine::{DataType, IntervalUnit};

use super::arithmetic::units;
use crate::context::Session;
use crate::function::{Mismatch, Replaced, Type};
use crate::functions;
use crate::typed::Typed;

/// The call that is made for the types of both operands.
type Result = std::result::Result<Option<Replaced>, Mismatch>;

fn is_time(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp | DataType::TimestampNtz)
}

fn is_months(data_type: &DataType) -> bool {
    matches!(data_type, DataType::YearMonthInterval(_))
}

/// True of a type of intervals of whole days.
fn is_days(data_type: &DataType) -> bool {
    matches!(data_type, DataType::DayTimeInterval(_))
        && units(data_type).is_some_and(|it| it.shortest() == IntervalUnit::Day)
}

fn is_micros(data_type: &DataType) -> bool {
    matches!(data_type, DataType::DayTimeInterval(_))
}

/// A call of another function of these arguments, and its text.
fn call(name: &str, arguments: &mut Vec<Typed>, text: &str, session: &Session) -> Result {
    Ok(Some(Replaced {
        typed: functions::call(name, std::mem::take(arguments), session)?,
        text: Some(text.to_owned()),
    }))
}

/// `+`: a date or a timestamp may stand on either side.
pub(super) fn plus(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    let [left, right] = &arguments[..] else {
        return Ok(None);
    };
    let is_interval = |it: &Typed| is_micros(&it.data_type) || is_months(&it.data_type);
    let is_time_right = right.data_type == DataType::Date
        || !is_interval(right) && is_interval(left)
        || is_months(&right.data_type) && is_micros(&left.data_type);
    let is_swapped = left.data_type != DataType::Date && is_time_right;
    let (sum, days, sum_of_days) = if is_swapped {
        arguments.swap(0, 1);
        (
            "{1} + {0}",
            "date_add({1}, {0})",
            "date_add({1}, extractansiintervaldays({0}))",
        )
    } else {
        (
            "{0} + {1}",
            "date_add({0}, {1})",
            "date_add({0}, extractansiintervaldays({1}))",
        )
    };
    let time = arguments[0].data_type.clone();
    let added = &arguments[1].data_type;
    match (&time, added) {
        (DataType::Date, it) if is_days(it) => {
            call("date_add_interval", arguments, sum_of_days, session)
        }
        (DataType::Date, it) if is_months(it) => call("date_add_interval", arguments, sum, session),
        (DataType::Date, it) if is_micros(it) => {
            arguments[0].cast_in_place(&DataType::Timestamp, session)?;
            call("timestamp_add_interval", arguments, sum, session)
        }
        (DataType::Date, _) => {
            days_of_text(&mut arguments[1], session)?;
            call("date_add", arguments, days, session)
        }
        (time, it) if is_time(time) && is_months(it) => {
            call("timestamp_add_interval", arguments, sum, session)
        }
        (time, it) if is_micros(it) && !is_micros(time) && *time != DataType::Null => {
            let made = call("timestamp_add_interval", arguments, sum, session)?;
            of_type(made, time, session)
        }
        _ => {
            if is_swapped {
                arguments.swap(0, 1);
            }
            Ok(None)
        }
    }
}

/// A text that is added to a date becomes what it becomes beside any number.
fn days_of_text(days: &mut Typed, session: &Session) -> std::result::Result<(), Mismatch> {
    let to = if session.ansi {
        DataType::Date
    } else {
        DataType::Double
    };
    if days.data_type == DataType::String {
        days.cast_in_place(&to, session)?;
    }
    Ok(())
}

/// A time as a value of the type that it was written in.
fn of_type(made: Option<Replaced>, to: &DataType, session: &Session) -> Result {
    made.map(|mut it| {
        it.typed.cast_in_place(to, session)?;
        Ok(it)
    })
    .transpose()
}

/// `-`: of one operand it is its negative.
pub(super) fn minus(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    const DIFFERENCE: &str = "{0} - {1}";
    const IN_BRACKETS: &str = "({0} - {1})";
    const OF_DAYS: &str = "date_add({0}, (- extractansiintervaldays({1})))";
    let (left, right) = match &arguments[..] {
        [_] => return call("negative", arguments, "(- {0})", session),
        [left, right] => (left.data_type.clone(), right.data_type.clone()),
        _ => return Ok(None),
    };
    match (&left, &right) {
        (DataType::Date, it) if is_days(it) => {
            call("date_sub_interval", arguments, OF_DAYS, session)
        }
        (DataType::Date, it) if is_months(it) => {
            call("date_sub_interval", arguments, DIFFERENCE, session)
        }
        (DataType::Date, it) if is_micros(it) => {
            arguments[0].cast_in_place(&DataType::Timestamp, session)?;
            call("timestamp_sub_interval", arguments, DIFFERENCE, session)
        }
        (time, it) if is_time(time) && is_months(it) => {
            call("timestamp_sub_interval", arguments, DIFFERENCE, session)
        }
        (time, it) if is_micros(it) && !is_micros(time) && *time != DataType::Null => {
            let made = call("timestamp_sub_interval", arguments, DIFFERENCE, session)?;
            of_type(made, time, session)
        }
        (one, other) if is_time(one) || is_time(other) => {
            call("subtract_timestamps", arguments, IN_BRACKETS, session)
        }
        (_, DataType::Date) => call("subtract_dates", arguments, IN_BRACKETS, session),
        (DataType::Date, DataType::String) if session.ansi => {
            call("subtract_dates", arguments, IN_BRACKETS, session)
        }
        (DataType::Date, _) => {
            days_of_text(&mut arguments[1], session)?;
            call("date_sub", arguments, "date_sub({0}, {1})", session)
        }
        _ => Ok(None),
    }
}

/// `*`: an interval may stand on either side.
pub(super) fn times(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    let [left, right] = &arguments[..] else {
        return Ok(None);
    };
    match (units(&left.data_type), units(&right.data_type)) {
        (Some(_), _) => call("multiply_interval", arguments, "({0} * {1})", session),
        (None, Some(_)) => {
            arguments.swap(0, 1);
            call("multiply_interval", arguments, "({1} * {0})", session)
        }
        (None, None) => Ok(None),
    }
}

/// `/`
pub(super) fn divide(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    match &arguments[..] {
        [left, _] if units(&left.data_type).is_some() => {
            call("divide_interval", arguments, "({0} / {1})", session)
        }
        _ => Ok(None),
    }
}

/// The call in the place of `try_add` and the like: of two numbers nothing; of others the operator, and `NULL` in the place of a
/// failure, be it that of a cast.
fn tried(
    name: &str,
    instead: fn(&mut Vec<Typed>, &Session) -> Result,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result {
    if arguments.iter().all(|it| Type::Numeric.has(&it.data_type)) {
        return Ok(None);
    }
    let made = if let Some(made) = instead(arguments, session)? {
        made.typed
    } else {
        let function = functions::find(name).expect("the function is in the table");
        function.typed_call(std::mem::take(arguments), session)?
    };
    let typed = functions::call("try_eval", vec![made], session)?;
    Ok(Some(typed.into()))
}

pub(super) fn try_plus(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    tried("try_add", plus, arguments, session)
}

pub(super) fn try_minus(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    tried("try_subtract", minus, arguments, session)
}

pub(super) fn try_times(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    tried("try_multiply", times, arguments, session)
}

pub(super) fn try_divide(arguments: &mut Vec<Typed>, session: &Session) -> Result {
    tried("try_divide", divide, arguments, session)
}
