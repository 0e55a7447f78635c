//! The values of functions that take an array and a lambda.

use engine::{Failure, Value};

use super::apply;
use crate::function::CallInfo;
use crate::functions::elements::{array, items};
use crate::functions::values::thrown;
use crate::typed::{Scope, Typed};

/// The lambda's value of each element, which may ask for its index.
fn each<'a>(
    elements: &'a [Value],
    lambda: &'a Typed,
    scope: &'a Scope<'_>,
) -> impl Iterator<Item = Result<Value, Failure>> + 'a {
    elements.iter().zip(0..).map(move |(element, index)| {
        apply(lambda, &[element.clone(), Value::Integer(index)], scope)
    })
}

pub(super) fn transform(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    array(each(&elements, &call.arguments[1], scope).collect::<Result<_, _>>()?)
}

pub(super) fn filter(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    let mut kept = Vec::new();
    for (element, holds) in elements
        .iter()
        .zip(each(&elements, &call.arguments[1], scope))
    {
        if holds? == Value::Boolean(true) {
            kept.push(element.clone());
        }
    }
    array(kept)
}

/// True if it holds for an element, else `NULL` if it is `NULL` for one.
pub(super) fn exists(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    until(call, scope, true)
}

/// False if it does not hold for an element, else `NULL` if it is `NULL` for one.
pub(super) fn forall(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    until(call, scope, false)
}

fn until(call: &CallInfo<'_>, scope: &Scope<'_>, decides: bool) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    let mut result = Value::Boolean(!decides);
    for holds in each(&elements, &call.arguments[1], scope) {
        match holds? {
            Value::Boolean(holds) if holds == decides => return Ok(Value::Boolean(decides)),
            Value::Null => result = Value::Null,
            _ => {}
        }
    }
    Ok(result)
}

pub(super) fn fold(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    let mut accumulated = call.arguments[1].evaluate(scope)?;
    for element in &elements {
        accumulated = apply(&call.arguments[2], &[accumulated, element.clone()], scope)?;
    }
    match call.arguments.get(3) {
        Some(finish) => apply(finish, &[accumulated], scope),
        None => Ok(accumulated),
    }
}

pub(super) fn zip_with(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let one = call.arguments[0].evaluate(scope)?;
    let other = call.arguments[1].evaluate(scope)?;
    if one == Value::Null || other == Value::Null {
        return Ok(Value::Null);
    }
    let one = items(&one);
    let other = items(&other);
    let at = |items: &[Value], index: usize| items.get(index).cloned().unwrap_or(Value::Null);
    let pairs = (0..one.len().max(other.len())).map(|index| [at(one, index), at(other, index)]);
    let values = pairs.map(|pair| apply(&call.arguments[2], &pair, scope));
    array(values.collect::<Result<_, _>>()?)
}

/// In the order of a lambda, or ascending and `NULL` last; equal elements keep their order.
pub(super) fn array_sort(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    let mut elements = elements.into_vec();
    let Some(lambda) = call.arguments.get(1) else {
        elements.sort_by_key(|element| (*element == Value::Null, element.clone()));
        return array(elements);
    };
    let is_before = |one: &Value, other: &Value| -> Result<bool, Failure> {
        match apply(lambda, &[one.clone(), other.clone()], scope)? {
            Value::Integer(order) => Ok(order <= 0),
            _ => Err(thrown("the comparator of `array_sort` has returned NULL")),
        }
    };
    array(merge_sorted(elements, &is_before)?)
}

/// A stable sort that bears a comparison that fails, or is no order.
fn merge_sorted(
    mut elements: Vec<Value>,
    is_before: &dyn Fn(&Value, &Value) -> Result<bool, Failure>,
) -> Result<Vec<Value>, Failure> {
    if elements.len() < 2 {
        return Ok(elements);
    }
    let right = elements.split_off(elements.len() / 2);
    let left = merge_sorted(elements, is_before)?;
    let right = merge_sorted(right, is_before)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut left = left.into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let next = if is_before(one, other)? {
            left.next()
        } else {
            right.next()
        };
        merged.extend(next);
    }
    merged.extend(left.chain(right));
    Ok(merged)
}
