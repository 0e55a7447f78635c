//! One row for each key.

use std::ops::ControlFlow;

use engine::order::partition;
use engine::{Counters, DataType, Failure, Row, StateChange, Value};

use super::aggregate::StreamSettings;
use super::operator::{Batch, Each, Flow, Operator, Partitions, each_partition};
use super::state::{
    GroupKey, Merged, OperatorState, SchemaCheck, StateKind, StateStore, Stateful, StoreLayout,
    StoreOrder, end_micros, state_schema,
};

/// The rows whose keys have not come before (`DD-1`; `StreamingDeduplicateExec`,
/// `StreamingDeduplicateWithinWatermarkExec`). Of a table without streams it is the first row of each key.
#[derive(Debug)]
pub(crate) struct Deduplicate {
    input: Box<dyn Operator>,
    keys: Vec<usize>,
    /// The column that rows are late by.
    event_time: Option<usize>,
    forget: Forget,
    state: OperatorState<StateStore>,
}

/// When a key is forgotten.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Forget {
    /// Never.
    Never,
    /// When the watermark has passed the column of the key at this place.
    Key(usize),
    /// When the watermark has passed the time of the first row and this many microseconds.
    After(i64),
}

/// The columns that a deduplication needs to know.
#[derive(Debug)]
pub(crate) struct DeduplicateColumns {
    /// The types of all columns.
    pub(crate) types: Vec<DataType>,
    /// Those of the key.
    pub(crate) keys: Vec<usize>,
    /// The one that rows are late by.
    pub(crate) event_time: Option<usize>,
}

/// A row that came, and its key.
type Came = (GroupKey, Row);

impl Deduplicate {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        columns: DeduplicateColumns,
        forget: Forget,
        settings: StreamSettings,
    ) -> Deduplicate {
        let DeduplicateColumns {
            types,
            keys,
            event_time,
        } = columns;
        let key_types: Vec<DataType> = keys.iter().map(|key| types[*key].clone()).collect();
        Deduplicate {
            input,
            keys,
            event_time,
            forget,
            // Its states have no value.
            state: OperatorState::new(
                state_schema(&key_types, &types),
                settings.shuffle_partitions,
                StoreLayout::new(StoreOrder::Arrival, &key_types),
            )
            .saved(settings.saves)
            .heeding_watermark(true)
            .of_kind(StateKind {
                name: match forget {
                    Forget::Never | Forget::Key(_) => "dedupe",
                    Forget::After(_) => "dedupeWithinWatermark",
                },
                loads: 1,
                drops_duplicates: true,
                ..StateKind::default()
            })
            .checking(SchemaCheck::Key),
        }
    }

    /// The rows of a partition, each with the partition that it goes to.
    fn keyed(&self, from: usize, batch: &Batch<'_>) -> Result<Vec<(usize, Came)>, Failure> {
        let partitions = self.state.partition_count();
        let mut keyed = Vec::new();
        let _ = self.input.rows(from, batch, &mut |row| {
            let key: Row = self.keys.iter().map(|key| row[*key].clone()).collect();
            let key = GroupKey::new(&key);
            keyed.push((
                partition(key.shuffle_hash(), partitions),
                (key, row.to_vec()),
            ));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(keyed)
    }

    /// Keeps the rows that are new and not late: late ones are counted row by row (`WM-6`).
    fn merge(&self, store: &mut StateStore, came: Vec<Came>) -> Merged {
        let mut found = Merged::default();
        let mut came_and_went = 0;
        for (key, row) in came {
            let time = self.event_time.and_then(|column| end_micros(&row[column]));
            if time.is_some_and(|micros| self.state.watermark().is_late(micros)) {
                found.counters.late += 1;
                continue;
            }
            if store.get(&key).is_some() {
                continue;
            }
            let state = match self.forget {
                Forget::After(delay) => vec![Value::Long(time.unwrap_or(0).saturating_add(delay))],
                Forget::Never | Forget::Key(_) => Row::new(),
            };
            came_and_went += usize::from(self.is_final(&key, &state));
            if self.state.saves() {
                found.changes.push(StateChange {
                    key: key.to_row(),
                    value: Some(state.clone()),
                });
            }
            store.put(&key, state);
            found.rows.push(row);
        }
        let removed = match self.forget {
            Forget::Never => Vec::new(),
            Forget::Key(_) | Forget::After(_) => {
                store.evict(|key, state| self.is_final(key, state))
            }
        };
        if self.state.saves() {
            let removed = removed.iter().map(|(key, _)| StateChange {
                key: key.to_row(),
                value: None,
            });
            found.changes.extend(removed);
        }
        found.counters = Counters {
            function_calls: found.rows.len() as u64,
            keys_touched: (found.rows.len() + removed.len() - came_and_went) as u64,
            states_set: found.rows.len() as u64,
            states_removed: removed.len() as u64,
            ..found.counters
        };
        found
    }

    fn is_final(&self, key: &GroupKey, state: &[Value]) -> bool {
        let time = match (self.forget, state) {
            (Forget::Key(column), _) => end_micros(&key.values()[column]),
            (Forget::After(_), [Value::Long(until)]) => Some(*until),
            _ => None,
        };
        time.is_some_and(|micros| self.state.watermark().is_final(micros))
    }
}

impl Operator for Deduplicate {
    fn name(&self) -> String {
        match self.forget {
            Forget::Never | Forget::Key(_) => "StreamingDeduplicate".to_owned(),
            Forget::After(_) => "StreamingDeduplicateWithinWatermark".to_owned(),
        }
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let keyed = each_partition(&partitions, batch, |it| self.keyed(it, batch))?;
        let rows = keyed.iter().map(|rows| rows.len() as u64).sum();
        let all = !matches!(self.forget, Forget::Never);
        let came = self.state.deal(rows, keyed.into_iter().flatten(), all);
        let merged = self
            .state
            .merge(&came, batch, |store, came| Ok(self.merge(store, came)))?;
        Ok(self.state.end_batch(merged))
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.state.rows(partition, each)
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }
}
