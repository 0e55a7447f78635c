//! The counts of one shuffle partition, in the order in which a state store hands them out.

use engine::order::ConcurrentHashMapLayout;
use engine::{StateChange, Value};
use foldhash::fast::FixedState;
use indexmap::IndexMap;

use crate::group_key::GroupKey;
use crate::memory::GroupFootprint;
use crate::stores::SavedStore;

/// A map in the order in which its keys were first seen. The hasher has no seed of its own, and nothing
/// depends on what it answers.
pub(crate) type Counts = IndexMap<GroupKey, i64, FixedState>;

/// The state store of one partition (`SS-1`; `HDFSBackedStateStoreProvider`).
#[derive(Debug)]
pub(crate) struct StatePartition {
    counts: Counts,
    /// The order of the keys in Spark's table, each known by its index in `counts`; kept only for a
    /// query that writes rows in that order.
    layout: Option<ConcurrentHashMapLayout>,
    /// The layout is that of the next version already.
    is_copied: bool,
    footprint: GroupFootprint,
}

impl StatePartition {
    /// An empty store; its keys come in the order of Spark's table, or in that of their arrival.
    pub(crate) fn new(has_table: bool) -> StatePartition {
        StatePartition {
            counts: Counts::default(),
            layout: has_table.then(ConcurrentHashMapLayout::default),
            // The first version is a copy of nothing.
            is_copied: true,
            footprint: GroupFootprint::default(),
        }
    }

    /// A store as it was saved: a copy of the snapshot, into which the changes since are put one after the other
    /// (`SS-3`).
    pub(crate) fn recovered(has_table: bool, saved: SavedStore) -> StatePartition {
        let mut rebuilt = Rebuilt {
            has_table,
            ..Rebuilt::default()
        };
        rebuilt.apply(saved.snapshot);
        rebuilt.layout = rebuilt.layout.next_batch();
        rebuilt.apply(saved.changes);
        rebuilt.finish()
    }

    /// The memory of its groups.
    pub(crate) fn footprint(&self) -> GroupFootprint {
        self.footprint
    }

    /// Adds the counts of a batch, and returns the new totals of its keys in the batch's order.
    pub(crate) fn add(&mut self, batch: Counts) -> Vec<(GroupKey, i64)> {
        self.begin_batch();
        batch
            .into_iter()
            .map(|(key, count)| self.add_key(key, count))
            .collect()
    }

    /// Adds the keys of a batch that are not there yet, and returns them in the batch's order.
    pub(crate) fn add_new(&mut self, mut batch: Counts) -> Vec<(GroupKey, i64)> {
        batch.retain(|key, _| !self.counts.contains_key(key));
        self.add(batch)
    }

    /// The next version of a store is a copy of this one, also without new keys (`SS-2`).
    fn begin_batch(&mut self) {
        let is_copied = std::mem::take(&mut self.is_copied);
        if let Some(layout) = &mut self.layout
            && !is_copied
        {
            *layout = std::mem::take(layout).next_batch();
        }
    }

    fn add_key(&mut self, key: GroupKey, count: i64) -> (GroupKey, i64) {
        let entry = self.counts.entry(key.clone());
        let index = entry.index();
        let total = entry.or_insert_with(|| {
            self.footprint += GroupFootprint::of(&key);
            0
        });
        *total += count;
        if let Some(layout) = &mut self.layout {
            layout.put(key.state_hash(), index);
        }
        (key, *total)
    }

    /// Ends a batch by removing these keys; returns them with their totals, in the order of the store
    /// if it keeps one.
    pub(crate) fn evict(&mut self, is_final: impl Fn(&GroupKey) -> bool) -> Vec<(GroupKey, i64)> {
        let rows = self.rows().filter(|(key, _)| is_final(key));
        let evicted: Vec<(GroupKey, i64)> = rows.map(|(key, total)| (key.clone(), total)).collect();
        if let Some(layout) = &mut self.layout
            && !evicted.is_empty()
        {
            // A key's number is its index, from now on among those that stay.
            let stays = self.counts.keys().map(|key| !is_final(key));
            let numbers: Vec<Option<usize>> = stays
                .scan(0, |kept, stays| {
                    let number = stays.then_some(*kept);
                    *kept += usize::from(stays);
                    Some(number)
                })
                .collect();
            *layout = layout.next_batch_of(|index| numbers[index]);
            self.is_copied = true;
        }
        self.counts.retain(|key, _| !is_final(key));
        self.footprint -= evicted.iter().map(|(key, _)| GroupFootprint::of(key)).sum();
        evicted
    }

    /// All keys with their totals, in the order of the store.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&GroupKey, i64)> {
        let in_table = self.layout.iter().flat_map(ConcurrentHashMapLayout::iter);
        let as_they_came = if self.layout.is_some() {
            0..0
        } else {
            0..self.counts.len()
        };
        in_table
            .chain(as_they_came)
            .filter_map(|index| self.counts.get_index(index))
            .map(|(key, total)| (key, *total))
    }
}

/// A store while it is put together from what was saved.
#[derive(Default)]
struct Rebuilt {
    has_table: bool,
    layout: ConcurrentHashMapLayout,
    /// The groups, each with its number in the table; one that comes again has another.
    groups: IndexMap<GroupKey, (usize, i64), FixedState>,
    numbers: usize,
}

impl Rebuilt {
    fn apply(&mut self, changes: Vec<StateChange>) {
        for StateChange { key, value } in changes {
            let key = GroupKey::new(&key);
            match value.as_deref() {
                Some([Value::Long(total), ..]) => self.put(key, *total),
                _ => self.remove(&key),
            }
        }
    }

    fn put(&mut self, key: GroupKey, total: i64) {
        let hash = self.has_table.then(|| key.state_hash());
        let group = self.groups.entry(key).or_insert((self.numbers, 0));
        self.numbers += usize::from(group.0 == self.numbers);
        group.1 = total;
        if let Some(hash) = hash {
            self.layout.put(hash, group.0);
        }
    }

    /// Those that stay are in the order in which they came.
    fn remove(&mut self, key: &GroupKey) {
        if let Some((number, _)) = self.groups.shift_remove(key)
            && self.has_table
        {
            self.layout.remove(key.state_hash(), number);
        }
    }

    fn finish(mut self) -> StatePartition {
        let mut indices = vec![0; self.numbers];
        for (index, (number, _)) in self.groups.values().enumerate() {
            indices[*number] = index;
        }
        self.layout.renumber(|number| indices[number]);
        let groups = self.groups.into_iter();
        let counts: Counts = groups.map(|(key, (_, total))| (key, total)).collect();
        StatePartition {
            footprint: counts.keys().map(GroupFootprint::of).sum(),
            counts,
            layout: self.has_table.then_some(self.layout),
            is_copied: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Value;
    use engine::order::unsafe_row;

    fn key(word: &str) -> GroupKey {
        GroupKey::new(&vec![Value::String(word.into())])
    }

    fn word(key: &GroupKey) -> String {
        match key.row(0).swap_remove(0) {
            Value::String(word) => word.to_string(),
            other => panic!("the key is a word, not {other:?}"),
        }
    }

    fn batch(words: &[&str]) -> Counts {
        words.iter().map(|word| (key(word), 1)).collect()
    }

    fn words(state: &StatePartition) -> Vec<String> {
        state.rows().map(|(key, _)| word(key)).collect()
    }

    #[test]
    fn ss_2_a_batch_is_added_to_the_version_of_the_batch_before() {
        let mut state = StatePartition::new(true);
        let totals = |totals: &[(GroupKey, i64)]| {
            let totals = totals
                .iter()
                .map(|(key, total)| format!("{}={total}", word(key)));
            totals.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(totals(&state.add(batch(&["b", "a"]))), "b=1 a=1");
        assert_eq!(totals(&state.add(batch(&["c", "a"]))), "c=1 a=2");
        assert_eq!(totals(&state.add(batch(&[]))), "");
        let rows: Vec<i64> = state.rows().map(|(_, total)| total).collect();
        assert_eq!(rows.iter().sum::<i64>(), 4);
    }

    /// The plain twin: the map of each batch is a new one, into which the old one is put first,
    /// without the keys that were removed from it. In each batch some letters go.
    #[test]
    fn ss_2_each_version_is_a_copy_and_that_shows_in_the_order_of_its_keys() {
        let alphabet: Vec<String> = ('a'..='z').map(String::from).collect();
        let index = |word: &str| alphabet.iter().position(|letter| letter == word);
        let batches = [
            (0..9, ""),
            (0..0, ""),
            (5..26, "bgt"),
            (0..0, "azq"),
            (0..4, ""),
        ];
        let mut state = StatePartition::new(true);
        let mut layout = ConcurrentHashMapLayout::default();
        let mut orders = Vec::new();
        for (range, gone) in batches {
            let new: Vec<&str> = alphabet[range].iter().map(String::as_str).collect();
            state.add(batch(&new));
            for word in new {
                let hash = unsafe_row::hash_row(&[Value::String(word.into())]);
                layout.put(hash, index(word).expect("a letter"));
            }
            let order: Vec<&str> = layout
                .iter()
                .map(|index| alphabet[index].as_str())
                .collect();
            assert_eq!(words(&state), order);
            orders.push(words(&state));
            let evicted = state.evict(|key| gone.contains(&word(key)));
            let expected = order.iter().filter(|word| gone.contains(**word));
            assert_eq!(
                evicted.iter().map(|(key, _)| word(key)).collect::<Vec<_>>(),
                expected.copied().collect::<Vec<_>>()
            );
            layout = layout
                .next_batch_of(|index| (!gone.contains(alphabet[index].as_str())).then_some(index));
        }
        assert_ne!(orders[0], orders[1], "a batch without words copies too");
        assert_eq!(
            orders[4].len(),
            22,
            "four of the letters that went came back"
        );
    }

    #[test]
    fn wm_9_a_key_that_comes_again_after_its_removal_starts_anew() {
        for is_ordered in [true, false] {
            let mut state = StatePartition::new(is_ordered);
            state.add(batch(&["a", "b"]));
            state.evict(|key| word(key) == "a");
            let totals = state.add(batch(&["a", "b"]));
            assert_eq!(totals, [(key("a"), 1), (key("b"), 2)]);
        }
    }

    #[test]
    fn without_a_table_keys_come_as_they_came() {
        let mut state = StatePartition::new(false);
        state.add(batch(&["gohawks", "blue"]));
        state.add(batch(&["green", "blue"]));
        assert_eq!(words(&state), ["gohawks", "blue", "green"]);
    }
}
