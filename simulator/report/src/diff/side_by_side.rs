//! Two columns of text, with a mark between them.

use std::fmt::{self, Write};

use super::align::Aligned;
use super::cell;

/// Writes rows of two cells.
pub(super) struct SideBySide<'f, W> {
    out: &'f mut W,
    /// The width of both columns and the mark between them.
    total_width: usize,
    column_width: usize,
}

impl<'f, W: Write> SideBySide<'f, W> {
    /// Two columns that are `total_width` wide together.
    pub(super) fn new(total_width: usize, out: &'f mut W) -> SideBySide<'f, W> {
        SideBySide {
            out,
            total_width,
            column_width: (total_width - " ≠ ".chars().count()) / 2,
        }
    }

    /// Writes the headings of the columns.
    pub(super) fn heading(&mut self) -> fmt::Result {
        let heading = |title: &str| {
            let rest = self.column_width - title.chars().count();
            format!("{title}{}", "─".repeat(rest))
        };
        let expected = heading("─ expected ");
        let actual = heading("─ actual ");
        self.row(&expected, ' ', &actual)
    }

    /// Writes a text across both columns.
    pub(super) fn across(&mut self, text: &str) -> fmt::Result {
        writeln!(self.out, "{}", cell::equal(text, self.total_width))
    }

    /// Writes a title, with a remark in the column of a text that lacks the section.
    pub(super) fn title(&mut self, title: Aligned<&str>) -> fmt::Result {
        let cell = |name| cell::equal(name, self.column_width);
        match title {
            Aligned::Both(expected, actual) => self.row(&cell(expected), ' ', &cell(actual)),
            Aligned::Expected(name) => self.row(&cell(name), '<', "(missing)"),
            Aligned::Actual(name) => self.row("(not expected)", '>', &cell(name)),
        }
    }

    /// Writes one line of one text or of both.
    pub(super) fn line(&mut self, line: Aligned<&str>) -> fmt::Result {
        let width = self.column_width;
        match line {
            Aligned::Both(expected, actual) if expected == actual => {
                let cell = cell::equal(actual, width);
                self.row(&cell, ' ', &cell)
            }
            Aligned::Both(expected, actual) => {
                let [expected, actual] = cell::differing(expected, actual, width);
                self.row(&expected, '≠', &actual)
            }
            Aligned::Expected(expected) => self.row(&cell::single(expected, width), '<', ""),
            Aligned::Actual(actual) => self.row("", '>', &cell::single(actual, width)),
        }
    }

    fn row(&mut self, left: &str, mark: char, right: &str) -> fmt::Result {
        let padding = self.column_width.saturating_sub(cell::width(left));
        let row = format!("{left}{:padding$} {mark} {right}", "");
        writeln!(self.out, "{}", row.trim_end())
    }
}
