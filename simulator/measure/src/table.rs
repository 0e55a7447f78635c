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

    /// Adds a row of this name. Its other cells may be empty.
    pub(crate) fn add(
        &mut self,
        name: impl Into<String>,
        cells: impl IntoIterator<Item = Option<String>>,
    ) {
        let cells = cells.into_iter().map(Option::unwrap_or_default);
        self.rows
            .push([name.into()].into_iter().chain(cells).collect());
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
        table.add("map_with_state", [Some("63.1 µs".to_owned())]);
        table.add("plain_loop", [Some("1.2 ms".to_owned()), None]);
        let expected = "                a batch  every tenth\nmap_with_state  63.1 µs\nplain_loop       1.2 ms\n";
        assert_eq!(table.to_string(), expected);
    }
}
