//! The scenarios, here, in the example of a user's crate and beside the tests of the Python package, show the whole
//! language: every key and every word.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use suite::find_scenarios;
use toml::{Table, Value};

#[test]
fn every_word_of_the_language_is_shown_in_a_scenario() {
    let language = Language::of_the_schema();
    let mut shown = BTreeSet::new();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    let folders = [
        "scenarios",
        "simulator/millrace/example/scenarios",
        "simulator/python/tests/scenarios",
    ];
    let files = folders.map(|folder| find_scenarios(&home.join(folder)));
    for file in files.into_iter().flatten() {
        let file = file.expect("the folder is there");
        let text = fs::read_to_string(file).expect("a scenario can be read");
        let scenario = text.parse().expect("a scenario is TOML");
        language.collect_shown(&language.schema, &scenario, &mut shown);
    }
    let missing: Vec<String> = language.words().difference(&shown).cloned().collect();
    assert!(
        missing.is_empty(),
        "words of the language that no scenario shows: {missing:#?}"
    );
}

/// The JSON schema of the language, as TOML, so that it and a scenario are values of one kind.
///
/// A word of the language is a key, as `clock.interval`, or a value of a key, as
/// `pipeline.mode = "stateless"`.
struct Language {
    schema: Table,
}

impl Language {
    fn of_the_schema() -> Language {
        Language {
            schema: Table::try_from(scenario::schema()).expect("the schema has no nulls"),
        }
    }

    /// Every word that there is.
    fn words(&self) -> BTreeSet<String> {
        let tables = table_at(&self.schema, "$defs").values();
        let tables = tables.filter_map(Value::as_table).chain([&self.schema]);
        let mut words = BTreeSet::new();
        for table in tables {
            for (key, property) in table_at(table, "properties") {
                words.insert(self.key(table, key));
                let said = alternatives(property).filter_map(|it| it.get("const")?.as_str());
                words.extend(said.map(|word| self.word(table, key, word)));
            }
        }
        words
    }

    /// Adds the words in a table of a scenario, which this table of the schema describes.
    fn collect_shown(&self, schema: &Table, shown_in: &Table, shown: &mut BTreeSet<String>) {
        for (key, value) in shown_in {
            shown.insert(self.key(schema, key));
            if let Some(word) = value.as_str() {
                shown.insert(self.word(schema, key, word));
            }
            let children = value
                .as_array()
                .map_or(std::slice::from_ref(value), |it| it);
            let children = children.iter().filter_map(Value::as_table);
            if let Some(schema) = self.table_of(&table_at(schema, "properties")[key]) {
                children.for_each(|child| self.collect_shown(schema, child, shown));
            }
        }
    }

    /// The table that a property is, holds, or may be.
    fn table_of(&self, property: &Value) -> Option<&Table> {
        let items = property.get("items").into_iter();
        let mut places = alternatives(property).chain(items).chain([property]);
        let reference = places.find_map(|it| it.get("$ref")?.as_str())?;
        let name = reference.strip_prefix("#/$defs/")?;
        Some(table_at(table_at(&self.schema, "$defs"), name))
    }

    /// A key with the name of its table, for many tables have a `window` or `words`.
    fn key(&self, table: &Table, key: &str) -> String {
        let mut tables = table_at(&self.schema, "$defs").iter();
        match tables.find(|(_, it)| it.as_table() == Some(table)) {
            Some((name, _)) => format!("{name}.{key}"),
            None => key.to_owned(),
        }
    }

    fn word(&self, table: &Table, key: &str, word: &str) -> String {
        format!("{} = {word:?}", self.key(table, key))
    }
}

fn alternatives(property: &Value) -> impl Iterator<Item = &Value> {
    let alternatives = property.get("oneOf").and_then(Value::as_array);
    alternatives.into_iter().flatten()
}

fn table_at<'a>(table: &'a Table, key: &str) -> &'a Table {
    table[key].as_table().expect("the schema has a table there")
}

#[test]
fn a_word_is_known_by_its_table() {
    let words = Language::of_the_schema().words();
    for word in [
        "title",
        "clock.interval",
        "pipeline.mode = \"stateless\"",
        "reduced_window.function = \"max\"",
    ] {
        assert!(words.contains(word), "{word}");
    }
}
