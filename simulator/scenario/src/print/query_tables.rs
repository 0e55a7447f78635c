//! `[[source]]` and `[[table]]` as TOML.

use crate::keys::{
    DROP_DUPLICATES, FORMAT, MAX_OFFSETS, PARSE_MODE, QUERY_SOURCES, SOURCE_KIND, SOURCE_MAX_FILES,
    SOURCE_NAME, SOURCE_OPTIONS, SOURCE_SCHEMA, SOURCE_WATERMARK, STARTING_OFFSETS, STATIC_TABLES,
    TABLE_NAME, TABLE_ROWS, TABLE_SCHEMA,
};
use crate::language::{Items, toml_key, toml_text};
use crate::{Cell, QuerySource, StaticTable};

pub(super) fn source(source: &QuerySource) -> String {
    let mut items = Items::default();
    items.set(&SOURCE_NAME, &source.name);
    if !source.format.has_options() {
        items.set_unless_default(&SOURCE_KIND, &source.kind);
    }
    items.set_some(&SOURCE_MAX_FILES, source.max_files_per_trigger.as_ref());
    items.set_unless_default(&FORMAT, &source.format);
    items.set_some(&SOURCE_SCHEMA, source.schema.as_ref());
    items.set_unless_default(&PARSE_MODE, &source.mode);
    items.set_some(&STARTING_OFFSETS, source.starting_offsets.as_ref());
    items.set_some(&MAX_OFFSETS, source.max_offsets_per_trigger.as_ref());
    if !source.options.is_empty() {
        items.set(&SOURCE_OPTIONS, &source.options);
    }
    items.set_some(&SOURCE_WATERMARK, source.watermark.as_ref());
    items.set_some(&DROP_DUPLICATES, source.drop_duplicates.as_ref());
    format!("[[{}]]\n{}", QUERY_SOURCES.text.name, items.lines())
}

/// A row a line.
pub(super) fn static_table(table: &StaticTable) -> String {
    let mut rows = String::new();
    for row in &table.rows {
        rows.extend(["  ", &print_row(row, &table.columns), ",\n"]);
    }
    let mut items = Items::default();
    items.set(&TABLE_NAME, &table.name);
    items.set(&TABLE_SCHEMA, &table.schema);
    items.set_toml(&TABLE_ROWS, format!("[\n{rows}]"));
    format!("[[{}]]\n{}", STATIC_TABLES.text.name, items.lines())
}

/// An array, or a table of columns where a cell is `NULL`.
fn print_row(row: &[Option<Cell>], columns: &[String]) -> String {
    let cells: Option<Vec<String>> = row.iter().map(|it| it.as_ref().map(print_cell)).collect();
    if let Some(cells) = cells {
        return format!("[{}]", cells.join(", "));
    }
    let cells = columns.iter().zip(row);
    let cells = cells.filter_map(|(column, cell)| {
        Some(format!(
            "{} = {}",
            toml_key(column),
            print_cell(cell.as_ref()?)
        ))
    });
    match &*cells.collect::<Vec<_>>() {
        [] => "{}".to_owned(),
        cells => format!("{{ {} }}", cells.join(", ")),
    }
}

fn print_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => toml_text(text),
        Cell::Integer(integer) => integer.to_string(),
        Cell::Number(number) if number.is_nan() => "nan".to_owned(),
        Cell::Number(number) => format!("{number:?}"),
        Cell::Flag(flag) => flag.to_string(),
    }
}
