//! One value of several arrays or elements.

use engine::{DataType, Failure, Struct, StructField, Text, Value};

use super::elements::{array, array_type, element, items};
use crate::context::Session;
use crate::function::{CallInfo, Mismatch};
use crate::typed::Typed;

/// `array_join(array, separator, replacement)`: without a replacement `NULL`s are left out.
pub(super) fn join(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Value::Array(items), Value::String(separator)) = (&values[0], &values[1]) else {
        return Ok(Value::Null);
    };
    let replacement = match values.get(2) {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let texts = items.iter().filter_map(|item| match item {
        Value::String(text) => Some(text.as_str()),
        _ => replacement,
    });
    Ok(Value::String(
        texts.collect::<Vec<_>>().join(separator).into(),
    ))
}

/// The name of each array, which stands before it.
fn names(arguments: &[Typed]) -> impl Iterator<Item = Text> {
    arguments
        .chunks_exact(2)
        .map(|pair| match pair[0].as_literal() {
            Some(Value::String(name)) => name.clone(),
            _ => Text::default(),
        })
}

/// `arrays_zip`: an array of structs, whose fields may be `NULL` where an array has ended.
pub(super) fn zipped_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let arrays = arguments.chunks_exact(2).map(|pair| &pair[1]);
    let fields = names(arguments)
        .zip(arrays)
        .map(|(name, array)| StructField::new(name, element(&array.data_type).0));
    Ok(array_type(DataType::Struct(fields.collect()), false))
}

/// The elements of several arrays side by side.
pub(super) fn zip(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let names: Vec<Text> = names(call.arguments).collect();
    let arrays: Vec<&[Value]> = values.chunks_exact(2).map(|pair| items(&pair[1])).collect();
    let length = arrays.iter().map(|it| it.len()).max().unwrap_or(0);
    let row = |index: usize| -> Result<Value, Failure> {
        let fields = names.iter().zip(&arrays).map(|(name, array)| {
            let value = array.get(index).cloned().unwrap_or(Value::Null);
            (name.clone(), value)
        });
        Ok(Value::Struct(Struct::new(fields.collect())?))
    };
    array((0..length).map(row).collect::<Result<_, _>>()?)
}
