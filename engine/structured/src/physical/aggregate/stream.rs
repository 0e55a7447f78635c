//! An aggregation of a stream, whose groups are a state.

use engine::{Counters, DataType, Failure, KeyOrder, OutputMode, Row, StateChange, StateSchema};
use engine_sql::Context;

use super::aggregation::{Aggregation, Groups};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::state::{GroupKey, Merged, OperatorState, StateStore, Stateful, end_micros};

/// The settings of an operator with a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamSettings {
    pub(crate) output_mode: OutputMode,
    pub(crate) shuffle_partitions: usize,
    pub(crate) key_order: KeyOrder,
    /// The changes of states are saved.
    pub(crate) saves: bool,
}

impl StreamSettings {
    /// True if rows come in the order of Spark's table of states.
    pub(crate) fn has_table(self) -> bool {
        self.key_order == KeyOrder::Spark && self.output_mode.reads_state()
    }
}

/// The groups of all rows so far, by shuffle partition: those that the output mode hands out
/// (`StateStoreRestoreExec`, `StateStoreSaveExec`).
#[derive(Debug)]
pub(crate) struct StreamAggregate {
    input: Box<dyn Operator>,
    aggregation: Aggregation,
    settings: StreamSettings,
    /// The key that has the watermark (`WM-9`).
    event_time: Option<usize>,
    state: OperatorState<StateStore>,
}

impl StreamAggregate {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        aggregation: Aggregation,
        settings: StreamSettings,
        event_time: Option<usize>,
    ) -> StreamAggregate {
        let (keys, buffers) = aggregation.types();
        let heeds_watermark = settings.output_mode.heeds_watermark();
        let partitions = if aggregation.is_global() {
            1
        } else {
            settings.shuffle_partitions
        };
        StreamAggregate {
            input,
            aggregation,
            settings,
            event_time: event_time.filter(|_| heeds_watermark),
            state: OperatorState::new(
                state_schema(&keys, &buffers),
                partitions,
                settings.has_table(),
            )
            .saved(settings.saves)
            .heeding_watermark(heeds_watermark),
        }
    }

    /// Adds the groups that came to one partition to its store. Late groups are dropped only here, after they were
    /// merged (`WM-6`).
    fn merge(
        &self,
        store: &mut StateStore,
        came: Groups,
        context: &Context<'_>,
    ) -> Result<Merged, Failure> {
        let watermark = self.state.watermark();
        let mut came = self.aggregation.merged(came, context)?;
        came.retain(|(key, _)| !self.is_past(key, |micros| watermark.is_late(micros)));
        for (key, buffers) in &mut came {
            if let Some(before) = store.get(key) {
                let more = std::mem::replace(buffers, before.clone());
                self.aggregation.merge(buffers, &more, context)?;
            }
            store.put(key, buffers.clone());
        }
        let is_final = |key: &GroupKey| self.is_past(key, |micros| watermark.is_final(micros));
        let removed = match self.event_time {
            Some(_) => store.evict(|key, _| is_final(key)),
            None => Vec::new(),
        };
        let came_and_went = match self.event_time {
            Some(_) => came.iter().filter(|(key, _)| is_final(key)).count(),
            None => 0,
        };
        let counters = Counters {
            function_calls: came.len() as u64,
            keys_touched: (came.len() + removed.len() - came_and_went) as u64,
            ..Counters::default()
        };
        let changes = if self.state.saves() {
            changes(&came, &removed)
        } else {
            Vec::new()
        };
        let written = match self.settings.output_mode {
            OutputMode::Append => removed,
            OutputMode::Update => came,
            // It hands out all of the state.
            OutputMode::Complete => Vec::new(),
        };
        let written = self.aggregation.last(written);
        let rows = written
            .iter()
            .map(|(key, buffers)| self.aggregation.finish(key, buffers, context));
        Ok(Merged {
            rows: rows.collect::<Result<_, _>>()?,
            counters,
            changes,
        })
    }

    /// True if the time of a key is past a watermark.
    fn is_past(&self, key: &GroupKey, test: impl Fn(i64) -> bool) -> bool {
        let time = self.event_time.map(|column| &key.values()[column]);
        time.and_then(end_micros).is_some_and(test)
    }

    /// All groups of a partition.
    fn all(&self, store: &StateStore, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut groups: Box<dyn Iterator<Item = (&GroupKey, &Row)>> = Box::new(store.iter());
        if let Some(sorted) = self.aggregation.resorted(|| Box::new(store.iter())) {
            groups = Box::new(sorted.into_iter());
        }
        for (key, buffers) in groups {
            let row = self.aggregation.finish(key, buffers, &batch.context)?;
            if each(row)?.is_break() {
                return Ok(std::ops::ControlFlow::Break(()));
            }
        }
        Ok(std::ops::ControlFlow::Continue(()))
    }
}

/// The changes in the order in which Spark's store is given them: those that came before those that went.
fn changes(came: &Groups, removed: &Groups) -> Vec<StateChange> {
    let came = came.iter().map(|(key, buffers)| StateChange {
        key: key.to_row(),
        value: Some(buffers.clone()),
    });
    let removed = removed.iter().map(|(key, _)| StateChange {
        key: key.to_row(),
        value: None,
    });
    came.chain(removed).collect()
}

/// The types of the states of an operator. Names are left out, as Spark lets them change.
pub(crate) fn state_schema(key: &[DataType], value: &[DataType]) -> StateSchema {
    let types = |types: &[DataType]| {
        let types: Vec<String> = types.iter().map(DataType::to_string).collect();
        types.join(", ").into()
    };
    StateSchema {
        key: types(key),
        value: types(value),
    }
}

impl Operator for StreamAggregate {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let count = self.state.partition_count();
        let partials = self
            .aggregation
            .partials(&*self.input, &partitions, count, batch)?;
        let rows = partials.iter().map(|partial| partial.rows).sum();
        let groups = partials.into_iter().flat_map(|partial| partial.groups);
        // The group of all rows is there also if there are none (`OM-2`).
        let of_all = self
            .aggregation
            .is_global()
            .then(|| (0, self.aggregation.empty()));
        let came = self.state.deal(rows, groups.chain(of_all));
        let merged = self.state.merge(came, batch, |store, came| {
            self.merge(store, came, &batch.context)
        })?;
        self.state.end_batch(merged);
        Ok(match self.settings.output_mode {
            OutputMode::Complete => self.state.partitions(),
            OutputMode::Append | OutputMode::Update => self.state.partitions_with_rows(),
        })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        match (self.settings.output_mode, self.state.store(partition)) {
            (OutputMode::Complete, Some(store)) => self.all(&store, batch, each),
            _ => self.state.rows(partition, each),
        }
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }
}
