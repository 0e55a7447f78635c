//! `rows`: the rows of a table that does not change.

use std::borrow::Borrow;

use toml::de::DeValue;

use crate::keys::{TABLE_ROWS, TABLE_SCHEMA};
use crate::language::{TableReader, Written, in_order};
use crate::quote::{list, quote};
use crate::suggest::nearest;
use crate::{Cell, Code};

type Row = Vec<Option<Cell>>;

/// The rows of a table with these columns, none of which are known if its schema is mistaken.
pub(super) fn lower(table: &TableReader, columns: &[String]) -> Vec<Row> {
    let rows = table
        .written(&TABLE_ROWS)
        .and_then(|written| written.items());
    let rows = rows.into_iter().flatten();
    rows.filter_map(|written| row(&written, columns)).collect()
}

fn row(written: &Written, columns: &[String]) -> Option<Row> {
    match written.value.get_ref() {
        DeValue::Array(_) => of_values(written, columns),
        DeValue::Table(_) => Some(of_columns(written, columns)),
        _ => written.wrong_type("rows, each an array or a table"),
    }
}

/// A row with a value for each column.
fn of_values(written: &Written, columns: &[String]) -> Option<Row> {
    let row: Vec<Option<Cell>> = written.items()?.map(|value| cell(&value)).collect();
    if row.len() != columns.len() && !columns.is_empty() {
        let values = if row.len() == 1 { "value" } else { "values" };
        let message = format!(
            "a row of {} {values} in a table of {} columns",
            row.len(),
            columns.len()
        );
        let mistake = Code::Columns.at(written.value.span(), message);
        let help = format!(
            "the columns are {}; a row that leaves some out, which are then `NULL`, is a table such as `{{ {} = … }}`",
            list(columns.iter().map(String::as_str)),
            crate::language::toml_key(&columns[0]),
        );
        written.push(mistake.label("not a value for each column").help(help));
    }
    Some(row)
}

/// A row by the names of its columns, in upper or lower case.
fn of_columns(written: &Written, columns: &[String]) -> Row {
    let mut row = vec![None; columns.len()];
    let Some(table) = written.value.get_ref().as_table() else {
        return row;
    };
    for (key, value) in in_order(table) {
        let name: &str = key.borrow();
        let value = cell(&written.part(value));
        match columns.iter().position(|it| it.eq_ignore_ascii_case(name)) {
            Some(column) => row[column] = value,
            None if columns.is_empty() => {}
            None => {
                let names = || columns.iter().map(String::as_str);
                let columns = format!(
                    "the columns of `{}` are {}",
                    TABLE_SCHEMA.text.name,
                    list(names())
                );
                let help = match nearest(name, names()) {
                    Some(nearest) => format!("did you mean `{nearest}`? {columns}"),
                    None => columns,
                };
                let message = format!("the table has no column {}", quote(name));
                let mistake = Code::Columns
                    .at(key.span(), message)
                    .label("no such column");
                written.push(mistake.help(help));
            }
        }
    }
    row
}

/// A value; one that is none is reported.
fn cell(written: &Written) -> Option<Cell> {
    match written.value.get_ref() {
        DeValue::String(text) => Some(Cell::Text(text.to_string())),
        DeValue::Boolean(flag) => Some(Cell::Flag(*flag)),
        // A date and time is a text that SQL casts.
        DeValue::Datetime(datetime) => Some(Cell::Text(datetime.to_string())),
        DeValue::Integer(_) => written.integer().map(Cell::Integer),
        DeValue::Float(number) => number.as_str().parse().ok().map(Cell::Number),
        DeValue::Array(_) | DeValue::Table(_) => {
            written.wrong_type("texts, numbers, `true` and `false` in its rows")
        }
    }
}
