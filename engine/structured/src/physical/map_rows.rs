//! Rows that a function of the program makes of partitions and of groups.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::order::partition;
use engine::{Failure, Row};
use engine_sql::Typed;

use super::operator::{
    Batch, Each, Flow, Operator, Partitions, each_partition, first_rows, hand_out,
};
use super::state::{GroupKey, KeyMap};
use crate::map_rows::{MapGroups, MapPartitions, Named};

/// The rows that a function makes of those of a partition (`org.apache.spark.sql.execution.python.MapInBatchExec`).
#[derive(Debug)]
pub(crate) struct MappedPartitions {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) map: Arc<MapPartitions>,
}

impl Operator for MappedPartitions {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let rows = first_rows(&*self.input, partition, batch, usize::MAX)?;
        if rows.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let Named { name, function } = &self.map.0;
        let made = function(rows).map_err(|failure| failure.in_operator(name))?;
        hand_out(made.iter().map(Vec::as_slice), each)
    }
}

/// The rows that a function makes of those of a group (`org.apache.spark.sql.execution.python.FlatMapGroupsInPandasExec`).
#[derive(Debug)]
pub(crate) struct MappedGroups {
    input: Box<dyn Operator>,
    keys: Vec<Typed>,
    map: Arc<MapGroups>,
    partitions: usize,
    /// The rows of each shuffle partition.
    rows: Vec<Vec<Row>>,
}

impl MappedGroups {
    /// Without keys all rows are one group, in one partition.
    pub(crate) fn new(
        input: Box<dyn Operator>,
        keys: Vec<Typed>,
        map: Arc<MapGroups>,
        shuffle_partitions: usize,
    ) -> MappedGroups {
        MappedGroups {
            input,
            partitions: if keys.is_empty() {
                1
            } else {
                shuffle_partitions
            },
            keys,
            map,
            rows: Vec::new(),
        }
    }

    fn made(&self, groups: KeyMap<Vec<Row>>) -> Result<Vec<Row>, Failure> {
        let Named { name, function } = &self.map.0;
        let mut made = Vec::new();
        for (key, rows) in groups {
            let result = function(key.values(), rows);
            made.append(
                &mut result.map_err(|failure| failure.in_operator(name).with_key(&key.values()))?,
            );
        }
        Ok(made)
    }
}

impl Operator for MappedGroups {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let from = self.input.begin(batch)?;
        let keyed = each_partition(&from, batch, |from| {
            let rows = first_rows(&*self.input, from, batch, usize::MAX)?.into_iter();
            let keyed = rows.map(|row| {
                let key = Typed::values(&self.keys, &row, &batch.context)?;
                Ok((GroupKey::new(&key), row))
            });
            keyed.collect::<Result<Vec<_>, Failure>>()
        })?;
        let mut groups: Vec<KeyMap<Vec<Row>>> = Vec::new();
        groups.resize_with(self.partitions, KeyMap::default);
        for (key, row) in keyed.into_iter().flatten() {
            let to = partition(key.shuffle_hash(), self.partitions);
            groups[to].entry(key).or_default().push(row);
        }
        let made = groups.into_iter().map(|mut groups| {
            groups.sort_unstable_keys();
            self.made(groups)
        });
        self.rows = made.collect::<Result<_, _>>()?;
        Ok(Partitions {
            count: self.partitions,
            used: (0..self.partitions)
                .filter(|it| !self.rows[*it].is_empty())
                .collect(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        hand_out(self.rows[partition].iter().map(Vec::as_slice), each)
    }
}
