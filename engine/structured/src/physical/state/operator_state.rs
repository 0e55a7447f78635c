//! The state of an operator: its stores, its watermark, and the work of its last batch.

use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{Counters, Failure, StateChange, StateSchema, Time, gather};

use super::footprint::Footprint;
use super::layout::StoreLayout;
use super::schema::SchemaCheck;
use super::stores::{SavedStore, StateStores, Store};
use super::{StateKind, Stateful};
use crate::physical::operator::{Batch, Each, Flow, Partitions, hand_out};
use crate::physical::row_list::RowList;
use crate::physical::watermark::InputWatermark;

/// The state of an operator by shuffle partition, and what the last batch made of it
/// (`org.apache.spark.sql.execution.streaming.StatefulOperator`).
///
/// A batch [merges](OperatorState::merge) its items into the stores of their partitions, on any thread; the rows that come
/// of it are handed out by partition afterwards.
#[derive(Debug)]
pub(crate) struct OperatorState<S> {
    schema: StateSchema,
    schema_check: SchemaCheck,
    wants: Wants,
    kind: StateKind,
    saves: bool,
    next_timeout: Option<Time>,
    stores: StateStores<S>,
    watermark: InputWatermark,
    footprint: Footprint,
    /// The results of the last batch, each with the place of its store, ascending.
    merged: Vec<(usize, Merged)>,
    counters: Counters,
}

/// The result of a batch in one store.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) rows: RowList,
    pub(crate) counters: Counters,
    /// The changes of the store, in their order; they are dropped if the query saves none.
    pub(crate) changes: Vec<StateChange>,
    /// The first time at which one of its states has timed out in processing time.
    pub(crate) next_timeout: Option<Time>,
}

/// The batches that an operator asks for, be there data or not (`MB-3`).
#[derive(Clone, Copy, Debug)]
enum Wants {
    Nothing,
    /// One that has another watermark.
    RaisedWatermark,
    /// One in each trigger.
    EachTrigger,
}

impl<S: Store> OperatorState<S> {
    /// A state without entries, in this number of partitions, whose keys are laid out so.
    pub(crate) fn new(
        schema: StateSchema,
        partitions: usize,
        layout: StoreLayout,
    ) -> OperatorState<S> {
        OperatorState {
            schema,
            schema_check: SchemaCheck::Whole,
            wants: Wants::Nothing,
            kind: StateKind::default(),
            saves: false,
            next_timeout: None,
            stores: StateStores::new(partitions, layout),
            watermark: InputWatermark::default(),
            footprint: Footprint::default(),
            merged: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The same, whose changes are saved or not.
    pub(crate) fn saved(mut self, saves: bool) -> OperatorState<S> {
        self.saves = saves;
        self
    }

    /// The same, which asks for another batch when its watermark is raised, or does not.
    pub(crate) fn heeding_watermark(mut self, heeds_watermark: bool) -> OperatorState<S> {
        if heeds_watermark {
            self.wants = Wants::RaisedWatermark;
        }
        self
    }

    /// The same, which asks for a batch in each trigger, or does not.
    pub(crate) fn in_each_trigger(mut self, in_each_trigger: bool) -> OperatorState<S> {
        if in_each_trigger {
            self.wants = Wants::EachTrigger;
        }
        self
    }

    /// The same, of this kind.
    pub(crate) fn of_kind(mut self, kind: StateKind) -> OperatorState<S> {
        self.kind = kind;
        self
    }

    /// The same, of whose types this part is compared with those that were saved.
    pub(crate) fn checking(mut self, schema_check: SchemaCheck) -> OperatorState<S> {
        self.schema_check = schema_check;
        self
    }

    /// The changes of its stores are saved.
    pub(crate) fn saves(&self) -> bool {
        self.saves
    }

    /// The watermark of the batch.
    pub(crate) fn watermark(&self) -> &InputWatermark {
        &self.watermark
    }

    /// The store of a partition, if it has had a state.
    pub(crate) fn store(&self, partition: usize) -> Option<MutexGuard<'_, S>> {
        Some(self.stores.store(self.stores.place(partition)?))
    }

    /// The partitions that have had a state.
    pub(crate) fn partitions(&self) -> Partitions {
        Partitions {
            count: self.stores.partition_count(),
            used: self.stores.opened(),
        }
    }

    /// Opens the stores of these items, each with its partition; `probes` is the number of rows that they are made of.
    /// The batch is merged into the stores that have some, or into `all`.
    pub(crate) fn deal<T>(
        &mut self,
        probes: u64,
        items: impl IntoIterator<Item = (usize, T)>,
        all: bool,
    ) -> Dealt<T> {
        self.counters = Counters {
            probes,
            ..Counters::default()
        };
        Dealt(self.stores.deal(items, all))
    }

    /// Hands each store and its items to `merge`, which begins a batch there.
    pub(crate) fn merge<T: Send>(
        &self,
        dealt: &Dealt<T>,
        batch: &Batch<'_>,
        merge: impl Fn(&mut S, Vec<T>) -> Result<Merged, Failure> + Sync,
    ) -> Result<Vec<MergedStore>, Failure> {
        let results = gather(batch.workers, dealt.0.len(), |index| {
            let (place, items) = &dealt.0[index];
            // No other task ever locks it.
            let mut items = items.lock().unwrap_or_else(PoisonError::into_inner);
            let mut store = self.stores.store(*place);
            let before = store.footprint();
            store.begin();
            let merged = merge(&mut store, std::mem::take(&mut items))?;
            Ok(MergedStore {
                place: *place,
                merged,
                before,
                after: store.footprint(),
            })
        });
        results.into_iter().collect()
    }

    /// Ends a batch with the results of its stores, and returns the partitions in which rows came of it.
    pub(crate) fn end_batch(&mut self, stores: Vec<MergedStore>) -> Partitions {
        self.stores.end_batch();
        self.merged.clear();
        let timeouts = stores.iter().filter_map(|it| it.merged.next_timeout);
        self.next_timeout = timeouts.min();
        for mut store in stores {
            self.footprint += store.after;
            self.footprint -= store.before;
            self.counters += store.merged.counters;
            if !self.saves {
                store.merged.changes.clear();
            }
            self.merged.push((store.place, store.merged));
        }
        let mut partitions = self.partitions();
        partitions.used.retain(|it| {
            let rows = self.merged_rows(*it);
            rows.is_some_and(|rows| !rows.is_empty())
        });
        partitions
    }

    /// Hands out the rows of a partition.
    pub(crate) fn rows(&self, partition: usize, each: &mut Each<'_>) -> Flow {
        match self.merged_rows(partition) {
            None => Ok(ControlFlow::Continue(())),
            Some(rows) => hand_out(rows.iter(), each),
        }
    }

    fn merged_rows(&self, partition: usize) -> Option<&RowList> {
        let place = self.stores.place(partition)?;
        let found = self
            .merged
            .binary_search_by_key(&place, |(place, _)| *place);
        found.ok().map(|index| &self.merged[index].1.rows)
    }
}

/// The items of a batch, each list with the place of its store.
pub(crate) struct Dealt<T>(Vec<(usize, Mutex<Vec<T>>)>);

/// A store that a batch was merged into, with its memory before and after.
pub(crate) struct MergedStore {
    place: usize,
    merged: Merged,
    before: Footprint,
    after: Footprint,
}

impl<S: Store> Stateful for OperatorState<S> {
    fn schema(&self) -> &StateSchema {
        &self.schema
    }

    fn schema_check(&self) -> SchemaCheck {
        self.schema_check
    }

    fn partition_count(&self) -> usize {
        self.stores.partition_count()
    }

    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        let partitions = self.stores.partitions();
        let merged = self.merged.iter_mut();
        merged
            .map(|(place, it)| (partitions[*place], std::mem::take(&mut it.changes)))
            .collect()
    }

    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        self.stores.snapshots()
    }

    fn recover(&mut self, stores: Vec<SavedStore>) {
        self.stores.recover(stores);
        self.footprint = self.stores.footprint();
    }

    fn kind(&self) -> StateKind {
        self.kind
    }

    fn footprint(&self) -> Footprint {
        self.footprint
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn set_watermark(&mut self, input: i64) {
        self.watermark.set(input);
    }

    fn wants_batch(&self, input: i64) -> bool {
        match self.wants {
            Wants::Nothing | Wants::EachTrigger => false,
            Wants::RaisedWatermark => self.watermark.is_raised_by(input),
        }
    }

    fn wants_each_trigger(&self) -> bool {
        matches!(self.wants, Wants::EachTrigger)
    }

    fn next_timeout(&self) -> Option<Time> {
        self.next_timeout
    }
}
