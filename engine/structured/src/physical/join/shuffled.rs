//! Rows of a partition by the shuffle partition of their keys.

use std::ops::ControlFlow;

use engine::Row;
use engine::order::partition;

use super::keys::JoinKeys;
use crate::physical::operator::{Batch, Each, Flow, Operator, hand_out};
use crate::physical::state::GroupKey;

/// The rows of each partition in the order in which a task has written them for a shuffle, which is then read where they
/// are: the table that they are joined with turned out to be small
/// (`org.apache.spark.sql.execution.adaptive.OptimizeShuffleWithLocalRead`).
#[derive(Debug)]
pub(crate) struct Shuffled {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) keys: JoinKeys,
    pub(crate) shuffle_partitions: usize,
}

impl Operator for Shuffled {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition_number: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut rows: Vec<(usize, Row)> = Vec::new();
        let _ = self.input.rows(partition_number, batch, &mut |row| {
            let values = self.keys.values(row, &batch.context)?;
            let hash = GroupKey::new(&values).shuffle_hash();
            rows.push((partition(hash, self.shuffle_partitions), row.to_vec()));
            Ok(ControlFlow::Continue(()))
        })?;
        rows.sort_by_key(|(to, _)| *to);
        hand_out(rows.iter().map(|(_, row)| row), each)
    }
}
