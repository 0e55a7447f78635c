//! Maps (`collectionOperations.scala`, `complexTypeCreator.scala`).

use engine::{DataType, Failure, Struct, StructField, Value};

use super::arrays::{at_key, take_key};
use super::elements::{
    MapBuilder, array, array_type, check_count, element, entries, items, map_parts, map_type,
    take_array, take_map,
};
use super::values::{failed, thrown};
use crate::context::Session;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type,
};
use crate::java_regex::JavaRegex;
use crate::resolve::common_type;
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "map",
        Takes::By(take_pairs),
        Gives::By(created_type),
        Evaluate::Eager(create),
    )
    .nulls(Nulls::Never),
    Function::new(
        "map_from_arrays",
        Takes::By(|arguments, session| {
            check_count("map_from_arrays", arguments, 2, 2)?;
            take_array("map_from_arrays", arguments, 0, session)?;
            take_array("map_from_arrays", arguments, 1, session)
        }),
        Gives::By(|arguments, _| {
            let (value, nullable) = element(&arguments[1].data_type);
            Ok(map_type(
                element(&arguments[0].data_type).0,
                value,
                nullable,
            ))
        }),
        Evaluate::Strict(from_arrays),
    ),
    Function::new(
        "map_from_entries",
        Takes::By(take_entries),
        Gives::By(|arguments, _| Ok(entry_types(&arguments[0].data_type))),
        Evaluate::Strict(from_entries),
    )
    .nulls(Nulls::By(|arguments, _| {
        arguments[0].nullable || element(&arguments[0].data_type).1
    })),
    Function::new(
        "map_keys",
        Takes::By(|arguments, session| one_map("map_keys", arguments, session)),
        Gives::By(|arguments, _| Ok(array_type(map_parts(&arguments[0].data_type).0, false))),
        Evaluate::Strict(|values, _| {
            array(
                entries(&values[0])
                    .iter()
                    .map(|(key, _)| key.clone())
                    .collect(),
            )
        }),
    ),
    Function::new(
        "map_values",
        Takes::By(|arguments, session| one_map("map_values", arguments, session)),
        Gives::By(|arguments, _| {
            let (_, value, nullable) = map_parts(&arguments[0].data_type);
            Ok(array_type(value, nullable))
        }),
        Evaluate::Strict(|values, _| {
            array(
                entries(&values[0])
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect(),
            )
        }),
    ),
    Function::new(
        "map_entries",
        Takes::By(|arguments, session| one_map("map_entries", arguments, session)),
        Gives::By(entries_type),
        Evaluate::Strict(to_entries),
    ),
    Function::new(
        "map_contains_key",
        Takes::By(take_map_and_key),
        Gives::Type(DataType::Boolean),
        Evaluate::Strict(|values, _| Ok(Value::Boolean(at_key(&values[0], &values[1]).is_some()))),
    )
    .nulls(Nulls::Always),
    Function::new(
        "str_to_map",
        Takes::Optional {
            required: 1,
            parameters: &[Type::String, Type::String, Type::String],
        },
        Gives::By(|_, _| Ok(map_type(DataType::String, DataType::String, true))),
        Evaluate::Strict(from_text),
    )
    .text(ColumnText::Filled(3, &[",", ":"])),
    Function::new(
        "map_concat",
        Takes::By(take_maps),
        Gives::By(concatenated_type),
        Evaluate::Strict(concat),
    )
    .unfoldable(),
];

fn one_map(function: &str, arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count(function, arguments, 1, 1)?;
    take_map(function, arguments, 0, session)
}

/// Keys and values by turns; all keys get one type, and all values.
fn take_pairs(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if !arguments.len().is_multiple_of(2) {
        let given = arguments.len();
        return Err(Mismatch::argument_count("map", "2n (n > 0)", given));
    }
    for (offset, part, condition) in [
        (0, "keys", "DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES"),
        (1, "values", "DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES"),
    ] {
        let types = || {
            arguments
                .iter()
                .skip(offset)
                .step_by(2)
                .map(|it| &it.data_type)
        };
        let Some(common) = common_type(types(), session) else {
            let types = types().map(|it| format!("\"{it}\"")).collect::<Vec<_>>();
            return Err(Mismatch::new(
                condition,
                format!(
                    "The given {part} of function `map` should all be the same type, but they are [{}].",
                    types.join(", ")
                ),
            ));
        };
        if offset == 0 {
            check_key(&common)?;
        }
        for argument in arguments.iter_mut().skip(offset).step_by(2) {
            argument.cast_in_place(&common, session)?;
        }
    }
    Ok(())
}

/// Refuses a map as a key, or within one.
pub(super) fn check_key(key: &DataType) -> Result<(), Mismatch> {
    let has_map = match key {
        DataType::Map { .. } => true,
        DataType::Array { element, .. } => return check_key(element),
        DataType::Struct(fields) => {
            return fields
                .iter()
                .try_for_each(|field| check_key(&field.data_type));
        }
        _ => false,
    };
    if !has_map {
        return Ok(());
    }
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE",
        format!("The key of map cannot be/contain \"{key}\"."),
    ))
}

fn created_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let of = |index: usize| arguments.get(index).map(|it| it.data_type.clone());
    let nullable = arguments.iter().skip(1).step_by(2).any(|it| it.nullable);
    Ok(map_type(
        of(0).unwrap_or(DataType::Null),
        of(1).unwrap_or(DataType::Null),
        nullable,
    ))
}

fn create(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut map = MapBuilder::new(call.session);
    for pair in values.chunks_exact(2) {
        map.put(pair[0].clone(), pair[1].clone())?;
    }
    map.build()
}

fn from_arrays(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let keys = items(&values[0]);
    let values = items(&values[1]);
    if keys.len() != values.len() {
        return Err(failed(
            call.session,
            "_LEGACY_ERROR_TEMP_2128",
            "The key array and value array of MapData must have the same length.",
            "22000",
        ));
    }
    let mut map = MapBuilder::new(call.session);
    for (key, value) in keys.iter().zip(values) {
        map.put(key.clone(), value.clone())?;
    }
    map.build()
}

/// An array of structs of two fields.
fn take_entries(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    check_count("map_from_entries", arguments, 1, 1)?;
    let given = &arguments[0].data_type;
    match element(given).0 {
        DataType::Struct(fields) if fields.len() == 2 => check_key(&fields[0].data_type),
        _ => {
            let requires = "\"ARRAY\" of pair \"STRUCT\"";
            Err(Mismatch::input_type("map_from_entries", 0, requires, given))
        }
    }
}

fn entry_types(entries: &DataType) -> DataType {
    match element(entries).0 {
        DataType::Struct(fields) if fields.len() == 2 => map_type(
            fields[0].data_type.clone(),
            fields[1].data_type.clone(),
            fields[1].nullable,
        ),
        other => other,
    }
}

/// `NULL` if an entry is.
fn from_entries(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let entries = items(&values[0]);
    if entries.contains(&Value::Null) {
        return Ok(Value::Null);
    }
    let mut map = MapBuilder::new(call.session);
    for entry in entries {
        if let Value::Struct(fields) = entry
            && let [(_, key), (_, value)] = fields.fields()
        {
            map.put(key.clone(), value.clone())?;
        }
    }
    map.build()
}

fn entries_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (key, value, nullable) = map_parts(&arguments[0].data_type);
    let fields = [("key", key, false), ("value", value, nullable)];
    let fields = fields.map(|(name, data_type, nullable)| StructField {
        name: name.into(),
        data_type,
        nullable,
    });
    Ok(array_type(DataType::Struct(fields.into()), false))
}

fn to_entries(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let entry = |(key, value): &(Value, Value)| -> Result<Value, Failure> {
        let fields = vec![("key".into(), key.clone()), ("value".into(), value.clone())];
        Ok(Value::Struct(Struct::new(fields)?))
    };
    let entries = entries(&values[0]).iter().map(entry);
    array(entries.collect::<Result<_, _>>()?)
}

fn take_map_and_key(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("map_contains_key", arguments, 2, 2)?;
    take_map("map_contains_key", arguments, 0, session)?;
    if arguments[1].data_type == DataType::Null {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.NULL_TYPE",
            "Null typed values cannot be used as arguments of `map_contains_key`.",
        ));
    }
    take_key("map_contains_key", arguments, session)
}

/// Maps of one type.
fn take_maps(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let is_map = |it: &Typed| matches!(it.data_type, DataType::Map { .. });
    if !arguments.iter().all(is_map) {
        let types = arguments.iter().map(|it| format!("\"{}\"", it.data_type));
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES",
            format!(
                "The `map_concat` should all be of type map, but it's [{}].",
                types.collect::<Vec<_>>().join(", ")
            ),
        ));
    }
    let types = || arguments.iter().map(|it| &it.data_type);
    let Some(common) = common_type(types(), session) else {
        let types = types().map(|it| format!("\"{it}\"")).collect::<Vec<_>>();
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
            format!(
                "Input to `map_concat` should all be the same type, but it's ({}).",
                types.join(" or ")
            ),
        ));
    };
    arguments
        .iter_mut()
        .try_for_each(|argument| argument.cast_in_place(&common, session))
}

fn concatenated_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let Some(first) = arguments.first() else {
        return Ok(map_type(DataType::String, DataType::String, false));
    };
    let (key, value, _) = map_parts(&first.data_type);
    let nullable = arguments.iter().any(|it| map_parts(&it.data_type).2);
    Ok(map_type(key, value, nullable))
}

/// `str_to_map(text, pairs, keys)`: the text is split by regular expressions; a key without a value has `NULL`.
fn from_text(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let pattern = |index: usize, default: &str| {
        let pattern = match values.get(index) {
            Some(Value::String(pattern)) => pattern.as_str(),
            _ => default,
        };
        JavaRegex::new(pattern).map_err(|error| thrown(error.to_string()))
    };
    let (Value::String(text), pairs, keys) = (&values[0], pattern(1, ",")?, pattern(2, ":")?)
    else {
        return Ok(Value::Null);
    };
    let mut map = MapBuilder::new(call.session);
    for pair in pairs.split(text, -1)? {
        let parts = keys.split(&pair, 2)?;
        let part = |index: usize| parts.get(index).cloned().map(Value::String);
        map.put(
            part(0).unwrap_or(Value::Null),
            part(1).unwrap_or(Value::Null),
        )?;
    }
    map.build()
}

fn concat(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let mut map = MapBuilder::new(call.session);
    for (key, value) in values.iter().flat_map(entries) {
        map.put(key.clone(), value.clone())?;
    }
    map.build()
}
