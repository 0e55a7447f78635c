//! Two columns of text, with a mark between them.

use std::fmt::{self, Write};

use super::align::Pair;
use super::line;

/// Writes rows of two cells.
pub(super) struct Columns<'f, W> {
    out: &'f mut W,
    /// Width of both columns and what is between them.
    total: usize,
    column: usize,
}

impl<'f, W: Write> Columns<'f, W> {
    /// Two columns that take `total` together.
    pub(super) fn new(total: usize, out: &'f mut W) -> Columns<'f, W> {
        Columns {
            out,
            total,
            column: (total - " ≠ ".chars().count()) / 2,
        }
    }

    /// Says which column is which.
    pub(super) fn heading(&mut self) -> fmt::Result {
        let rest = |title: &str| self.column - title.chars().count();
        let [expected, actual] =
            ["─ expected ", "─ actual "].map(|title| title.to_owned() + &"─".repeat(rest(title)));
        self.row(&expected, ' ', &actual)
    }

    /// A text across both columns.
    pub(super) fn across(&mut self, text: &str) -> fmt::Result {
        writeln!(self.out, "{}", line::alike(text, self.total))
    }

    /// A title, or what is there instead of a block on the side where there is none.
    pub(super) fn title(&mut self, pair: Pair<&str>) -> fmt::Result {
        let cell = |name| line::alike(name, self.column);
        match pair {
            Pair::Both(expected, actual) => self.row(&cell(expected), ' ', &cell(actual)),
            Pair::Expected(name) => self.row(&cell(name), '<', "(missing)"),
            Pair::Actual(name) => self.row("(not expected)", '>', &cell(name)),
        }
    }

    /// One line of one text or of both.
    pub(super) fn line(&mut self, pair: Pair<&str>) -> fmt::Result {
        match pair {
            Pair::Both(expected, actual) if expected == actual => {
                let cell = line::alike(actual, self.column);
                self.row(&cell, ' ', &cell)
            }
            Pair::Both(expected, actual) => {
                let (expected, actual) = line::differing(expected, actual, self.column);
                self.row(&expected, '≠', &actual)
            }
            Pair::Expected(expected) => self.row(&line::alone(expected, self.column), '<', ""),
            Pair::Actual(actual) => self.row("", '>', &line::alone(actual, self.column)),
        }
    }

    fn row(&mut self, left: &str, mark: char, right: &str) -> fmt::Result {
        let padding = self.column.saturating_sub(line::width(left));
        let row = format!("{left}{:padding$} {mark} {right}", "");
        writeln!(self.out, "{}", row.trim_end())
    }
}
