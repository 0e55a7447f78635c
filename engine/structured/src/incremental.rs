//! A query's plan as the steps of each micro-batch: project, partial counts, shuffle, merge, write.

mod output;

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use engine::order::{fast_map, partition};
use engine::{
    Counters, Failure, KeyOrder, Row, StateChange, StateSchema, Text, Time, Workers, gather,
};

use self::output::Output;
use crate::analyze::{Grouping, GroupingKind, ResolvedPlan};
use crate::change::{Change, Merged};
use crate::group_key::GroupKey;
use crate::memory::GroupFootprint;
use crate::project;
use crate::settings::QuerySettings;
use crate::source::BatchInput;
use crate::state::{Counts, StatePartition};
use crate::stores::{Pairs, SavedStore, StateStores};
use crate::watermark::{RecoveredWatermark, Watermark};

/// A micro-batch: its number, its start, and its input.
#[derive(Debug)]
pub(crate) struct MicroBatch {
    pub(crate) id: u64,
    pub(crate) begun: Time,
    pub(crate) input: BatchInput,
}

/// A query while it runs: its plan and its state.
pub(crate) struct Incremental {
    plan: ResolvedPlan,
    settings: QuerySettings,
    columns: Arc<[Text]>,
    state: StateStores,
    watermark: Watermark,
    /// The changes that the last micro-batch made, by shuffle partition, of a query that saves them.
    changes: Vec<(usize, Vec<StateChange>)>,
    /// The reason why the saved states cannot be used, until the first micro-batch fails for it.
    unreadable: Option<Failure>,
}

/// The number of state stores: one for each partition of a shuffle, one for a group of all rows, and none without an
/// aggregation.
fn partitions(plan: &ResolvedPlan, settings: &QuerySettings) -> usize {
    match &plan.grouping {
        None => 0,
        Some(grouping) if grouping.kind == GroupingKind::Total => 1,
        Some(_) => settings.shuffle_partitions,
    }
}

/// True if the groups of a query are kept in the order of Spark's table.
fn has_table(settings: &QuerySettings) -> bool {
    settings.key_order == KeyOrder::Spark && settings.output_mode.reads_state()
}

/// The partial aggregation of one input partition: shuffle partitions and the keys that go there with their
/// counts, and the latest event time.
struct Partial {
    groups: Vec<(usize, GroupKey, i64)>,
    latest: Option<i64>,
}

impl Incremental {
    pub(crate) fn new(plan: ResolvedPlan, settings: QuerySettings) -> Incremental {
        let partitions = partitions(&plan, &settings);
        let has_table = has_table(&settings);
        Incremental {
            columns: plan.columns.clone().into(),
            state: StateStores::new(partitions, has_table),
            watermark: plan.delay.map(Watermark::new).unwrap_or_default(),
            plan,
            settings,
            changes: Vec::new(),
            unreadable: None,
        }
    }

    /// Has the groups be in as many partitions as those of a run before (`MB-8`).
    pub(crate) fn set_shuffle_partitions(&mut self, shuffle_partitions: usize) {
        self.settings.shuffle_partitions = shuffle_partitions;
        let partitions = partitions(&self.plan, &self.settings);
        self.state = StateStores::new(partitions, has_table(&self.settings));
    }

    /// Goes on from saved states, or fails the first micro-batch if they cannot be used.
    pub(crate) fn recover(
        &mut self,
        watermark: RecoveredWatermark,
        states: Result<Vec<SavedStore>, Failure>,
    ) {
        self.watermark.recover(watermark);
        match states {
            Ok(stores) => self.state.recover(stores),
            Err(failure) => self.unreadable = Some(failure),
        }
    }

    /// The number of shuffle partitions, with an aggregation or without.
    pub(crate) fn shuffle_partitions(&self) -> usize {
        self.settings.shuffle_partitions
    }

    /// The number of stores; none without an aggregation.
    pub(crate) fn store_count(&self) -> usize {
        self.state.partition_count()
    }

    /// The types of the states, if there are any.
    pub(crate) fn state_schema(&self) -> Option<&StateSchema> {
        let grouping = self.plan.grouping.as_ref();
        grouping.map(|grouping| &grouping.state_schema)
    }

    /// The watermark of the next micro-batch, in milliseconds.
    pub(crate) fn watermark_ms(&self) -> i64 {
        self.watermark.current_ms()
    }

    /// The changes that the last micro-batch made, by shuffle partition.
    pub(crate) fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        std::mem::take(&mut self.changes)
    }

    /// All groups of each store that has had one, by shuffle partition.
    pub(crate) fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        self.state.snapshots()
    }

    /// True if the micro-batch that has just ended wants another one, be there new data or not
    /// (`MB-3`): its watermark may have passed more groups.
    pub(crate) fn asks_for_another_batch(&self) -> bool {
        self.plan.grouping.is_some()
            && self.settings.output_mode.heeds_watermark()
            && self.watermark.has_risen()
    }

    /// The rows that the sink is given, and the changes of an aggregation's counts.
    fn rows(
        &mut self,
        batch: &MicroBatch,
        workers: &dyn Workers,
    ) -> Result<(Output, Option<Counters>), Failure> {
        if self.plan.grouping.is_none() {
            return Ok((self.projected(batch)?, None));
        }
        let partials = gather(workers, self.inputs(batch), |input| {
            self.partial_counts(batch, input)
        });
        let partials = partials.into_iter().collect::<Result<Vec<_>, _>>()?;
        let latest = partials.iter().filter_map(|partial| partial.latest).max();
        let groups = partials.into_iter().flat_map(|partial| partial.groups);
        let came = self.state.deal(groups.chain(self.group_of_all()));
        if let Some(failure) = &self.unreadable {
            return Err(failure.clone());
        }
        let mut merged = gather(workers, came.len(), |place| {
            // No other task ever locks it.
            let mut pairs = came[place].lock().unwrap_or_else(PoisonError::into_inner);
            self.merge(place, std::mem::take(&mut pairs))
        });
        self.state.end_batch();
        let mut counters = Counters::default();
        for partition in &merged {
            counters += partition.counters;
        }
        let places = 0..merged.len();
        let footprint: GroupFootprint = places
            .map(|place| self.state.store(place).footprint())
            .sum();
        footprint.check(self.settings.memory)?;
        self.watermark.advance(latest);
        if self.settings.checkpoint {
            let changes = merged.iter_mut().map(|it| std::mem::take(&mut it.changes));
            self.changes = self.state.by_partition(changes.collect());
        }
        Ok((self.output(&merged), Some(counters)))
    }

    /// The group of all rows, which is there also if there are none, if that is how rows are grouped.
    fn group_of_all(&self) -> Option<(usize, GroupKey, i64)> {
        let grouping = self.plan.grouping.as_ref();
        let grouping = grouping.filter(|grouping| grouping.kind == GroupingKind::Total);
        grouping.map(|_| (0, GroupKey::new(&Row::new()), 0))
    }

    /// The number of input partitions that have a line, which are the first ones.
    fn inputs(&self, batch: &MicroBatch) -> usize {
        batch.input.partitions(self.settings.cores)
    }

    /// Hands the projected rows of one input partition to `each`, until it breaks.
    fn project(
        &self,
        batch: &MicroBatch,
        input: usize,
        latest: &Cell<Option<i64>>,
        mut each: impl FnMut(Row) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Failure> {
        for line in batch.input.lines(input, self.settings.cores) {
            let mut rows =
                project::rows(&self.plan.steps, line, latest, self.settings.spark)?.into_iter();
            if rows.try_for_each(&mut each).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Counts the rows of one input partition, whose keys go to their shuffle partitions in the order
    /// in which a partial aggregation hands them out.
    fn partial_counts(&self, batch: &MicroBatch, input: usize) -> Result<Partial, Failure> {
        let mut counts = Counts::default();
        let latest = Cell::new(None);
        let _ = self.project(batch, input, &latest, |row| {
            match counts.get_mut(row.as_slice()) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(GroupKey::new(&row), 1);
                }
            }
            ControlFlow::Continue(())
        })?;
        let order = match self.settings.key_order {
            KeyOrder::Spark if !self.is_distinct() => {
                fast_map::order(counts.keys().map(GroupKey::partial_hash))
            }
            KeyOrder::Spark | KeyOrder::Arrival => (0..counts.len()).collect(),
        };
        let partitions = self.state.partition_count();
        let in_order = order
            .into_iter()
            .filter_map(|index| counts.get_index(index));
        let groups = in_order.map(|(key, count)| {
            let partition = partition(key.shuffle_hash(), partitions);
            (partition, key.clone(), *count)
        });
        Ok(Partial {
            groups: groups.collect(),
            latest: latest.get(),
        })
    }

    /// Adds the partial counts of one shuffle partition, those of map partition 0 first, to the store of this
    /// index. Late groups are dropped only here, after they were counted (`WM-6`).
    fn merge(&self, place: usize, pairs: Pairs) -> Merged {
        let mut batch = Counts::default();
        let mut probes = 0;
        for (key, count) in pairs {
            *batch.entry(key).or_insert(0) += count;
            probes += count.unsigned_abs();
        }
        let mut state = self.state.store(place);
        let change = match self.event_time() {
            Some(column) => self.change_by_time(&mut state, batch, column),
            None => Change {
                came: self.add(&mut state, batch),
                removed: Vec::new(),
                came_and_went: 0,
            },
        };
        let saves = self.settings.checkpoint;
        change.merged(self.settings.output_mode, self.is_distinct(), probes, saves)
    }

    fn add(&self, state: &mut StatePartition, batch: Counts) -> Vec<(GroupKey, i64)> {
        if self.is_distinct() {
            state.add_new(batch)
        } else {
            state.add(batch)
        }
    }

    /// True if each row is shown once, and nothing is counted (`DD-1`).
    pub(crate) fn is_distinct(&self) -> bool {
        self.plan
            .grouping
            .as_ref()
            .is_some_and(Grouping::is_distinct)
    }

    /// Adds the groups of a batch that are not late, and removes those that are final.
    fn change_by_time(
        &self,
        state: &mut StatePartition,
        mut batch: Counts,
        column: usize,
    ) -> Change {
        let is_past =
            |key: &GroupKey, test: &dyn Fn(i64) -> bool| key.end_micros(column).is_some_and(test);
        let is_final = |key: &GroupKey| is_past(key, &|end| self.watermark.is_final(end));
        batch.retain(|key, _| !is_past(key, &|end| self.watermark.is_late(end)));
        let came = self.add(state, batch);
        Change {
            removed: state.evict(is_final),
            came_and_went: came.iter().filter(|(key, _)| is_final(key)).count(),
            came,
        }
    }

    /// The column of the key that has the watermark, if the output mode heeds it.
    fn event_time(&self) -> Option<usize> {
        let heeds_watermark = self.settings.output_mode.heeds_watermark();
        let grouping = self.plan.grouping.as_ref();
        grouping.filter(|_| heeds_watermark)?.event_time
    }
}

impl std::fmt::Debug for Incremental {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incremental")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
