//! The schema agrees with the keys of the language, and with `parse` on examples.

use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use super::schema;
use super::validate::is_valid;
use crate::keys::{TOP, all_keys};
use crate::language::TomlTable;

fn json_of(text: &str) -> Value {
    let table = DeTable::parse(text)
        .expect("an example is TOML")
        .into_inner();
    of_table(&table)
}

fn of_table(table: &DeTable) -> Value {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), of_value(value.get_ref())))
        .collect()
}

fn of_value(value: &DeValue) -> Value {
    match value {
        DeValue::String(it) => json!(it),
        DeValue::Integer(it) => json!(it.as_str().parse::<i64>().expect("a small integer")),
        DeValue::Float(it) => json!(it.as_str().parse::<f64>().expect("a number")),
        DeValue::Boolean(it) => json!(it),
        DeValue::Datetime(it) => json!(it.to_string()),
        DeValue::Array(it) => it.iter().map(|item| of_value(item.get_ref())).collect(),
        DeValue::Table(it) => of_table(it),
    }
}

/// The schema of a table of the language.
fn schema_of<'a>(root: &'a Value, table: &TomlTable) -> &'a Value {
    if std::ptr::eq(table, &raw const TOP) {
        root
    } else {
        &root["$defs"][table.name]
    }
}

#[test]
fn every_example_fits_its_key() {
    let root = schema();
    for (table, key) in all_keys() {
        let example = json_of(key.text().example);
        let value = &example[key.name()];
        let property = &schema_of(&root, table)["properties"][key.name()];
        assert!(
            is_valid(&root, property, value),
            "{}.{} = {value}",
            table.name,
            key.name()
        );
    }
}

#[test]
fn every_default_fits_its_key() {
    let root = schema();
    for (table, key) in all_keys() {
        let property = &schema_of(&root, table)["properties"][key.name()];
        let Some(default) = property.get("default") else {
            continue;
        };
        assert!(
            is_valid(&root, property, default),
            "{}.{}",
            table.name,
            key.name()
        );
    }
}

#[test]
fn the_names_of_tables_are_distinct() {
    let count = TOP.with_children().len();
    let root = schema();
    let definitions = root["$defs"].as_object().map(serde_json::Map::len);
    assert_eq!(definitions, Some(count - 1));
}

/// Holds a text against the schema and against the parser, which must agree.
#[track_caller]
fn check(text: &str, expected: bool) {
    let root = schema();
    assert_eq!(
        is_valid(&root, &root, &json_of(text)),
        expected,
        "schema: {text}"
    );
    assert_eq!(
        crate::parse("example.toml", text).is_ok(),
        expected,
        "parser: {text}"
    );
}

#[track_caller]
fn check_pipeline(more: &str, expected: bool) {
    check(
        &format!("timeline = [{{ at = '1s', lines = ['a'] }}]\n[[pipeline]]\nname = 'a'\n{more}"),
        expected,
    );
}

#[track_caller]
fn check_entry(entry: &str, expected: bool) {
    check(
        &format!("timeline = [{entry}]\npipeline = [{{ name = 'a', mode = 'stateless' }}]"),
        expected,
    );
}

#[test]
fn agrees_with_the_parser_on_the_whole() {
    check(include_str!("../../tests/cookbook.toml"), true);
    check(include_str!("../../tests/every_word.toml"), true);
    check("", false);
    let pipeline = "pipeline = [{ name = 'a', mode = 'stateless' }]";
    check(&format!("timeline = []\n{pipeline}"), false);
    check(
        &format!("timeline = []\nclock.stop = '3s'\n{pipeline}"),
        true,
    );
    check(
        &format!("timeline = []\nclock.interval = '3s'\n{pipeline}"),
        false,
    );
    check("timeline = []\nclock.stop = '3s'\npipeline = []", false);
    check("title = 1", false);
}

#[test]
fn agrees_with_the_parser_on_entries() {
    check_entry("{ at = '0s', words = { blue = 5 } }", true);
    check_entry("{ at = '0s', words = { blue = 0 } }", false);
    check_entry("{ at = '0', lines = [] }", false);
    check_entry("{ at = '0s', lines = [1] }", false);
    check_entry("{ at = '0s', lines = [], partitions = 2 }", true);
    check_entry("{ at = '0s', words = { a = 1 }, partitions = 2 }", false);
    check_entry("{ at = '0s', lines = [], explode = 'driver' }", false);
    check_entry(
        "{ at = '0s', generate = { rate = 1, duration = '1s', skew = 1 } }",
        true,
    );
    check_entry("{ at = '0s', generate = { rate = 1 } }", false);
}

#[test]
fn agrees_with_the_parser_on_pipelines() {
    check_pipeline("", false);
    check_pipeline("mode = 'stateless'", true);
    check_pipeline("mode = 'stateles'", false);
    check_pipeline("mode = 'stateless'\nsteps = [{ print = 1 }]", false);
    check_pipeline("mode = 'stateless'\nwindow = '1s'\ninverse = true", true);
    check_pipeline("mode = 'stateless'\ninverse = true", false);
    check_pipeline("mode = 'stateless'\ninitial = { a = 1 }", false);
    check_pipeline("mode = 'update_state'\ninitial = { a = 1 }", true);
    check_pipeline(
        "mode = 'update_state'\ninitial = [['a', 1], ['a', 2]]",
        true,
    );
    check_pipeline("mode = 'update_state'\ninitial = [['a', 1, 2]]", false);
    check_pipeline("mode = 'structured'\ntrigger = 'once'", true);
    check_pipeline(
        "mode = 'structured'\ntrigger = { processing_time = '5s' }",
        true,
    );
    check_pipeline("mode = 'structured'\ntrigger = {}", false);
    check_pipeline("steps = [{ count = true }, { print = 1 }]", true);
    check_pipeline("steps = [{ count = false }, { print = 1 }]", false);
    check_pipeline("steps = [{ map = 'upper', print = 1 }]", false);
    check_pipeline("steps = [{ print = 1 }]\nsource = 'socket'", false);
}
