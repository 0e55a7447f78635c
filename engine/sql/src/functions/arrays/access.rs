//! Elements of arrays by their place, and values of maps by their key.

use engine::{DataType, Failure, Value};

use super::elements::{element, entries, items};
use crate::context::Session;
use crate::failures::ansi_advice;
use crate::function::CallInfo;
use crate::functions::values::failed;
use crate::typed::Typed;

/// The element of this index from 0; `None` if there is none.
pub(in crate::functions) fn at_index(array: &Value, index: &Value) -> Option<Value> {
    let index = match *index {
        Value::Byte(index) => i64::from(index),
        Value::Short(index) => i64::from(index),
        Value::Integer(index) => i64::from(index),
        Value::Long(index) => index,
        _ => return None,
    };
    items(array).get(usize::try_from(index).ok()?).cloned()
}

/// The value of this key; `None` if there is none.
pub(in crate::functions) fn at_key(map: &Value, key: &Value) -> Option<Value> {
    let found = entries(map).iter().find(|(known, _)| known == key);
    found.map(|(_, value)| value.clone())
}

/// Returns true if an element by its index from 0 may be `NULL` (`GetArrayItemUtil.computeNullabilityFromArray`).
pub(in crate::functions) fn item_nullable(
    arguments: &[Typed],
    fails: bool,
    session: &Session,
) -> bool {
    known_nullable(arguments, place(&arguments[1], session), fails)
}

/// Returns true if `element_at` may be `NULL`.
pub(super) fn element_nullable(arguments: &[Typed], session: &Session) -> bool {
    if matches!(arguments[0].data_type, DataType::Map { .. }) {
        return true;
    }
    let length = match arguments[0].as_call() {
        Some(("array", elements)) => elements.len() as i64,
        _ => 0,
    };
    let known = match place(&arguments[1], session) {
        Some(place) if place > 0 => Some(place - 1),
        Some(place) if place < 0 => Some(length + place),
        _ => None,
    };
    known_nullable(arguments, known, session.ansi)
}

/// The place that an argument names, if it is the same in each row.
fn place(argument: &Typed, session: &Session) -> Option<i64> {
    if argument.nullable {
        return None;
    }
    match argument.constant(session)? {
        Value::Byte(index) => Some(index.into()),
        Value::Short(index) => Some(index.into()),
        Value::Integer(index) => Some(index.into()),
        Value::Long(index) => Some(index),
        _ => None,
    }
}

fn known_nullable(arguments: &[Typed], index: Option<i64>, fails: bool) -> bool {
    let Some(index) = index else {
        return !fails || element(&arguments[0].data_type).1;
    };
    let place = usize::try_from(index).ok();
    let created = match arguments[0].as_call() {
        Some(("array", elements)) => place.and_then(|place| elements.get(place)),
        _ => None,
    };
    created.is_none_or(|element| element.nullable)
}

/// `element_at(array, place)`, from 1 or from the end by -1, or `element_at(map, key)`.
pub(super) fn element_at(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        map @ Value::Map(_) => Ok(at_key(map, &values[1]).unwrap_or(Value::Null)),
        array => match at_place(array, &values[1], call)? {
            Some(element) => Ok(element),
            None if call.session.ansi => Err(out_of_bounds(array, &values[1], call)),
            None => Ok(Value::Null),
        },
    }
}

/// `element_at` that is `NULL` where there is no element.
pub(super) fn try_element_at(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let found = match &values[0] {
        map @ Value::Map(_) => at_key(map, &values[1]),
        array => at_place(array, &values[1], call)?,
    };
    Ok(found.unwrap_or(Value::Null))
}

fn at_place(array: &Value, place: &Value, call: &CallInfo<'_>) -> Result<Option<Value>, Failure> {
    let Value::Integer(place) = *place else {
        return Ok(None);
    };
    if place == 0 {
        return Err(index_of_zero(call));
    }
    let place = i64::from(place);
    let length = items(array).len() as i64;
    let index = if place > 0 { place - 1 } else { length + place };
    Ok(at_index(array, &Value::Long(index)))
}

/// `INVALID_INDEX_OF_ZERO`.
pub(super) fn index_of_zero(call: &CallInfo<'_>) -> Failure {
    failed(
        call.session,
        "INVALID_INDEX_OF_ZERO",
        "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).",
        "22003",
    )
}

/// `INVALID_ARRAY_INDEX_IN_ELEMENT_AT`.
fn out_of_bounds(array: &Value, place: &Value, call: &CallInfo<'_>) -> Failure {
    let place = match place {
        Value::Integer(place) => *place,
        _ => 0,
    };
    let message = format!(
        "The index {place} is out of bounds. The array has {} elements. Use `try_element_at` to tolerate accessing \
         element at invalid index and return NULL instead.{}",
        items(array).len(),
        ansi_advice(call.session)
    );
    failed(
        call.session,
        "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
        &message,
        "22003",
    )
}
