//! Columns of each row.

use engine::{Failure, Row};
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator, Partitions};

/// These columns of each row (`org.apache.spark.sql.execution.ProjectExec`).
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) columns: Vec<Typed>,
}

impl Operator for Project {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        self.input.begin(batch)
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut values = Row::with_capacity(self.columns.len());
        self.input.rows(partition, batch, &mut |row| {
            Typed::values_into(&mut values, &self.columns, row, &batch.context)?;
            each(&values)
        })
    }
}
