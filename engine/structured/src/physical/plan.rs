//! The operators of a query, and what it keeps from batch to batch.

use engine::{Counters, EventTimes, Failure, Row, StateOperatorProgress, Time};
use engine_sql::Typed;
use engine_sql::plan::PlanTree;

use super::operator::{
    Batch, Operator, Partitions, collect, each_partition, first_rows, input_watermark, visit,
};
use super::state::{Footprint, SavedStore, Stateful};
use super::tracker::{RecoveredWatermark, WatermarkPolicy, WatermarkTracker};

/// The operators of a query, with their states and its watermark.
#[derive(Debug)]
pub(crate) struct PhysicalPlan {
    root: Box<dyn Operator>,
    tree: PlanTree,
    watermark: WatermarkTracker,
    has_watermark: bool,
    /// A constant that could not be computed.
    failing: Option<Typed>,
    /// The event times of the last batch.
    event_times: Option<EventTimes>,
}

/// The rows of the partitions of a batch that may have some.
pub(crate) type BatchRows = Vec<(usize, Vec<Row>)>;

/// The saved states of each operator.
pub(crate) type SavedStates = Vec<Vec<SavedStore>>;

impl PhysicalPlan {
    pub(crate) fn new(
        root: Box<dyn Operator>,
        tree: PlanTree,
        policy: WatermarkPolicy,
    ) -> PhysicalPlan {
        PhysicalPlan {
            root,
            tree,
            watermark: WatermarkTracker::new(policy),
            has_watermark: false,
            failing: None,
            event_times: None,
        }
    }

    /// The same plan, whose first batch fails as this constant does, if there is one.
    pub(crate) fn failing_by(self, failing: Option<Typed>) -> PhysicalPlan {
        PhysicalPlan { failing, ..self }
    }

    /// The operators as a tree of text.
    pub(crate) fn tree(&self) -> &PlanTree {
        &self.tree
    }

    /// Begins a batch: brings the states up to date, and returns the partitions of its rows.
    pub(crate) fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        if let Some(constant) = &self.failing {
            constant.value(&[], &batch.context)?;
        }
        self.set_watermarks(self.watermark.current_ms());
        self.root.begin(batch)
    }

    /// All rows of a batch that was begun.
    pub(crate) fn rows(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
    ) -> Result<BatchRows, Failure> {
        let rows = collect(&*self.root, partitions, batch)?;
        Ok(partitions.used.iter().copied().zip(rows).collect())
    }

    /// The first rows of a batch that was begun, and the number of all. All of them are computed, as each may fail, unless
    /// `is_state` says that they are those of a state: then they are counted only if there are no more than `most`.
    pub(crate) fn first_rows(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
        most: usize,
        is_state: bool,
    ) -> Result<(Vec<Row>, Option<u64>), Failure> {
        if is_state {
            let mut rows = Vec::new();
            for partition in &partitions.used {
                let left = most - rows.len();
                rows.append(&mut first_rows(&*self.root, *partition, batch, left)?);
            }
            let count = (rows.len() < most).then_some(rows.len() as u64);
            return Ok((rows, count));
        }
        let firsts = each_partition(partitions, batch, |partition| {
            let mut rows = Vec::new();
            let mut count = 0;
            let _ = self.root.rows(partition, batch, &mut |row| {
                count += 1;
                if rows.len() < most {
                    rows.push(row.to_vec());
                }
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
            Ok((rows, count))
        })?;
        let count = firsts.iter().map(|(_, count)| count).sum();
        let rows = firsts.into_iter().flat_map(|(rows, _)| rows);
        Ok((rows.take(most).collect(), Some(count)))
    }

    /// Ends a batch: its latest times raise the watermark.
    pub(crate) fn end(&mut self) {
        let mut all = Vec::new();
        visit(&mut *self.root, &mut |operator| {
            if let Some(watermark) = operator.watermark() {
                all.push((watermark.take_times(), watermark.delay));
            }
        });
        self.has_watermark = !all.is_empty();
        self.event_times = all.iter().find_map(|(times, _)| times.summary());
        let latest = all.iter().map(|(times, delay)| (times.latest(), *delay));
        self.watermark.advance(latest);
    }

    /// The rows of each partition of a plan without streams.
    pub(crate) fn run_once(&mut self, batch: &Batch<'_>) -> Result<Vec<Vec<Row>>, Failure> {
        let partitions = self.begin(batch)?;
        let mut all = vec![Vec::new(); partitions.count];
        for (partition, rows) in self.rows(&partitions, batch)? {
            all[partition] = rows;
        }
        Ok(all)
    }

    /// The watermark of the next batch, in milliseconds.
    pub(crate) fn watermark_ms(&self) -> i64 {
        self.watermark.current_ms()
    }

    /// True if a batch that has ended has had a watermark.
    pub(crate) fn has_watermark(&self) -> bool {
        self.has_watermark
    }

    /// The event times of the last batch's rows, if they have some.
    pub(crate) fn event_times(&self) -> Option<EventTimes> {
        self.event_times
    }

    /// The operators with states after a batch, where `before` batches have run before it.
    pub(crate) fn state_progress(&mut self, before: u64) -> Vec<StateOperatorProgress> {
        self.of_states(|operator| state_progress(operator, before))
    }

    /// True if an operator wants another batch, be there data or not (`MB-3`).
    pub(crate) fn wants_batch(&mut self) -> bool {
        let global = self.watermark.current_ms();
        let mut wants = false;
        visit(&mut *self.root, &mut |operator| {
            let input = input_watermark(operator.inputs(), global).unwrap_or(0);
            wants |= operator.stateful().is_some_and(|it| it.wants_batch(input));
        });
        wants
    }

    /// True if an operator wants a batch in each trigger, as its states time out in processing time.
    pub(crate) fn wants_each_trigger(&mut self) -> bool {
        let wants = self.of_states(|operator| operator.wants_each_trigger());
        wants.contains(&true)
    }

    /// The first time at which a state has timed out in processing time.
    pub(crate) fn next_timeout(&mut self) -> Option<Time> {
        let timeouts = self.of_states(|operator| operator.next_timeout());
        timeouts.into_iter().flatten().min()
    }

    fn set_watermarks(&mut self, global: i64) {
        visit(&mut *self.root, &mut |operator| {
            let input = input_watermark(operator.inputs(), global).unwrap_or(0);
            if let Some(stateful) = operator.stateful() {
                stateful.set_watermark(input);
            }
        });
    }

    /// The results of `each` for the operators that have a state. Their places are their numbers in a checkpoint.
    pub(crate) fn of_states<T>(&mut self, mut each: impl FnMut(&mut dyn Stateful) -> T) -> Vec<T> {
        let mut all = Vec::new();
        visit(&mut *self.root, &mut |operator| {
            if let Some(stateful) = operator.stateful() {
                all.push(each(stateful));
            }
        });
        all
    }

    /// The memory of all states.
    pub(crate) fn footprint(&mut self) -> Footprint {
        self.of_states(|it| it.footprint()).into_iter().sum()
    }

    /// The work of the last batch on states; `None` if there are none.
    pub(crate) fn counters(&mut self) -> Option<Counters> {
        let all = self.of_states(|it| it.counters()).into_iter();
        all.reduce(|mut sum, one| {
            sum += one;
            sum
        })
    }

    /// Goes on with the watermark of a run before.
    pub(crate) fn recover_watermark(&mut self, watermark: RecoveredWatermark) {
        self.watermark.recover(watermark.current_ms);
        self.set_watermarks(watermark.previous_ms);
    }

    /// Goes on with the states of a run before.
    pub(crate) fn recover_states(&mut self, saved: SavedStates) {
        let mut saved = saved.into_iter();
        self.of_states(|it| it.recover(saved.next().unwrap_or_default()));
    }
}

/// The states of an operator. All versions that it asked for were at hand, as in Spark those of one run are.
fn state_progress(operator: &mut dyn Stateful, before: u64) -> StateOperatorProgress {
    let kind = operator.kind();
    let counters = operator.counters();
    let footprint = operator.footprint();
    let partitions = operator.partition_count() as u64;
    let mut metrics = vec![
        ("loadedMapCacheHitCount", before * kind.loads * partitions),
        ("loadedMapCacheMissCount", 0),
        ("stateOnCurrentVersionSizeBytes", footprint.bytes()),
    ];
    if kind.drops_duplicates {
        let dropped = counters
            .probes
            .saturating_sub(counters.late + counters.states_set);
        metrics.insert(2, ("numDroppedDuplicateRows", dropped));
    }
    StateOperatorProgress {
        operator_name: kind.name.into(),
        num_rows_total: footprint.states(),
        num_rows_updated: counters.states_set,
        num_rows_removed: counters.states_removed,
        num_rows_dropped_by_watermark: counters.late,
        memory_used_bytes: footprint.bytes(),
        num_shuffle_partitions: partitions,
        num_state_store_instances: partitions * kind.stores,
        custom_metrics: metrics
            .into_iter()
            .map(|(name, count)| (name.into(), count))
            .collect(),
    }
}
