//! Rows made of the rows of another batch, partition by partition.

use super::Data;
use super::partitions::{Flow, Pace, Partitions, Run, Visitor};
use crate::Rdd;

/// The rows that a function makes of each row of a batch.
pub(super) struct MapPartitions<T, F> {
    pub(super) parent: Rdd<T>,
    pub(super) function: F,
}

impl<T: Data, F> MapPartitions<T, F> {
    /// Hands out what the function makes of the runs of a visit to the parent.
    fn make<U>(
        &self,
        pace: Pace,
        each: &mut Visitor<'_, U>,
        visit: impl FnOnce(&Rdd<T>, &mut Visitor<'_, T>) -> Flow,
    ) -> Flow
    where
        F: Fn(&mut Vec<T>, &mut Run<'_, U>) -> Flow,
    {
        Run::hand_out(pace, each, |made| {
            visit(&self.parent, &mut |run| (self.function)(run, made))
        })
    }
}

impl<T: Data, U: Data, F> Partitions<U> for MapPartitions<T, F>
where
    F: Fn(&mut Vec<T>, &mut Run<'_, U>) -> Flow + Send + Sync,
{
    fn count(&self) -> usize {
        self.parent.partition_count()
    }

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, U>) -> Flow {
        self.make(pace, each, |parent, runs| {
            parent.visit(partition, pace, runs)
        })
    }

    fn parts(&self, partition: usize) -> usize {
        self.parent.parts(partition)
    }

    fn visit_part(&self, part: (usize, usize), pace: Pace, each: &mut Visitor<'_, U>) -> Flow {
        self.make(pace, each, |parent, runs| {
            parent.visit_part(part, pace, runs)
        })
    }

    fn do_checkpoint(&self) {
        self.parent.do_checkpoint();
    }
}
