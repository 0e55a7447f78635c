//! The JSON schema of the language (draft 2020-12), made from its keys.

use serde_json::{Map, Value, json};

use crate::keys::{MODES, PIPELINE, TIMELINE, TOP};
use crate::language::{AnyKey, KeyCount, KeyText, Shape, TomlTable, WordList};

/// A name of a pipeline, as a regular expression.
const NAME_PATTERN: &str = "^[A-Za-z0-9_-]{1,100}$";

/// A name of a table, as a regular expression.
const TABLE_NAME_PATTERN: &str = "^[A-Za-z_][A-Za-z0-9_]*$";

/// A duration, as a regular expression that leaves the names of units to the parser.
const DURATION_PATTERN: &str = r"^\s*([A-Za-z]+\s+)?([0-9]+(\.[0-9]+)?\s*[A-Za-z]+(\s+|$))+$";

/// A jump of a clock, as a regular expression.
const JUMP_PATTERN: &str = r"^\s*[+-]\s*([0-9]+(\.[0-9]+)?\s*[A-Za-z]+(\s+|$))+$";
/// The time of some work: numbers with units, as of a duration.
const WORK_PATTERN: &str = r"^([0-9]+(\.[0-9]+)?\s*[A-Za-z]+(\s+|$))+$";

/// A number of bytes, as a regular expression.
const SIZE_PATTERN: &str = r"^[0-9]+(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

/// A file of a query's checkpoint, as a regular expression.
const PROCESS_PATTERN: &str = "^(driver|(executor|receiver) [0-9]+)$";
const QUERY_FILE_PATTERN: &str = r"^(metadata|(offsets|commits|sources/[0-9]+)/[0-9]+|state/[0-9]+/(0/_metadata/schema|[0-9]+/[0-9]+\.(delta|snapshot)))$";

/// The JSON schema of a scenario, by which an editor completes, explains and checks.
///
/// A file names its schema in a comment on its first line, `#:schema path/to/scenario.schema.json`.
/// The schema knows keys, types, bounds, words and which options go with which mode; [`parse`]
/// knows more, such as that times do not run backwards.
///
/// [`parse`]: crate::parse()
///
/// ```
/// let schema = scenario::schema();
/// let interval = &schema["$defs"]["clock"]["properties"]["interval"];
/// assert_eq!(interval["default"], "1s");
/// ```
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Millrace scenario",
    });
    add_table(&mut schema, &TOP);
    // A run with a stop needs no entries.
    schema["anyOf"] = json!([
        { "properties": { "timeline": { "minItems": 1 } } },
        { "properties": { "clock": { "required": ["stop"] } }, "required": ["clock"] },
    ]);
    for child in TOP.with_children().into_iter().skip(1) {
        add_table(&mut schema["$defs"][child.name], child);
    }
    schema
}

/// Adds the keywords that describe a table.
fn add_table(schema: &mut Value, table: &TomlTable) {
    schema["description"] = json!(table.doc);
    schema["type"] = json!("object");
    for it in table.keys {
        schema["properties"][it.name()] = key(*it);
    }
    schema["additionalProperties"] = json!(false);

    let texts = || table.keys.iter().map(|key| key.text());
    let required = texts().filter(|key| key.required);
    let required: Vec<_> = required.map(|key| key.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    for key in texts() {
        if let Some(needed) = key.needs {
            schema["dependentRequired"][key.name] = json!([needed]);
        }
    }
    if table.key_count == KeyCount::One {
        schema["minProperties"] = json!(1);
        schema["maxProperties"] = json!(1);
    }
    if std::ptr::eq(table, &raw const PIPELINE) {
        let given = ["mode", "steps", "program", "rust"];
        schema["oneOf"] = given
            .map(|key| json!({ "required": [key] }))
            .into_iter()
            .collect();
        schema["allOf"] = Value::Array(modes());
    }
}

/// The options that each mode, `steps`, `program` and `rust` refuse.
fn modes() -> Vec<Value> {
    let refused = |mode: Option<&str>| -> Map<String, Value> {
        let belongs = |key: &KeyText| mode.is_some_and(|mode| key.modes.contains(&mode));
        let keys = PIPELINE.keys.iter().map(|key| key.text());
        keys.filter(|key| !key.modes.is_empty() && !belongs(key))
            .map(|key| (key.name.to_owned(), json!(false)))
            .collect()
    };
    let of_others = ["steps", "program", "rust"].map(|key| {
        json!({
            "if": { "required": [key] },
            "then": { "properties": refused(None) },
        })
    });
    let of_modes = MODES.list().into_iter().map(|(mode, _)| {
        json!({
            "if": { "properties": { "mode": { "const": mode } }, "required": ["mode"] },
            "then": { "properties": refused(Some(mode)) },
        })
    });
    of_modes.chain(of_others).collect()
}

fn key(key: &dyn AnyKey) -> Value {
    let mut schema = shape(key.shape());
    if matches!(key.shape(), Shape::Tables(_))
        && !std::ptr::eq(key.text(), &raw const TIMELINE.text)
    {
        schema["minItems"] = json!(1);
    }
    schema["description"] = json!(key.text().doc);
    if let Some(default) = key.default_json() {
        schema["default"] = default;
    }
    schema
}

fn shape(shape: Shape) -> Value {
    match shape {
        Shape::Text | Shape::Zone => json!({ "type": "string" }),
        Shape::Name => json!({ "type": "string", "pattern": NAME_PATTERN }),
        Shape::TableName => json!({ "type": "string", "pattern": TABLE_NAME_PATTERN }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::True => json!({ "const": true }),
        Shape::Integer(least, most) => integer(least, most),
        Shape::Number(least, most) => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Shape::Span(..) => json!({ "type": "string", "pattern": DURATION_PATTERN }),
        Shape::Jump => json!({ "type": "string", "pattern": JUMP_PATTERN }),
        Shape::Work => json!({ "type": "string", "pattern": WORK_PATTERN }),
        Shape::Size => json!({ "type": "string", "pattern": SIZE_PATTERN }),
        Shape::QueryFile => json!({ "type": "string", "pattern": QUERY_FILE_PATTERN }),
        Shape::Process => json!({ "type": "string", "pattern": PROCESS_PATTERN }),
        Shape::SourceOrProcess => {
            json!({ "anyOf": [{ "const": "source" }, { "type": "string", "pattern": PROCESS_PATTERN }] })
        }
        Shape::Instant => json!({ "type": "string", "format": "date-time" }),
        Shape::Word(words) => one_of(words, None),
        Shape::WordOr(words, table) => one_of(words, Some(table)),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Counts(least, most) => counts(&integer(least, most)),
        Shape::Totals => json!({ "anyOf": [counts(&json!({ "type": "integer" })), pairs()] }),
        Shape::Options => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "number", "boolean"] },
        }),
        Shape::Rows => rows(),
        Shape::Table(table) => reference(table),
        Shape::Tables(table) => json!({ "type": "array", "items": reference(table) }),
    }
}

fn integer(least: i64, most: i64) -> Value {
    if (least, most) == (i64::MIN, i64::MAX) {
        return json!({ "type": "integer" });
    }
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn counts(count: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": count })
}

fn pairs() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "array",
            "prefixItems": [{ "type": "string" }, { "type": "integer" }],
            "items": false,
            "minItems": 2,
        },
    })
}

fn rows() -> Value {
    let cell = json!({ "type": ["string", "number", "boolean"] });
    json!({
        "type": "array",
        "items": {
            "anyOf": [
                { "type": "array", "items": cell },
                { "type": "object", "additionalProperties": cell },
            ],
        },
    })
}

/// Each word apart, so that an editor shows what it means.
fn one_of(words: &dyn WordList, table: Option<&TomlTable>) -> Value {
    let words = words.list().into_iter();
    let words = words.map(|(word, doc)| json!({ "const": word, "description": doc }));
    let all: Vec<Value> = words.chain(table.map(reference)).collect();
    json!({ "oneOf": all })
}

fn reference(table: &TomlTable) -> Value {
    json!({ "$ref": format!("#/$defs/{}", table.name) })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod validate;
