//! An aggregation of a stream, whose groups are a state.

use std::sync::PoisonError;

use engine::{
    Counters, DataType, Failure, KeyOrder, OutputMode, Row, StateChange, StateSchema, gather,
};

use super::aggregation::{Aggregation, Groups};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions, hand_out};
use crate::physical::state::{
    Footprint, GroupKey, SavedStore, StateKind, StateStore, StateStores, Stateful, end_micros,
};
use crate::physical::watermark::InputWatermark;

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
    schema: StateSchema,
    stores: StateStores<StateStore>,
    watermark: InputWatermark,
    /// The results of the last batch, by the places of stores.
    merged: Vec<Merged>,
    counters: Counters,
}

/// The result of a batch in one partition.
#[derive(Debug, Default)]
struct Merged {
    /// The rows that append and update output hand out.
    rows: Vec<Row>,
    counters: Counters,
    /// The changes of the store, of a query that saves them.
    changes: Vec<StateChange>,
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
            schema: state_schema(&keys, &buffers),
            stores: StateStores::new(partitions, settings.has_table()),
            watermark: InputWatermark::default(),
            merged: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// Adds the groups that came to one partition to its store. Late groups are dropped only here, after they were
    /// merged (`WM-6`).
    fn merge(&self, place: usize, came: Groups, batch: &Batch<'_>) -> Result<Merged, Failure> {
        let context = &batch.context;
        let mut came = self.aggregation.merged(came, context)?;
        let groups = came.len();
        came.retain(|(key, _)| !self.is_past(key, |micros| self.watermark.is_late(micros)));
        let mut store = self.stores.store(place);
        store.begin();
        for (key, buffers) in &mut came {
            if let Some(before) = store.get(key) {
                let more = std::mem::replace(buffers, before.clone());
                self.aggregation.merge(buffers, &more, context)?;
            }
            store.put(key, buffers.clone());
        }
        let is_final = |key: &GroupKey| self.is_past(key, |micros| self.watermark.is_final(micros));
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
            states_set: came.len() as u64,
            states_removed: removed.len() as u64,
            late: (groups - came.len()) as u64,
            ..Counters::default()
        };
        let changes = if self.settings.saves {
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
    fn all(&self, place: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let store = self.stores.store(place);
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
        let count = self.stores.partition_count();
        let partials = self
            .aggregation
            .partials(&*self.input, &partitions, count, batch)?;
        self.counters = Counters {
            probes: partials.iter().map(|partial| partial.rows).sum(),
            ..Counters::default()
        };
        let groups = partials.into_iter().flat_map(|partial| partial.groups);
        // The group of all rows is there also if there are none (`OM-2`).
        let of_all = self
            .aggregation
            .is_global()
            .then(|| (0, self.aggregation.empty()));
        let came = self.stores.deal(groups.chain(of_all));
        let merged = gather(batch.workers, came.len(), |place| {
            // No other task ever locks it.
            let mut came = came[place].lock().unwrap_or_else(PoisonError::into_inner);
            self.merge(place, std::mem::take(&mut came), batch)
        });
        self.merged = merged.into_iter().collect::<Result<_, _>>()?;
        self.stores.end_batch();
        for merged in &self.merged {
            self.counters += merged.counters;
        }
        let is_used = |partition: &usize| {
            let place = self.stores.place(*partition);
            self.settings.output_mode == OutputMode::Complete
                || place.is_some_and(|place| !self.merged[place].rows.is_empty())
        };
        let used = self.stores.opened().into_iter().filter(is_used).collect();
        Ok(Partitions { count, used })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let Some(place) = self.stores.place(partition) else {
            return Ok(std::ops::ControlFlow::Continue(()));
        };
        match self.settings.output_mode {
            OutputMode::Complete => self.all(place, batch, each),
            OutputMode::Append | OutputMode::Update => {
                hand_out(self.merged[place].rows.iter().cloned(), each)
            }
        }
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(self)
    }
}

impl Stateful for StreamAggregate {
    fn schema(&self) -> &StateSchema {
        &self.schema
    }

    fn partition_count(&self) -> usize {
        self.stores.partition_count()
    }

    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        let changes = self
            .merged
            .iter_mut()
            .map(|it| std::mem::take(&mut it.changes));
        self.stores.by_partition(changes.collect())
    }

    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        self.stores.snapshots()
    }

    fn recover(&mut self, stores: Vec<SavedStore>) {
        self.stores.recover(stores);
    }

    fn kind(&self) -> StateKind {
        StateKind {
            name: "stateStoreSave",
            ..StateKind::default()
        }
    }

    fn footprint(&self) -> Footprint {
        self.stores.footprint()
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn set_watermark(&mut self, input: i64) {
        self.watermark.set(input);
    }

    fn wants_batch(&self, input: i64) -> bool {
        self.settings.output_mode.heeds_watermark() && self.watermark.is_raised_by(input)
    }
}
