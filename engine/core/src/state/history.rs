//! The undo logs of a table's batches, through which earlier versions of it are read.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Weak};

use super::cell::{BatchNumber, StateCell};
use crate::table::bits::Bits;
use crate::table::index::SlotId;

/// The writes of one batch, and how to undo them.
#[derive(Clone, Debug)]
pub(crate) struct UndoLog<S> {
    pub(crate) batch: BatchNumber,
    /// The number of slots before the batch.
    pub(crate) slots: usize,
    /// The write set, in the order of the first write to each key. No slot is there twice.
    pub(crate) writes: Vec<SlotWrite<S>>,
    /// True if the batch has removed a key.
    pub(crate) has_removals: bool,
}

/// The first write of a batch to a key.
#[derive(Clone, Debug)]
pub(crate) enum SlotWrite<S> {
    /// The key got this slot.
    Created(SlotId),
    /// The state in this slot was set or removed.
    Changed {
        slot: SlotId,
        previous: StateCell<S>,
    },
    /// A key without a slot was removed: the number of its tombstone in the table.
    Tombstone(usize),
}

impl<S> UndoLog<S> {
    pub(crate) fn new(batch: BatchNumber, slots: usize) -> UndoLog<S> {
        UndoLog {
            batch,
            slots,
            writes: Vec::new(),
            has_removals: false,
        }
    }

    /// The slots that the batch has written, in the order of the first write to each.
    pub(crate) fn slots_written(&self) -> impl Iterator<Item = SlotId> + Clone {
        self.writes.iter().filter_map(SlotWrite::slot)
    }

    /// Returns true if no slot is in the write set twice.
    pub(crate) fn is_a_set(&self) -> bool {
        let slots = self.slots_written().map(|slot| slot as usize);
        slots.clone().collect::<Bits>().ones() == slots.count()
    }
}

impl<S> SlotWrite<S> {
    pub(crate) fn slot(&self) -> Option<SlotId> {
        match self {
            SlotWrite::Created(slot) | SlotWrite::Changed { slot, .. } => Some(*slot),
            SlotWrite::Tombstone(_) => None,
        }
    }

    fn previous(&self) -> Option<&StateCell<S>> {
        match self {
            SlotWrite::Changed { previous, .. } => Some(previous),
            SlotWrite::Created(_) | SlotWrite::Tombstone(_) => None,
        }
    }
}

/// The right to read a table as it was after a batch, as long as this is held.
#[derive(Clone, Debug)]
pub(crate) struct Version(Arc<BatchNumber>);

impl Version {
    pub(crate) fn batch(&self) -> BatchNumber {
        *self.0
    }
}

/// The undo logs of a table, oldest first, as far as a version that is held may need them.
#[derive(Debug)]
pub(crate) struct History<S> {
    logs: VecDeque<UndoLog<S>>,
    versions: VecDeque<Weak<BatchNumber>>,
}

impl<S> History<S> {
    /// A version of the table as it is after `batch`, the last one that was committed.
    pub(crate) fn version(&mut self, batch: BatchNumber) -> Version {
        let version = Arc::new(batch);
        self.versions.push_back(Arc::downgrade(&version));
        Version(version)
    }

    /// Keeps the log of the batch that was committed, until [`prune`](History::prune) drops it: the `Drop` of a state
    /// may panic, and a commit must not.
    pub(crate) fn push(&mut self, log: UndoLog<S>) {
        let last = self.logs.back();
        assert!(
            last.is_none_or(|last| last.batch < log.batch),
            "batches are committed in order"
        );
        self.logs.push_back(log);
    }

    /// Drops the logs that no version needs any more.
    pub(crate) fn prune(&mut self) {
        self.versions.retain(|version| version.strong_count() > 0);
        // The oldest comes first. One may have been dropped since the line before.
        let oldest = self.versions.iter().find_map(Weak::upgrade);
        // The version of a batch is read through the logs of later ones only.
        let is_unread = |log: &mut UndoLog<S>| oldest.as_deref().is_none_or(|it| log.batch <= *it);
        while self.logs.pop_front_if(is_unread).is_some() {}
    }

    /// The cells that were overwritten after a version. `open` is the batch that is not committed.
    pub(crate) fn overwritten<'a>(
        &'a self,
        version: &Version,
        open: Option<&'a UndoLog<S>>,
    ) -> Overwritten<'a, S> {
        let mut overwritten = Overwritten {
            slots: None,
            cells: BTreeMap::new(),
        };
        let newest_first = open.into_iter().chain(self.logs.iter().rev());
        // A slot that several batches have written gets the cell that the earliest of them has replaced:
        // the later insertion stays.
        for log in newest_first.take_while(|log| log.batch > version.batch()) {
            let previous = |write: &'a SlotWrite<S>| Some((write.slot()?, write.previous()));
            overwritten
                .cells
                .extend(log.writes.iter().filter_map(previous));
            overwritten.slots = Some(log.slots);
        }
        overwritten
    }
}

impl<S> Default for History<S> {
    fn default() -> History<S> {
        History {
            logs: VecDeque::new(),
            versions: VecDeque::new(),
        }
    }
}

/// The cells of a version that later batches have overwritten.
pub(crate) struct Overwritten<'a, S> {
    /// The number of slots that the version has, if a later batch may have added some.
    pub(crate) slots: Option<usize>,
    /// By slot; `None` if the slot was created later.
    pub(crate) cells: BTreeMap<SlotId, Option<&'a StateCell<S>>>,
}
