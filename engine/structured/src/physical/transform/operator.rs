//! The operator that calls a processor.

use std::sync::Arc;

use engine::{Counters, Failure, FailureKind, Row, Time, Value};

use super::store::TransformStore;
use crate::physical::aggregate::StreamSettings;
use crate::physical::groups::{Came, Group, GroupInput};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::state::{
    GroupKey, Merged, OperatorState, SchemaCheck, SchemaLine, StateKind, Stateful, StoreLayout,
    StoreOrder, end_micros, variables_schema,
};
use crate::settings::StateStoreProvider;
use crate::transform::{
    StateVariables, StatefulProcessorHandle, TimeMode, TimerValues, Transformation,
};

/// The rows that a processor makes of each group, and the states of the groups
/// (`org.apache.spark.sql.execution.streaming.TransformWithStateExec`). Of a table without streams no group has one.
#[derive(Debug)]
pub(crate) struct TransformGroups {
    input: GroupInput,
    operation: Arc<Transformation>,
    /// The variables, or the failure of the program's `init`.
    variables: Result<Arc<StateVariables>, Failure>,
    /// The number of columns of its rows.
    width: usize,
    state: OperatorState<TransformStore>,
}

/// The batch in one partition.
struct Calls<'a> {
    store: &'a mut TransformStore,
    variables: &'a Arc<StateVariables>,
    times: TimerValues,
    made: Merged,
}

impl TransformGroups {
    pub(crate) fn new(
        input: GroupInput,
        operation: Arc<Transformation>,
        width: usize,
        settings: StreamSettings,
    ) -> TransformGroups {
        let mut variables = StateVariables::new(operation.time_mode);
        let declared = operation.processor.init(&mut variables);
        let time_mode = operation.time_mode;
        let output_mode = operation.output_mode.map(|mode| format!("{mode:?}"));
        let setting = |name, kind| SchemaLine {
            name,
            kind,
            types: String::new(),
        };
        let modes = output_mode.iter().map(|mode| setting("outputMode", mode));
        let modes = modes.chain([setting("timeMode", time_mode.class())]);
        let all = variables.all.iter().map(|variable| SchemaLine {
            name: &variable.name,
            kind: variable.kind.name(),
            types: variable.kind.as_type().to_string(),
        });
        let key_types = input.key_types();
        let schema = variables_schema(&key_types, all.chain(modes));
        let layout = StoreLayout::new(StoreOrder::Arrival, &key_types);
        TransformGroups {
            input,
            operation,
            variables: check_store(settings.state_store)
                .and(declared)
                .map(|()| Arc::new(variables)),
            width,
            state: OperatorState::new(schema, settings.shuffle_partitions, layout)
                .saved(settings.saves)
                .heeding_watermark(time_mode == TimeMode::EventTime)
                .in_each_trigger(time_mode == TimeMode::ProcessingTime)
                .checking(SchemaCheck::Variables)
                .of_kind(StateKind {
                    name: "transformWithStateExec",
                    ..StateKind::default()
                }),
        }
    }

    fn times(&self, batch: &Batch<'_>) -> TimerValues {
        match self.operation.time_mode {
            TimeMode::None => TimerValues {
                processing_ms: -1,
                watermark_ms: -1,
            },
            TimeMode::ProcessingTime | TimeMode::EventTime => TimerValues {
                processing_ms: batch.context.timestamp.div_euclid(1_000),
                watermark_ms: self.state.watermark().evict(),
            },
        }
    }

    /// Calls the processor for the groups that came to a partition, the least key first, and then for the timers that have
    /// expired; values whose time has passed are forgotten after that.
    fn call_all(
        &self,
        store: &mut TransformStore,
        variables: &Arc<StateVariables>,
        came: Vec<Came>,
        times: TimerValues,
    ) -> Result<Merged, Failure> {
        for name in &variables.deleted {
            store.clear(name);
        }
        let mut calls = Calls {
            store,
            variables,
            times,
            made: Merged::default(),
        };
        let processor = &self.operation.processor;
        let heeds = self.operation.time_mode == TimeMode::EventTime;
        let heeds = heeds.then(|| self.state.watermark());
        for (key, Group { rows, initial }) in self.input.groups(came, heeds) {
            self.call(&mut calls, &key, |handle| {
                if !initial.is_empty() {
                    processor.handle_initial_state(key.values(), initial, handle)?;
                }
                if rows.is_empty() {
                    return Ok(Vec::new());
                }
                processor.handle_input_rows(key.values(), rows, handle)
            })?;
        }
        let now = match self.operation.time_mode {
            TimeMode::None => None,
            TimeMode::ProcessingTime => Some(times.processing_ms),
            TimeMode::EventTime => Some(times.watermark_ms),
        };
        if let Some(now) = now {
            // Those that are registered meanwhile fire in a later batch.
            for timer in calls.store.expired(now) {
                self.call(&mut calls, &timer.key, |handle| {
                    let key = timer.key.values();
                    let rows = processor.handle_expired_timer(key, timer.expiry_ms, handle)?;
                    handle.delete_timer(timer.expiry_ms)?;
                    Ok(rows)
                })?;
            }
        }
        processor.close().map_err(in_operator)?;
        let mut made = calls.made;
        if self.operation.time_mode == TimeMode::ProcessingTime {
            store.forget(times.processing_ms);
            made.next_timeout = store.first_timer().map(Time::from_millis);
        }
        let changes = store.take_changes();
        let removed = changes
            .iter()
            .filter(|change| change.value.is_none())
            .count() as u64;
        made.counters += Counters {
            states_set: changes.len() as u64 - removed,
            states_removed: removed,
            ..Counters::default()
        };
        if self.state.saves() {
            made.changes = changes;
        }
        Ok(made)
    }

    fn call(
        &self,
        calls: &mut Calls<'_>,
        key: &GroupKey,
        call: impl FnOnce(&mut StatefulProcessorHandle) -> Result<Vec<Row>, Failure>,
    ) -> Result<(), Failure> {
        let mut handle = StatefulProcessorHandle::new(
            Arc::clone(calls.variables),
            self.operation.time_mode,
            calls.times,
            calls.store.take(key),
        );
        let failed = |failure| in_operator(failure).with_key(&key.values());
        for row in call(&mut handle).map_err(failed)? {
            self.check_row(&row, calls.times).map_err(failed)?;
            calls.made.rows.push(row);
        }
        calls.made.counters.function_calls += 1;
        calls.made.counters.keys_touched += 1;
        calls.store.put(key, handle.into_changed());
        Ok(())
    }

    fn check_row(&self, row: &[Value], times: TimerValues) -> Result<(), Failure> {
        if row.len() != self.width {
            let found = row.len();
            let message = format!(
                "the processor makes a row of {found} values, and {} are declared",
                self.width
            );
            return Err(Failure::new(FailureKind::Function, message));
        }
        let time = self
            .operation
            .event_time
            .and_then(|it| end_micros(&row[it]));
        let Some(micros) = time.filter(|micros| *micros < times.watermark_ms.saturating_mul(1_000))
        else {
            return Ok(());
        };
        let message = format!(
            "[EMITTING_ROWS_OLDER_THAN_WATERMARK_NOT_ALLOWED] Previous node emitted a row with eventTime={micros} which is \
             older than current_watermark_value={}\nThis can lead to correctness issues in the stateful operators downstream \
             in the execution pipeline.\nPlease correct the operator logic to emit rows after current global watermark value. \
             SQLSTATE: 42815",
            times.watermark_ms.saturating_mul(1_000)
        );
        Err(Failure::new(FailureKind::Spark, message))
    }
}

/// Fails with a kind of state store that has no variables.
fn check_store(state_store: StateStoreProvider) -> Result<(), Failure> {
    match state_store {
        StateStoreProvider::RocksDb => Ok(()),
        StateStoreProvider::Hdfs => Err(Failure::new(
            FailureKind::Spark,
            "[UNSUPPORTED_FEATURE.STORE_BACKEND_NOT_SUPPORTED_FOR_TWS] The feature is not supported: Store backend \
             org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider is not supported by \
             TransformWithState operator. Please use RocksDBStateStoreProvider. SQLSTATE: 0A000",
        )),
    }
}

fn in_operator(failure: Failure) -> Failure {
    failure.in_operator(Transformation::NAME)
}

impl Operator for TransformGroups {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input.table]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let variables = self.variables.clone()?;
        let all = self.operation.time_mode != TimeMode::None || !variables.deleted.is_empty();
        let came = self.input.deal(&mut self.state, batch, all)?;
        let times = self.times(batch);
        let merged = self.state.merge(&came, batch, |store, came| {
            self.call_all(store, &variables, came, times)
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
