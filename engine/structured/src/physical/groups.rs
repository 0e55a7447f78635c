//! Groups of rows with a state, by a function of the program.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::order::partition;
use engine::{DataType, Failure, FailureKind, KeyOrder, Row, StateChange, Struct, Time, Value};
use engine_sql::Typed;

use super::aggregate::{StreamSettings, state_schema};
use super::operator::{Batch, Each, Flow, Operator, Partitions, each_partition};
use super::state::{GroupKey, KeyMap, Merged, OperatorState, StateStore, Stateful, end_micros};
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
    state: OperatorState<StateStore>,
}

/// A row that came, and its key.
type Came = (GroupKey, Row);

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
        let timeout = operation.timeout;
        let has_timeout = timeout != GroupStateTimeout::None;
        let values = [state, DataType::Long];
        let schema = state_schema(&key_types, &values[..=usize::from(has_timeout)]);
        // States that have timed out come in the order of the table.
        let has_table = has_timeout && settings.key_order == KeyOrder::Spark;
        Groups {
            input,
            keys,
            event_time,
            operation,
            state: OperatorState::new(schema, settings.shuffle_partitions, has_table)
                .saved(settings.saves)
                .heeding_watermark(timeout == GroupStateTimeout::EventTime)
                .in_each_trigger(timeout == GroupStateTimeout::ProcessingTime),
        }
    }

    /// The rows of a partition, each with the partition that it goes to.
    fn keyed(&self, from: usize, batch: &Batch<'_>) -> Result<Vec<(usize, Came)>, Failure> {
        let partitions = self.state.partition_count();
        let mut keyed = Vec::new();
        let _ = self.input.rows(from, batch, &mut |row| {
            let key = GroupKey::new(&Typed::values(&self.keys, row, &batch.context)?);
            keyed.push((
                partition(key.shuffle_hash(), partitions),
                (key, row.to_vec()),
            ));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(keyed)
    }

    /// Calls the function for the groups that came to a partition, the least key first, and then for those whose time-out
    /// has passed.
    fn call_all(
        &self,
        store: &mut StateStore,
        came: Vec<Came>,
        times: StateTimes,
    ) -> Result<Merged, Failure> {
        let mut groups: KeyMap<Vec<Row>> = KeyMap::default();
        for (key, row) in came {
            if !self.is_late(&row) {
                groups.entry(key).or_default().push(row);
            }
        }
        groups.sort_unstable_keys();
        let mut made = Merged::default();
        for (key, rows) in groups {
            self.call(store, &key, rows, false, times, &mut made)?;
        }
        let limit = match times.timeout {
            GroupStateTimeout::None => None,
            GroupStateTimeout::ProcessingTime => Some(times.batch),
            GroupStateTimeout::EventTime => times.watermark,
        };
        let has_passed = |state: &Row| {
            let timeout = timeout_of(state);
            timeout
                .zip(limit)
                .is_some_and(|(timeout, limit)| timeout < limit)
        };
        let passed = store.iter().filter(|(_, state)| has_passed(state));
        let passed: Vec<GroupKey> = passed.map(|(key, _)| key.clone()).collect();
        for key in passed {
            self.call(store, &key, Vec::new(), true, times, &mut made)?;
        }
        store.end();
        Ok(made)
    }

    /// The millisecond after the first time-out: a state has timed out when that is past.
    fn next_timeout(&self) -> Option<Time> {
        let partitions = self.state.partitions().used.into_iter();
        let firsts = partitions.filter_map(|partition| {
            let store = self.state.store(partition)?;
            store
                .iter()
                .filter_map(|(_, state)| timeout_of(state))
                .min()
        });
        let first = firsts.min()?;
        Some(Time::from_millis(first.saturating_add(1)))
    }

    /// True of a row that event time has passed (`WM-6`).
    fn is_late(&self, row: &[Value]) -> bool {
        let time = self.event_time.and_then(|column| end_micros(&row[column]));
        self.operation.timeout == GroupStateTimeout::EventTime
            && time.is_some_and(|micros| self.state.watermark().is_late(micros))
    }

    fn call(
        &self,
        store: &mut StateStore,
        key: &GroupKey,
        rows: Vec<Row>,
        has_timed_out: bool,
        times: StateTimes,
        made: &mut Merged,
    ) -> Result<(), Failure> {
        let stored = store.get(key);
        let before = stored.and_then(timeout_of);
        let fields = stored.and_then(fields_of);
        let mut state = GroupState::new(fields, has_timed_out, times);
        let failed = |failure: Failure| {
            let failure = failure.in_operator(self.operation.name);
            failure.with_key(&key.values())
        };
        let result = (self.operation.function)(key.values(), rows, &mut state);
        for row in result.map_err(failed)? {
            check_width("a row", row.len(), self.operation.width).map_err(failed)?;
            made.rows.push(row);
        }
        if let Some(fields) = state.get() {
            check_width("a state", fields.len(), self.operation.state.len()).map_err(failed)?;
        }
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
        if self.state.saves() {
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

/// Fails if a function has made something of another number of values.
fn check_width(what: &str, found: usize, expected: usize) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    let message =
        format!("the function makes {what} of {found} values, and {expected} are declared");
    Err(Failure::new(FailureKind::Function, message))
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
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let keyed = each_partition(&partitions, batch, |it| self.keyed(it, batch))?;
        let times = StateTimes {
            timeout: self.operation.timeout,
            batch: batch.context.timestamp.div_euclid(1_000),
            watermark: self.event_time.map(|_| self.state.watermark().evict()),
        };
        let rows = keyed.iter().map(|rows| rows.len() as u64).sum();
        let all = self.operation.timeout != GroupStateTimeout::None;
        let came = self.state.deal(rows, keyed.into_iter().flatten(), all);
        let merged = self.state.merge(&came, batch, |store, came| {
            self.call_all(store, came, times)
        })?;
        self.state.end_batch(merged);
        if self.operation.timeout == GroupStateTimeout::ProcessingTime {
            let next = self.next_timeout();
            self.state.set_next_timeout(next);
        }
        Ok(self.state.partitions_with_rows())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.state.rows(partition, each)
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }
}
