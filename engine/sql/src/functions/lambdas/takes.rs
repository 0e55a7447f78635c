//! The types of the parameters of lambdas, and of the functions that take them.

use engine::DataType;

use crate::aggregates::check_orderable;
use crate::context::Session;
use crate::function::Mismatch;
use crate::functions::elements::{
    array_type, check_count, common_of, element, map_parts, map_type, take_array, take_map,
};
use crate::functions::maps::check_key;
use crate::typed::Typed;

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

/// An argument before the lambda, which may be the only one that was written.
fn argument<'a>(
    function: &str,
    requires: &str,
    before: &'a [Typed],
    index: usize,
) -> Result<&'a Typed, Mismatch> {
    let given = before.len() + 1;
    let missing = || Mismatch::argument_count(function, requires, given);
    before.get(index).ok_or_else(missing)
}

/// Refuses another first argument than an array before its lambda is looked at.
fn array_element(before: &[Typed]) -> Result<(DataType, bool), Mismatch> {
    match &argument(Mismatch::CALL, "2", before, 0)?.data_type {
        array @ (DataType::Array { .. } | DataType::Null) => Ok(element(array)),
        other => Err(Mismatch::input_type(Mismatch::CALL, 0, "\"ARRAY\"", other)),
    }
}

fn map_entry(map: &Typed) -> Result<(DataType, DataType, bool), Mismatch> {
    match &map.data_type {
        map @ (DataType::Map { .. } | DataType::Null) => Ok(map_parts(map)),
        other => Err(Mismatch::input_type(Mismatch::CALL, 0, "\"MAP\"", other)),
    }
}

pub(super) fn element_and_index(before: &[Typed], count: usize) -> Parameters {
    let parameters = vec![array_element(before)?, (DataType::Integer, false)];
    expect_count(parameters, count, 1)
}

pub(super) fn one_element(before: &[Typed], count: usize) -> Parameters {
    expect_count(vec![array_element(before)?], count, 1)
}

pub(super) fn compared(before: &[Typed], count: usize) -> Parameters {
    let element = array_element(before)?;
    expect_count(vec![element.clone(), element], count, 2)
}

/// An array may be shorter than the other.
pub(super) fn two_elements(before: &[Typed], count: usize) -> Parameters {
    let of = |index: usize| {
        let array = argument(Mismatch::CALL, "3", before, index)?;
        Ok((element(&array.data_type).0, true))
    };
    expect_count(vec![of(0)?, of(1)?], count, 2)
}

/// The accumulated value and the element; at the end the accumulated value alone.
pub(super) fn accumulator(before: &[Typed], count: usize) -> Parameters {
    match before.get(1) {
        Some(zero) if before.len() == 2 => {
            let parameters = vec![(zero.data_type.clone(), true), array_element(before)?];
            expect_count(parameters, count, 2)
        }
        Some(zero) => expect_count(vec![(zero.data_type.clone(), true)], count, 1),
        None => Err(Mismatch::argument_count(
            Mismatch::CALL,
            "[3, 4]",
            before.len() + 1,
        )),
    }
}

pub(super) fn key_and_value(before: &[Typed], count: usize) -> Parameters {
    let (key, value, nullable) = map_entry(argument(Mismatch::CALL, "2", before, 0)?)?;
    expect_count(vec![(key, false), (value, nullable)], count, 2)
}

/// A key may be in one of the maps only.
pub(super) fn key_and_two_values(before: &[Typed], count: usize) -> Parameters {
    let (key, one, _) = map_entry(argument(Mismatch::CALL, "3", before, 0)?)?;
    let (other_key, other, _) = map_entry(argument(Mismatch::CALL, "3", before, 1)?)?;
    let key = if key == DataType::Null {
        other_key
    } else {
        key
    };
    expect_count(vec![(key, false), (one, true), (other, true)], count, 3)
}

pub(super) fn take_array_and_lambda(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 2, 2)?;
    take_array(Mismatch::CALL, arguments, 0, session)
}

pub(super) fn take_map_and_lambda(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 2, 2)?;
    take_map(Mismatch::CALL, arguments, 0, session)
}

pub(super) fn take_two_arrays(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 3, 3)?;
    take_array(Mismatch::CALL, arguments, 0, session)?;
    take_array(Mismatch::CALL, arguments, 1, session)
}

pub(super) fn take_two_maps(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 3, 3)?;
    take_map(Mismatch::CALL, arguments, 0, session)?;
    take_map(Mismatch::CALL, arguments, 1, session)?;
    let (one, _, _) = map_parts(&arguments[0].data_type);
    let (other, _, _) = map_parts(&arguments[1].data_type);
    // The lambda was resolved with the key of the first map.
    match common_of(&one, &other, session) {
        Some(common) if common == one || one == DataType::Null => Ok(()),
        _ => Err(Mismatch::new(
            "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES",
            format!(
                "Input to the `{}` should have been two maps with the same key type, but it's [\"{one}\", \"{other}\"].",
                Mismatch::CALL
            ),
        )),
    }
}

pub(super) fn take_fold(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 3, 4)?;
    take_array(Mismatch::CALL, arguments, 0, session)?;
    let zero = &arguments[1].data_type;
    let merged = &arguments[2].data_type;
    if zero.to_string() == merged.to_string() {
        return Ok(());
    }
    let requires = format!("\"{zero}\"");
    Err(Mismatch::input_type(Mismatch::CALL, 2, &requires, merged))
}

pub(super) fn take_sorted(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count(Mismatch::CALL, arguments, 1, 2)?;
    take_array(Mismatch::CALL, arguments, 0, session)?;
    match arguments.get(1).map(|it| &it.data_type) {
        None => check_orderable(Mismatch::CALL, &element(&arguments[0].data_type).0),
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
pub(super) fn either_nullable(arguments: &[Typed], _: &Session) -> bool {
    arguments[0].nullable || arguments[1].nullable
}

/// Refuses a lambda that is no condition.
pub(super) fn decided(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    match &arguments[1].data_type {
        DataType::Boolean | DataType::Null => Ok(DataType::Boolean),
        other => Err(Mismatch::input_type(
            Mismatch::CALL,
            1,
            "\"BOOLEAN\"",
            other,
        )),
    }
}

pub(super) fn filtered(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    decided(arguments, session)?;
    Ok(arguments[0].data_type.clone())
}

pub(super) fn transformed(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(array_type(
        arguments[1].data_type.clone(),
        arguments[1].nullable,
    ))
}

pub(super) fn folded(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let last = arguments.get(3).unwrap_or(&arguments[1]);
    Ok(last.data_type.clone())
}

pub(super) fn with_keys(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (_, value, nullable) = map_parts(&arguments[0].data_type);
    check_key(&arguments[1].data_type)?;
    Ok(map_type(arguments[1].data_type.clone(), value, nullable))
}

pub(super) fn with_values(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (key, _, _) = map_parts(&arguments[0].data_type);
    Ok(map_type(
        key,
        arguments[1].data_type.clone(),
        arguments[1].nullable,
    ))
}
