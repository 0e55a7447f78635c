//! Values that are looked for in arrays.

use engine::{Failure, Value};

use super::elements::{array, items};
use crate::function::CallInfo;

/// `array_contains(array, value)`: `NULL` if it is not there, but an element is `NULL`.
pub(super) fn contains(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let items = items(&values[0]);
    Ok(if items.contains(&values[1]) {
        Value::Boolean(true)
    } else if items.contains(&Value::Null) {
        Value::Null
    } else {
        Value::Boolean(false)
    })
}

/// `array_position(array, value)`: the first place, from 1, or 0.
pub(super) fn position(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let place = items(&values[0]).iter().position(|item| *item == values[1]);
    Ok(Value::Long(place.map_or(0, |place| place as i64 + 1)))
}

/// `array_remove(array, value)`.
pub(super) fn remove(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let rest = items(&values[0]).iter().filter(|item| **item != values[1]);
    array(rest.cloned().collect())
}
