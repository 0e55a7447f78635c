//! Times on the clocks of other zones.

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};
use jiff::tz::TimeZone;

use super::takes::{cast_implicitly, check_count};
use super::{TIMESTAMP, micros, of};
use crate::context::Session;
use crate::failures::{failure, long_overflow};
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Takes, Type};
use crate::typed::Typed;
use crate::zone::{find_zone, instant_of_local, local_micros, zone_name};

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of(
        "from_utc_timestamp",
        &[Type::Timestamp, Type::String],
        TIMESTAMP,
        |values, call| {
            let zone = zone(&values[1], call.session)?;
            Ok(Value::Timestamp(local_micros(&zone, micros(&values[0]))))
        },
    ),
    of(
        "to_utc_timestamp",
        &[Type::Timestamp, Type::String],
        TIMESTAMP,
        |values, call| {
            let zone = zone(&values[1], call.session)?;
            let instant = instant_of_local(&zone, micros(&values[0]));
            instant.map(Value::Timestamp).ok_or_else(long_overflow)
        },
    ),
    Function::new(
        "convert_timezone",
        Takes::By(zones_and_time),
        Gives::Type(DataType::TimestampNtz),
        Evaluate::Strict(convert),
    )
    .text(ColumnText::By(|arguments| match arguments {
        [target, time] => format!("convert_timezone(current_timezone(), {target}, {time})"),
        _ => format!("convert_timezone({})", arguments.join(", ")),
    })),
];

/// The zone of a name, which is there.
pub(super) fn zone(name: &Value, session: &Session) -> Result<TimeZone, Failure> {
    let Value::String(name) = name else {
        return Ok(session.zone.clone());
    };
    find_zone(name).ok_or_else(|| {
        if session.spark == SparkVersion::V3_5 {
            return Failure::new(FailureKind::Spark, java_message(name));
        }
        let message = format!(
            "The timezone: {name} is invalid. The timezone must be either a region-based zone ID or a zone offset. \
             Region IDs must have the form 'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the \
             format '(+|-)HH', '(+|-)HH:mm\u{2019} or '(+|-)HH:mm:ss', e.g '-08' , '+01:00' or '-13:33:33', and must \
             be in the range from -18:00 to +18:00. 'Z' and 'UTC' are accepted as synonyms for '+00:00'."
        );
        failure(FailureKind::Spark, "INVALID_TIMEZONE", &message, "22009", session)
    })
}

/// The words of `java.time.ZoneId.of`.
fn java_message(name: &str) -> String {
    let is_region_character =
        |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '.' | '_' | '~' | '+' | '-');
    let is_region = name.len() > 1
        && name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.chars().all(is_region_character);
    if is_region {
        format!("Unknown time-zone ID: {name}")
    } else if name.starts_with(['+', '-']) {
        format!("Invalid ID for ZoneOffset, invalid format: {name}")
    } else {
        format!("Invalid ID for region-based ZoneId, invalid format: {name}")
    }
}

/// The zone of the time, unless it is the session's, the zone to convert it to, and a time of no zone.
fn zones_and_time(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("convert_timezone", arguments.len(), 2..=3)?;
    if arguments.len() == 2 {
        let name = Value::String(zone_name(&session.zone).into());
        arguments.insert(0, Typed::literal(name, DataType::String));
    }
    cast_implicitly(arguments, 0, Type::String, session)?;
    cast_implicitly(arguments, 1, Type::String, session)?;
    let from = [DataType::String, DataType::Date, DataType::Timestamp];
    super::takes::cast_from(arguments, 2, &from, &DataType::TimestampNtz, session)
}

fn convert(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let from = zone(&values[0], call.session)?;
    let to = zone(&values[1], call.session)?;
    let instant = instant_of_local(&from, micros(&values[2])).ok_or_else(long_overflow)?;
    Ok(Value::TimestampNtz(local_micros(&to, instant)))
}
