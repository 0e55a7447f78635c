//! The keys of a table by the batch that wrote them last, to find those that have been idle.

use std::collections::{BTreeMap, VecDeque};

use super::cell::BatchNumber;
use crate::table::index::SlotId;

/// Fewer entries in all lists are not worth compacting.
const COMPACTED_MIN: usize = 4_096;

/// Batches, least recent first, each with the slots that it has written.
///
/// A slot stays in the list of a batch when a later one writes or removes its key. Such stale entries are
/// recognised by asking for the last batch that wrote a slot, which every method takes as a function. So a
/// batch costs in proportion to what it writes, and idle keys are found without a look at the others.
#[derive(Clone, Debug, Default)]
pub(crate) struct LruLists {
    /// Batches ascending.
    lists: VecDeque<LruList>,
    /// The number of entries in all lists.
    entries: usize,
}

#[derive(Clone, Debug)]
struct LruList {
    batch: BatchNumber,
    slots: Vec<SlotId>,
}

impl LruLists {
    /// The lists of slots 0, 1, …, which these batches have written last.
    pub(crate) fn new(last_written: impl IntoIterator<Item = BatchNumber>) -> LruLists {
        let mut lists = BTreeMap::<BatchNumber, Vec<SlotId>>::new();
        for (slot, batch) in (0..).zip(last_written) {
            lists.entry(batch).or_default().push(slot);
        }
        LruLists {
            entries: lists.values().map(Vec::len).sum(),
            lists: lists
                .into_iter()
                .map(|(batch, slots)| LruList { batch, slots })
                .collect(),
        }
    }

    /// Adds the newest batch, which has written these slots. Compacts the lists if most entries are then
    /// stale, given the number of `keys` in the table.
    pub(crate) fn push(
        &mut self,
        batch: BatchNumber,
        slots: Vec<SlotId>,
        keys: usize,
        last_written: impl Fn(SlotId) -> Option<BatchNumber>,
    ) {
        let newest = self.lists.back();
        assert!(
            newest.is_none_or(|newest| newest.batch < batch),
            "batches are listed in order"
        );
        if slots.is_empty() {
            return;
        }
        self.entries += slots.len();
        self.lists.push_back(LruList { batch, slots });
        if self.entries > COMPACTED_MIN.max(2 * keys) {
            self.compact(last_written);
        }
    }

    /// Drops stale entries.
    fn compact(&mut self, last_written: impl Fn(SlotId) -> Option<BatchNumber>) {
        for list in &mut self.lists {
            list.slots
                .retain(|slot| last_written(*slot) == Some(list.batch));
            list.slots.shrink_to_fit();
        }
        self.lists.retain(|list| !list.slots.is_empty());
        self.entries = self.lists.iter().map(|list| list.slots.len()).sum();
    }

    /// The slots of the keys whose last write was before `batch`, ascending.
    pub(crate) fn written_before(
        &self,
        batch: BatchNumber,
        last_written: impl Fn(SlotId) -> Option<BatchNumber>,
    ) -> Vec<SlotId> {
        let mut idle = Vec::new();
        for list in self.lists.iter().take_while(|list| list.batch < batch) {
            let is_current = |slot: &&SlotId| last_written(**slot) == Some(list.batch);
            idle.extend(list.slots.iter().filter(is_current));
        }
        idle.sort_unstable();
        debug_assert!(
            idle.is_sorted_by(|one, next| one < next),
            "a key has one last batch"
        );
        idle
    }

    /// Drops the lists of the batches before this one, all of whose entries are stale.
    pub(crate) fn drop_before(&mut self, batch: BatchNumber) {
        while let Some(list) = self.lists.pop_front_if(|list| list.batch < batch) {
            self.entries -= list.slots.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One batch of the law.
    #[derive(Clone, Debug)]
    struct Step {
        /// Slots whose keys it writes, or else removes.
        writes: Vec<(SlotId, bool)>,
        /// It removes the keys that have been idle for five batches.
        times_out: bool,
        compacts: bool,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let writes = prop::collection::vec((0..40_u32, any::<bool>()), 0..12);
        let step = (writes, any::<bool>(), any::<bool>());
        let step = step.prop_map(|(writes, times_out, compacts)| Step {
            writes,
            times_out,
            compacts,
        });
        prop::collection::vec(step, 0..40)
    }

    proptest! {
        #[test]
        fn equals_a_look_at_all_keys(steps in steps()) {
            let mut lists = LruLists::default();
            let mut last_written = vec![None; 40];
            for (batch, step) in (1..).zip(steps) {
                for (slot, is_written) in step.writes {
                    last_written[slot as usize] = is_written.then_some(batch);
                }
                if step.times_out && batch > 5 {
                    let limit = batch - 5;
                    let is_idle = |slot: &SlotId| {
                        last_written[*slot as usize].is_some_and(|last| last < limit)
                    };
                    let expected: Vec<SlotId> = (0..40).filter(is_idle).collect();
                    let idle = lists.written_before(limit, |slot| last_written[slot as usize]);
                    prop_assert_eq!(&idle, &expected);
                    for slot in &idle {
                        last_written[*slot as usize] = None;
                    }
                    lists.drop_before(limit);
                }
                let is_written = |slot: &SlotId| last_written[*slot as usize] == Some(batch);
                let written = (0..40).filter(is_written).collect();
                lists.push(batch, written, 40, |slot| last_written[slot as usize]);
                if step.compacts {
                    lists.compact(|slot| last_written[slot as usize]);
                }
                let entries: usize = lists.lists.iter().map(|list| list.slots.len()).sum();
                prop_assert_eq!(lists.entries, entries);
            }
        }
    }

    #[test]
    fn stale_entries_of_keys_that_come_in_every_batch_do_not_pile_up() {
        let mut lists = LruLists::default();
        // With 999 keys that come in every batch comes one that never comes again.
        let last_written = |newest: BatchNumber| {
            move |slot: SlotId| {
                let only_once = BatchNumber::from(slot).checked_sub(998);
                only_once.or(Some(newest))
            }
        };
        for batch in 1..=1_000 {
            let slots = (0..999).chain([998 + batch as SlotId]).collect();
            let keys = 999 + batch as usize;
            lists.push(batch, slots, keys, last_written(batch));
            let entries = lists.entries;
            assert!(entries <= COMPACTED_MIN.max(2 * keys), "{entries}");
        }
        let capacity: usize = lists.lists.iter().map(|list| list.slots.capacity()).sum();
        assert!(
            capacity <= 2 * COMPACTED_MIN,
            "{capacity} for {}",
            lists.entries
        );
        let idle = lists.written_before(4, last_written(1_000));
        assert_eq!(idle, [999, 1_000, 1_001]);
    }

    #[test]
    fn lists_can_be_built_from_the_last_batch_of_each_slot() {
        let batches = [7, 3, 7];
        let lists = LruLists::new(batches);
        let last_written = |slot: SlotId| batches.get(slot as usize).copied();
        assert_eq!(lists.written_before(7, last_written), [1]);
        assert_eq!(lists.written_before(8, last_written), [0, 1, 2]);
    }
}
