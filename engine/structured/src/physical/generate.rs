//! Rows that a generator makes of a row.

use engine::{Row, Value};
use engine_sql::TypedGenerator;

use super::operator::{Batch, Each, Flow, Operator};

/// Each row with the rows that a generator makes of it (`org.apache.spark.sql.execution.GenerateExec`).
#[derive(Debug)]
pub(crate) struct Generate {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) generator: TypedGenerator,
    /// A row of which the generator makes none stays, with `NULL`s.
    pub(crate) outer: bool,
    /// The columns of the row come before those that the generator makes; else they are left out, as nothing reads them
    /// (`requiredChildOutput`).
    pub(crate) keeps_input: bool,
}

impl Operator for Generate {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let nulls = vec![Value::Null; self.generator.columns.len()];
        let mut both = Row::new();
        self.input.rows(partition, batch, &mut |row| {
            let before = if self.keeps_input { row } else { &[] };
            both.clear();
            both.extend_from_slice(before);
            let mut is_empty = true;
            let mut each_made = |made: &[Value]| {
                is_empty = false;
                if before.is_empty() {
                    return each(made);
                }
                both.truncate(before.len());
                both.extend_from_slice(made);
                each(&both)
            };
            let flow = self.generator.rows(row, &batch.context, &mut each_made)?;
            if is_empty && self.outer {
                both.extend_from_slice(&nulls);
                return each(&both);
            }
            Ok(flow)
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
