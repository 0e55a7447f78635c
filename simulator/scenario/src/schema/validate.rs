//! As much of JSON Schema as our schema uses, so that the tests can hold examples against it.

use serde_json::{Map, Value};

/// True if `value` fits `schema`, a part of `root`.
///
/// # Panics
///
/// Of a keyword that is not known here: the schema has outgrown its test.
pub(super) fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    let fits = |schema: &Value| is_valid(root, schema, value);
    let keywords = match schema {
        Value::Bool(always) => return *always,
        Value::Object(keywords) => keywords,
        _ => panic!("a schema is an object or a boolean, not {schema}"),
    };
    keywords.iter().all(|(keyword, it)| match keyword.as_str() {
        // Notes for a reader, and parts of other keywords.
        "$schema" | "$defs" | "title" | "description" | "default" | "format" | "then"
        | "prefixItems" => true,
        "$ref" => fits(definition(root, it)),
        "type" => is_of_type(it, value),
        "const" => it == value,
        "oneOf" => all(it).filter(|schema| fits(schema)).count() == 1,
        "anyOf" => all(it).any(fits),
        "allOf" => all(it).all(fits),
        "if" => !fits(it) || fits(&schema["then"]),
        "pattern" => value.as_str().is_none_or(|text| matches(it, text)),
        "minimum" => value.as_f64().is_none_or(|value| value >= number(it)),
        "maximum" => value.as_f64().is_none_or(|value| value <= number(it)),
        "minItems" => value
            .as_array()
            .is_none_or(|items| items.len() as f64 >= number(it)),
        "items" => {
            let first = schema.get("prefixItems").into_iter().flat_map(all);
            let schemas = first.chain(std::iter::repeat(it));
            let mut pairs = schemas.zip(value.as_array().into_iter().flatten());
            pairs.all(|(schema, item)| is_valid(root, schema, item))
        }
        // The keywords about objects hold of anything else.
        _ => value
            .as_object()
            .is_none_or(|object| holds_of_object(root, schema, keyword, object)),
    })
}

fn holds_of_object(
    root: &Value,
    schema: &Value,
    keyword: &str,
    object: &Map<String, Value>,
) -> bool {
    let it = &schema[keyword];
    let has = |key: &Value| object.contains_key(key.as_str().unwrap_or_default());
    match keyword {
        "required" => all(it).all(has),
        "minProperties" => object.len() as f64 >= number(it),
        "maxProperties" => object.len() as f64 <= number(it),
        "dependentRequired" => object
            .keys()
            .filter_map(|key| it.get(key))
            .all(|needed| all(needed).all(has)),
        "properties" => object.iter().all(|(key, value)| {
            it.get(key)
                .is_none_or(|schema| is_valid(root, schema, value))
        }),
        "additionalProperties" => object
            .iter()
            .filter(|(key, _)| schema["properties"].get(key).is_none())
            .all(|(_, value)| is_valid(root, it, value)),
        _ => panic!("unknown keyword {keyword}"),
    }
}

fn definition<'a>(root: &'a Value, reference: &Value) -> &'a Value {
    let pointer = reference.as_str().and_then(|it| it.strip_prefix('#'));
    let definition = pointer.and_then(|pointer| root.pointer(pointer));
    definition.unwrap_or_else(|| panic!("no definition of {reference}"))
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    if let Some(names) = name.as_array() {
        return names.iter().any(|name| is_of_type(name, value));
    }
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => panic!("unknown type {name}"),
    }
}

fn matches(pattern: &Value, text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match pattern.as_str() {
        Some(super::NAME_PATTERN) => {
            (1..=100).contains(&text.len()) && text.chars().all(is_of_name)
        }
        Some(super::TABLE_NAME_PATTERN) => crate::lower::is_table_name(text),
        Some(super::DURATION_PATTERN) => crate::duration::parse(text).is_ok(),
        Some(super::JUMP_PATTERN) => {
            let unsigned = text.strip_prefix(['+', '-']);
            unsigned.is_some_and(|it| crate::duration::parse(it).is_ok())
        }
        Some(super::WORK_PATTERN) => crate::duration::parse_micros(text).is_ok(),
        Some(super::SIZE_PATTERN) => crate::size::parse(text).is_ok(),
        Some(super::QUERY_FILE_PATTERN) => text.parse::<engine::QueryFile>().is_ok(),
        Some(super::PROCESS_PATTERN) => crate::Process::parse(text).is_some(),
        _ => panic!("unknown pattern {pattern}"),
    }
}

fn all(array: &Value) -> std::slice::Iter<'_, Value> {
    array
        .as_array()
        .expect("schemas and names are arrays")
        .iter()
}

fn number(bound: &Value) -> f64 {
    bound.as_f64().expect("a bound is a number")
}
