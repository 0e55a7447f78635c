//! An aggregation of a table that is finite: it has no state.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use engine::{Failure, Row, gather};
use foldhash::fast::FixedState;
use indexmap::IndexSet;

use super::aggregation::{Aggregation, Groups};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions, hand_out};
use crate::physical::state::{GroupKey, KeyMap};

/// The groups of a table's rows, by shuffle partition (`org.apache.spark.sql.execution.aggregate`).
#[derive(Debug)]
pub(crate) struct FiniteAggregate {
    input: Box<dyn Operator>,
    aggregation: Aggregation,
    shuffle_partitions: usize,
    /// The rows of each shuffle partition that has some.
    rows: Vec<(usize, Vec<Row>)>,
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
            rows: Vec::new(),
        }
    }

    /// The groups by partition, ascending.
    fn groups(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
    ) -> Result<Vec<(usize, Groups)>, Failure> {
        let partials =
            self.aggregation
                .partials(&*self.input, partitions, self.shuffle_partitions, batch)?;
        let groups = partials.into_iter().flat_map(|partial| partial.groups);
        let mut groups: Vec<_> = groups.collect();
        groups.sort_by_key(|(to, _)| *to);
        let mut by_partition: Vec<(usize, Groups)> = Vec::new();
        for (to, group) in groups {
            match by_partition.last_mut() {
                Some((partition, groups)) if *partition == to => groups.push(group),
                _ => by_partition.push((to, vec![group])),
            }
        }
        Ok(by_partition)
    }

    /// The groups of all rows, where some arguments count once: in one partition.
    fn distinct_groups(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
    ) -> Result<Vec<(usize, Groups)>, Failure> {
        let mut groups: KeyMap<Row> = KeyMap::default();
        let mut seen: IndexSet<(usize, usize, Row), FixedState> = IndexSet::default();
        let mut key = Row::new();
        for partition in &partitions.used {
            let _ = self.input.rows(*partition, batch, &mut |row| {
                self.aggregation.key(&row, &batch.context, &mut key)?;
                let entry = groups.entry(GroupKey::new(&key));
                let group = entry.index();
                let buffers = entry.or_insert_with(|| self.aggregation.empty().1);
                let is_new = |call, arguments: &[_]| seen.insert((group, call, arguments.to_vec()));
                self.aggregation
                    .update(buffers, &row, &batch.context, is_new)?;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(vec![(0, groups.into_iter().collect())])
    }
}

impl Operator for FiniteAggregate {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let mut groups = if self.aggregation.has_distinct() {
            self.distinct_groups(&partitions, batch)?
        } else {
            self.groups(&partitions, batch)?
        };
        let is_empty = groups.iter().all(|(_, groups)| groups.is_empty());
        if self.aggregation.is_global() && is_empty {
            groups = vec![(0, vec![self.aggregation.empty()])];
        }
        let used = groups.iter().map(|(partition, _)| *partition).collect();
        let came: Vec<_> = groups
            .into_iter()
            .map(|(to, came)| (to, Mutex::new(came)))
            .collect();
        let rows = gather(batch.workers, came.len(), |place| {
            let (to, came) = &came[place];
            // No other task ever locks it.
            let mut came = came.lock().unwrap_or_else(PoisonError::into_inner);
            let groups = self
                .aggregation
                .merged(std::mem::take(&mut came), &batch.context)?;
            let groups = self.aggregation.last(groups);
            let rows = groups
                .iter()
                .map(|(key, buffers)| self.aggregation.finish(key, buffers, &batch.context));
            Ok((*to, rows.collect::<Result<Vec<_>, Failure>>()?))
        });
        self.rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        Ok(Partitions {
            count: self.shuffle_partitions,
            used,
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let found = self
            .rows
            .binary_search_by_key(&partition, |(partition, _)| *partition);
        match found {
            Ok(place) => hand_out(self.rows[place].1.iter().cloned(), each),
            Err(_) => Ok(ControlFlow::Continue(())),
        }
    }
}
