//! The states of a partition as they are saved: by slot, as far as they have changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::change_log::{SlotEntry, Unsaved};
use super::cogroup_order::CogroupOrder;
use crate::recovery::Codec;
use crate::table::bits::Bits;
use crate::table::index::SlotId;
use crate::{Failure, FailureKind};

/// The states of a partition that are to be saved, in an order `O` of their own.
#[derive(Serialize)]
#[serde(bound(serialize = "K: Serialize, V: Serialize, O: Serialize"))]
pub(crate) struct SlotsToSave<K, V, O> {
    is_whole: bool,
    #[serde(serialize_with = "newest_of_each_slot")]
    entries: Vec<Vec<SlotEntry<K, V>>>,
    order: Option<O>,
}

/// The states of a partition in one save.
#[derive(Debug, Deserialize)]
pub(crate) struct SavedSlots<K, V, O> {
    /// True if what was saved before does not count.
    is_whole: bool,
    entries: Vec<SlotEntry<K, V>>,
    /// The order of the keys after the batch; without one it is that of their slots.
    order: Option<O>,
}

/// The states of a partition, put together from several saves: by slot, and the order of the last save.
#[derive(Debug)]
pub(crate) struct SlotTable<K, V, O> {
    pub(crate) slots: BTreeMap<SlotId, (K, V)>,
    pub(crate) order: Option<O>,
}

impl<K, V, O> SlotsToSave<K, V, O> {
    pub(crate) fn new(unsaved: Unsaved<K, V>, order: Option<O>) -> SlotsToSave<K, V, O> {
        SlotsToSave {
            is_whole: unsaved.is_whole,
            entries: unsaved.chunks,
            order,
        }
    }

    /// All states, in the order in which they are read.
    pub(crate) fn whole(rows: Vec<(K, V)>) -> SlotsToSave<K, V, O> {
        let entry = |(slot, row)| SlotEntry {
            slot,
            value: Some(row),
        };
        SlotsToSave {
            is_whole: true,
            entries: vec![(0..).zip(rows).map(entry).collect()],
            order: None,
        }
    }
}

/// The bytes of a batch that is all states, as it is saved: of each partition the rows, or what has changed of them.
pub(crate) type RowsCodec<K, V> =
    Codec<Vec<SlotsToSave<K, V, CogroupOrder>>, Vec<SavedSlots<K, V, Vec<SlotId>>>>;

/// Of a slot that is there several times, the last entry counts.
fn newest_of_each_slot<K: Serialize, V: Serialize, S: Serializer>(
    chunks: &[Vec<SlotEntry<K, V>>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut seen = Bits::default();
    let newest_first = chunks.iter().rev().flat_map(|chunk| chunk.iter().rev());
    let newest = newest_first.filter(|entry| seen.set(entry.slot as usize));
    let newest: Vec<&SlotEntry<K, V>> = newest.collect();
    serializer.collect_seq(newest)
}

/// Puts the partitions of a state together from its saves, oldest first.
pub(crate) fn put_together<K, V, O>(
    saves: impl IntoIterator<Item = Vec<SavedSlots<K, V, O>>>,
) -> Vec<SlotTable<K, V, O>> {
    let mut tables: Vec<SlotTable<K, V, O>> = Vec::new();
    for save in saves {
        tables.resize_with(save.len().max(tables.len()), || SlotTable {
            slots: BTreeMap::new(),
            order: None,
        });
        for (table, saved) in tables.iter_mut().zip(save) {
            table.add(saved);
        }
    }
    tables
}

impl<K, V, O> SlotTable<K, V, O> {
    fn add(&mut self, saved: SavedSlots<K, V, O>) {
        if saved.is_whole {
            self.slots.clear();
        }
        for SlotEntry { slot, value } in saved.entries {
            match value {
                Some(value) => drop(self.slots.insert(slot, value)),
                None => drop(self.slots.remove(&slot)),
            }
        }
        self.order = saved.order;
    }

    /// Takes the key in a slot out, with its state.
    ///
    /// # Errors
    ///
    /// It is not there: the states were not saved by this operator.
    pub(crate) fn take(&mut self, slot: SlotId) -> Result<(K, V), Failure> {
        self.slots.remove(&slot).ok_or_else(|| {
            let message =
                "the saved states cannot be read: the order names a key that has no state";
            Failure::new(FailureKind::Checkpoint, message)
        })
    }
}

impl<K, V> SlotTable<K, V, Vec<SlotId>> {
    /// All states, in their order.
    pub(crate) fn into_rows(mut self) -> Result<Vec<(K, V)>, Failure> {
        match self.order.take() {
            Some(order) => order.into_iter().map(|slot| self.take(slot)).collect(),
            None => Ok(self.slots.into_values().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::change_log::ChangeLog;
    use super::*;
    use crate::Time;

    /// The states of a partition by slot, `None` where the key was removed.
    type Slots = Vec<Option<(SlotId, i64)>>;

    type Changes = Vec<(SlotId, Option<i64>)>;

    /// Makes the changes, and adds them to the log.
    fn run(time: Time, changes: &Changes, slots: &mut Slots, log: &mut ChangeLog<SlotId, i64>) {
        let mut touched = BTreeSet::new();
        for (slot, value) in changes {
            // A slot that is not there is a new one.
            let slot = (*slot as usize).min(slots.len());
            slots.resize(slots.len().max(slot + 1), None);
            slots[slot] = value.map(|value| (slot as SlotId, value));
            touched.insert(slot as SlotId);
        }
        let mut chunk = log.chunk(time, slots.len(), touched.len());
        let entry = |slot: SlotId| SlotEntry {
            slot,
            value: slots[slot as usize],
        };
        let swept = chunk
            .swept()
            .map(entry)
            .filter(|entry| entry.value.is_some());
        let entries: Vec<_> = touched.iter().copied().map(entry).chain(swept).collect();
        chunk.entries.extend(entries);
        log.push(chunk);
    }

    /// A save as it is read again.
    fn saved(save: &SlotsToSave<SlotId, i64, ()>) -> SavedSlots<SlotId, i64, ()> {
        let codec: Codec<SlotsToSave<SlotId, i64, ()>, SavedSlots<SlotId, i64, ()>> = Codec::new();
        let bytes = codec.encode(save).expect("numbers have bytes");
        let mut saves = codec.decode(&bytes).expect("it is read as it was written");
        saves.pop().expect("it is one")
    }

    proptest! {
        /// The states are put together from the files since the one that a save names.
        #[test]
        fn ckp_7_states_are_put_together_from_the_files_that_are_needed(
            batches in prop::collection::vec(
                prop::collection::vec((0_u32..24, prop::option::weighted(0.7, 0_i64..9)), 0..9),
                1..60,
            ),
            batches_per_save in 1_usize..4,
            anew_every in 7_usize..40,
        ) {
            let mut log = ChangeLog::new(batches_per_save as u64);
            let mut slots = Slots::new();
            let mut files = Vec::new();
            for (number, changes) in (1..).zip(&batches) {
                let time = Time::from_millis(number as i64);
                if number % anew_every == 0 {
                    // Removed keys lose their slots.
                    slots.retain(Option::is_some);
                    for (slot, state) in (0..).zip(slots.iter_mut().flatten()) {
                        state.0 = slot;
                    }
                    log.begin_anew();
                }
                run(time, changes, &mut slots, &mut log);
                if number % batches_per_save != 0 {
                    continue;
                }
                let unsaved = log.take(time);
                let since = unsaved.since;
                files.push((time, SlotsToSave::new(unsaved, None)));
                let first = files.iter().rposition(|(time, _)| *time <= since);
                files.drain(..first.unwrap_or(0));
                let saves = files.iter().map(|(_, save)| SlotsToSave {
                    entries: save.entries.clone(),
                    ..*save
                });
                let tables = put_together(saves.map(|save| vec![saved(&save)]));
                let read: Vec<_> = tables[0].slots.values().copied().collect();
                let expected: Vec<_> = slots.iter().flatten().copied().collect();
                prop_assert_eq!(read, expected);
            }
        }
    }

    #[test]
    fn a_save_has_what_has_changed_and_each_slot_once() {
        let mut log = ChangeLog::new(2);
        let mut slots: Slots = (0..1_000).map(|slot| Some((slot, 0))).collect();
        let time = |batch| Time::from_millis(batch);
        run(time(1), &Vec::new(), &mut slots, &mut log);
        assert_eq!(
            saved(&SlotsToSave::new(log.take(time(1)), None))
                .entries
                .len(),
            1_000
        );
        for batch in 2..4 {
            run(
                time(batch),
                &vec![(7, Some(batch)), (900, None)],
                &mut slots,
                &mut log,
            );
        }
        let save = saved(&SlotsToSave::new(log.take(time(3)), None));
        assert!(!save.is_whole);
        let of = |slot| save.entries.iter().filter(move |entry| entry.slot == slot);
        let values = |slot| of(slot).map(|entry| entry.value).collect::<Vec<_>>();
        assert_eq!(values(7), [Some((7, 3))]);
        assert_eq!(values(900), [None]);
        assert!(save.entries.len() < 20, "the rest is swept in 200 batches");
    }
}
