//! Arrays with elements more, or less.

use engine::{Failure, Value};

use super::access::index_of_zero;
use super::elements::{LENGTH_MAX, array, items};
use super::is_spark_4;
use crate::function::CallInfo;
use crate::functions::values::failed;

/// `array_append(array, value)`.
pub(super) fn append(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Array(items) => array(items.iter().chain([&values[1]]).cloned().collect()),
        _ => Ok(Value::Null),
    }
}

/// `array_prepend(array, value)`.
pub(super) fn prepend(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Array(items) => array([&values[1]].into_iter().chain(items).cloned().collect()),
        _ => Ok(Value::Null),
    }
}

/// `array_insert(array, place, value)`: places are counted from 1, and from the end by -1; before a place that is not
/// there `NULL`s fill the gap.
pub(super) fn insert(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Value::Array(items), Value::Integer(place)) = (&values[0], &values[1]) else {
        return Ok(Value::Null);
    };
    let mut items = items.to_vec();
    let distance = place.unsigned_abs() as usize;
    check_length(distance.max(items.len() + 1), call)?;
    match place {
        0 => return Err(index_of_zero(call)),
        1.. => {
            let index = distance - 1;
            items.resize(items.len().max(index), Value::Null);
            items.insert(index, values[2].clone());
        }
        _ => {
            let gap = distance.saturating_sub(items.len() + 1);
            items.splice(0..0, std::iter::repeat_n(Value::Null, gap));
            items.insert(items.len() + 1 - distance, values[2].clone());
        }
    }
    array(items)
}

/// `array_compact(array)`: without `NULL`s.
pub(super) fn compact(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let there = items(&values[0])
        .iter()
        .filter(|item| **item != Value::Null);
    array(there.cloned().collect())
}

/// `array_repeat(value, times)`.
pub(super) fn repeat(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let Value::Integer(times) = values[1] else {
        return Ok(Value::Null);
    };
    let times = usize::try_from(times).unwrap_or(0);
    check_length(times, call)?;
    array(vec![values[0].clone(); times])
}

/// `slice(array, start, length)`, from 1 or from the end by -1.
pub(super) fn slice(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Value::Integer(start), Value::Integer(length)) = (&values[1], &values[2]) else {
        return Ok(Value::Null);
    };
    if *start == 0 {
        let (condition, message) = if is_spark_4(call) {
            (
                "INVALID_PARAMETER_VALUE.START",
                "The value of parameter(s) `start` in `slice` is invalid: Expects a positive or a negative value for `start`, but got 0.",
            )
        } else {
            (
                "_LEGACY_ERROR_TEMP_2157",
                "Unexpected value for start in function slice: SQL array indices start at 1.",
            )
        };
        return Err(failed(call.session, condition, message, "22023"));
    }
    let Ok(length) = usize::try_from(*length) else {
        let (condition, message) = if is_spark_4(call) {
            (
                "INVALID_PARAMETER_VALUE.LENGTH",
                format!(
                    "The value of parameter(s) `length` in `slice` is invalid: Expects `length` greater than or equal to 0, but got {length}."
                ),
            )
        } else {
            (
                "_LEGACY_ERROR_TEMP_2158",
                "Unexpected value for length in function slice: length must be greater than or equal to 0.".to_owned(),
            )
        };
        return Err(failed(call.session, condition, &message, "22023"));
    };
    let items = items(&values[0]);
    let start = i64::from(*start);
    let first = if start > 0 {
        start - 1
    } else {
        items.len() as i64 + start
    };
    let rest = usize::try_from(first)
        .ok()
        .and_then(|first| items.get(first..));
    array(rest.unwrap_or(&[]).iter().take(length).cloned().collect())
}

/// `flatten(arrays)`: `NULL` if an array is.
pub(super) fn flatten(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let arrays = items(&values[0]);
    if arrays.contains(&Value::Null) {
        return Ok(Value::Null);
    }
    check_length(arrays.iter().map(|it| items(it).len()).sum(), call)?;
    array(arrays.iter().flat_map(items).cloned().collect())
}

/// Refuses an array that no test has memory for.
pub(super) fn check_length(length: usize, call: &CallInfo<'_>) -> Result<(), Failure> {
    if length <= LENGTH_MAX {
        return Ok(());
    }
    let message = format!(
        "Can't create array with {length} elements which exceeding the array size limit {LENGTH_MAX}."
    );
    Err(failed(
        call.session,
        "COLLECTION_SIZE_LIMIT_EXCEEDED",
        &message,
        "54000",
    ))
}
