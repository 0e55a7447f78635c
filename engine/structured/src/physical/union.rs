//! The rows of several tables.

use engine::Failure;

use super::operator::{Batch, Each, Flow, Operator, Partitions};

/// The partitions of several tables, one after the other (`org.apache.spark.sql.execution.UnionExec`).
#[derive(Debug)]
pub(crate) struct Union {
    inputs: Vec<Box<dyn Operator>>,
    /// The first partition of each table in this batch.
    starts: Vec<usize>,
}

impl Union {
    pub(crate) fn new(inputs: Vec<Box<dyn Operator>>) -> Union {
        Union {
            inputs,
            starts: Vec::new(),
        }
    }
}

impl Operator for Union {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        let inputs = self.inputs.iter_mut();
        inputs
            .map(|input| &mut **input as &mut dyn Operator)
            .collect()
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let mut all = Partitions::default();
        self.starts.clear();
        for input in &mut self.inputs {
            let partitions = input.begin(batch)?;
            self.starts.push(all.count);
            all.used
                .extend(partitions.used.into_iter().map(|it| all.count + it));
            all.count += partitions.count;
        }
        Ok(all)
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        // Of tables without partitions, the last one begins where this partition is.
        let input = self.starts.partition_point(|start| *start <= partition) - 1;
        self.inputs[input].rows(partition - self.starts[input], batch, each)
    }
}
