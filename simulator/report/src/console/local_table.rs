//! A table with times in a time zone, as a session in that zone shows it.

use std::borrow::Cow;

use engine::{Table, Value};

use crate::Zone;

/// The table with its times moved by the offset of the zone, which are local times when they are written
/// as UTC (`CON-4`).
pub(super) fn local_table<'a>(table: &'a Table, zone: &Zone) -> Cow<'a, Table> {
    if *zone == Zone::UTC || !table.rows.iter().flatten().any(has_time) {
        return Cow::Borrowed(table);
    }
    let mut table = table.clone();
    for value in table.rows.iter_mut().flatten() {
        make_local(value, zone);
    }
    Cow::Owned(table)
}

fn has_time(value: &Value) -> bool {
    match value {
        Value::Timestamp(_) => true,
        Value::Tuple(values) | Value::List(values) => values.iter().any(has_time),
        _ => false,
    }
}

fn make_local(value: &mut Value, zone: &Zone) {
    match value {
        Value::Timestamp(micros) => *micros = zone.local_micros(*micros),
        Value::Tuple(values) | Value::List(values) => {
            for value in values {
                make_local(value, zone);
            }
        }
        _ => {}
    }
}
