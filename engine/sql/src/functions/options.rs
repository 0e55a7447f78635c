//! The options and the schema of a call: literals.

use engine::{DataType, Text, Value};

use crate::context::Session;
use crate::ddl::{parse_schema, parse_type};
use crate::function::{CallInfo, Mismatch, Type};
use crate::functions::dates::takes::expect;
use crate::typed::Typed;

/// Texts, which Spark does not cast to texts by itself, and options behind them.
pub(super) fn expect_texts(
    function: &str,
    arguments: &mut Vec<Typed>,
    least: usize,
    parameters: &[Type],
    session: &Session,
) -> Result<(), Mismatch> {
    let most = parameters.len();
    let given = arguments.len();
    if !(least..=most).contains(&given) {
        let requires = if least == most {
            least.to_string()
        } else {
            format!("[{least}, {most}]")
        };
        return Err(Mismatch::argument_count(function, &requires, given));
    }
    let places = (0..given).zip(parameters);
    let mut texts = places.filter(|(_, takes)| **takes != Type::Any);
    texts
        .try_for_each(|(index, takes)| expect(arguments, index, *takes, &DataType::String, session))
}

/// The options in the argument of this index, a map of texts; none if it is left out.
pub(super) fn options(call: &CallInfo<'_>, index: usize) -> Result<Vec<(Text, Text)>, Mismatch> {
    let Some(argument) = call.arguments.get(index) else {
        return Ok(Vec::new());
    };
    let not_a_map = || {
        Mismatch::new(
            "INVALID_OPTIONS.NON_MAP_FUNCTION",
            "Invalid options: Must use the `map()` function for options.",
        )
    };
    let DataType::Map { key, value, .. } = &argument.data_type else {
        return Err(not_a_map());
    };
    if (&**key, &**value) != (&DataType::String, &DataType::String) {
        return Err(Mismatch::new(
            "INVALID_OPTIONS.NON_STRING_TYPE",
            format!(
                "Invalid options: A type of keys and values in `map()` must be string, but got \"{}\".",
                argument.data_type
            ),
        ));
    }
    let Some(Value::Map(entries)) = argument.constant(call.session) else {
        return Err(not_a_map());
    };
    let options = entries.iter().filter_map(|entry| match entry {
        (Value::String(name), Value::String(value)) => Some((name.clone(), value.clone())),
        _ => None,
    });
    Ok(options.collect())
}

/// The type in the argument of this index: a text of it, or of columns.
pub(super) fn schema(
    arguments: &[Typed],
    index: usize,
    session: &Session,
) -> Result<DataType, Mismatch> {
    let Some(Value::String(text)) = arguments[index].constant(session) else {
        return Err(Mismatch::new(
            "INVALID_SCHEMA.NON_STRING_LITERAL",
            "the schema is not a valid schema string. The input expression must be string literal and not null.",
        ));
    };
    let not_a_type = match parse_type(&text) {
        Ok(data_type) => return Ok(as_nullable(data_type)),
        Err(error) => error,
    };
    match parse_schema(&text) {
        Ok(fields) => Ok(as_nullable(DataType::Struct(fields))),
        Err(_) => Err(Mismatch::new(
            not_a_type.condition().unwrap_or("PARSE_SYNTAX_ERROR"),
            not_a_type.message().as_str(),
        )),
    }
}

/// The type with all its parts nullable (`DataType.asNullable`).
pub fn as_nullable(data_type: DataType) -> DataType {
    match data_type {
        DataType::Struct(fields) => DataType::Struct(
            fields
                .into_iter()
                .map(|field| engine::StructField {
                    data_type: as_nullable(field.data_type),
                    nullable: true,
                    ..field
                })
                .collect(),
        ),
        DataType::Array { element, .. } => DataType::Array {
            element: Box::new(as_nullable(*element)),
            nullable: true,
        },
        DataType::Map { key, value, .. } => DataType::Map {
            key: Box::new(as_nullable(*key)),
            value: Box::new(as_nullable(*value)),
            nullable: true,
        },
        other => other,
    }
}
