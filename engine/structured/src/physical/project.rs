//! Columns of each row.

use std::ops::Range;

use engine::Row;
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator};

/// These columns of each row (`org.apache.spark.sql.execution.ProjectExec`).
#[derive(Debug)]
pub(crate) struct Project {
    input: Box<dyn Operator>,
    columns: Vec<Typed>,
    /// The columns that these are, if they lie side by side in a row.
    side_by_side: Option<Range<usize>>,
}

impl Project {
    pub(crate) fn new(input: Box<dyn Operator>, columns: Vec<Typed>) -> Project {
        Project {
            input,
            side_by_side: Typed::side_by_side(&columns),
            columns,
        }
    }
}

impl Operator for Project {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        if let Some(columns) = &self.side_by_side {
            return self
                .input
                .rows(partition, batch, &mut |row| each(&row[columns.clone()]));
        }
        let mut values = Row::with_capacity(self.columns.len());
        self.input.rows(partition, batch, &mut |row| {
            Typed::values_into(&mut values, &self.columns, row, &batch.context)?;
            each(&values)
        })
    }
}
