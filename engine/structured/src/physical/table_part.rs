//! A partition of a finite table.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use engine::Row;
use engine_sql::columns::Column;

/// The rows of a partition of a finite table; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct TablePart(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    rows: Vec<Row>,
    /// The same rows by column, from the first query on that reads them so.
    columns: OnceLock<Vec<Column>>,
}

impl TablePart {
    /// The rows by column.
    pub(crate) fn columns(&self) -> &[Column] {
        self.0.columns.get_or_init(|| {
            let width = self.first().map_or(0, Vec::len);
            let column = |index: usize| self.iter().map(move |row| &row[index]).collect();
            (0..width).map(column).collect()
        })
    }
}

impl From<Vec<Row>> for TablePart {
    fn from(rows: Vec<Row>) -> TablePart {
        TablePart(Arc::new(Kept {
            rows,
            columns: OnceLock::new(),
        }))
    }
}

impl Deref for TablePart {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.0.rows
    }
}
