//! The changes of a partition's states that are yet to be saved.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Time;
use crate::table::index::SlotId;

/// The saves in which all states are saved once, beside what changes: no more than twice as many files are read
/// together.
const SAVES_PER_SWEEP: u64 = 100;

/// Of this number of changes, one more state is saved that has not changed.
const CHANGES_PER_SWEPT: usize = 4;

/// The key in a slot with its state, or nothing if it was removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SlotEntry<K, V> {
    pub(crate) slot: SlotId,
    pub(crate) value: Option<(K, V)>,
}

/// The entries that one batch adds to the log.
#[derive(Debug)]
pub(crate) struct Chunk<K, V> {
    time: Time,
    /// The slots that were swept.
    swept: Range<usize>,
    /// The number of slots after the batch.
    slots: usize,
    /// True if the entries are those of all slots, and what was before does not count.
    is_whole: bool,
    pub(crate) entries: Vec<SlotEntry<K, V>>,
}

/// The changes of a partition's states since they were saved last, batch by batch.
///
/// A save costs in proportion to what has changed. So that no more than a bounded number of saves is read together, each
/// has some states more that have not changed: a cursor sweeps over the slots, and once it has come round, nothing from
/// before it began is needed. A batch writes its entries where it runs, which may fail, and they are added when it is
/// committed.
#[derive(Debug)]
pub(crate) struct ChangeLog<K, V> {
    chunks: Vec<Chunk<K, V>>,
    /// The batches with entries in each sweep.
    batches_per_sweep: usize,
    /// False if the next batch must write all states.
    is_begun: bool,
    /// The first slot that is swept next.
    cursor: usize,
    /// The save in which the sweep began that has not come round.
    sweep_since: Option<Time>,
    /// The save with which those begin that all states can be put together from.
    whole_since: Option<Time>,
}

/// The entries that are saved after a batch.
#[derive(Debug)]
pub(crate) struct Unsaved<K, V> {
    /// True if each key that has a state is there, so that what was saved before does not count.
    pub(crate) is_whole: bool,
    pub(crate) chunks: Vec<Vec<SlotEntry<K, V>>>,
    /// The save with which those begin that all states can be put together from.
    pub(crate) since: Time,
}

impl<K, V> ChangeLog<K, V> {
    /// A log of states of which none are saved, to which this number of batches adds entries from one save to the next.
    pub(crate) fn new(batches_per_save: u64) -> ChangeLog<K, V> {
        ChangeLog {
            chunks: Vec::new(),
            batches_per_sweep: SAVES_PER_SWEEP.saturating_mul(batches_per_save) as usize,
            is_begun: false,
            cursor: 0,
            sweep_since: None,
            whole_since: None,
        }
    }

    /// Has the next batch write all states: slots have other numbers, or what was saved was lost.
    pub(crate) fn begin_anew(&mut self) {
        self.is_begun = false;
    }

    /// True if the next batch writes all states.
    pub(crate) fn is_anew(&self) -> bool {
        !self.is_begun
    }

    /// An empty chunk of a batch, with the slots to sweep: all of them, where the log begins anew.
    pub(crate) fn chunk(&self, time: Time, slots: usize, changed: usize) -> Chunk<K, V> {
        let swept = if self.is_begun {
            let count = slots / self.batches_per_sweep + changed / CHANGES_PER_SWEPT + 1;
            let first = self.cursor.min(slots);
            first..first.saturating_add(count).min(slots)
        } else {
            0..slots
        };
        Chunk {
            time,
            swept,
            slots,
            is_whole: !self.is_begun,
            entries: Vec::new(),
        }
    }

    /// Adds what a batch has written, now that it is committed.
    pub(crate) fn push(&mut self, chunk: Chunk<K, V>) {
        self.is_begun = true;
        self.cursor = if chunk.ends_sweep() {
            0
        } else {
            chunk.swept.end
        };
        self.chunks.push(chunk);
    }

    /// Takes out the entries of the batches up to `time`, to be saved as those of that batch.
    pub(crate) fn take(&mut self, time: Time) -> Unsaved<K, V> {
        let later = self.chunks.partition_point(|chunk| chunk.time <= time);
        let mut taken: Vec<Chunk<K, V>> = self.chunks.drain(..later).collect();
        for chunk in &taken {
            if chunk.swept.start == 0 {
                self.sweep_since = Some(time);
            }
            if chunk.ends_sweep() {
                self.whole_since = self.sweep_since.take();
            }
        }
        let whole = taken.iter().rposition(|chunk| chunk.is_whole);
        taken.drain(..whole.unwrap_or(0));
        Unsaved {
            is_whole: self.whole_since == Some(time),
            chunks: taken.into_iter().map(|chunk| chunk.entries).collect(),
            since: self.whole_since.unwrap_or(time),
        }
    }
}

impl<K, V> Chunk<K, V> {
    /// The time of the batch.
    pub(crate) fn time(&self) -> Time {
        self.time
    }

    /// The slots that are swept, beside those that have changed.
    pub(crate) fn swept(&self) -> Range<SlotId> {
        self.swept.start as SlotId..self.swept.end as SlotId
    }

    fn ends_sweep(&self) -> bool {
        self.swept.end == self.slots
    }
}
