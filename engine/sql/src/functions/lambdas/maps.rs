//! The values of functions that take a map and a lambda.

use engine::{Failure, Value};

use super::apply;
use crate::function::CallInfo;
use crate::functions::arrays::at_key;
use crate::functions::elements::{MapBuilder, entries};
use crate::typed::Scope;

pub(super) fn map_filter(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    mapped(call, scope, |key, value, holds| {
        (holds == Value::Boolean(true)).then_some((key, value))
    })
}

pub(super) fn transform_keys(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    mapped(call, scope, |_, value, key| Some((key, value)))
}

pub(super) fn transform_values(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    mapped(call, scope, |key, _, value| Some((key, value)))
}

/// The map of the entries that are made of a key, its value and the lambda's value of both.
fn mapped(
    call: &CallInfo<'_>,
    scope: &Scope<'_>,
    entry: fn(Value, Value, Value) -> Option<(Value, Value)>,
) -> Result<Value, Failure> {
    let map = call.arguments[0].evaluate(scope)?;
    if map == Value::Null {
        return Ok(Value::Null);
    }
    let mut made = MapBuilder::new(call.session);
    for (key, value) in entries(&map) {
        let result = apply(&call.arguments[1], &[key.clone(), value.clone()], scope)?;
        if let Some((key, value)) = entry(key.clone(), value.clone(), result) {
            made.put(key, value)?;
        }
    }
    made.build()
}

/// The keys of the first map, then those of the second alone.
pub(super) fn map_zip_with(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let one = call.arguments[0].evaluate(scope)?;
    let other = call.arguments[1].evaluate(scope)?;
    if one == Value::Null || other == Value::Null {
        return Ok(Value::Null);
    }
    let value = |map: &Value, key: &Value| at_key(map, key).unwrap_or(Value::Null);
    let mut made = MapBuilder::new(call.session);
    let known = entries(&one).iter();
    let new = entries(&other)
        .iter()
        .filter(|(key, _)| at_key(&one, key).is_none());
    for (key, _) in known.chain(new) {
        let values = [key.clone(), value(&one, key), value(&other, key)];
        made.put(key.clone(), apply(&call.arguments[2], &values, scope)?)?;
    }
    made.build()
}
