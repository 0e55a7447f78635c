//! The rows that come to groups, and the initial states that these begin with.

use std::ops::ControlFlow;

use engine::order::partition;
use engine::{DataType, Failure, Row, Time, Value};
use engine_sql::{AnalysisError, Typed};

use crate::groups::InitialState;
use crate::physical::operator::{Batch, Operator, each_partition};
use crate::physical::state::{
    Dealt, GroupKey, InputWatermark, KeyMap, OperatorState, Stateful, Store, end_micros,
};

/// The table that groups are made of.
#[derive(Debug)]
pub(crate) struct GroupInput {
    pub(crate) table: Box<dyn Operator>,
    pub(crate) keys: Vec<Typed>,
    /// The column that has the watermark.
    pub(crate) event_time: Option<usize>,
    /// The states that groups begin with, before the first micro-batch.
    pub(crate) initial: Option<InitialState>,
}

/// A row that came to a group.
pub(crate) struct Came {
    key: GroupKey,
    row: Row,
    /// It is one of an initial state.
    is_initial: bool,
}

/// A group in a batch.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) rows: Vec<Row>,
    /// The rows of its initial state.
    pub(crate) initial: Vec<Row>,
}

impl GroupInput {
    /// The same, whose groups begin with these states.
    ///
    /// # Errors
    ///
    /// States of a stream, or of keys of other types.
    pub(crate) fn with_initial(
        self,
        initial: Option<&InitialState>,
    ) -> Result<GroupInput, AnalysisError> {
        if let Some(initial) = initial {
            initial.check(&self.key_types())?;
        }
        let initial = initial.cloned();
        Ok(GroupInput { initial, ..self })
    }

    pub(crate) fn key_types(&self) -> Vec<DataType> {
        self.keys.iter().map(|key| key.data_type.clone()).collect()
    }

    /// Brings the rows of a batch to the stores of their groups, or to `all` stores.
    pub(crate) fn deal<S: Store>(
        &mut self,
        state: &mut OperatorState<S>,
        batch: &Batch<'_>,
        all: bool,
    ) -> Result<Dealt<Came>, Failure> {
        let partitions = self.table.begin(batch)?;
        let keyed = each_partition(&partitions, batch, |it| {
            self.keyed(it, state.partition_count(), batch)
        })?;
        let rows = keyed.iter().map(|rows| rows.len() as u64).sum();
        let initial = self.initial_rows(state.partition_count(), batch)?;
        let came = initial.into_iter().chain(keyed.into_iter().flatten());
        Ok(state.deal(rows, came, all))
    }

    /// The rows of a partition, each with the partition that it goes to.
    fn keyed(
        &self,
        from: usize,
        partitions: usize,
        batch: &Batch<'_>,
    ) -> Result<Vec<(usize, Came)>, Failure> {
        let mut keyed = Vec::new();
        let _ = self.table.rows(from, batch, &mut |row| {
            let came = Came {
                key: GroupKey::new(&Typed::values(&self.keys, row, &batch.context)?),
                row: row.to_vec(),
                is_initial: false,
            };
            keyed.push((partition(came.key.shuffle_hash(), partitions), came));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(keyed)
    }

    /// The rows of initial states, which there are before the first batch alone.
    fn initial_rows(
        &self,
        partitions: usize,
        batch: &Batch<'_>,
    ) -> Result<Vec<(usize, Came)>, Failure> {
        let Some(initial) = self.initial.as_ref().filter(|_| batch.id == 0) else {
            return Ok(Vec::new());
        };
        let now = Time::from_millis(batch.context.timestamp.div_euclid(1_000));
        let rows = initial.rows(now, batch.workers)?.into_iter();
        let came = rows.map(|mut row| {
            let rest = row.split_off(self.keys.len());
            let came = Came {
                key: GroupKey::new(&row),
                row: rest,
                is_initial: true,
            };
            (partition(came.key.shuffle_hash(), partitions), came)
        });
        Ok(came.collect())
    }

    /// The groups that came to a partition, the least key first; those rows are left out that `heeds` them and are late
    /// (`WM-6`).
    pub(crate) fn groups(&self, came: Vec<Came>, heeds: Option<&InputWatermark>) -> KeyMap<Group> {
        let mut groups: KeyMap<Group> = KeyMap::default();
        for Came {
            key,
            row,
            is_initial,
        } in came
        {
            if is_initial {
                groups.entry(key).or_default().initial.push(row);
            } else if !heeds.is_some_and(|watermark| self.is_late(&row, watermark)) {
                groups.entry(key).or_default().rows.push(row);
            }
        }
        groups.sort_unstable_keys();
        groups
    }

    fn is_late(&self, row: &[Value], watermark: &InputWatermark) -> bool {
        let time = self.event_time.and_then(|column| end_micros(&row[column]));
        time.is_some_and(|micros| watermark.is_late(micros))
    }
}
