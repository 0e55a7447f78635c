//! The order of the entries of dictionaries, which go through a `HashMap` of the JVM.

use engine::order::{hash_map, java};
use engine::{SparkVersion, Value};

/// The entries of a dictionary that the JVM has unpickled: the unpickler takes them from a stack, the last one first, and
/// puts them into one map, and all of that into another one.
pub(super) fn unpickled_order(mut entries: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    entries.reverse();
    let order = hash_map::order(&hashes(&entries));
    let entries = in_order(&entries, order);
    let order = hash_map::copied_order(&hashes(&entries));
    in_order(&entries, order)
}

/// The entries of a map that the JVM pickles (`EvaluatePython.toJava`).
pub(super) fn pickled_order(entries: &[(Value, Value)]) -> Vec<(Value, Value)> {
    in_order(entries, hash_map::sized_order(&hashes(entries)))
}

fn hashes(entries: &[(Value, Value)]) -> Vec<i32> {
    let of = |key: &Value| match key {
        // Dates and times are numbers there.
        Value::Date(days) => *days,
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => {
            java::hash_code(&Value::Long(*micros), SparkVersion::default())
        }
        // The hash of bytes is their address.
        Value::Binary(_) => 0,
        key => java::hash_code(key, SparkVersion::default()),
    };
    entries.iter().map(|(key, _)| of(key)).collect()
}

fn in_order(entries: &[(Value, Value)], order: Vec<usize>) -> Vec<(Value, Value)> {
    order
        .into_iter()
        .map(|place| entries[place].clone())
        .collect()
}
