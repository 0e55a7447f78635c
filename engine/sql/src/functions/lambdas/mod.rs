//! Functions that take lambdas (`higherOrderFunctions.scala`).

mod arrays;
mod maps;
mod takes;

use engine::{Failure, Value};

use super::elements::{array_type, map_parts, map_type};
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes};
use crate::typed::{Scope, Typed, TypedKind};
use arrays::{array_sort, exists, filter, fold, forall, transform, zip_with};
use maps::{map_filter, map_zip_with, transform_keys, transform_values};
use takes::{
    accumulator, compared, decided, either_nullable, element_and_index, filtered, folded,
    key_and_two_values, key_and_value, one_element, take_array_and_lambda, take_fold,
    take_map_and_lambda, take_sorted, take_two_arrays, take_two_maps, transformed, two_elements,
    with_keys, with_values,
};

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
        Takes::By(take_fold),
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
    .unfoldable()
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

/// The value of a lambda; of an expression that stands in its place, that one's.
fn apply(lambda: &Typed, values: &[Value], scope: &Scope<'_>) -> Result<Value, Failure> {
    match lambda.kind {
        TypedKind::Lambda(_) => scope.apply(lambda, values),
        _ => lambda.evaluate(scope),
    }
}
