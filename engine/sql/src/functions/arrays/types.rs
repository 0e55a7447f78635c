//! The types that functions of arrays take and give.

use engine::DataType;

use super::elements::{
    array_type, check_count, common_of, element, expect, map_parts, map_type, take, take_array,
};
use crate::aggregates::check_orderable;
use crate::context::Session;
use crate::function::{Mismatch, Type};
use crate::typed::Typed;

type Checked = Result<(), Mismatch>;

/// An array of the arguments.
pub(super) fn created(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let first = arguments.first().map(|it| it.data_type.clone());
    let nullable = arguments.iter().any(|it| it.nullable);
    Ok(array_type(first.unwrap_or(DataType::Null), nullable))
}

/// One array.
pub(super) fn arrays(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    check_count(function, arguments, 1, 1)?;
    take_array(function, arguments, 0, session)
}

/// An array or a map, or a bare `NULL`.
pub(super) fn sized(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("size", arguments, 1, 1)?;
    match &arguments[0].data_type {
        DataType::Map { .. } | DataType::Array { .. } => Ok(()),
        DataType::Null => take_array("size", arguments, 0, session),
        other => {
            let requires = "(\"ARRAY\" or \"MAP\")";
            Err(Mismatch::input_type("size", 0, requires, other))
        }
    }
}

/// An array and an index.
pub(super) fn get(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("get", arguments, 2, 2)?;
    if !matches!(arguments[0].data_type, DataType::Array { .. }) {
        let given = &arguments[0].data_type;
        return Err(Mismatch::input_type("get", 0, "\"ARRAY\"", given));
    }
    take("get", arguments, 1, Type::Integer, session)
}

/// An array and an index from 1, or a map and a key.
pub(super) fn element_at(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    check_count(function, arguments, 2, 2)?;
    match &arguments[0].data_type {
        DataType::Array { .. } => {
            let is_small = matches!(arguments[1].data_type, DataType::Byte | DataType::Short);
            if is_small {
                arguments[1].cast_in_place(&DataType::Integer, session)?;
            }
            expect(function, arguments, 1, &DataType::Integer)
        }
        DataType::Map { .. } => take_key(function, arguments, session),
        other => {
            let requires = "(\"ARRAY\" or \"MAP\")";
            Err(Mismatch::input_type(function, 0, requires, other))
        }
    }
}

/// A map and a key of it.
pub(in crate::functions) fn take_key(
    function: &str,
    arguments: &mut [Typed],
    session: &Session,
) -> Checked {
    let (key, value, nullable) = map_parts(&arguments[0].data_type);
    let Some(common) = common_of(&key, &arguments[1].data_type, session) else {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES",
            format!(
                "Input to `{function}` should have been \"MAP\" followed by a value with same key type, but it's [\"{}\", \"{}\"].",
                arguments[0].data_type, arguments[1].data_type
            ),
        ));
    };
    arguments[1].cast_in_place(&common, session)?;
    let map = map_type(common, value, nullable);
    arguments[0].cast_in_place(&map, session)
}

/// The type of an element of an array or a value of a map.
pub(super) fn item(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(match &arguments[0].data_type {
        DataType::Map { value, .. } => (**value).clone(),
        other => element(other).0,
    })
}

/// An array and a value of its elements.
pub(super) fn searched(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    check_count(function, arguments, 2, 2)?;
    take_array(function, arguments, 0, session)?;
    if arguments[1].data_type == DataType::Null {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.NULL_TYPE",
            format!("Null typed values cannot be used as arguments of `{function}`."),
        ));
    }
    take_value(function, arguments, 1, session)?;
    check_orderable(function, &arguments[1].data_type)
}

/// Casts the elements of an array and a value to the type that both have room in.
fn take_value(function: &str, arguments: &mut [Typed], index: usize, session: &Session) -> Checked {
    let (inner, nullable) = element(&arguments[0].data_type);
    let Some(common) = common_of(&inner, &arguments[index].data_type, session) else {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
            format!(
                "Input to `{function}` should have been \"ARRAY\" followed by a value with same element type, but it's [\"{}\", \"{}\"].",
                arguments[0].data_type, arguments[index].data_type
            ),
        ));
    };
    arguments[index].cast_in_place(&common, session)?;
    arguments[0].cast_in_place(&array_type(common, nullable), session)
}

/// An array and a value that is added to it.
pub(super) fn extended(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    check_count(function, arguments, 2, 2)?;
    if !matches!(arguments[0].data_type, DataType::Array { .. }) {
        let given = &arguments[0].data_type;
        return Err(Mismatch::input_type(function, 0, "\"ARRAY\"", given));
    }
    take_value(function, arguments, 1, session)
}

/// An array, a position and a value.
pub(super) fn inserted(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("array_insert", arguments, 3, 3)?;
    if !matches!(arguments[0].data_type, DataType::Array { .. }) {
        let given = &arguments[0].data_type;
        return Err(Mismatch::input_type("array_insert", 0, "\"ARRAY\"", given));
    }
    if matches!(arguments[1].data_type, DataType::Byte | DataType::Short) {
        arguments[1].cast_in_place(&DataType::Integer, session)?;
    }
    expect("array_insert", arguments, 1, &DataType::Integer)?;
    take_value("array_insert", arguments, 2, session)
}

/// Two arrays of one type of elements.
pub(super) fn both(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    check_count(function, arguments, 2, 2)?;
    let are_arrays = arguments
        .iter()
        .all(|it| matches!(it.data_type, DataType::Array { .. }));
    let (one, one_nullable) = element(&arguments[0].data_type);
    let (other, other_nullable) = element(&arguments[1].data_type);
    let common = common_of(&one, &other, session).filter(|_| are_arrays);
    let Some(common) = common else {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES",
            format!(
                "Input to function `{function}` should have been two \"ARRAY\" with same element type, but it's [\"{}\", \"{}\"].",
                arguments[0].data_type, arguments[1].data_type
            ),
        ));
    };
    check_orderable(function, &common)?;
    let first = array_type(common.clone(), one_nullable);
    arguments[0].cast_in_place(&first, session)?;
    arguments[1].cast_in_place(&array_type(common, other_nullable), session)
}

pub(super) fn union(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (inner, one) = element(&arguments[0].data_type);
    let (_, other) = element(&arguments[1].data_type);
    Ok(array_type(inner, one || other))
}

pub(super) fn intersection(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (inner, one) = element(&arguments[0].data_type);
    let (_, other) = element(&arguments[1].data_type);
    Ok(array_type(inner, one && other))
}

/// The array with a value more.
pub(super) fn with_value(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (inner, nullable) = element(&arguments[0].data_type);
    Ok(array_type(inner, nullable || arguments[1].nullable))
}

/// The array with a value put in, before which there may be gaps.
pub(super) fn with_inserted(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (inner, nullable) = element(&arguments[0].data_type);
    Ok(array_type(inner, nullable || arguments[2].nullable))
}

pub(super) fn compact(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(array_type(element(&arguments[0].data_type).0, false))
}

/// A value and a number of times.
pub(super) fn repeated(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("array_repeat", arguments, 2, 2)?;
    if arguments[1].data_type == DataType::Null {
        return arguments[1].cast_in_place(&DataType::Integer, session);
    }
    expect("array_repeat", arguments, 1, &DataType::Integer)
}

/// An array, a start and a length.
pub(super) fn sliced(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("slice", arguments, 3, 3)?;
    take_array("slice", arguments, 0, session)?;
    take("slice", arguments, 1, Type::Integer, session)?;
    take("slice", arguments, 2, Type::Integer, session)
}

/// An array of arrays.
pub(super) fn flattened(arguments: &mut Vec<Typed>, _: &Session) -> Checked {
    check_count("flatten", arguments, 1, 1)?;
    let given = &arguments[0].data_type;
    match given {
        DataType::Array { element, .. } if matches!(**element, DataType::Array { .. }) => Ok(()),
        _ => Err(Mismatch::input_type(
            "flatten",
            0,
            "\"ARRAY\" of \"ARRAY\"",
            given,
        )),
    }
}

/// An array whose elements have an order, and a direction.
pub(super) fn sorted(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    check_count("sort_array", arguments, 1, 2)?;
    take_array("sort_array", arguments, 0, session)?;
    if arguments.len() == 2 {
        expect("sort_array", arguments, 1, &DataType::Boolean)?;
    }
    check_orderable("sort_array", &arguments[0].data_type)
}

/// An array whose elements have an order.
pub(super) fn ordered(function: &str, arguments: &mut [Typed], session: &Session) -> Checked {
    arrays(function, arguments, session)?;
    check_orderable(function, &element(&arguments[0].data_type).0)
}

/// Arrays, each after its name.
pub(super) fn zipped(arguments: &mut Vec<Typed>, session: &Session) -> Checked {
    for index in 0..arguments.len() / 2 {
        let array = &mut arguments[index * 2 + 1..index * 2 + 2];
        take_array("arrays_zip", array, 0, session)?;
    }
    Ok(())
}

/// True if an argument may be `NULL`, or an element of the first.
pub(super) fn any_null_within_first(arguments: &[Typed], _: &Session) -> bool {
    arguments.iter().any(|it| it.nullable) || element(&arguments[0].data_type).1
}

/// True if an argument may be `NULL`, or an element of any.
pub(super) fn any_null_within(arguments: &[Typed], _: &Session) -> bool {
    arguments
        .iter()
        .any(|it| it.nullable || element(&it.data_type).1)
}
