//! The order of a state's keys in Spark's chain of tables, each the delta of a batch on the one before.

use std::sync::Arc;

use super::cell::{BatchNumber, Batches};
use super::delta_table::{DeltaEntry, DeltaTable, live_entries};
use crate::order::AppendOnlyLayout;
use crate::table::index::SlotId;

/// The length from which on a chain is flattened (`spark.streaming.sessionByKey.deltaChainThreshold`).
const THRESHOLD: usize = 20;

/// Entries that a flattened table may hold on to unread, beside two for each key.
const RETAINED_MAX: usize = 1_024;

const HAS_ROOT: &str = "a chain has a root";

/// The delta tables of one partition's state, oldest first
/// (`org.apache.spark.streaming.util.OpenHashMapBasedStateMap`, `MAP-1` to `MAP-6`).
///
/// They have only the hash codes of keys and their slots. The order of each table is worked out once,
/// when it is read.
#[derive(Clone, Debug)]
pub(crate) struct DeltaChain {
    tables: Vec<Arc<DeltaTable>>,
    /// The length that Spark finds, which counts tables that were never filled.
    length: usize,
}

impl DeltaChain {
    /// A chain on the initial state.
    pub(crate) fn new(initial: Vec<DeltaEntry>) -> DeltaChain {
        DeltaChain {
            tables: vec![Arc::new(DeltaTable::delta(0, initial))],
            // The first batch begins with an empty copy of the root.
            length: 1,
        }
    }

    /// A chain that was saved after `batch`: its table, and one of all that was before.
    pub(crate) fn restored(
        batch: BatchNumber,
        before: Vec<DeltaEntry>,
        room: usize,
        newest: Vec<DeltaEntry>,
    ) -> DeltaChain {
        let capacity = match newest.len() {
            0 => AppendOnlyLayout::CAPACITY,
            len => len,
        };
        let before = DeltaTable::restored(batch - 1, room.max(AppendOnlyLayout::CAPACITY), before);
        let newest = DeltaTable::restored(batch, capacity, newest);
        DeltaChain {
            tables: vec![Arc::new(before), Arc::new(newest)],
            length: 1,
        }
    }

    /// The number of entries of all tables (`MAP-5`).
    pub(crate) fn entries(&self) -> usize {
        self.tables.iter().map(|table| table.len()).sum()
    }

    /// The live entries before the newest table, in the order in which they are read.
    pub(crate) fn before_newest(&self) -> Vec<DeltaEntry> {
        let (_, before) = self.tables.split_last().expect(HAS_ROOT);
        live_entries(before)
    }

    /// The entries of the newest table, in the order in which they are read.
    pub(crate) fn newest(&self) -> impl Iterator<Item = DeltaEntry> {
        self.tables.last().expect(HAS_ROOT).in_order()
    }

    /// Adds the delta of a batch.
    pub(crate) fn push(&mut self, batch: BatchNumber, entries: Vec<DeltaEntry>) {
        let newest = self.tables.last().map(|table| table.up_to);
        assert!(newest < Some(batch), "batches come in order");
        let delta = DeltaTable::delta(batch, entries);
        self.tables.push(Arc::new(delta));
        self.length += 1;
    }

    /// Returns true if Spark flattens the chain when it serializes the newest table (`MAP-3`).
    pub(crate) fn should_flatten(&self) -> bool {
        self.length >= THRESHOLD
    }

    /// Replaces all tables below the newest by one (`MAP-4`), with the `live` keys that had a state before
    /// the newest batch. That one is filled when it is read, or at once if its sources are much larger than
    /// itself.
    pub(crate) fn flatten(&mut self, live: usize) {
        let newest = self.tables.pop().expect(HAS_ROOT);
        // Spark counts overwritten keys and tombstones too (`MAP-5`).
        let below: usize = self.tables.iter().map(|table| table.len()).sum();
        let entries = below + newest.len();
        let capacity = if entries == 0 {
            AppendOnlyLayout::CAPACITY
        } else {
            entries
        };
        let sources = std::mem::take(&mut self.tables);
        let flat = DeltaTable::flat(newest.up_to - 1, capacity, live, sources);
        if flat.retained() > 2 * live + RETAINED_MAX {
            flat.entries();
        }
        self.tables = vec![Arc::new(flat), newest];
        self.length = 1;
    }

    /// The slots of live keys, in the order in which Spark reads them. `is_live` returns true if the last
    /// write of a slot was in one of these batches.
    pub(crate) fn slots<'a>(
        &'a self,
        is_live: &'a impl Fn(SlotId, &Batches) -> bool,
    ) -> impl Iterator<Item = SlotId> + 'a {
        let mut first = 0;
        self.tables.iter().flat_map(move |table| {
            // The batches of a table begin after those of the table below.
            let batches = first..=table.up_to;
            first = table.up_to + 1;
            table
                .in_order()
                .filter_map(DeltaEntry::written)
                .filter(move |slot| is_live(*slot, &batches))
        })
    }

    /// The same chain with the new slots of keys, by their old ones.
    pub(crate) fn remapped(&self, remap: &[Option<SlotId>]) -> DeltaChain {
        let remapped = |table: &Arc<DeltaTable>| Arc::new(table.remapped(remap));
        DeltaChain {
            tables: self.tables.iter().map(remapped).collect(),
            length: self.length,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::delta_table::DeltaKind;
    use super::*;

    /// A chain of keys that are their own slots and hash codes, with the last batch of each live one.
    struct Keys {
        chain: DeltaChain,
        last_written: BTreeMap<SlotId, BatchNumber>,
    }

    impl Keys {
        fn new() -> Keys {
            Keys {
                chain: DeltaChain::new(Vec::new()),
                last_written: BTreeMap::new(),
            }
        }

        /// One more batch, which writes some keys and removes others.
        fn push(&mut self, batch: BatchNumber, written: &[SlotId], removed: &[SlotId]) {
            let entry = |key: SlotId, kind| DeltaEntry {
                hash: key as i32,
                kind,
            };
            let mut entries = Vec::new();
            for key in written {
                entries.push(entry(*key, DeltaKind::Written(*key)));
                self.last_written.insert(*key, batch);
            }
            for key in removed {
                entries.push(entry(*key, DeltaKind::Removed(*key)));
                self.last_written.remove(key);
            }
            self.chain.push(batch, entries);
        }

        fn order(&self) -> Vec<SlotId> {
            let is_live = |key, batches: &Batches| {
                let last = self.last_written.get(&key);
                last.is_some_and(|last| batches.contains(last))
            };
            self.chain.slots(&is_live).collect()
        }
    }

    /// The order of these keys in one table of `capacity` slots.
    fn in_one_table(keys: &[SlotId], capacity: usize) -> Vec<SlotId> {
        let mut layout = AppendOnlyLayout::with_capacity(capacity);
        layout.extend(keys.iter().map(|key| *key as i32));
        layout.iter().map(|rank| keys[rank]).collect()
    }

    #[test]
    fn map_1_each_batch_has_a_table_on_those_before() {
        let mut keys = Keys::new();
        keys.push(1, &[1, 2, 3], &[]);
        keys.push(2, &[4, 5], &[]);
        keys.push(3, &[2], &[]);
        let oldest = in_one_table(&[1, 2, 3], 64);
        let mut expected: Vec<SlotId> = oldest.into_iter().filter(|key| *key != 2).collect();
        expected.extend(in_one_table(&[4, 5], 64));
        expected.push(2);
        assert_eq!(keys.order(), expected);
    }

    #[test]
    fn map_2_removed_keys_take_their_slots() {
        let live: Vec<SlotId> = (0..20).collect();
        let removed: Vec<SlotId> = (20..60).collect();
        let mut keys = Keys::new();
        keys.push(1, &live, &removed);
        let mut in_128 = in_one_table(&[live.clone(), removed].concat(), 64);
        in_128.retain(|key| *key < 20);
        assert_eq!(keys.order(), in_128);
        assert_ne!(
            in_128,
            in_one_table(&live, 64),
            "sixty entries double the table"
        );
    }

    #[test]
    fn map_3_a_chain_of_twenty_is_flattened() {
        let mut keys = Keys::new();
        for batch in 1..19 {
            keys.push(batch, &[], &[]);
            assert!(!keys.chain.should_flatten(), "batch {batch}");
        }
        keys.push(19, &[], &[]);
        assert!(keys.chain.should_flatten());
        keys.chain.flatten(keys.last_written.len());
        assert_eq!(keys.chain.length, 1);
    }

    /// One key that is written 30 times makes room for 30.
    #[test]
    fn map_5_the_flat_table_has_room_for_all_entries_of_all_tables() {
        let mut keys = Keys::new();
        keys.push(1, &(0..9).collect::<Vec<_>>(), &[]);
        for batch in 2..40 {
            keys.push(batch, &[100, 101, 102], &[]);
        }
        keys.push(40, &[], &[]);
        let before = keys.order();
        keys.chain.flatten(keys.last_written.len());
        assert_eq!(keys.order(), in_one_table(&before, 9 + 38 * 3));
        assert_ne!(keys.order(), in_one_table(&before, 12));
    }

    /// Reading every batch gives the same order as reading only the last one.
    #[test]
    fn map_6_a_chain_that_was_never_read_is_read_as_one_that_always_was() {
        let mut read = Keys::new();
        let mut unread = Keys::new();
        for batch in 1..400 {
            let first = (batch * 7 % 90) as SlotId;
            let live = unread.last_written.len();
            for keys in [&mut read, &mut unread] {
                keys.push(batch, &[first, first + 1, first + 50], &[first + 20]);
                if keys.chain.should_flatten() {
                    keys.chain.flatten(live);
                }
            }
            read.order();
        }
        assert_eq!(read.order(), unread.order());
        assert!(!unread.order().is_empty());
    }
}
