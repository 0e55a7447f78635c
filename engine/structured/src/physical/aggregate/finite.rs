//! An aggregation of a table that is finite: it has no state.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::{Failure, Row, gather};

use super::aggregation::{Aggregation, Partial};
use super::came::{CameGroup, CameGroups, shuffled};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};

/// The groups of a table's rows, by shuffle partition (`org.apache.spark.sql.execution.aggregate`).
#[derive(Debug)]
pub(crate) struct FiniteAggregate {
    input: Box<dyn Operator>,
    aggregation: Aggregation,
    shuffle_partitions: usize,
    /// The groups of the rows of each input partition.
    partials: Vec<Partial>,
    /// Those of each shuffle partition that has some.
    groups: Vec<(usize, CameGroups)>,
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
            partials: Vec::new(),
            groups: Vec::new(),
        }
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
            let all = self
                .aggregation
                .partial(&*self.input, &partitions.used, batch, 0)?;
            (vec![all], 1)
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
        let groups = gather(batch.workers, came.len(), |place| {
            let (to, came) = &came[place];
            let groups = self.aggregation.merged(&partials, came, &batch.context)?;
            Ok((*to, groups))
        });
        self.groups = groups.into_iter().collect::<Result<_, Failure>>()?;
        self.partials = partials;
        Ok(Partitions {
            count: self.shuffle_partitions,
            used: self
                .groups
                .iter()
                .map(|(partition, _)| *partition)
                .collect(),
        })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let found = self
            .groups
            .binary_search_by_key(&partition, |(partition, _)| *partition);
        let Ok(place) = found else {
            return Ok(ControlFlow::Continue(()));
        };
        let groups = &self.groups[place].1;
        let mut row = Row::with_capacity(self.aggregation.width());
        let mut buffers = Row::new();
        for group in &groups.came {
            let key = group.key(&self.partials);
            groups.buffers_into(*group, &self.partials, &mut buffers);
            row.clear();
            self.aggregation
                .finish(key, &buffers, &batch.context, &mut row)?;
            if each(&row)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
