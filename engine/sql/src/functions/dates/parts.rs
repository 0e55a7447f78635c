//! The parts of dates, timestamps and intervals: `year`, `hour`, `extract`.

use engine::{
    CivilDate, CivilTime, DataType, Decimal, IntervalUnit, IntervalUnits, SparkVersion, Value,
};

use super::takes::{cast_implicitly, check_count};
use super::{INTEGER, MICROS_PER_DAY, MICROS_PER_SECOND, date, days, local, of};
use crate::context::Session;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Takes, Type};
use crate::typed::Typed;

const A_DATE: &[Type] = &[Type::Date];
const A_TIMESTAMP: &[Type] = &[Type::AnyTimestamp];

/// A part of a date.
macro_rules! of_date {
    ($name:literal, $part:ident) => {
        of($name, A_DATE, INTEGER, |values, _| {
            Ok(Value::Integer($part(date(&values[0])) as i32))
        })
    };
}

/// A part of a time of day.
macro_rules! of_time {
    ($name:literal, $part:ident) => {
        of($name, A_TIMESTAMP, INTEGER, |values, call| {
            let time = CivilTime::of_micros(local(&values[0], call.session));
            Ok(Value::Integer(time.$part.into()))
        })
    };
}

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of_date!("year", year),
    of_date!("quarter", quarter),
    of_date!("month", month),
    of_date!("day", day).aliases(&["dayofmonth"]),
    of_date!("dayofweek", day_of_week),
    of_date!("weekday", weekday),
    of_date!("dayofyear", day_of_year),
    of_date!("weekofyear", week_of_year),
    of_time!("hour", hour),
    of_time!("minute", minute),
    of_time!("second", second),
    of("dayname", A_DATE, super::STRING, |values, _| {
        let day = DAYS[weekday(date(&values[0])) as usize];
        Ok(Value::String(day[..3].into()))
    })
    .since_4(),
    of("monthname", A_DATE, super::STRING, |values, _| {
        let month = MONTHS[usize::from(date(&values[0]).month) - 1];
        Ok(Value::String(month[..3].into()))
    })
    .since_4(),
    extraction("date_part", ColumnText::Call),
    extraction(
        "datepart",
        ColumnText::By(|arguments| match arguments {
            [field, source] => format!("datepart({field} FROM {source})"),
            _ => format!("datepart({})", arguments.join(", ")),
        }),
    ),
    extraction(
        "extract",
        ColumnText::By(|arguments| match arguments {
            [field, source] => format!("extract({field} FROM {source})"),
            _ => format!("extract({})", arguments.join(", ")),
        }),
    ),
];

/// The names of the days, from Monday.
pub(super) const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The names of the months.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn year(date: CivilDate) -> i64 {
    date.year
}

fn month(date: CivilDate) -> i64 {
    date.month.into()
}

fn day(date: CivilDate) -> i64 {
    date.day.into()
}

/// From 1.
pub(super) fn quarter(date: CivilDate) -> i64 {
    (month(date) - 1) / 3 + 1
}

/// From Monday, 0.
pub(super) fn weekday(date: CivilDate) -> i64 {
    // The epoch was a Thursday.
    (date.to_days() + 3).rem_euclid(7)
}

/// From Sunday, 1.
fn day_of_week(date: CivilDate) -> i64 {
    (weekday(date) + 1) % 7 + 1
}

fn day_of_year(date: CivilDate) -> i64 {
    date.day_of_year()
}

/// The Thursday of the week, which is in the year that the week belongs to.
fn thursday(date: CivilDate) -> CivilDate {
    CivilDate::of_days(date.to_days() - weekday(date) + 3)
}

/// The week of ISO 8601, from 1.
fn week_of_year(date: CivilDate) -> i64 {
    (thursday(date).day_of_year() - 1) / 7 + 1
}

fn year_of_week(date: CivilDate) -> i64 {
    thursday(date).year
}

/// A part that `extract` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Year,
    YearOfWeek,
    Quarter,
    Month,
    Week,
    Day,
    DayOfWeek,
    DayOfWeekIso,
    DayOfYear,
    Hour,
    Minute,
    Second,
}

impl Field {
    /// The part of this name.
    fn find(name: &str) -> Option<Field> {
        Some(match name.to_ascii_uppercase().as_str() {
            "YEAR" | "Y" | "YEARS" | "YR" | "YRS" => Field::Year,
            "YEAROFWEEK" => Field::YearOfWeek,
            "QUARTER" | "QTR" => Field::Quarter,
            "MONTH" | "MON" | "MONS" | "MONTHS" => Field::Month,
            "WEEK" | "W" | "WEEKS" => Field::Week,
            "DAY" | "D" | "DAYS" => Field::Day,
            "DAYOFWEEK" | "DOW" => Field::DayOfWeek,
            "DAYOFWEEK_ISO" | "DOW_ISO" => Field::DayOfWeekIso,
            "DOY" => Field::DayOfYear,
            "HOUR" | "H" | "HOURS" | "HR" | "HRS" => Field::Hour,
            "MINUTE" | "M" | "MIN" | "MINS" | "MINUTES" => Field::Minute,
            "SECOND" | "S" | "SEC" | "SECONDS" | "SECS" => Field::Second,
            _ => return None,
        })
    }

    fn is_of_time(self) -> bool {
        matches!(self, Field::Hour | Field::Minute | Field::Second)
    }

    /// The type of the part of a value of a type; `None` if it has no such part.
    fn data_type(self, source: &DataType) -> Option<DataType> {
        let seconds = DataType::Decimal {
            precision: 8,
            scale: 6,
        };
        let has =
            |units: &IntervalUnits, unit| (units.longest()..=units.shortest()).contains(&unit);
        let unit = self.interval_unit();
        match (source, self) {
            (DataType::YearMonthInterval(units) | DataType::DayTimeInterval(units), field) => {
                unit.filter(|unit| has(units, *unit)).map(|_| match field {
                    Field::Year | Field::Day => DataType::Integer,
                    Field::Second => seconds,
                    _ => DataType::Byte,
                })
            }
            (_, Field::Second) => Some(seconds),
            _ => Some(DataType::Integer),
        }
    }

    /// The unit of an interval.
    fn interval_unit(self) -> Option<IntervalUnit> {
        Some(match self {
            Field::Year => IntervalUnit::Year,
            Field::Month => IntervalUnit::Month,
            Field::Day => IntervalUnit::Day,
            Field::Hour => IntervalUnit::Hour,
            Field::Minute => IntervalUnit::Minute,
            Field::Second => IntervalUnit::Second,
            _ => return None,
        })
    }

    fn of_date(self, date: CivilDate) -> i64 {
        match self {
            Field::Year => date.year,
            Field::YearOfWeek => year_of_week(date),
            Field::Quarter => quarter(date),
            Field::Month => month(date),
            Field::Week => week_of_year(date),
            Field::Day => day(date),
            Field::DayOfWeek => day_of_week(date),
            Field::DayOfWeekIso => weekday(date) + 1,
            Field::DayOfYear => date.day_of_year(),
            Field::Hour | Field::Minute | Field::Second => 0,
        }
    }
}

const fn extraction(name: &'static str, text: ColumnText) -> Function {
    Function::new(
        name,
        Takes::By(|arguments, session| extracted_from(arguments, session)),
        Gives::By(extracted_type),
        Evaluate::Strict(|values, call| Ok(extracted(values, call))),
    )
    .text(text)
}

/// The part that the first argument names; `None` if it is `NULL`.
fn field(argument: &Typed, session: &Session) -> Result<Option<Field>, Mismatch> {
    let name = match argument.as_literal() {
        Some(Value::Null) => return Ok(None),
        Some(Value::String(name)) => name,
        _ => {
            return Err(match session.spark {
                SparkVersion::V3_5 => Mismatch::new(
                    "_LEGACY_ERROR_TEMP_1100",
                    "The 'field' parameter of function 'date_part' needs to be a string literal.",
                ),
                SparkVersion::V4 => Mismatch::new(
                    "NON_FOLDABLE_ARGUMENT",
                    "The function `date_part` requires the parameter `field` to be a foldable expression of the type \
                     \"STRING\", but the actual argument is a non-foldable.",
                ),
            });
        }
    };
    Field::find(name)
        .map(Some)
        .ok_or_else(|| invalid_field(name))
}

fn invalid_field(name: &str) -> Mismatch {
    Mismatch::new(
        "INVALID_EXTRACT_FIELD",
        format!("Cannot extract `{name}` from \"{{1}}\"."),
    )
}

fn extracted_from(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("date_part", arguments.len(), 2..=2)?;
    let Some(field) = field(&arguments[0], session)? else {
        return Ok(());
    };
    let source = &arguments[1];
    let is_known = field.data_type(&source.data_type).is_some();
    if !is_known {
        let name = match arguments[0].as_literal() {
            Some(Value::String(name)) => name.to_string(),
            _ => String::new(),
        };
        return Err(invalid_field(&name));
    }
    let is_interval = matches!(
        source.data_type,
        DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_)
    );
    if is_interval {
        return Ok(());
    }
    let takes = if field.is_of_time() {
        Type::AnyTimestamp
    } else {
        Type::Date
    };
    cast_implicitly(arguments, 1, takes, session)
}

fn extracted_type(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    let Some(field) = field(&arguments[0], session)? else {
        return Ok(DataType::Double);
    };
    let data_type = field.data_type(&arguments[1].data_type);
    Ok(data_type.unwrap_or(DataType::Integer))
}

fn extracted(values: &[Value], call: &CallInfo<'_>) -> Value {
    let field = match &values[0] {
        Value::String(name) => Field::find(name),
        _ => None,
    };
    let Some(field) = field else {
        return Value::Null;
    };
    match &values[1] {
        Value::YearMonthInterval { months, .. } if field == Field::Year => {
            Value::Integer(months / 12)
        }
        Value::YearMonthInterval { months, .. } => Value::Byte((months % 12) as i8),
        Value::DayTimeInterval { micros, .. } => of_day_time(field, *micros),
        Value::Date(_) => {
            Value::Integer(field.of_date(CivilDate::of_days(days(&values[1]))) as i32)
        }
        time => {
            let time = CivilTime::of_micros(local(time, call.session));
            match field {
                Field::Hour => Value::Integer(time.hour.into()),
                Field::Minute => Value::Integer(time.minute.into()),
                _ => seconds(
                    i64::from(time.second) * MICROS_PER_SECOND + i64::from(time.microsecond),
                ),
            }
        }
    }
}

/// A part of an interval of microseconds, with its sign.
fn of_day_time(field: Field, micros: i64) -> Value {
    match field {
        Field::Day => Value::Integer((micros / MICROS_PER_DAY) as i32),
        Field::Hour => Value::Byte((micros / (3_600 * MICROS_PER_SECOND) % 24) as i8),
        Field::Minute => Value::Byte((micros / (60 * MICROS_PER_SECOND) % 60) as i8),
        _ => seconds(micros % (60 * MICROS_PER_SECOND)),
    }
}

fn seconds(micros: i64) -> Value {
    Decimal::new(micros.into(), 8, 6).map_or(Value::Null, Value::Decimal)
}
