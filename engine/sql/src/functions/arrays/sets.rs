//! Arrays as sets: each element counts once, and so does `NULL`.

use engine::{Failure, Value};

use super::elements::{Seen, array, items};
use crate::function::CallInfo;

/// `array_distinct(array)`.
pub(super) fn distinct(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut seen = Seen::new(call.session);
    let items = items(&values[0]).iter();
    array(items.filter(|item| seen.insert(item)).cloned().collect())
}

/// `array_union(a, b)`.
pub(super) fn union(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut seen = Seen::new(call.session);
    let items = items(&values[0]).iter().chain(items(&values[1]));
    array(items.filter(|item| seen.insert(item)).cloned().collect())
}

/// `array_intersect(a, b)`, in the order of the first.
pub(super) fn intersect(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let other = seen(&values[1], call);
    let mut seen = Seen::new(call.session);
    let items = items(&values[0]).iter();
    let common = items.filter(|item| other.contains(item) && seen.insert(item));
    array(common.cloned().collect())
}

/// `array_except(a, b)`, in the order of the first.
pub(super) fn except(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut seen = seen(&values[1], call);
    let items = items(&values[0]).iter();
    array(items.filter(|item| seen.insert(item)).cloned().collect())
}

/// `arrays_overlap(a, b)`: `NULL` if they have nothing in common, but an element is `NULL`.
pub(super) fn overlap(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let one = items(&values[0]);
    let other = items(&values[1]);
    let known: std::collections::BTreeSet<&Value> = other.iter().collect();
    let is_common = |item: &&Value| **item != Value::Null && known.contains(*item);
    if one.iter().any(|item| is_common(&item)) {
        return Ok(Value::Boolean(true));
    }
    let has_null = [one, other]
        .iter()
        .any(|items| items.contains(&Value::Null));
    Ok(if has_null && !one.is_empty() && !other.is_empty() {
        Value::Null
    } else {
        Value::Boolean(false)
    })
}

fn seen(value: &Value, call: &CallInfo<'_>) -> Seen {
    let mut seen = Seen::new(call.session);
    for item in items(value) {
        seen.insert(item);
    }
    seen
}
