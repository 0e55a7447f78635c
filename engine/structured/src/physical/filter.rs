//! The rows for which a condition is true.

use std::ops::ControlFlow;

use engine::Value;
use engine_sql::Typed;
use engine_sql::columns::Predicate;

use super::columnar::{Columnar, EachChunk};
use super::operator::{Batch, Each, Flow, Operator};

/// The rows for which a condition is true (`org.apache.spark.sql.execution.FilterExec`).
#[derive(Debug)]
pub(crate) struct Filter {
    input: Box<dyn Operator>,
    condition: Typed,
    /// The condition by column, if it has such a form.
    predicate: Option<Predicate>,
}

impl Filter {
    pub(crate) fn new(input: Box<dyn Operator>, condition: Typed) -> Filter {
        Filter {
            input,
            predicate: Predicate::of(&condition),
            condition,
        }
    }
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

    fn columnar(&self) -> Option<&dyn Columnar> {
        self.predicate.as_ref()?;
        self.input.columnar()?;
        Some(self)
    }
}

impl Columnar for Filter {
    fn chunks(&self, partition: usize, each: &mut EachChunk<'_>) -> Flow {
        let (Some(input), Some(predicate)) = (self.input.columnar(), &self.predicate) else {
            return Ok(ControlFlow::Continue(()));
        };
        input.chunks(partition, &mut |chunk| {
            predicate.narrow(chunk.columns, chunk.rows);
            each(chunk)
        })
    }
}
