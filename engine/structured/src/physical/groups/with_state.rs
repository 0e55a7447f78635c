//! Groups of rows with a state, by a function of the program.

use std::sync::Arc;

use engine::{DataType, Failure, FailureKind, Row, StateChange, Struct, Time, Value};

use super::input::{Came, Group, GroupInput};
use crate::groups::{GroupChange, GroupState, GroupStateTimeout, GroupsWithState, StateTimes};
use crate::physical::aggregate::StreamSettings;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::state::{
    GroupKey, Merged, OperatorState, StateStore, Stateful, StoreLayout, state_schema,
};

/// The rows that a function makes of each group, and the states of the groups (`FGS-1`, `FGS-2`;
/// `org.apache.spark.sql.execution.streaming.FlatMapGroupsWithStateExec`). Of a table without streams no group has one.
#[derive(Debug)]
pub(crate) struct Groups {
    input: GroupInput,
    operation: Arc<GroupsWithState>,
    /// The number of columns of its rows.
    width: usize,
    state: OperatorState<StateStore>,
}

impl Groups {
    pub(crate) fn new(
        input: GroupInput,
        operation: Arc<GroupsWithState>,
        width: usize,
        settings: StreamSettings,
    ) -> Groups {
        let state = DataType::Struct(operation.state.clone());
        let timeout = operation.timeout;
        let has_timeout = timeout != GroupStateTimeout::None;
        let values = [state, DataType::Long];
        let key_types = input.key_types();
        let schema = state_schema(&key_types, &values[..=usize::from(has_timeout)]);
        // States that have timed out come in the order of the store.
        let layout = StoreLayout::new(settings.order(has_timeout), &key_types);
        Groups {
            input,
            operation,
            width,
            state: OperatorState::new(schema, settings.shuffle_partitions, layout)
                .saved(settings.saves)
                .heeding_watermark(timeout == GroupStateTimeout::EventTime)
                .in_each_trigger(timeout == GroupStateTimeout::ProcessingTime),
        }
    }

    /// Calls the function for the groups that came to a partition, the least key first, and then for those whose time-out
    /// has passed.
    fn call_all(
        &self,
        store: &mut StateStore,
        came: Vec<Came>,
        times: StateTimes,
    ) -> Result<Merged, Failure> {
        let heeds = times.timeout == GroupStateTimeout::EventTime;
        let heeds = heeds.then(|| self.state.watermark());
        let mut made = Merged::default();
        for (key, Group { rows, initial }) in self.input.groups(came, heeds) {
            self.set_initial(store, &key, initial, &mut made)?;
            self.call(store, &key, rows, false, times, &mut made)?;
        }
        let limit = match times.timeout {
            GroupStateTimeout::None => None,
            GroupStateTimeout::ProcessingTime => Some(times.batch),
            GroupStateTimeout::EventTime => times.watermark,
        };
        if let Some(limit) = limit {
            let mut passed = Vec::new();
            let mut next = None;
            for (key, state) in store.iter() {
                match timeout_of(state) {
                    Some(timeout) if timeout < limit => passed.push(key.clone()),
                    timeout => next = earliest(next, timeout),
                }
            }
            for key in passed {
                self.call(store, &key, Vec::new(), true, times, &mut made)?;
                next = earliest(next, store.get(&key).and_then(timeout_of));
            }
            if times.timeout == GroupStateTimeout::ProcessingTime {
                // It has passed in the millisecond after it.
                made.next_timeout = next.map(|millis| Time::from_millis(millis.saturating_add(1)));
            }
        }
        store.end();
        Ok(made)
    }

    /// Gives a group the state that it begins with.
    fn set_initial(
        &self,
        store: &mut StateStore,
        key: &GroupKey,
        initial: Vec<Row>,
        made: &mut Merged,
    ) -> Result<(), Failure> {
        let mut initial = initial.into_iter();
        let Some(fields) = initial.next() else {
            return Ok(());
        };
        if initial.next().is_some() {
            let message = "The initial state provided contained multiple rows(state) with the same key. Make sure to \
                           de-duplicate the initial state before passing it.";
            let failure = Failure::new(FailureKind::Spark, message);
            let failure = failure.in_operator(self.operation.name);
            return Err(failure.with_key(&key.values()));
        }
        let value = self.stored(Some(fields), None);
        self.change(store, key, Some(value), made);
        Ok(())
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
            check_width("a row", row.len(), self.width).map_err(failed)?;
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
        self.change(store, key, value, made);
        Ok(())
    }

    fn change(
        &self,
        store: &mut StateStore,
        key: &GroupKey,
        value: Option<Row>,
        made: &mut Merged,
    ) {
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

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

impl Operator for Groups {
    fn name(&self) -> String {
        self.operation.name.to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input.table]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let times = StateTimes {
            timeout: self.operation.timeout,
            batch: batch.context.timestamp.div_euclid(1_000),
            watermark: self
                .input
                .event_time
                .map(|_| self.state.watermark().evict()),
        };
        let all = self.operation.timeout != GroupStateTimeout::None;
        let came = self.input.deal(&mut self.state, batch, all)?;
        let merged = self.state.merge(&came, batch, |store, came| {
            self.call_all(store, came, times)
        })?;
        Ok(self.state.end_batch(merged))
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.state.rows(partition, each)
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }
}
