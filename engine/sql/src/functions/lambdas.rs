//! Functions that take lambdas (`higherOrderFunctions.scala`).

use engine::{DataType, Failure, Value};

use super::elements::{
    MapBuilder, array, array_type, check_count, common_of, element, entries, items, map_parts,
    map_type, take_array, take_map,
};
use super::maps::check_key;
use super::values::thrown;
use crate::aggregates::check_orderable;
use crate::context::Session;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Takes};
use crate::typed::{Scope, Typed, TypedKind};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    of_array("transform", Gives::By(transformed), transform).lambda(element_and_index),
    of_array("filter", Gives::By(filtered), filter).lambda(element_and_index),
    of_array("exists", Gives::By(decided), exists)
        .lambda(one_element)
        .nulls(Nulls::By(either_nullable)),
    of_array("forall", Gives::By(decided), forall)
        .lambda(one_element)
        .nulls(Nulls::By(either_nullable)),
    Function::new(
        "aggregate",
        Takes::By(|arguments, session| take_fold("aggregate", arguments, session)),
        Gives::By(folded),
        Evaluate::Lazy(fold),
    )
    .aliases(&["reduce"])
    .lambda(accumulator)
    .nulls(Nulls::Always)
    .text(ColumnText::Filled(
        4,
        &["lambdafunction(namedlambdavariable(), namedlambdavariable())"],
    )),
    Function::new(
        "zip_with",
        Takes::By(take_two_arrays),
        Gives::By(|arguments, _| {
            Ok(array_type(
                arguments[2].data_type.clone(),
                arguments[2].nullable,
            ))
        }),
        Evaluate::Lazy(zip_with),
    )
    .lambda(two_elements)
    .nulls(Nulls::By(|arguments, _| {
        arguments[0].nullable || arguments[1].nullable
    })),
    Function::new(
        "array_sort",
        Takes::By(take_sorted),
        Gives::Argument(0),
        Evaluate::Lazy(array_sort),
    )
    .lambda(compared)
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable))
    .text(ColumnText::Filled(2, &[COMPARISON])),
    of_map("map_filter", Gives::By(filtered), map_filter),
    of_map("transform_keys", Gives::By(with_keys), transform_keys),
    of_map("transform_values", Gives::By(with_values), transform_values),
    Function::new(
        "map_zip_with",
        Takes::By(take_two_maps),
        Gives::By(|arguments, _| {
            let (key, _, _) = map_parts(&arguments[0].data_type);
            let body = &arguments[2];
            Ok(map_type(key, body.data_type.clone(), body.nullable))
        }),
        Evaluate::Lazy(map_zip_with),
    )
    .lambda(key_and_two_values)
    .nulls(Nulls::By(|arguments, _| {
        arguments[0].nullable || arguments[1].nullable
    })),
];

/// The text of the order that `array_sort` has of its own.
const COMPARISON: &str = "lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), 0, \
     (IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, (IF((namedlambdavariable() < \
     namedlambdavariable()), -1, (IF((namedlambdavariable() > namedlambdavariable()), 1, 0)))))))))), \
     namedlambdavariable(), namedlambdavariable())";

type Apply = fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>;

const fn of_array(name: &'static str, gives: Gives, apply: Apply) -> Function {
    Function::new(
        name,
        Takes::By(take_array_and_lambda),
        gives,
        Evaluate::Lazy(apply),
    )
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable))
}

const fn of_map(name: &'static str, gives: Gives, apply: Apply) -> Function {
    Function::new(
        name,
        Takes::By(take_map_and_lambda),
        gives,
        Evaluate::Lazy(apply),
    )
    .lambda(key_and_value)
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable))
}

type Parameters = Result<Vec<(DataType, bool)>, Mismatch>;

/// Refuses a lambda of another number of parameters.
fn expect_count(parameters: Vec<(DataType, bool)>, given: usize, least: usize) -> Parameters {
    if (least..=parameters.len()).contains(&given) {
        return Ok(parameters.into_iter().take(given).collect());
    }
    Err(Mismatch::new(
        "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
        format!(
            "Invalid lambda function call. A higher order function expects {given} arguments, but got {least}."
        ),
    ))
}

/// Refuses another first argument than an array before its lambda is looked at.
fn array_element(before: &[Typed]) -> Result<(DataType, bool), Mismatch> {
    match &before[0].data_type {
        array @ (DataType::Array { .. } | DataType::Null) => Ok(element(array)),
        other => Err(Mismatch::input_type("transform", 0, "\"ARRAY\"", other)),
    }
}

fn map_entry(map: &Typed) -> Result<(DataType, DataType, bool), Mismatch> {
    match &map.data_type {
        map @ (DataType::Map { .. } | DataType::Null) => Ok(map_parts(map)),
        other => Err(Mismatch::input_type("map_filter", 0, "\"MAP\"", other)),
    }
}

fn element_and_index(before: &[Typed], count: usize) -> Parameters {
    let parameters = vec![array_element(before)?, (DataType::Integer, false)];
    expect_count(parameters, count, 1)
}

fn one_element(before: &[Typed], count: usize) -> Parameters {
    expect_count(vec![array_element(before)?], count, 1)
}

fn compared(before: &[Typed], count: usize) -> Parameters {
    let element = array_element(before)?;
    expect_count(vec![element.clone(), element], count, 2)
}

/// An array may be shorter than the other.
fn two_elements(before: &[Typed], count: usize) -> Parameters {
    let of = |index: usize| (element(&before[index].data_type).0, true);
    expect_count(vec![of(0), of(1)], count, 2)
}

/// The accumulated value and the element; at the end the accumulated value alone.
fn accumulator(before: &[Typed], count: usize) -> Parameters {
    match before.get(1) {
        Some(zero) if before.len() == 2 => {
            let parameters = vec![(zero.data_type.clone(), true), array_element(before)?];
            expect_count(parameters, count, 2)
        }
        Some(zero) => expect_count(vec![(zero.data_type.clone(), true)], count, 1),
        None => Err(Mismatch::argument_count(
            "aggregate",
            "[3, 4]",
            before.len() + 1,
        )),
    }
}

fn key_and_value(before: &[Typed], count: usize) -> Parameters {
    let (key, value, nullable) = map_entry(&before[0])?;
    expect_count(vec![(key, false), (value, nullable)], count, 2)
}

/// A key may be in one of the maps only.
fn key_and_two_values(before: &[Typed], count: usize) -> Parameters {
    let (key, one, _) = map_entry(&before[0])?;
    let (other_key, other, _) = match before.get(1) {
        Some(map) => map_entry(map)?,
        None => map_entry(&before[0])?,
    };
    let key = if key == DataType::Null {
        other_key
    } else {
        key
    };
    expect_count(vec![(key, false), (one, true), (other, true)], count, 3)
}

fn take_array_and_lambda(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("transform", arguments, 2, 2)?;
    take_array("transform", arguments, 0, session)
}

fn take_map_and_lambda(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("map_filter", arguments, 2, 2)?;
    take_map("map_filter", arguments, 0, session)
}

fn take_two_arrays(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("zip_with", arguments, 3, 3)?;
    take_array("zip_with", arguments, 0, session)?;
    take_array("zip_with", arguments, 1, session)
}

fn take_two_maps(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("map_zip_with", arguments, 3, 3)?;
    take_map("map_zip_with", arguments, 0, session)?;
    take_map("map_zip_with", arguments, 1, session)?;
    let (one, _, _) = map_parts(&arguments[0].data_type);
    let (other, _, _) = map_parts(&arguments[1].data_type);
    // The lambda was resolved with the key of the first map.
    match common_of(&one, &other, session) {
        Some(common) if common == one || one == DataType::Null => Ok(()),
        _ => Err(Mismatch::new(
            "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES",
            format!(
                "Input to the `map_zip_with` should have been two maps with the same key type, but it's [\"{one}\", \"{other}\"]."
            ),
        )),
    }
}

fn take_fold(function: &str, arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count(function, arguments, 3, 4)?;
    take_array(function, arguments, 0, session)?;
    let zero = &arguments[1].data_type;
    let merged = &arguments[2].data_type;
    if zero.to_string() == merged.to_string() {
        return Ok(());
    }
    let requires = format!("\"{zero}\"");
    Err(Mismatch::input_type(function, 2, &requires, merged))
}

fn take_sorted(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("array_sort", arguments, 1, 2)?;
    take_array("array_sort", arguments, 0, session)?;
    match arguments.get(1).map(|it| &it.data_type) {
        None => check_orderable("array_sort", &element(&arguments[0].data_type).0),
        Some(DataType::Integer) => Ok(()),
        Some(other) => Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE",
            format!(
                "The `lambdafunction` requires return \"INT\" type, but the actual is \"{other}\" type."
            ),
        )),
    }
}

/// True if the array may be `NULL`, or what its elements are asked.
fn either_nullable(arguments: &[Typed], _: &Session) -> bool {
    arguments[0].nullable || arguments[1].nullable
}

/// Refuses a lambda that is no condition.
fn decided(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    match &arguments[1].data_type {
        DataType::Boolean | DataType::Null => Ok(DataType::Boolean),
        other => Err(Mismatch::input_type("filter", 1, "\"BOOLEAN\"", other)),
    }
}

fn filtered(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    decided(arguments, session)?;
    Ok(arguments[0].data_type.clone())
}

fn transformed(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(array_type(
        arguments[1].data_type.clone(),
        arguments[1].nullable,
    ))
}

fn folded(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let last = arguments.get(3).unwrap_or(&arguments[1]);
    Ok(last.data_type.clone())
}

fn with_keys(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (_, value, nullable) = map_parts(&arguments[0].data_type);
    check_key(&arguments[1].data_type)?;
    Ok(map_type(arguments[1].data_type.clone(), value, nullable))
}

fn with_values(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (key, _, _) = map_parts(&arguments[0].data_type);
    Ok(map_type(
        key,
        arguments[1].data_type.clone(),
        arguments[1].nullable,
    ))
}

/// The value of a lambda; of an expression that stands in its place, that one's.
fn apply(lambda: &Typed, values: &[Value], scope: &Scope<'_>) -> Result<Value, Failure> {
    match lambda.kind {
        TypedKind::Lambda(_) => scope.apply(lambda, values),
        _ => lambda.evaluate(scope),
    }
}

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

fn transform(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let Value::Array(elements) = call.arguments[0].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    array(each(&elements, &call.arguments[1], scope).collect::<Result<_, _>>()?)
}

fn filter(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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
fn exists(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    until(call, scope, true)
}

/// False if it does not hold for an element, else `NULL` if it is `NULL` for one.
fn forall(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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

fn fold(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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

fn zip_with(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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
fn array_sort(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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

fn map_filter(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    mapped(call, scope, |key, value, holds| {
        (holds == Value::Boolean(true)).then_some((key, value))
    })
}

fn transform_keys(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    mapped(call, scope, |_, value, key| Some((key, value)))
}

fn transform_values(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
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
fn map_zip_with(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let one = call.arguments[0].evaluate(scope)?;
    let other = call.arguments[1].evaluate(scope)?;
    if one == Value::Null || other == Value::Null {
        return Ok(Value::Null);
    }
    let value = |map: &Value, key: &Value| super::arrays::at_key(map, key).unwrap_or(Value::Null);
    let mut made = MapBuilder::new(call.session);
    let known = entries(&one).iter();
    let new = entries(&other)
        .iter()
        .filter(|(key, _)| super::arrays::at_key(&one, key).is_none());
    for (key, _) in known.chain(new) {
        let values = [key.clone(), value(&one, key), value(&other, key)];
        made.put(key.clone(), apply(&call.arguments[2], &values, scope)?)?;
    }
    made.build()
}
