//! An aggregation of a table that is finite: it has no state.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::{Failure, Row, gather};
use engine_sql::Context;
use foldhash::fast::FixedState;
use indexmap::IndexSet;

use super::aggregation::{Aggregation, CameGroup, CameGroups, Partial, shuffled};
use crate::physical::kept::Kept;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::row_list::RowList;

/// The groups of a table's rows, by shuffle partition (`org.apache.spark.sql.execution.aggregate`).
#[derive(Debug)]
pub(crate) struct FiniteAggregate {
    input: Box<dyn Operator>,
    aggregation: Aggregation,
    shuffle_partitions: usize,
    rows: Kept,
}

impl FiniteAggregate {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        aggregation: Aggregation,
        shuffle_partitions: usize,
    ) -> FiniteAggregate {
        FiniteAggregate {
            input,
            shuffle_partitions: if aggregation.is_global() {
                1
            } else {
                shuffle_partitions
            },
            aggregation,
            rows: Kept::default(),
        }
    }

    /// The groups of all rows, where some arguments count once: in one partition.
    fn distinct_groups(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
    ) -> Result<Partial, Failure> {
        let mut partial = Partial::default();
        let mut seen: IndexSet<(usize, usize, Row), FixedState> = IndexSet::default();
        let mut key = Row::new();
        let mut scratch = Row::new();
        let context = &batch.context;
        for partition in &partitions.used {
            let _ = self.input.rows(*partition, batch, &mut |row| {
                let key = self.aggregation.key(row, context, &mut key)?;
                let groups = &mut partial.groups;
                let group = self.aggregation.group_of(groups, key);
                let is_new = |call, arguments: &[_]| seen.insert((group, call, arguments.to_vec()));
                let buffers = groups.buffers_mut(group);
                self.aggregation
                    .update(buffers, row, context, &mut scratch, is_new)?;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        partial.order = (0..partial.groups.len()).collect();
        Ok(partial)
    }

    /// The rows of the groups that came to a partition.
    fn finished(
        &self,
        partials: &[Partial],
        came: &[CameGroup],
        context: &Context<'_>,
    ) -> Result<RowList, Failure> {
        let CameGroups { groups, order } = self.aggregation.merged(partials, came, context)?;
        let mut rows = RowList::default();
        for number in order {
            let key = groups.key(number);
            let buffers = groups.buffers(number);
            rows.push_with(|row| self.aggregation.finish(key, buffers, context, row))?;
        }
        Ok(rows)
    }
}

impl Operator for FiniteAggregate {
    fn name(&self) -> String {
        self.aggregation.name()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let (mut partials, count) = if self.aggregation.has_distinct() {
            (vec![self.distinct_groups(&partitions, batch)?], 1)
        } else {
            let partials = self
                .aggregation
                .partials(&*self.input, &partitions, batch, 0)?;
            (partials, self.shuffle_partitions)
        };
        let is_empty = partials.iter().all(|partial| partial.order.is_empty());
        if self.aggregation.is_global() && is_empty {
            partials = vec![self.aggregation.empty()];
        }
        let mut came: BTreeMap<usize, Vec<CameGroup>> = BTreeMap::new();
        for (to, group) in shuffled(&partials, count) {
            came.entry(to).or_default().push(group);
        }
        let came: Vec<_> = came.into_iter().collect();
        let rows = gather(batch.workers, came.len(), |place| {
            let (to, came) = &came[place];
            Ok((*to, self.finished(&partials, came, &batch.context)?))
        });
        let rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        self.rows = Kept::new(self.shuffle_partitions, rows);
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }
}
