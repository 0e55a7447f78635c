//! Arrays (`collectionOperations.scala`, `complexTypeCreator.scala`).

mod access;
mod change;
mod combine;
mod order;
mod search;
mod sequence;
mod sets;
#[cfg(test)]
mod tests;
mod types;

use engine::{DataType, Failure, SparkVersion, Value};

use super::elements;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes, Type};

pub(super) use access::{at_index, at_key, item_nullable};
pub(super) use types::take_key;

const BOOLEAN: Gives = Gives::Type(DataType::Boolean);
const LONG: Gives = Gives::Type(DataType::Long);
const INTEGER: Gives = Gives::Type(DataType::Integer);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "array",
        Takes::Same(0),
        Gives::By(types::created),
        Evaluate::Eager(|values, _| elements::array(values.to_vec())),
    )
    .nulls(Nulls::Never),
    Function::new(
        "size",
        Takes::By(types::sized),
        INTEGER,
        Evaluate::Eager(size),
    )
    .aliases(&["cardinality"])
    .nulls(Nulls::By(|arguments, session| {
        session.ansi && arguments[0].nullable
    })),
    Function::new(
        "array_size",
        Takes::By(|arguments, session| types::arrays("array_size", arguments, session)),
        INTEGER,
        Evaluate::Strict(size),
    ),
    Function::new(
        "get",
        Takes::By(types::get),
        Gives::By(types::item),
        Evaluate::Strict(|values, _| Ok(at_index(&values[0], &values[1]).unwrap_or(Value::Null))),
    )
    .nulls(Nulls::By(|arguments, session| {
        item_nullable(arguments, false, session)
    })),
    Function::new(
        "element_at",
        Takes::By(|arguments, session| types::element_at("element_at", arguments, session)),
        Gives::By(types::item),
        Evaluate::Strict(access::element_at),
    )
    .nulls(Nulls::By(access::element_nullable)),
    Function::new(
        "try_element_at",
        Takes::By(|arguments, session| types::element_at("try_element_at", arguments, session)),
        Gives::By(types::item),
        Evaluate::Strict(access::try_element_at),
    )
    .nulls(Nulls::Always),
    Function::new(
        "array_contains",
        Takes::By(|arguments, session| types::searched("array_contains", arguments, session)),
        BOOLEAN,
        Evaluate::Strict(search::contains),
    )
    .nulls(Nulls::By(types::any_null_within_first)),
    Function::new(
        "array_position",
        Takes::By(|arguments, session| types::searched("array_position", arguments, session)),
        LONG,
        Evaluate::Strict(search::position),
    ),
    Function::new(
        "array_remove",
        Takes::By(|arguments, session| types::searched("array_remove", arguments, session)),
        Gives::Argument(0),
        Evaluate::Strict(search::remove),
    ),
    Function::new(
        "arrays_overlap",
        Takes::By(|arguments, session| types::both("arrays_overlap", arguments, session)),
        BOOLEAN,
        Evaluate::Strict(sets::overlap),
    )
    .nulls(Nulls::By(types::any_null_within)),
    Function::new(
        "array_distinct",
        Takes::By(|arguments, session| types::arrays("array_distinct", arguments, session)),
        Gives::Argument(0),
        Evaluate::Strict(sets::distinct),
    ),
    Function::new(
        "array_union",
        Takes::By(|arguments, session| types::both("array_union", arguments, session)),
        Gives::By(types::union),
        Evaluate::Strict(sets::union),
    ),
    Function::new(
        "array_intersect",
        Takes::By(|arguments, session| types::both("array_intersect", arguments, session)),
        Gives::By(types::intersection),
        Evaluate::Strict(sets::intersect),
    ),
    Function::new(
        "array_except",
        Takes::By(|arguments, session| types::both("array_except", arguments, session)),
        Gives::Argument(0),
        Evaluate::Strict(sets::except),
    ),
    Function::new(
        "array_append",
        Takes::By(|arguments, session| types::extended("array_append", arguments, session)),
        Gives::By(types::with_value),
        Evaluate::Eager(change::append),
    )
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable)),
    Function::new(
        "array_prepend",
        Takes::By(|arguments, session| types::extended("array_prepend", arguments, session)),
        Gives::By(types::with_value),
        Evaluate::Eager(change::prepend),
    )
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable)),
    Function::new(
        "array_insert",
        Takes::By(types::inserted),
        Gives::By(types::with_inserted),
        Evaluate::Eager(change::insert),
    )
    .nulls(Nulls::By(|arguments, _| {
        arguments[0].nullable || arguments[1].nullable
    })),
    Function::new(
        "array_compact",
        Takes::By(|arguments, session| types::arrays("array_compact", arguments, session)),
        Gives::By(types::compact),
        Evaluate::Strict(change::compact),
    )
    .unfoldable(),
    Function::new(
        "array_repeat",
        Takes::By(types::repeated),
        Gives::By(|arguments, _| {
            Ok(elements::array_type(
                arguments[0].data_type.clone(),
                arguments[0].nullable,
            ))
        }),
        Evaluate::Eager(change::repeat),
    )
    .nulls(Nulls::By(|arguments, _| arguments[1].nullable)),
    Function::new(
        "slice",
        Takes::By(types::sliced),
        Gives::Argument(0),
        Evaluate::Strict(change::slice),
    ),
    Function::new(
        "flatten",
        Takes::By(types::flattened),
        Gives::By(|arguments, _| Ok(elements::element(&arguments[0].data_type).0)),
        Evaluate::Strict(change::flatten),
    )
    .nulls(Nulls::By(types::any_null_within_first)),
    Function::new(
        "sort_array",
        Takes::By(types::sorted),
        Gives::Argument(0),
        Evaluate::Strict(order::sort_array),
    )
    .text(ColumnText::Filled(2, &["true"])),
    Function::new(
        "array_max",
        Takes::By(|arguments, session| types::ordered("array_max", arguments, session)),
        Gives::By(types::item),
        Evaluate::Strict(|values, _| Ok(order::extreme(&values[0], true))),
    )
    .nulls(Nulls::Always),
    Function::new(
        "array_min",
        Takes::By(|arguments, session| types::ordered("array_min", arguments, session)),
        Gives::By(types::item),
        Evaluate::Strict(|values, _| Ok(order::extreme(&values[0], false))),
    )
    .nulls(Nulls::Always),
    Function::new(
        "array_join",
        Takes::Optional {
            required: 2,
            parameters: &[Type::StringArray, Type::String, Type::String],
        },
        Gives::Type(DataType::String),
        Evaluate::Strict(combine::join),
    ),
    Function::new(
        "arrays_zip",
        Takes::By(types::zipped),
        Gives::By(combine::zipped_type),
        Evaluate::Strict(combine::zip),
    )
    .unfoldable()
    .named(|index| index.to_string()),
    Function::new(
        "sequence",
        Takes::By(sequence::take),
        Gives::By(|arguments, _| Ok(elements::array_type(arguments[0].data_type.clone(), false))),
        Evaluate::Strict(sequence::sequence),
    ),
];

/// The number of elements or entries. That of `NULL` is -1, but in ANSI mode.
fn size(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let size = match &values[0] {
        Value::Array(values) => values.len(),
        Value::Map(entries) => entries.len(),
        _ if call.session.ansi => return Ok(Value::Null),
        _ => return Ok(Value::Integer(-1)),
    };
    // No array of the JVM has more than 2^31 elements.
    Ok(Value::Integer(i32::try_from(size).unwrap_or(i32::MAX)))
}

/// Returns true of the version in which several failures got classes of their own.
fn is_spark_4(call: &CallInfo<'_>) -> bool {
    call.session.spark == SparkVersion::V4
}
