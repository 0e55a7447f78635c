//! The operators of a query, and what it keeps from batch to batch.

use engine::{Counters, Failure, Row};

use super::operator::{
    Batch, Operator, Partitions, collect, each_partition, first_rows, input_watermark, visit,
};
use super::state::{Footprint, SavedStore, Stateful};
use super::tracker::{RecoveredWatermark, WatermarkPolicy, WatermarkTracker};

/// The operators of a query, with their states and its watermark.
#[derive(Debug)]
pub(crate) struct PhysicalPlan {
    root: Box<dyn Operator>,
    watermark: WatermarkTracker,
}

/// The rows of the partitions of a batch that may have some.
pub(crate) type BatchRows = Vec<(usize, Vec<Row>)>;

/// The saved states of each operator.
pub(crate) type SavedStates = Vec<Vec<SavedStore>>;

impl PhysicalPlan {
    pub(crate) fn new(root: Box<dyn Operator>, policy: WatermarkPolicy) -> PhysicalPlan {
        PhysicalPlan {
            root,
            watermark: WatermarkTracker::new(policy),
        }
    }

    /// Begins a batch: brings the states up to date, and returns the partitions of its rows.
    pub(crate) fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
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

    /// The first rows of a batch that was begun. All of them are computed, as each may fail, unless `is_state` says that
    /// they are those of a state.
    pub(crate) fn first_rows(
        &self,
        partitions: &Partitions,
        batch: &Batch<'_>,
        most: usize,
        is_state: bool,
    ) -> Result<Vec<Row>, Failure> {
        if is_state {
            let mut rows = Vec::new();
            for partition in &partitions.used {
                let left = most - rows.len();
                rows.append(&mut first_rows(&*self.root, *partition, batch, left)?);
            }
            return Ok(rows);
        }
        let firsts = each_partition(partitions, batch, |partition| {
            let mut rows = Vec::new();
            let _ = self.root.rows(partition, batch, &mut |row| {
                if rows.len() < most {
                    rows.push(row);
                }
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
            Ok(rows)
        })?;
        Ok(firsts.into_iter().flatten().take(most).collect())
    }

    /// Ends a batch: its latest times raise the watermark.
    pub(crate) fn end(&mut self) {
        let mut latest = Vec::new();
        visit(&mut *self.root, &mut |operator| {
            if let Some(watermark) = operator.watermark() {
                latest.push((watermark.take_latest(), watermark.delay));
            }
        });
        self.watermark.advance(latest.into_iter());
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
