//! As much of JSON Schema as our schema uses, so that the tests can hold examples against it.

use serde_json::{Map, Value};

/// Whether `value` fits `schema`, a part of `root`.
///
/// # Panics
///
/// Of a keyword that is not known here: the schema has outgrown its test.
pub(super) fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    match schema {
        Value::Bool(always) => *always,
        Value::Object(keywords) => keywords
            .iter()
            .all(|(keyword, it)| holds((root, keywords), keyword, it, value)),
        _ => panic!("a schema is an object or a boolean, not {schema}"),
    }
}

fn holds(
    (root, keywords): (&Value, &Map<String, Value>),
    keyword: &str,
    it: &Value,
    value: &Value,
) -> bool {
    let fits = |schema: &Value| is_valid(root, schema, value);
    match keyword {
        // Notes for a reader, and parts of other keywords.
        "$schema" | "$defs" | "title" | "description" | "default" | "format" | "then"
        | "prefixItems" => true,
        "$ref" => is_valid(root, referred(root, it), value),
        "type" => is_of_type(it, value),
        "const" => it == value,
        "oneOf" => all(it).filter(|schema| fits(schema)).count() == 1,
        "anyOf" => all(it).any(fits),
        "allOf" => all(it).all(fits),
        "if" => !fits(it) || fits(&keywords["then"]),
        "pattern" => value.as_str().is_none_or(|text| matches(it, text)),
        "minimum" => value
            .as_f64()
            .is_none_or(|number| Some(number) >= it.as_f64()),
        "maximum" => value
            .as_f64()
            .is_none_or(|number| Some(number) <= it.as_f64()),
        "minItems" => value
            .as_array()
            .is_none_or(|items| items.len() as u64 >= size(it)),
        "items" => are_items(root, keywords, it, value),
        _ => is_object((root, keywords), keyword, it, value),
    }
}

/// The keywords about objects, which hold of anything else.
fn is_object(
    (root, keywords): (&Value, &Map<String, Value>),
    keyword: &str,
    it: &Value,
    value: &Value,
) -> bool {
    let nothing = Map::new();
    let object = value.as_object().unwrap_or(&nothing);
    let has = |key: &Value| object.contains_key(key.as_str().expect("a key is text"));
    let is_empty = value.as_object().is_none();
    match keyword {
        "required" => is_empty || all(it).all(has),
        "minProperties" => is_empty || object.len() as u64 >= size(it),
        "maxProperties" => object.len() as u64 <= size(it),
        "dependentRequired" => {
            let needs = it.as_object().expect("keys with what they need");
            needs
                .iter()
                .all(|(key, needed)| !object.contains_key(key) || all(needed).all(has))
        }
        "properties" => object.iter().all(|(key, value)| {
            it.get(key)
                .is_none_or(|schema| is_valid(root, schema, value))
        }),
        "additionalProperties" => {
            let known = keywords
                .get("properties")
                .and_then(Value::as_object)
                .unwrap_or(&nothing);
            let mut others = object.iter().filter(|(key, _)| !known.contains_key(*key));
            others.all(|(_, value)| is_valid(root, it, value))
        }
        _ => panic!("unknown keyword {keyword}"),
    }
}

fn are_items(root: &Value, keywords: &Map<String, Value>, it: &Value, value: &Value) -> bool {
    let first: Vec<&Value> = keywords
        .get("prefixItems")
        .into_iter()
        .flat_map(all)
        .collect();
    let items = value.as_array().into_iter().flatten().enumerate();
    let mut items = items.map(|(index, item)| (first.get(index).copied().unwrap_or(it), item));
    items.all(|(schema, item)| is_valid(root, schema, item))
}

fn referred<'a>(root: &'a Value, reference: &Value) -> &'a Value {
    let name = reference
        .as_str()
        .and_then(|it| it.strip_prefix("#/$defs/"));
    let name = name.expect("a reference is to a definition");
    root["$defs"]
        .get(name)
        .unwrap_or_else(|| panic!("no definition of {name}"))
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type is text") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("unknown type {other}"),
    }
}

fn matches(pattern: &Value, text: &str) -> bool {
    match pattern.as_str().expect("a pattern is text") {
        super::NAME_PATTERN => {
            (1..=100).contains(&text.len())
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        }
        super::DURATION_PATTERN => crate::duration::parse(text).is_ok(),
        super::SIZE_PATTERN => crate::size::parse(text).is_ok(),
        other => panic!("unknown pattern {other}"),
    }
}

fn all(array: &Value) -> std::slice::Iter<'_, Value> {
    array.as_array().expect("an array").iter()
}

fn size(value: &Value) -> u64 {
    value.as_u64().expect("a size")
}
