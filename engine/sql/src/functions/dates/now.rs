//! The moment of the micro-batch, and the zone of the session.

use engine::{DataType, Failure, Value};

use super::{DATE, MICROS_PER_DAY, STRING, TIMESTAMP};
use crate::function::{CallInfo, Evaluate, Function, Gives, Nulls, Takes};
use crate::typed::Scope;
use crate::zone::{local_micros, zone_name};

/// A function of no arguments, whose value is that of the micro-batch and not known before.
const fn of_moment(
    name: &'static str,
    gives: Gives,
    evaluate: fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>,
) -> Function {
    let mut row = Function::new(name, Takes::Exactly(&[]), gives, Evaluate::Lazy(evaluate));
    row.is_of_moment = true;
    row.nulls(Nulls::Never)
}

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of_moment("current_timestamp", TIMESTAMP, |_, scope| {
        Ok(Value::Timestamp(scope.context.timestamp))
    })
    .aliases(&["now"]),
    of_moment("current_date", DATE, |_, scope| {
        let days = local_now(scope).div_euclid(MICROS_PER_DAY);
        Ok(Value::Date(days as i32))
    })
    .aliases(&["curdate"]),
    of_moment(
        "localtimestamp",
        Gives::Type(DataType::TimestampNtz),
        |_, scope| Ok(Value::TimestampNtz(local_now(scope))),
    ),
    Function::new(
        "current_timezone",
        Takes::Exactly(&[]),
        STRING,
        Evaluate::Lazy(|call, _| Ok(Value::String(zone_name(&call.session.zone).into()))),
    )
    .nulls(Nulls::Never),
];

/// The microsecond that the clocks of the session show.
fn local_now(scope: &Scope<'_>) -> i64 {
    local_micros(&scope.context.session.zone, scope.context.timestamp)
}
