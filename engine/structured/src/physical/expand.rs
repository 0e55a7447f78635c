//! Each row several times.

use std::ops::ControlFlow;

use engine::Row;
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator};

/// Each row once for each list of columns (`org.apache.spark.sql.execution.ExpandExec`).
#[derive(Debug)]
pub(crate) struct Expand {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) projections: Vec<Vec<Typed>>,
}

impl Operator for Expand {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut values = Row::new();
        self.input.rows(partition, batch, &mut |row| {
            for columns in &self.projections {
                Typed::values_into(&mut values, columns, row, &batch.context)?;
                if each(&values)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}
