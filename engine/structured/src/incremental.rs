//! A query's plan as the steps of each micro-batch: project, partial counts, shuffle, merge, write.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard};

use engine::order::{fast_map, partition};
use engine::{
    Block, Counters, Event, KeyOrder, OutputId, OutputMode, Row, Table, Text, Time, Work, Workers,
    gather,
};

use crate::analyze::ResolvedPlan;
use crate::key::{Key, KeyRow};
use crate::memory::Footprint;
use crate::project;
use crate::query::QuerySettings;
use crate::state::{Counts, StatePartition};
use crate::watermark::Watermark;

/// A query while it runs: its plan and its state, carried along by one micro-batch at a time.
pub(crate) struct Incremental {
    plan: ResolvedPlan,
    settings: QuerySettings,
    columns: Arc<[Text]>,
    state: Vec<Mutex<StatePartition>>,
    watermark: Watermark,
    batch_id: u64,
    begun: Time,
    blocks: Vec<Block>,
}

/// What a partial aggregation of one input partition hands out: keys with how often they came,
/// scattered to the shuffle partitions, and the latest event time.
struct Partial {
    buckets: Vec<Vec<(Key, i64)>>,
    latest: Option<i64>,
}

/// What a micro-batch does to the state of one shuffle partition.
struct Change {
    /// The keys that came, with their new totals.
    came: Vec<(Key, i64)>,
    /// The keys that were removed, with their last ones.
    removed: Vec<(Key, i64)>,
    /// How many did both.
    came_and_went: usize,
}

/// What one shuffle partition makes of a micro-batch.
struct Merged {
    /// What append and update output write of it.
    written: Vec<(Key, i64)>,
    counters: Counters,
}

impl Incremental {
    pub(crate) fn new(plan: ResolvedPlan, settings: QuerySettings) -> Incremental {
        let partitions = if plan.grouping.is_some() {
            settings.shuffle_partitions
        } else {
            0
        };
        let has_table = settings.key_order == KeyOrder::Spark && settings.output_mode.reads_state();
        let partition = || Mutex::new(StatePartition::new(has_table));
        Incremental {
            columns: plan.columns.clone().into(),
            state: std::iter::repeat_with(partition).take(partitions).collect(),
            watermark: plan.delay.map(Watermark::new).unwrap_or_default(),
            batch_id: 0,
            begun: Time::EPOCH,
            blocks: Vec::new(),
            plan,
            settings,
        }
    }

    /// Makes this the micro-batch of this number, which begins now with this input.
    pub(crate) fn prepare(&mut self, batch_id: u64, now: Time, blocks: Vec<Block>) {
        self.batch_id = batch_id;
        self.begun = now;
        self.blocks = blocks;
    }

    /// How many lines the micro-batch has.
    pub(crate) fn records(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// Whether the micro-batch that has just ended wants another one, be there new data or not
    /// (`MB-3`): its watermark may have passed more groups.
    pub(crate) fn asks_for_another_batch(&self) -> bool {
        self.plan.grouping.is_some()
            && self.settings.output_mode.heeds_watermark()
            && self.watermark.has_risen()
    }

    /// The rows that the sink is given, as many as it shows and one more, and what an aggregation has done
    /// to its counts.
    fn rows(&mut self, workers: &dyn Workers) -> (Vec<Row>, Option<Counters>) {
        let shown = self.settings.num_rows.saturating_add(1);
        let inputs = self.settings.cores;
        if self.plan.grouping.is_none() {
            let latest = Cell::new(None);
            let rows = (0..inputs).flat_map(|input| self.project(input, &latest));
            return (rows.take(shown).collect(), None);
        }
        let partials = gather(workers, inputs, |input| self.partial_counts(input));
        let merged = gather(workers, self.state.len(), |index| {
            self.merge(index, &partials)
        });
        let mut counters = Counters::default();
        for partition in &merged {
            counters += partition.counters;
        }
        let partitions = self.state.iter().map(|state| locked(state).footprint());
        let footprint: Footprint = partitions.sum();
        footprint.check(self.settings.memory, self.batch_id);
        let latest = partials.iter().filter_map(|partial| partial.latest).max();
        self.watermark.advance(latest);
        (self.output(&merged, shown), Some(counters))
    }

    /// The projected rows of one input partition: lines are dealt out to them in turn, as
    /// `TextSocketMicroBatchStream` and `MemoryStream` do.
    fn project<'a>(
        &'a self,
        input: usize,
        latest: &'a Cell<Option<i64>>,
    ) -> impl Iterator<Item = Row> + 'a {
        let lines = self.blocks.iter().flat_map(|block| block.iter());
        let dealt = lines.skip(input).step_by(self.settings.cores);
        dealt.flat_map(|line| project::rows(&self.plan.steps, line, latest))
    }

    /// Counts the rows of one input partition, whose keys go to their shuffle partitions in the order
    /// in which a partial aggregation hands them out.
    fn partial_counts(&self, input: usize) -> Partial {
        let mut counts = Counts::default();
        let latest = Cell::new(None);
        for row in self.project(input, &latest) {
            match counts.get_mut(&KeyRow(&row)) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(Key::new(&row), 1);
                }
            }
        }
        let mut buckets = vec![Vec::new(); self.state.len()];
        let order = match self.settings.key_order {
            KeyOrder::Spark => fast_map::order(counts.keys().map(Key::partial_hash)),
            KeyOrder::Arrival => (0..counts.len()).collect(),
        };
        for index in order {
            if let Some((key, count)) = counts.get_index(index) {
                let bucket = partition(key.shuffle_hash(), self.state.len());
                buckets[bucket].push((key.clone(), *count));
            }
        }
        Partial {
            buckets,
            latest: latest.get(),
        }
    }

    /// Adds the partial counts of one shuffle partition to its state, map partition 0 first. Late groups
    /// are dropped only here, after they were counted (`WM-6`).
    fn merge(&self, index: usize, partials: &[Partial]) -> Merged {
        let mut batch = Counts::default();
        let mut probes = 0;
        for (key, count) in partials.iter().flat_map(|partial| &partial.buckets[index]) {
            *batch.entry(key.clone()).or_insert(0) += count;
            probes += count.unsigned_abs();
        }
        let mut state = locked(&self.state[index]);
        let change = match self.event_time() {
            Some(column) => self.change_by_time(&mut state, batch, column),
            None => Change {
                came: state.add(batch),
                removed: Vec::new(),
                came_and_went: 0,
            },
        };
        change.merged(self.settings.output_mode, probes)
    }

    /// Adds the groups of a batch that are not late, and removes those that are final.
    fn change_by_time(
        &self,
        state: &mut StatePartition,
        mut batch: Counts,
        column: usize,
    ) -> Change {
        let is_past =
            |key: &Key, test: &dyn Fn(i64) -> bool| key.end_micros(column).is_some_and(test);
        let is_final = |key: &Key| is_past(key, &|end| self.watermark.is_final(end));
        batch.retain(|key, _| !is_past(key, &|end| self.watermark.is_late(end)));
        let came = state.add(batch);
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

    /// The first rows of all partitions: of the whole state, or of what they write.
    fn output(&self, merged: &[Merged], shown: usize) -> Vec<Row> {
        if self.settings.output_mode != OutputMode::Complete {
            let written = merged.iter().flat_map(|partition| &partition.written);
            let written = written.take(shown);
            return written.map(|(key, count)| key.row(*count)).collect();
        }
        let mut rows = Vec::new();
        for state in &self.state {
            let state = locked(state);
            let rest = shown - rows.len();
            rows.extend(state.rows().take(rest).map(|(key, count)| key.row(count)));
        }
        rows
    }
}

fn locked(state: &Mutex<StatePartition>) -> MutexGuard<'_, StatePartition> {
    let state = state.lock();
    state.expect("nothing panics while it holds a partition's state")
}

impl Change {
    /// Totals are changed where they are, so none is copied.
    fn merged(self, output_mode: OutputMode, probes: u64) -> Merged {
        let counters = Counters {
            function_calls: self.came.len() as u64,
            keys_touched: (self.came.len() + self.removed.len() - self.came_and_went) as u64,
            probes,
            bytes_copied: 0,
        };
        let written = match output_mode {
            OutputMode::Append => self.removed,
            OutputMode::Update => self.came,
            // It writes all of the state.
            OutputMode::Complete => Vec::new(),
        };
        Merged { written, counters }
    }
}

impl Work for Incremental {
    fn run(&mut self, workers: &dyn Workers, events: &mut Vec<Event>) {
        let (mut rows, counters) = self.rows(workers);
        events.extend(counters.map(|counters| Event::StateUpdated {
            batch_time: self.begun,
            output: OutputId(0),
            counters,
        }));
        let more = rows.len() > self.settings.num_rows;
        rows.truncate(self.settings.num_rows);
        let columns = Arc::clone(&self.columns);
        let table = Table {
            columns,
            rows,
            more,
            truncate: self.settings.truncate,
        };
        events.push(Event::TableShown {
            batch_id: self.batch_id,
            table,
        });
    }
}

impl std::fmt::Debug for Incremental {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incremental")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
