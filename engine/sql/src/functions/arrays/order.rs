//! Arrays in order, and their least and greatest elements.

use engine::{Failure, Value};

use super::elements::{array, items};
use crate::function::CallInfo;

/// `sort_array(array, ascending)`: `NULL` is the least.
pub(super) fn sort_array(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut items = items(&values[0]).to_vec();
    match values.get(1) {
        Some(Value::Boolean(false)) => items.sort_by(|one, other| other.cmp(one)),
        _ => items.sort(),
    }
    array(items)
}

/// The greatest or the least element that is not `NULL`; of equal ones the first.
pub(super) fn extreme(array: &Value, is_greatest: bool) -> Value {
    let items = items(array).iter().filter(|item| **item != Value::Null);
    let found = if is_greatest {
        items.reduce(|found, item| if item > found { item } else { found })
    } else {
        items.reduce(|found, item| if item < found { item } else { found })
    };
    found.cloned().unwrap_or(Value::Null)
}
