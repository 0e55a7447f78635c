//! The rows for which a condition is true.

use std::ops::ControlFlow;

use engine::{Failure, Value};
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator, Partitions};

/// The rows for which a condition is true (`org.apache.spark.sql.execution.FilterExec`).
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) condition: Typed,
}

impl Operator for Filter {
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
            if self.condition.value(row, &batch.context)? == Value::Boolean(true) {
                each(row)
            } else {
                Ok(ControlFlow::Continue(()))
            }
        })
    }
}
