//! One micro-batch as the console sink of a structured query shows it (`CON-1` to `CON-5`).
//!
//! From `org.apache.spark.sql.execution.streaming.sources.ConsoleWrite` and
//! `org.apache.spark.sql.Dataset.showString` (Spark 3.5.9).

use super::cell::TableCell;
use super::{Notation, RULE, Renderer};
use crate::event::Table;
use crate::types::Value;

/// No column is narrower.
const WIDTH_MIN: usize = 3;

/// Appends the block of micro-batch `batch_id`: a header, the table, a notice if it has more rows,
/// and an empty line.
///
/// `local_micros` gives what the clocks of the session's zone show at a point in time, both in microseconds
/// since the epoch (`CON-4`).
///
/// ```
/// use engine::render::table;
/// use engine::{Record, Table, Text, Value};
/// let shown = Table {
///     columns: ["word", "count"].map(Text::from).into(),
///     rows: vec![vec![Value::String("blue".into()), Value::Long(5)]],
///     more: false,
///     truncate: true,
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
    PrintedTable::new(table, Renderer::new(Notation::Sql, local_micros)).draw(out);
    if table.more {
        out.push_str(&notice(table.rows.len()));
    }
    out.push('\n');
}

fn notice(rows: usize) -> String {
    let noun = if rows == 1 { "row" } else { "rows" };
    format!("only showing top {rows} {noun}\n")
}

/// A table as texts, its header first, and how wide they are.
struct PrintedTable {
    lines: Vec<Vec<TableCell>>,
    widths: Vec<usize>,
    align_right: bool,
}

impl PrintedTable {
    fn new(table: &Table, renderer: Renderer<'_>) -> PrintedTable {
        let fit = if table.truncate {
            TableCell::cut
        } else {
            TableCell::whole
        };
        let cell = |value: &Value| fit(&renderer.text(value));
        let header = table
            .columns
            .iter()
            .map(|name| TableCell::header(name))
            .collect();
        let rows = table.rows.iter().map(|row| row.iter().map(cell).collect());
        let lines: Vec<Vec<TableCell>> = std::iter::once(header).chain(rows).collect();
        let columns = 0..table.columns.len();
        PrintedTable {
            widths: columns.map(|column| width(&lines, column)).collect(),
            lines,
            align_right: table.truncate,
        }
    }

    fn draw(&self, out: &mut String) {
        self.separator(out);
        for (index, line) in self.lines.iter().enumerate() {
            self.line(line, out);
            if index == 0 {
                self.separator(out);
            }
        }
        self.separator(out);
    }

    fn separator(&self, out: &mut String) {
        out.push('+');
        for width in &self.widths {
            out.extend(std::iter::repeat_n('-', *width));
            out.push('+');
        }
        out.push('\n');
    }

    fn line(&self, cells: &[TableCell], out: &mut String) {
        out.push('|');
        for (cell, width) in cells.iter().zip(&self.widths) {
            let padding = std::iter::repeat_n(' ', width - cell.width);
            if self.align_right {
                out.extend(padding);
                out.push_str(&cell.text);
            } else {
                out.push_str(&cell.text);
                out.extend(padding);
            }
            out.push('|');
        }
        out.push('\n');
    }
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
    use crate::types::{Record, Text};

    fn words(words: &[&str]) -> Table {
        Table {
            columns: ["word", "count"].map(Text::from).into(),
            rows: words
                .iter()
                .map(|word| vec![word.to_value(), Value::Long(1)])
                .collect(),
            more: false,
            truncate: true,
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
    fn con_1_a_block_ends_with_an_empty_line() {
        check(
            &words(&["a", ""]),
            &[
                "+----+-----+",
                "|word|count|",
                "+----+-----+",
                "|   a|    1|",
                "|    |    1|",
                "+----+-----+",
                "",
            ],
        );
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

    #[test]
    fn con_3_a_notice_says_that_there_are_more_rows() {
        let table = Table {
            more: true,
            ..words(&["a"])
        };
        let lines = [
            "+----+-----+",
            "|word|count|",
            "+----+-----+",
            "|   a|    1|",
            "+----+-----+",
        ];
        check(
            &table,
            &[&lines[..], &["only showing top 1 row", ""]].concat(),
        );
        let table = Table {
            more: true,
            ..words(&[])
        };
        let lines = [
            "+----+-----+",
            "|word|count|",
            "+----+-----+",
            "+----+-----+",
        ];
        check(
            &table,
            &[&lines[..], &["only showing top 0 rows", ""]].concat(),
        );
    }

    #[test]
    fn con_5_an_empty_result_is_a_header_between_rules() {
        check(
            &words(&[]),
            &[
                "+----+-----+",
                "|word|count|",
                "+----+-----+",
                "+----+-----+",
                "",
            ],
        );
    }
}
