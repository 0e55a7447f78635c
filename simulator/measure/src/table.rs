//! A table of text.

use std::fmt;

/// Rows of cells below a head: the first column aligned to the left, all others to the right.
#[derive(Clone, Debug)]
pub(crate) struct TextTable {
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// A table with this head and no row.
    pub(crate) fn new<S: Into<String>>(head: impl IntoIterator<Item = S>) -> TextTable {
        let rows = vec![head.into_iter().map(Into::into).collect()];
        TextTable { rows }
    }

    /// Adds a row. Cells may be empty.
    pub(crate) fn add(&mut self, cells: impl IntoIterator<Item = Option<String>>) {
        let cells = cells.into_iter().map(Option::unwrap_or_default);
        self.rows.push(cells.collect());
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = self.width(column);
                if column == 0 {
                    format!("{cell:width$}")
                } else {
                    format!("  {cell:>width$}")
                }
            });
            writeln!(f, "{}", cells.collect::<String>().trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = TextTable::new(["", "a batch", "every tenth"]);
        let row = |cells: [&str; 2]| cells.map(|cell| Some(cell.to_owned()));
        table.add(row(["map_with_state", "63.1 µs"]));
        table.add(row(["plain_loop", "1.2 ms"]));
        let expected = "                a batch  every tenth\nmap_with_state  63.1 µs\nplain_loop       1.2 ms\n";
        assert_eq!(table.to_string(), expected);
    }
}
