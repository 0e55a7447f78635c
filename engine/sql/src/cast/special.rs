//! Texts of moments that are written down: `today`, `epoch` (`SpecialDatetimeValues`).

use engine::{DataType, Value};
use jiff::tz::TimeZone;

use super::{parse_timestamp, trim_all};
use crate::context::Session;
use crate::functions;
use crate::typed::Typed;

/// The expression in the place of a text that names a moment, as a date or a timestamp; `None` of other texts.
pub(crate) fn special_moment(operand: &Typed, to: &DataType, session: &Session) -> Option<Typed> {
    let Some(Value::String(text)) = operand.as_literal() else {
        return None;
    };
    let epoch = match to {
        DataType::Date => Value::Date(0),
        DataType::Timestamp => Value::Timestamp(0),
        DataType::TimestampNtz => Value::TimestampNtz(0),
        _ => return None,
    };
    let name = trim_all(text).to_ascii_lowercase();
    let call = |name: &str, arguments| functions::call(name, arguments, session).ok();
    let days = |days: i32| {
        let number = Typed::literal(Value::Integer(days), DataType::Integer);
        let day = call("date_add", vec![call("current_date", Vec::new())?, number])?;
        day.cast(to, false, session).ok()
    };
    let moment = match (name.as_str(), to) {
        ("epoch", _) => Some(Typed::literal(epoch, to.clone())),
        ("now", DataType::Timestamp) => call("current_timestamp", Vec::new()),
        ("now", DataType::TimestampNtz) => call("localtimestamp", Vec::new()),
        ("now" | "today", _) => days(0),
        ("tomorrow", _) => days(1),
        ("yesterday", _) => days(-1),
        _ => None,
    };
    // A text may be none of the type, for all that is known of its type.
    moment.map(|moment| Typed {
        nullable: true,
        ..moment
    })
}

/// Returns true if a text may be a time of day alone, whose date is that of the moment.
pub(super) fn depends_on_moment(operand: &Typed) -> bool {
    const LATER: i64 = 400 * 86_400_000_000;
    match operand.as_literal() {
        Some(Value::String(text)) => {
            parse_timestamp(text, &TimeZone::UTC, 0) != parse_timestamp(text, &TimeZone::UTC, LATER)
        }
        _ => true,
    }
}
