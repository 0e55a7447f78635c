//! One table of a state's delta chain, whose order is worked out when it is read.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::cell::BatchNumber;
use crate::order::AppendOnlyLayout;
use crate::table::bits::Bits;
use crate::table::index::SlotId;

/// An entry of a table: a key that one of its batches has written or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeltaEntry {
    /// The Java hash code of the key.
    pub(crate) hash: i32,
    pub(crate) kind: DeltaKind,
}

/// The fate of the key of an entry. Every entry takes up room in Spark's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeltaKind {
    /// It got a state.
    Written(SlotId),
    /// It was removed: a tombstone.
    Removed(SlotId),
    /// It has no slot: it never had one, or compaction has dropped it.
    Gone,
}

impl DeltaEntry {
    /// The slot of a key that has one, written or removed.
    pub(crate) fn slot(self) -> Option<SlotId> {
        match self.kind {
            DeltaKind::Written(slot) | DeltaKind::Removed(slot) => Some(slot),
            DeltaKind::Gone => None,
        }
    }

    /// The slot of a key that was written and not removed.
    pub(crate) fn written(self) -> Option<SlotId> {
        match self.kind {
            DeltaKind::Written(slot) => Some(slot),
            DeltaKind::Removed(_) | DeltaKind::Gone => None,
        }
    }
}

/// A table of the chain: the delta of one batch, or what was live in the tables that were flattened
/// into it.
///
/// A flattened table is filled when it is read first. Until then it holds on to its sources. Snapshots share
/// tables, and of several threads that read one at the same time one fills it. It holds the lock on the
/// sources meanwhile, and takes those of tables below, never of tables above.
#[derive(Debug)]
pub(crate) struct DeltaTable {
    /// The last batch whose entries are in it.
    pub(crate) up_to: BatchNumber,
    /// The initial capacity of Spark's table.
    capacity: usize,
    /// The number of entries, tombstones among them.
    len: usize,
    /// The tables that it replaces, oldest first, until it is filled.
    sources: Mutex<Vec<Arc<DeltaTable>>>,
    /// The number of entries in all tables that these hold on to.
    retained: usize,
    /// In the order in which they were inserted; empty until the table is filled.
    entries: OnceLock<Vec<DeltaEntry>>,
    /// Numbers of entries, in the order of Spark's table.
    order: OnceLock<Vec<u32>>,
}

impl DeltaTable {
    /// The delta of a batch.
    pub(crate) fn delta(batch: BatchNumber, entries: Vec<DeltaEntry>) -> DeltaTable {
        DeltaTable::restored(batch, AppendOnlyLayout::CAPACITY, entries)
    }

    /// A table that was saved, with these entries in the order of insertion, and room for `capacity` of them.
    pub(crate) fn restored(
        up_to: BatchNumber,
        capacity: usize,
        entries: Vec<DeltaEntry>,
    ) -> DeltaTable {
        let table = DeltaTable::flat(up_to, capacity, entries.len(), Vec::new());
        DeltaTable {
            entries: entries.into(),
            ..table
        }
    }

    /// A table for the live entries of `sources`, oldest first, of which there are `len`.
    pub(crate) fn flat(
        up_to: BatchNumber,
        capacity: usize,
        len: usize,
        sources: Vec<Arc<DeltaTable>>,
    ) -> DeltaTable {
        DeltaTable {
            up_to,
            capacity,
            len,
            retained: sources.iter().map(|source| source.retained()).sum(),
            sources: Mutex::new(sources),
            entries: OnceLock::new(),
            order: OnceLock::new(),
        }
    }

    /// The number of entries, tombstones among them.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number of entries that are in memory because of this table.
    pub(crate) fn retained(&self) -> usize {
        match self.entries.get() {
            Some(entries) => entries.len(),
            None => self.retained,
        }
    }

    /// The entries in the order in which they were inserted.
    pub(crate) fn entries(&self) -> &[DeltaEntry] {
        // The oldest source of an unfilled table may be unfilled too, and so on: a program that reads no
        // snapshot for long has a list of thousands. They are filled oldest first in a loop, as a
        // recursion that deep would overflow the stack.
        let mut unfilled = Vec::new();
        let mut below = self.oldest_source();
        while let Some(table) = below.filter(|table| table.entries.get().is_none()) {
            below = table.oldest_source();
            unfilled.push(table);
        }
        for table in unfilled.iter().rev() {
            table.fill();
        }
        self.fill()
    }

    /// The entries in the order of Spark's table.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = DeltaEntry> {
        let entries = self.entries();
        let order = self.order.get_or_init(|| {
            let mut layout = AppendOnlyLayout::with_capacity(self.capacity);
            layout.extend(entries.iter().map(|entry| entry.hash));
            layout.iter().map(|number| number as u32).collect()
        });
        order.iter().map(|number| entries[*number as usize])
    }

    /// The same table with the new slots of keys, by their old ones. An entry whose slot is gone stays.
    pub(crate) fn remapped(&self, remap: &[Option<SlotId>]) -> DeltaTable {
        let new_slot = |slot: SlotId| remap[slot as usize];
        let remapped = self.entries().iter().map(|entry| {
            let kind = match entry.kind {
                DeltaKind::Written(slot) => new_slot(slot).map(DeltaKind::Written),
                DeltaKind::Removed(slot) => new_slot(slot).map(DeltaKind::Removed),
                DeltaKind::Gone => None,
            };
            DeltaEntry {
                kind: kind.unwrap_or(DeltaKind::Gone),
                ..*entry
            }
        });
        let entries: Vec<DeltaEntry> = remapped.collect();
        let table = DeltaTable::flat(self.up_to, self.capacity, self.len, Vec::new());
        DeltaTable {
            entries: entries.into(),
            order: self.order.clone(),
            ..table
        }
    }

    fn oldest_source(&self) -> Option<Arc<DeltaTable>> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.first().cloned()
    }

    fn fill(&self) -> &[DeltaEntry] {
        self.entries.get_or_init(|| {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            let live = live_entries(&std::mem::take(&mut *sources));
            debug_assert_eq!(
                live.len(),
                self.len,
                "its length was known before it was filled"
            );
            live
        })
    }
}

/// The live entries of a chain of these tables, in the order in which Spark reads it (`MAP-6`): of each
/// table those that were written and that no later table has.
pub(crate) fn live_entries(tables: &[Arc<DeltaTable>]) -> Vec<DeltaEntry> {
    let mut later = Bits::default();
    let mut newest_first = Vec::with_capacity(tables.len());
    for table in tables.iter().rev() {
        let is_live = |entry: &DeltaEntry| {
            let slot = entry.written();
            slot.is_some_and(|slot| !later.get(slot as usize))
        };
        newest_first.push(table.in_order().filter(is_live).collect::<Vec<_>>());
        for slot in table.entries().iter().filter_map(|entry| entry.slot()) {
            later.set(slot as usize);
        }
    }
    newest_first.into_iter().rev().flatten().collect()
}
