//! A table of text: names on the left, figures on the right.

use std::fmt;

/// Rows of cells below a head, each column as wide as its widest cell.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with this head.
    ///
    /// ```
    /// let mut table = measure::Table::new(["", "a batch"]);
    /// table.add(["map_with_state", "63.1 µs"]);
    /// table.add(["plain_loop", "1.2 ms"]);
    /// assert_eq!(table.to_string(), "                a batch\nmap_with_state  63.1 µs\nplain_loop       1.2 ms\n");
    /// ```
    pub fn new<S: Into<String>>(head: impl IntoIterator<Item = S>) -> Table {
        let rows = vec![head.into_iter().map(Into::into).collect()];
        Table { rows }
    }

    /// Adds a row.
    pub fn add<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
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
