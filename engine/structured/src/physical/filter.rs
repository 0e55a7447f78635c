//! The rows for which a condition is true.

use std::ops::ControlFlow;

use engine::Value;
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator};

/// The rows for which a condition is true (`org.apache.spark.sql.execution.FilterExec`).
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) condition: Typed,
}

impl Operator for Filter {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
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
