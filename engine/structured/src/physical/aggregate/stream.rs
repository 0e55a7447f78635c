//! An aggregation of a stream, whose groups are a state.

use std::ops::ControlFlow;

use engine::{Failure, KeyOrder, OutputMode, Row, StateChange, Value};
use engine_sql::Context;

use super::aggregation::{Aggregation, Partial};
use super::came::{CameGroup, shuffled};
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::row_list::RowList;
use crate::physical::state::{
    Merged, OperatorState, READ_AHEAD, StateBuffers, StateKind, StateStore, Stateful, StoreLayout,
    StoreOrder, end_micros, state_schema,
};
use crate::session::SparkSession;
use crate::settings::StateStoreProvider;

/// The settings of an operator with a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamSettings {
    pub(crate) output_mode: OutputMode,
    pub(crate) shuffle_partitions: usize,
    pub(crate) key_order: KeyOrder,
    pub(crate) state_store: StateStoreProvider,
    /// The changes of states are saved.
    pub(crate) saves: bool,
}

impl StreamSettings {
    /// Those of a table without streams.
    pub(crate) fn of_table(session: &SparkSession) -> StreamSettings {
        StreamSettings {
            output_mode: OutputMode::Append,
            shuffle_partitions: session.shuffle_partitions,
            key_order: KeyOrder::Spark,
            state_store: session.state_store,
            saves: false,
        }
    }

    /// The order of the states of an operator, of which some show it.
    pub(crate) fn order(self, is_shown: bool) -> StoreOrder {
        match self.state_store {
            _ if !is_shown || self.key_order == KeyOrder::Arrival => StoreOrder::Arrival,
            StateStoreProvider::Hdfs => StoreOrder::Table,
            StateStoreProvider::RocksDb => StoreOrder::Bytes,
        }
    }

    /// The order of states that are rows of the result.
    pub(crate) fn order_of_rows(self) -> StoreOrder {
        self.order(self.output_mode.reads_state())
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
    state: OperatorState<StateStore<StateBuffers>>,
    /// The most groups of a partition in the last batch, for which the next one makes room.
    groups: usize,
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
                StoreLayout::new(settings.order_of_rows(), &keys),
            )
            .of_kind(StateKind {
                name: "stateStoreSave",
                ..StateKind::default()
            })
            .saved(settings.saves)
            .heeding_watermark(heeds_watermark),
            groups: 0,
        }
    }

    /// Adds the groups that came to one partition to its store. Late groups are dropped only here, after they were
    /// merged (`WM-6`).
    fn merge(
        &self,
        store: &mut StateStore<StateBuffers>,
        partials: &[Partial],
        came: &[CameGroup],
        context: &Context<'_>,
    ) -> Result<Merged, Failure> {
        let watermark = self.state.watermark();
        let mut result = Merged::default();
        let mut came_and_went = 0;
        let groups = self.aggregation.merged(partials, came, context)?;
        if self.settings.output_mode == OutputMode::Update {
            result.rows = RowList::with_capacity(groups.came.len(), self.aggregation.width());
        }
        let mut more = Row::new();
        for (place, group) in groups.came.iter().enumerate() {
            if place % READ_AHEAD == 0 {
                let next = groups.came[place..].iter().take(READ_AHEAD);
                store.read_ahead(next.map(|group| group.hash(partials)));
            }
            let key = group.key(partials);
            if self.is_past(key, |micros| watermark.is_late(micros)) {
                result.counters.late += 1;
                continue;
            }
            result.counters.function_calls += 1;
            came_and_went += u64::from(self.is_past(key, |micros| watermark.is_final(micros)));
            groups.buffers_into(*group, partials, &mut more);
            store.change(group.hash(partials), key, |buffers| {
                if buffers.is_empty() {
                    buffers.extend(more.iter().cloned());
                } else {
                    self.aggregation.merge(buffers, &more, context)?;
                }
                if self.state.saves() {
                    result.changes.push(StateChange {
                        key: key.to_vec(),
                        value: Some(buffers.to_vec()),
                    });
                }
                match self.settings.output_mode {
                    OutputMode::Update => result
                        .rows
                        .push_with(|row| self.aggregation.finish(key, buffers, context, row)),
                    // It hands out what goes, or all of the state.
                    OutputMode::Append | OutputMode::Complete => Ok(()),
                }
            })?;
        }
        self.let_go(store, came_and_went, context, &mut result)?;
        Ok(result)
    }

    /// Lets go of the groups that are final; `came_and_went` of them came in this batch.
    fn let_go(
        &self,
        store: &mut StateStore<StateBuffers>,
        came_and_went: u64,
        context: &Context<'_>,
        result: &mut Merged,
    ) -> Result<(), Failure> {
        let removed = if self.evicts() {
            let watermark = self.state.watermark();
            store.evict(|key, _| self.is_past(key.values(), |micros| watermark.is_final(micros)))
        } else {
            Vec::new()
        };
        let counters = &mut result.counters;
        counters.states_set = counters.function_calls;
        counters.states_removed = removed.len() as u64;
        counters.keys_touched = counters.states_set + counters.states_removed - came_and_went;
        if self.state.saves() {
            let gone = removed.iter().map(|(key, _)| StateChange {
                key: key.to_row(),
                value: None,
            });
            result.changes.extend(gone);
        }
        if self.settings.output_mode == OutputMode::Append {
            let groups = || removed.iter().map(|(key, buffers)| (key, buffers));
            for (key, buffers) in self.aggregation.handed_out(groups) {
                let key = key.values();
                result
                    .rows
                    .push_with(|row| self.aggregation.finish(key, buffers, context, row))?;
            }
        }
        Ok(())
    }

    /// True if states may be final that were not so before.
    fn evicts(&self) -> bool {
        self.event_time.is_some() && self.state.watermark().is_raised()
    }

    /// True if the time of a key is past a watermark.
    fn is_past(&self, key: &[Value], test: impl Fn(i64) -> bool) -> bool {
        let time = self.event_time.map(|column| &key[column]);
        time.and_then(end_micros).is_some_and(test)
    }

    /// All groups of a partition.
    fn all(
        &self,
        store: &StateStore<StateBuffers>,
        batch: &Batch<'_>,
        each: &mut Each<'_>,
    ) -> Flow {
        let mut row = Row::new();
        for (key, buffers) in self.aggregation.handed_out(|| store.iter()) {
            row.clear();
            self.aggregation
                .finish(key.values(), buffers, &batch.context, &mut row)?;
            if each(&row)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Operator for StreamAggregate {
    fn name(&self) -> String {
        format!("StateStoreSave {:?},", self.settings.output_mode)
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let mut partials =
            self.aggregation
                .partials(&*self.input, &partitions, batch, self.groups)?;
        // The group of all rows is there also if there are none (`OM-2`).
        if self.aggregation.is_global() {
            partials.push(self.aggregation.empty());
        }
        let groups = partials.iter().map(|partial| partial.order.len());
        self.groups = groups.max().unwrap_or(0);
        let rows = partials.iter().map(|partial| partial.rows).sum();
        let groups = shuffled(&partials, self.state.partition_count());
        let came = self.state.deal(rows, groups, self.evicts());
        let merged = self.state.merge(&came, batch, |store, came| {
            self.merge(store, &partials, &came, &batch.context)
        })?;
        let with_rows = self.state.end_batch(merged);
        Ok(match self.settings.output_mode {
            OutputMode::Complete => self.state.partitions(),
            OutputMode::Append | OutputMode::Update => with_rows,
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
