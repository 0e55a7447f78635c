//! Days and months counted on, and the days of weeks and months.

use engine::{CivilDate, CivilTime, DataType, Failure, FailureKind, SparkVersion, Value};

use super::parts::{DAYS, weekday};
use super::ranges::legacy_2000;
use super::takes::{cast_implicitly, check_count, expect_days};
use super::{DATE, INTEGER, MICROS_PER_SECOND, date, date_value, days, local, micros, of};
use crate::context::Session;
use crate::failures::failure;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type,
};
use crate::typed::Typed;
use crate::zone::start_of_day;

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "date_add",
        Takes::By(|arguments, session| date_and_days("date_add", arguments, session)),
        DATE,
        Evaluate::Strict(|values, _| Ok(date_value(days(&values[0]) + count(&values[1])))),
    )
    .aliases(&["dateadd"])
    .text(ColumnText::Named("date_add")),
    Function::new(
        "date_sub",
        Takes::By(|arguments, session| date_and_days("date_sub", arguments, session)),
        DATE,
        Evaluate::Strict(|values, _| Ok(date_value(days(&values[0]) - count(&values[1])))),
    ),
    of(
        "datediff",
        &[Type::Date, Type::Date],
        INTEGER,
        |values, _| Ok(Value::Integer((days(&values[0]) - days(&values[1])) as i32)),
    )
    .aliases(&["date_diff"]),
    of(
        "add_months",
        &[Type::Date, Type::Integer],
        DATE,
        |values, call| add_months(date(&values[0]), count(&values[1]), call.session),
    ),
    Function::new(
        "months_between",
        Takes::Optional {
            required: 2,
            parameters: &[Type::Timestamp, Type::Timestamp, Type::Boolean],
        },
        Gives::Type(DataType::Double),
        Evaluate::Strict(|values, call| Ok(months_between(values, call))),
    )
    .text(ColumnText::Filled(3, &["true"])),
    of("last_day", &[Type::Date], DATE, |values, _| {
        let date = date(&values[0]);
        let day = CivilDate::month_days(date.year, date.month);
        Ok(date_value(CivilDate { day, ..date }.to_days()))
    }),
    of("next_day", &[Type::Date, Type::String], DATE, next_day).nulls(Nulls::Always),
];

fn date_and_days(
    function: &str,
    arguments: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(function, arguments.len(), 2..=2)?;
    cast_implicitly(arguments, 0, Type::Date, session)?;
    expect_days(function, arguments, 1, session)
}

/// A whole number.
pub(super) fn count(value: &Value) -> i64 {
    match value {
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) => (*number).into(),
        Value::Long(number) => *number,
        other => unreachable!("the argument was cast to a whole number, not {other:?}"),
    }
}

/// The date some months later.
pub(super) fn add_months(
    date: CivilDate,
    months: i64,
    session: &Session,
) -> Result<Value, Failure> {
    let days = date.plus_months(months).to_days();
    i32::try_from(days).map(Value::Date).map_err(|_| {
        let what = match session.spark {
            SparkVersion::V3_5 => "integer overflow",
            SparkVersion::V4 => "overflow",
        };
        let message = format!(
            "{what}. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error."
        );
        failure(
            FailureKind::Overflow,
            "ARITHMETIC_OVERFLOW",
            &message,
            "22003",
            session,
        )
    })
}

/// Months between two points in time, those of 31 days; whole ones between the same days of a month, or its last ones.
fn months_between(values: &[Value], call: &CallInfo<'_>) -> Value {
    let is_rounded = !matches!(values.get(2), Some(Value::Boolean(false)));
    let of = |value: &Value| {
        let date = CivilTime::of_micros(local(value, call.session)).date;
        let start = start_of_day(&call.session.zone, date.to_days()).unwrap_or(i64::MIN);
        (
            date,
            micros(value).saturating_sub(start) / MICROS_PER_SECOND,
        )
    };
    let (one, seconds) = of(&values[0]);
    let (other, other_seconds) = of(&values[1]);
    let months = |date: CivilDate| date.year * 12 + i64::from(date.month);
    let whole = (months(one) - months(other)) as f64;
    let is_last = |date: CivilDate| date.day == CivilDate::month_days(date.year, date.month);
    if one.day == other.day || (is_last(one) && is_last(other)) {
        return Value::Double(whole.into());
    }
    let days = i64::from(one.day) - i64::from(other.day);
    let seconds = days * 86_400 + seconds - other_seconds;
    let months = whole + seconds as f64 / (31.0 * 86_400.0);
    Value::Double(if is_rounded {
        ((months * 1e8 + 0.5).floor() / 1e8).into()
    } else {
        months.into()
    })
}

/// The first day of this name after a date.
fn next_day(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let Value::String(name) = &values[1] else {
        return Ok(Value::Null);
    };
    let upper = name.to_uppercase();
    let found = DAYS.iter().position(|day| {
        let day = day.to_uppercase();
        upper == day || upper == day[..3] || upper == day[..2]
    });
    let Some(found) = found else {
        let session = call.session;
        let message = format!("Illegal input for day of week: {name}");
        return match (session.ansi, session.spark) {
            (false, _) => Ok(Value::Null),
            (true, SparkVersion::V3_5) => Err(legacy_2000(&message)),
            (true, SparkVersion::V4) => Err(failure(
                FailureKind::Spark,
                "ILLEGAL_DAY_OF_WEEK",
                &format!("{message}."),
                "22009",
                session,
            )),
        };
    };
    let ahead = (found as i64 - weekday(date(&values[0])) - 1).rem_euclid(7) + 1;
    Ok(date_value(days(&values[0]) + ahead))
}
