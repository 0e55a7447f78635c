//! As much of JSON Schema as our schema uses, so that the tests can hold examples against it.

use serde_json::{Map, Value};

/// True if `value` fits `schema`, a part of `root`.
///
/// # Panics
///
/// Of a keyword that is not known here: the schema has outgrown its test.
pub(super) fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    match schema {
        Value::Bool(always) => *always,
        Value::Object(keywords) => {
            let schema = Schema { root, keywords };
            let mut keywords = keywords.iter();
            keywords.all(|(keyword, it)| schema.holds(keyword, it, value))
        }
        _ => panic!("a schema is an object or a boolean, not {schema}"),
    }
}

/// A schema that is an object, a part of `root`.
struct Schema<'a> {
    root: &'a Value,
    keywords: &'a Map<String, Value>,
}

impl Schema<'_> {
    fn holds(&self, keyword: &str, it: &Value, value: &Value) -> bool {
        let fits = |schema: &Value| is_valid(self.root, schema, value);
        match keyword {
            // Notes for a reader, and parts of other keywords.
            "$schema" | "$defs" | "title" | "description" | "default" | "format" | "then"
            | "prefixItems" => true,
            "$ref" => is_valid(self.root, referred(self.root, it), value),
            "type" => is_of_type(it, value),
            "const" => it == value,
            "oneOf" => all(it).filter(|schema| fits(schema)).count() == 1,
            "anyOf" => all(it).any(fits),
            "allOf" => all(it).all(fits),
            "if" => !fits(it) || fits(&self.keywords["then"]),
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
            "items" => self.items_hold(it, value),
            _ => self.holds_of_object(keyword, it, value),
        }
    }

    /// The keywords about objects, which hold of anything else.
    fn holds_of_object(&self, keyword: &str, it: &Value, value: &Value) -> bool {
        let Some(object) = value.as_object() else {
            return true;
        };
        let has = |key: &Value| object.contains_key(key.as_str().expect("a key is text"));
        match keyword {
            "required" => all(it).all(has),
            "minProperties" => object.len() as u64 >= size(it),
            "maxProperties" => object.len() as u64 <= size(it),
            "dependentRequired" => {
                let mut needs = it.as_object().expect("keys with their needs").iter();
                needs.all(|(key, needed)| !object.contains_key(key) || all(needed).all(has))
            }
            "properties" => object.iter().all(|(key, value)| {
                it.get(key)
                    .is_none_or(|schema| is_valid(self.root, schema, value))
            }),
            "additionalProperties" => {
                let known = self.keywords.get("properties");
                let is_known = |key: &str| known.is_some_and(|known| known.get(key).is_some());
                let mut others = object.iter().filter(|(key, _)| !is_known(key));
                others.all(|(_, value)| is_valid(self.root, it, value))
            }
            _ => panic!("unknown keyword {keyword}"),
        }
    }

    fn items_hold(&self, it: &Value, value: &Value) -> bool {
        let first = self.keywords.get("prefixItems").into_iter().flat_map(all);
        let schemas = first.chain(std::iter::repeat(it));
        let items = value.as_array().into_iter().flatten();
        let mut pairs = schemas.zip(items);
        pairs.all(|(schema, item)| is_valid(self.root, schema, item))
    }
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
