//! `[[source]]` and `[[table]]`: the tables that queries in SQL read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use super::static_rows;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{
    DROP_DUPLICATES, FORMAT, LineFormat, MAX_FILES, MAX_OFFSETS, PARSE_MODE, PIPELINES,
    QUERY_SOURCES, SOURCE, SOURCE_KIND, SOURCE_MAX_FILES, SOURCE_NAME, SOURCE_OPTIONS,
    SOURCE_SCHEMA, SOURCE_WATERMARK, SQL, STARTING_OFFSETS, STATIC_TABLES, TABLE_NAME,
    TABLE_SCHEMA,
};
use crate::language::{AnyKey, TableKey, TableReader, TomlKey};
use crate::quote::quote;
use crate::{Code, Pipeline, Program, QuerySource, Source, StaticTable, schema_columns};

/// The sources and the tables of a text.
pub(super) struct QueryTables {
    pub(super) sources: Vec<QuerySource>,
    pub(super) tables: Vec<StaticTable>,
}

impl QueryTables {
    /// Reads them; no two have one name, in upper or lower case, as SQL knows no case.
    pub(super) fn lower(top: &TableReader) -> QueryTables {
        let mut names = Names::default();
        let sources = top.tables(&QUERY_SOURCES).into_iter();
        let sources = sources.map(|table| source(&table, &mut names)).collect();
        let tables = top.tables(&STATIC_TABLES).into_iter();
        let tables = tables
            .map(|table| static_table(&table, &mut names))
            .collect();
        QueryTables { sources, tables }
    }
}

/// Reports sources and tables that no pipeline can read, and a source of a pipeline beside those of the scenario.
/// `pipelines` are known to have no mistakes.
pub(super) fn check(top: &TableReader, pipelines: &[Pipeline]) {
    if !pipelines.is_empty() && !pipelines.iter().any(is_sql) {
        for key in [&QUERY_SOURCES, &STATIC_TABLES] {
            if let Some(span) = span_of_first(top, key) {
                let message = format!("`[[{}]]` means nothing without a query in SQL", key.name());
                let mistake = Code::Needs.at(span, message).label("read by no pipeline");
                let help = format!(
                    "a pipeline of mode structured reads it by\n{}",
                    SQL.text.example
                );
                top.push(mistake.help(help));
            }
        }
    }
    if !top.has(&QUERY_SOURCES) {
        return;
    }
    let own: [&'static dyn AnyKey; 2] = [&SOURCE, &MAX_FILES];
    for written in own
        .into_iter()
        .flat_map(|key| top.entries_with(&PIPELINES, [&SQL, key]))
    {
        let message = format!(
            "`{}` is of the source `lines`, and the sources are those of `[[source]]`",
            written.key.name()
        );
        let mistake = Code::WrongMode.at(written.value.span(), message);
        let help = format!(
            "leave it out; in `[[source]]` there is\n{}",
            SOURCE_KIND.key.text.example
        );
        top.push(mistake.label("of no source").help(help));
    }
}

/// Reports faults of sources of which there may be several.
pub(super) fn check_faults(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
    sources: &[QuerySource],
) {
    if sources.is_empty() || !pipelines.iter().any(is_sql) {
        return;
    }
    for fault in &timeline.source_faults {
        let message = "a query with `[[source]]` has no faults of a source yet";
        let mistake = Code::BadFault.at(fault.span(), message).label("not played");
        let help = "without `[[source]]` the query reads `lines`, whose lines may be lost or late; other faults are played";
        diagnostics.push(mistake.help(help));
    }
}

fn is_sql(pipeline: &Pipeline) -> bool {
    matches!(&pipeline.program, Program::Structured(query) if query.sql.is_some())
}

/// The span of the first table of an array of tables.
fn span_of_first(top: &TableReader, key: &'static TableKey) -> Option<Range<usize>> {
    let written = top.written(key)?;
    let first = written.value.get_ref().as_array()?.first()?.span();
    Some(first)
}

/// The names so far, in lower case, each with the place of the first that has it.
#[derive(Default)]
struct Names(BTreeMap<String, Range<usize>>);

impl Names {
    /// The name of a table, which is one in SQL and the only one of its kind.
    fn read(&mut self, table: &TableReader, key: &'static TomlKey<String>) -> String {
        let Some(name) = table.spanned(key) else {
            return String::new();
        };
        let span = name.span();
        let name = name.into_inner();
        if !is_table_name(&name) {
            let message = format!("{} cannot name a table", quote(&name));
            let mistake = Code::BadName.at(span, message).label("not a name in SQL");
            let help = "a letter or `_`, then letters (a to z, A to Z), digits and `_`";
            table.push(mistake.help(help));
            return name;
        }
        match self.0.entry(name.to_ascii_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert(span);
            }
            Entry::Occupied(first) => {
                let message = format!("two tables are called {}", quote(&name));
                let mistake = Code::DuplicateName.at(span, message).label("the second");
                let help =
                    "each source and each table has a name of its own, in upper or lower case";
                table.push(mistake.also(first.get().clone(), "the first").help(help));
            }
        }
        name
    }
}

/// True of a name that a table has in SQL and a variable in Python.
pub(crate) fn is_table_name(name: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(is_inside) && name.starts_with(|c: char| !c.is_ascii_digit())
}

fn source(table: &TableReader, names: &mut Names) -> QuerySource {
    let format = table.get_or_default(&FORMAT);
    let kind = match format {
        LineFormat::Kafka | LineFormat::Rate | LineFormat::RateMicroBatch => Source::Direct,
        LineFormat::Text | LineFormat::Json | LineFormat::Csv => table.get_or_default(&SOURCE_KIND),
    };
    check_format(table, format);
    check_reader(table, format);
    let max_files = table.spanned(&SOURCE_MAX_FILES);
    if let Some(max_files) = &max_files
        && kind != Source::Direct
    {
        let message = "`max_files_per_trigger` means nothing without files";
        let mistake = Code::Needs.at(max_files.span(), message).label("no files");
        table.push(mistake.help("for example\nkind = \"direct\""));
    }
    QuerySource {
        name: names.read(table, &SOURCE_NAME),
        kind,
        max_files_per_trigger: max_files.map(toml::Spanned::into_inner),
        format,
        schema: table.get(&SOURCE_SCHEMA),
        mode: table.get_or_default(&PARSE_MODE),
        starting_offsets: table.get(&STARTING_OFFSETS),
        max_offsets_per_trigger: table.get(&MAX_OFFSETS),
        options: table.get(&SOURCE_OPTIONS).unwrap_or_default(),
        watermark: table.get(&SOURCE_WATERMARK),
        drop_duplicates: table.get(&DROP_DUPLICATES),
    }
}

/// Lines of JSON and CSV have a schema, and text has none.
fn check_format(table: &TableReader, format: LineFormat) {
    let is_text = !matches!(format, LineFormat::Json | LineFormat::Csv);
    if !is_text && !table.has(&SOURCE_SCHEMA) {
        let span = table.key_span(&FORMAT).unwrap_or_else(|| table.span());
        let message = "lines of JSON and CSV have a schema";
        let mistake = Code::Needs.at(span, message).label("needs `schema`");
        table.push(mistake.help(format!("for example\n{}", SOURCE_SCHEMA.text.example)));
    }
    let of_columns: [&dyn AnyKey; 2] = [&SOURCE_SCHEMA, &PARSE_MODE];
    let is_misspelt = table.has(&FORMAT) && table.get(&FORMAT.key).is_none();
    for key in of_columns.into_iter().filter(|_| is_text && !is_misspelt) {
        if let Some(span) = table.key_span(key) {
            let message = format!("`{}` means nothing for lines of text", key.name());
            let mistake = Code::Needs.at(span, message).label("of JSON or CSV");
            table.push(mistake.help(format!("for example\n{}", FORMAT.key.text.example)));
        }
    }
}

/// Keys of one kind of source do not meet those of another.
fn check_reader(table: &TableReader, format: LineFormat) {
    if table.has(&FORMAT) && table.get(&FORMAT.key).is_none() {
        return;
    }
    let check = |keys: &[&dyn AnyKey], of: &str, help: &str| {
        for key in keys {
            if let Some(span) = table.key_span(*key) {
                let message = format!("`{}` means nothing {of}", key.name());
                table.push(Code::Needs.at(span, message).label(of).help(help));
            }
        }
    };
    let of_topics: &[&dyn AnyKey] = &[&STARTING_OFFSETS, &MAX_OFFSETS];
    let of_lines: &[&dyn AnyKey] = &[&SOURCE_KIND.key, &SOURCE_MAX_FILES];
    match format {
        LineFormat::Kafka => {
            check(
                of_lines,
                "for a topic",
                "leave it out: a topic keeps its messages",
            );
        }
        LineFormat::Rate | LineFormat::RateMicroBatch => {
            check(of_lines, "for numbers", "leave it out: nothing sends them");
            check(of_topics, "without a topic", "leave it out");
        }
        LineFormat::Text | LineFormat::Json | LineFormat::Csv => {
            let help = "for example\nformat = \"kafka\"";
            check(of_topics, "without a topic", help);
            check(&[&SOURCE_OPTIONS], "for lines", help);
        }
    }
}

fn static_table(table: &TableReader, names: &mut Names) -> StaticTable {
    let schema = table.get(&TABLE_SCHEMA).unwrap_or_default();
    let columns = schema_columns(&schema);
    StaticTable {
        name: names.read(table, &TABLE_NAME),
        rows: static_rows::lower(table, &columns),
        schema,
        columns,
    }
}
