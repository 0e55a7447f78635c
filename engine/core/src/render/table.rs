//! One micro-batch as the console sink of a structured query shows it (`CON-1` to `CON-5`).
//!
//! From `org.apache.spark.sql.execution.streaming.sources.ConsoleWrite` and
//! `showString` of `org.apache.spark.sql.Dataset` (Spark 3.5.9) and `org.apache.spark.sql.classic.Dataset` (4.3.0).

use std::fmt::Write;

use super::cell::{TableCell, UNITS_MAX};
use super::{Notation, RULE, Renderer};
use crate::event::Table;
use crate::types::Row;
use crate::{SparkVersion, TableWrite};

/// No column is narrower.
const WIDTH_MIN: usize = 3;

/// Appends the block of micro-batch `batch_id`: a header, the table, a notice if it has more rows,
/// and an empty line. Spark 4 leaves out the empty line after the notice (`CON-3`).
///
/// `local_micros` gives what the clocks of the session's zone show at a point in time, both in microseconds
/// since the epoch (`CON-4`).
///
/// ```
/// use engine::render::table;
/// use engine::{Record, SparkVersion, Table, Text, Value};
/// let shown = Table {
///     columns: ["word", "count"].map(Text::from).into(),
///     rows: vec![vec![Value::String("blue".into()), Value::Long(5)]],
///     more: false,
///     truncate: true,
///     spark: SparkVersion::V3_5,
/// };
/// let mut console = String::new();
/// table::block(0, &shown, &|utc| utc, &mut console);
/// assert_eq!(console, "\
/// -------------------------------------------
/// Batch: 0
/// -------------------------------------------
/// +----+-----+
/// |word|count|
/// +----+-----+
/// |blue|    5|
/// +----+-----+
///
/// ");
/// ```
pub fn block(batch_id: u64, table: &Table, local_micros: &dyn Fn(i64) -> i64, out: &mut String) {
    out.extend([RULE, &format!("Batch: {batch_id}\n"), RULE]);
    let cut = table.truncate.then_some(UNITS_MAX);
    draw(table, cut, &Renderer::new(Notation::Sql, local_micros), out);
    if table.more {
        let rows = table.rows.len();
        let end = if rows == 1 { " row\n" } else { " rows\n" };
        out.extend(["only showing top ", &rows.to_string(), end]);
    }
    if !table.more || table.spark == SparkVersion::V3_5 {
        out.push('\n');
    }
}

/// The table as `DataFrame.show` prints it, with the notice if it has more rows and without the empty line after it. Cells of more
/// UTF-16 units than `cut` are cut, and then all are aligned to the right.
///
/// `local_micros` gives what the clocks of the session's zone show at a point in time.
pub fn shown(table: &Table, cut: Option<usize>, local_micros: &dyn Fn(i64) -> i64) -> String {
    let mut out = String::new();
    draw(
        table,
        cut,
        &Renderer::new(Notation::Sql, local_micros),
        &mut out,
    );
    out.push_str(&footer(table));
    out
}

/// The rows of a table as `show(vertical=True)` prints them: a line a cell, and what is missing.
pub fn vertical(table: &Table, cut: Option<usize>, local_micros: &dyn Fn(i64) -> i64) -> String {
    let renderer = Renderer::new(Notation::Sql, local_micros);
    let (header, rows) = cells(table, cut, &renderer);
    let widest = |cells: &mut dyn Iterator<Item = &TableCell>| {
        cells.map(|cell| cell.width).fold(WIDTH_MIN, usize::max)
    };
    let names = widest(&mut header.iter());
    let values = widest(&mut rows.iter().flatten());
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let title = format!("-RECORD {index}");
        let _ = writeln!(out, "{title:-<width$}", width = names + values + 5);
        for (name, cell) in header.iter().zip(row) {
            let after_name = " ".repeat(names - name.width);
            let after_cell = " ".repeat(values - cell.width);
            let _ = writeln!(
                out,
                " {}{after_name} | {}{after_cell} ",
                name.text, cell.text
            );
        }
    }
    if rows.is_empty() {
        out.push_str("(0 rows)\n");
    } else {
        out.push_str(&footer(table));
    }
    out
}

/// The line that says how many rows are shown, where there are more.
fn footer(table: &Table) -> String {
    let rows = table.rows.len();
    match rows {
        _ if !table.more => String::new(),
        1 => "only showing top 1 row\n".to_owned(),
        _ => format!("only showing top {rows} rows\n"),
    }
}

/// The rows for a place that is not here: a header, all of them in a table, and an empty line.
pub fn written(write: &TableWrite, local_micros: &dyn Fn(i64) -> i64) -> String {
    let title = format!("Written: {}\n", write.title());
    let table = Table {
        columns: write.columns.iter().map(|it| it.name.clone()).collect(),
        rows: write.rows.clone(),
        more: false,
        truncate: false,
        spark: SparkVersion::default(),
    };
    let table = shown(&table, None, local_micros);
    [RULE, &title, RULE, &table, "\n"].concat()
}

/// Appends the header and the rows between rules. Cells that are cut are aligned to the right.
fn draw(table: &Table, cut: Option<usize>, renderer: &Renderer<'_>, out: &mut String) {
    let (header, rows) = cells(table, cut, renderer);
    let lines: Vec<Vec<TableCell>> = std::iter::once(header).chain(rows).collect();
    let columns = 0..table.columns.len();
    let widths: Vec<usize> = columns.map(|column| width(&lines, column)).collect();
    let bars = widths.iter().map(|width| "-".repeat(*width));
    let rule = framed("+", bars);
    out.push_str(&rule);
    for (index, line) in lines.iter().enumerate() {
        let padded = line.iter().zip(&widths).map(|(cell, width)| {
            let padding = " ".repeat(width - cell.width);
            if cut.is_some() {
                padding + &cell.text
            } else {
                cell.text.clone() + &padding
            }
        });
        out.push_str(&framed("|", padded));
        if index == 0 {
            out.push_str(&rule);
        }
    }
    out.push_str(&rule);
}

/// A line of texts between signs. A table without columns has two.
fn framed(sign: &str, texts: impl Iterator<Item = String>) -> String {
    format!("{sign}{}{sign}\n", texts.collect::<Vec<_>>().join(sign))
}

/// The names of the columns, and the cells of each row.
fn cells(
    table: &Table,
    cut: Option<usize>,
    renderer: &Renderer<'_>,
) -> (Vec<TableCell>, Vec<Vec<TableCell>>) {
    let fit = |text: &str| match cut {
        Some(most) => TableCell::cut(text, most),
        None => TableCell::whole(text),
    };
    let names = table.columns.iter();
    let header = names.map(|name| TableCell::whole(name)).collect();
    let row = |row: &Row| row.iter().map(|value| fit(&renderer.text(value))).collect();
    (header, table.rows.iter().map(row).collect())
}

fn width(lines: &[Vec<TableCell>], column: usize) -> usize {
    let widths = lines
        .iter()
        .filter_map(|line| line.get(column).map(|cell| cell.width));
    widths.fold(WIDTH_MIN, usize::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Record, Text, Value};

    fn words(words: &[&str]) -> Table {
        Table {
            columns: ["word", "count"].map(Text::from).into(),
            rows: words
                .iter()
                .map(|word| vec![word.to_value(), Value::Long(1)])
                .collect(),
            more: false,
            truncate: true,
            spark: SparkVersion::V3_5,
        }
    }

    #[track_caller]
    fn check(table: &Table, expected: &[&str]) {
        let mut out = String::new();
        block(7, table, &|utc| utc, &mut out);
        let head = format!("{0}\nBatch: 7\n{0}\n", "-".repeat(43));
        let drawn = out
            .strip_prefix(&head)
            .expect("a block begins with its header");
        assert_eq!(drawn.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn con_2_cells_align_left_and_are_whole_without_truncation() {
        let table = Table {
            truncate: false,
            ..words(&["abcdefghijklmnopqrstu", "漢"])
        };
        check(
            &table,
            &[
                "+---------------------+-----+",
                "|word                 |count|",
                "+---------------------+-----+",
                "|abcdefghijklmnopqrstu|1    |",
                "|漢                   |1    |",
                "+---------------------+-----+",
                "",
            ],
        );
    }

    #[test]
    fn con_3_no_empty_line_follows_the_notice_in_spark_4() {
        let rows = [
            "+----+-----+",
            "|word|count|",
            "+----+-----+",
            "|blue|    1|",
            "+----+-----+",
        ];
        let notice = "only showing top 1 row";
        for (spark, more, end) in [
            (SparkVersion::V3_5, true, &[notice, ""][..]),
            (SparkVersion::V4, true, &[notice]),
            (SparkVersion::V3_5, false, &[""]),
            (SparkVersion::V4, false, &[""]),
        ] {
            let table = Table {
                more,
                spark,
                ..words(&["blue"])
            };
            check(&table, &[&rows, end].concat());
        }
    }

    #[test]
    fn con_2_a_column_is_three_wide_or_more() {
        let table = Table {
            columns: ["é".into()].into(),
            rows: vec![vec![Value::Null; 1]],
            ..words(&[])
        };
        check(
            &table,
            &["+----+", "|   é|", "+----+", "|NULL|", "+----+", ""],
        );
        let table = Table {
            rows: Vec::new(),
            ..table
        };
        check(&table, &["+---+", "|  é|", "+---+", "+---+", ""]);
    }
}
