//! Groups of rows with a state, by a function of the program.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use engine::order::partition;
use engine::{
    Counters, DataType, Failure, KeyOrder, Row, StateChange, StateSchema, Struct, Value, gather,
};
use engine_sql::Typed;

use super::aggregate::{StreamSettings, state_schema};
use super::operator::{Batch, Each, Flow, Operator, Partitions, each_partition, hand_out};
use super::state::{
    Footprint, GroupKey, KeyMap, SavedStore, StateStore, StateStores, Stateful, end_micros,
};
use super::watermark::InputWatermark;
use crate::groups::{GroupChange, GroupState, GroupStateTimeout, GroupsWithState, StateTimes};

/// The rows that a function makes of each group, and the states of the groups (`FGS-1`, `FGS-2`;
/// `org.apache.spark.sql.execution.streaming.FlatMapGroupsWithStateExec`). Of a table without streams no group has one.
#[derive(Debug)]
pub(crate) struct Groups {
    input: Box<dyn Operator>,
    keys: Vec<Typed>,
    /// The column of the input that has the watermark.
    event_time: Option<usize>,
    operation: Arc<GroupsWithState>,
    saves: bool,
    schema: StateSchema,
    stores: StateStores<StateStore>,
    watermark: InputWatermark,
    /// The results of the last batch, by the places of stores.
    results: Vec<Made>,
    counters: Counters,
}

/// The result of a batch in one partition.
#[derive(Debug, Default)]
struct Made {
    rows: Vec<Row>,
    counters: Counters,
    changes: Vec<StateChange>,
}

impl Groups {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        keys: Vec<Typed>,
        event_time: Option<usize>,
        operation: Arc<GroupsWithState>,
        settings: StreamSettings,
    ) -> Groups {
        let key_types: Vec<DataType> = keys.iter().map(|key| key.data_type.clone()).collect();
        let state = DataType::Struct(operation.state.clone());
        let has_timeout = operation.timeout != GroupStateTimeout::None;
        let values = [state, DataType::Long];
        // States that have timed out come in the order of the table.
        let has_table = has_timeout && settings.key_order == KeyOrder::Spark;
        Groups {
            input,
            keys,
            event_time,
            schema: state_schema(&key_types, &values[..1 + usize::from(has_timeout)]),
            operation,
            saves: settings.saves,
            stores: StateStores::new(settings.shuffle_partitions, has_table),
            watermark: InputWatermark::default(),
            results: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The rows of a partition, each with the partition that it goes to.
    fn keyed(&self, from: usize, batch: &Batch<'_>) -> Result<Vec<(usize, (GroupKey, Row))>, Failure> {
        let partitions = self.stores.partition_count();
        let mut keyed = Vec::new();
        let _ = self.input.rows(from, batch, &mut |row| {
            let key = GroupKey::new(&Typed::values(&self.keys, &row, &batch.context)?);
            keyed.push((partition(key.shuffle_hash(), partitions), (key, row)));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(keyed)
    }

    /// Calls the function for the groups that came to a partition, the least key first, and then for those whose time-out
    /// has passed.
    fn call_all(
        &self,
        place: usize,
        came: Vec<(GroupKey, Row)>,
        times: StateTimes,
    ) -> Result<Made, Failure> {
        let mut groups: KeyMap<Vec<Row>> = KeyMap::default();
        for (key, row) in came {
            if !self.is_late(&row) {
                groups.entry(key).or_default().push(row);
            }
        }
        groups.sort_unstable_keys();
        let mut store = self.stores.store(place);
        store.begin();
        let mut made = Made::default();
        for (key, rows) in groups {
            self.call(&mut store, &key, rows, false, times, &mut made)?;
        }
        let limit = match times.timeout {
            GroupStateTimeout::None => None,
            GroupStateTimeout::ProcessingTime => Some(times.batch),
            GroupStateTimeout::EventTime => times.watermark,
        };
        let has_passed = |state: &Row| {
            let timeout = timeout_of(state);
            timeout.zip(limit).is_some_and(|(timeout, limit)| timeout < limit)
        };
        let passed = store.iter().filter(|(_, state)| has_passed(state));
        let passed: Vec<GroupKey> = passed.map(|(key, _)| key.clone()).collect();
        for key in passed {
            self.call(&mut store, &key, Vec::new(), true, times, &mut made)?;
        }
        store.end();
        Ok(made)
    }

    /// True of a row that event time has passed (`WM-6`).
    fn is_late(&self, row: &[Value]) -> bool {
        let time = self.event_time.and_then(|column| end_micros(&row[column]));
        self.operation.timeout == GroupStateTimeout::EventTime
            && time.is_some_and(|micros| self.watermark.is_late(micros))
    }

    fn call(
        &self,
        store: &mut StateStore,
        key: &GroupKey,
        rows: Vec<Row>,
        has_timed_out: bool,
        times: StateTimes,
        made: &mut Made,
    ) -> Result<(), Failure> {
        let stored = store.get(key);
        let before = stored.and_then(|stored| timeout_of(stored));
        let fields = stored.and_then(|stored| fields_of(stored));
        let mut state = GroupState::new(fields, has_timed_out, times);
        let result = (self.operation.function)(key.values(), rows, &mut state);
        let rows = result.map_err(|failure| {
            failure
                .in_operator(self.operation.name)
                .with_key(&key.values())
        })?;
        made.rows.extend(rows);
        made.counters.function_calls += 1;
        let value = match state.into_change(before) {
            GroupChange::None => return Ok(()),
            GroupChange::Put { state, timeout } => Some(self.stored(state, timeout)),
            GroupChange::Removed => None,
        };
        match &value {
            Some(value) => store.put(key, value.clone()),
            None => store.remove(key),
        }
        made.counters.keys_touched += 1;
        if self.saves {
            made.changes.push(StateChange {
                key: key.to_row(),
                value,
            });
        }
        Ok(())
    }

    /// A state as it is stored: its fields, and its time-out if the operation has any (`StateManagerImplV2`).
    fn stored(&self, state: Option<Row>, timeout: Option<i64>) -> Row {
        let names = self.operation.state.iter().map(|field| field.name.clone());
        let fields = state.map(|state| names.zip(state).collect::<Struct>());
        let mut stored = vec![fields.map_or(Value::Null, Value::Struct)];
        if self.operation.timeout != GroupStateTimeout::None {
            stored.push(timeout.map_or(Value::Null, Value::Long));
        }
        stored
    }
}

fn timeout_of(stored: &Row) -> Option<i64> {
    match stored.get(1) {
        Some(Value::Long(timeout)) => Some(*timeout),
        _ => None,
    }
}

fn fields_of(stored: &Row) -> Option<Row> {
    match stored.first() {
        Some(Value::Struct(fields)) => Some(fields.values().cloned().collect()),
        _ => None,
    }
}

impl Operator for Groups {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let keyed = each_partition(&partitions, batch, |it| self.keyed(it, batch))?;
        self.counters = Counters {
            probes: keyed.iter().map(|rows| rows.len() as u64).sum(),
            ..Counters::default()
        };
        let times = StateTimes {
            timeout: self.operation.timeout,
            batch: batch.context.timestamp.div_euclid(1_000),
            watermark: self.event_time.map(|_| self.watermark.evict()),
        };
        let came = self.stores.deal(keyed.into_iter().flatten());
        let results = gather(batch.workers, came.len(), |place| {
            // No other task ever locks it.
            let mut came = came[place].lock().unwrap_or_else(PoisonError::into_inner);
            self.call_all(place, std::mem::take(&mut came), times)
        });
        self.results = results.into_iter().collect::<Result<_, _>>()?;
        self.stores.end_batch();
        for made in &self.results {
            self.counters += made.counters;
        }
        Ok(Partitions {
            count: self.stores.partition_count(),
            used: self.stores.opened(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        match self.stores.place(partition) {
            Some(place) => hand_out(self.results[place].rows.iter().cloned(), each),
            None => Ok(ControlFlow::Continue(())),
        }
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(self)
    }
}

impl Stateful for Groups {
    fn schema(&self) -> &StateSchema {
        &self.schema
    }

    fn partition_count(&self) -> usize {
        self.stores.partition_count()
    }

    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        let changes = self
            .results
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
        match self.operation.timeout {
            GroupStateTimeout::None => false,
            GroupStateTimeout::ProcessingTime => true,
            GroupStateTimeout::EventTime => self.watermark.is_raised_by(input),
        }
    }
}
