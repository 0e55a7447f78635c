//! Rows that a generator makes of a row.

use std::ops::ControlFlow;

use engine::{Failure, Row, Value};
use engine_sql::TypedGenerator;

use super::operator::{Batch, Each, Flow, Operator, Partitions};

/// Each row with the rows that a generator makes of it (`org.apache.spark.sql.execution.GenerateExec`).
#[derive(Debug)]
pub(crate) struct Generate {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) generator: TypedGenerator,
    /// A row of which the generator makes none stays, with `NULL`s.
    pub(crate) outer: bool,
}

impl Operator for Generate {
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
        self.input.rows(partition, batch, &mut |row| {
            let mut made = self.generator.rows(&row, &batch.context)?;
            if made.is_empty() && self.outer {
                made.push(vec![Value::Null; self.generator.columns.len()]);
            }
            for generated in made {
                if each(joined(&row, generated))?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// A row and the columns of another behind it.
pub(crate) fn joined(row: &[Value], more: Row) -> Row {
    let mut all = Row::with_capacity(row.len() + more.len());
    all.extend_from_slice(row);
    all.extend(more);
    all
}
