//! The states of one partition, in the order in which a state store hands them out.

use engine::{Row, StateChange, Value};
use foldhash::fast::FixedState;
use indexmap::IndexMap;
use smallvec::SmallVec;

use super::footprint::Footprint;
use super::hash::key_hash;
use super::key::GroupKey;
use super::key_table::KeyTable;
use super::layout::{KeyLayout, StoreLayout};
use super::stores::SavedStore;

/// A map in the order in which its keys were first seen. The hasher has no seed of its own, and nothing depends on what
/// it answers.
pub(crate) type KeyMap<V> = IndexMap<GroupKey, V, FixedState>;

/// The state of a key.
pub(crate) trait StateValue: Clone + std::fmt::Debug + Default + Send {
    /// Its memory, without that of its key.
    fn footprint(&self) -> Footprint;
}

/// A state that is the values of a row.
pub(crate) trait StateRow: StateValue {
    fn from_row(row: Row) -> Self;

    fn to_row(&self) -> Row;
}

impl StateValue for Row {
    fn footprint(&self) -> Footprint {
        Footprint::of_value(self)
    }
}

impl StateRow for Row {
    fn from_row(row: Row) -> Row {
        row
    }

    fn to_row(&self) -> Row {
        self.clone()
    }
}

/// The buffers of the aggregates of a group. One value has its place beside its key.
pub(crate) type StateBuffers = SmallVec<[Value; 1]>;

impl StateValue for StateBuffers {
    fn footprint(&self) -> Footprint {
        Footprint::of_value(self)
    }
}

impl StateRow for StateBuffers {
    fn from_row(row: Row) -> StateBuffers {
        row.into()
    }

    fn to_row(&self) -> Row {
        self.to_vec()
    }
}

/// The keys that are read ahead together: their cache lines, three of 64 bytes each, fit into 32 KiB of L1 cache.
pub(crate) const READ_AHEAD: usize = 128;

/// The state store of one partition (`SS-1`; `HDFSBackedStateStoreProvider`).
#[derive(Debug)]
pub(crate) struct StateStore<V = Row> {
    /// `None` of a key that was removed in this batch.
    states: KeyTable<Option<V>>,
    removed: usize,
    /// The order of the keys, each known by its index in `states`.
    layout: KeyLayout,
    /// The layout is that of the next version already.
    is_copied: bool,
    footprint: Footprint,
}

impl<V: StateRow> StateStore<V> {
    /// A store as it was saved: a copy of the snapshot, into which the changes since are put one after the other
    /// (`SS-3`).
    pub(crate) fn recovered(layout: &StoreLayout, saved: SavedStore) -> StateStore<V> {
        let mut rebuilt = Rebuilt {
            layout: KeyLayout::new(layout),
            states: KeyMap::default(),
            numbers: 0,
        };
        rebuilt.apply(saved.snapshot);
        rebuilt.layout.copy();
        rebuilt.apply(saved.changes);
        rebuilt.finish()
    }
}

impl<V: StateValue> StateStore<V> {
    /// An empty store, whose keys are laid out so.
    pub(crate) fn new(layout: &StoreLayout) -> StateStore<V> {
        StateStore {
            states: KeyTable::default(),
            removed: 0,
            layout: KeyLayout::new(layout),
            // The first version is a copy of nothing.
            is_copied: true,
            footprint: Footprint::default(),
        }
    }

    /// The memory of its states.
    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    /// Begins a batch: the next version of a store is a copy of this one, also without new keys (`SS-2`).
    pub(crate) fn begin(&mut self) {
        let is_copied = std::mem::take(&mut self.is_copied);
        if !is_copied {
            self.layout.copy();
        }
    }

    pub(crate) fn get(&self, key: &GroupKey) -> Option<&V> {
        self.states.get(key)?.as_ref()
    }

    /// Puts a state in the place of the one that the key has.
    pub(crate) fn put(&mut self, key: &GroupKey, state: V) {
        let footprint = state.footprint();
        let before = std::mem::replace(self.touch(key), state);
        self.footprint += footprint;
        self.footprint -= before.footprint();
    }

    /// The state of a key, to be changed: an empty one if it has none. The caller says how much it grows or shrinks.
    pub(crate) fn touch(&mut self, key: &GroupKey) -> &mut V {
        self.open(key_hash(key.values()), key.values(), || key.clone())
    }

    /// Reads the places of some keys by their hashes, [`READ_AHEAD`] at most, so that their cache misses overlap.
    pub(crate) fn read_ahead(&self, hashes: impl Iterator<Item = u64>) {
        self.states.read_ahead(hashes);
    }

    /// Changes the state of a key, of this hash, in its place: an empty one if it has none.
    pub(crate) fn change<R>(
        &mut self,
        hash: u64,
        key: &[Value],
        change: impl FnOnce(&mut V) -> R,
    ) -> R {
        let state = self.open(hash, key, || GroupKey::new(key));
        let before = state.footprint();
        let result = change(state);
        let after = state.footprint();
        self.footprint += after;
        self.footprint -= before;
        result
    }

    fn open(&mut self, hash: u64, key: &[Value], new: impl FnOnce() -> GroupKey) -> &mut V {
        let index = self.states.find_or_add(hash, key, || (new(), None));
        let (key, state) = self.states.index_mut(index);
        if state.is_none() {
            self.footprint += Footprint::of_key(key);
        }
        self.layout.put(key, index, state.is_none());
        state.get_or_insert_default()
    }

    /// The state of a key has grown.
    pub(crate) fn grow(&mut self, by: Footprint) {
        self.footprint += by;
    }

    /// The state of a key has shrunk.
    pub(crate) fn shrink(&mut self, by: Footprint) {
        self.footprint -= by;
    }

    /// The state of a key that has one, to be changed in its place.
    pub(crate) fn get_mut(&mut self, key: &GroupKey) -> Option<&mut V> {
        self.states.get_mut(key)?.as_mut()
    }

    /// Removes a key, which must not come again before the batch has ended.
    pub(crate) fn remove(&mut self, key: &GroupKey) {
        let Some(index) = self.states.find(key_hash(key.values()), key.values()) else {
            return;
        };
        let (_, state) = self.states.index_mut(index);
        if let Some(state) = state.take() {
            self.removed += 1;
            self.footprint -= Footprint::of_key(key);
            self.footprint -= state.footprint();
            self.layout.remove(key, index);
        }
    }

    /// Ends a batch by removing these states; returns them, in the order of the store if it keeps one.
    pub(crate) fn evict(&mut self, is_final: impl Fn(&GroupKey, &V) -> bool) -> Vec<(GroupKey, V)> {
        let states = self.iter().filter(|(key, state)| is_final(key, state));
        let evicted: Vec<(GroupKey, V)> = states
            .map(|(key, state)| (key.clone(), state.clone()))
            .collect();
        if evicted.is_empty() {
            return evicted;
        }
        for (key, state) in &evicted {
            self.footprint -= Footprint::of_key(key);
            self.footprint -= state.footprint();
            if let Some(gone) = self.states.get_mut(key) {
                *gone = None;
            }
        }
        let numbers = numbers(&self.states);
        self.layout.copy_of(|index| numbers[index]);
        self.is_copied = true;
        self.states.retain(Option::is_some);
        self.removed = 0;
        evicted
    }

    /// Ends a batch.
    pub(crate) fn end(&mut self) {
        if std::mem::take(&mut self.removed) == 0 {
            return;
        }
        let numbers = numbers(&self.states);
        self.layout
            .renumber(|index| numbers[index].unwrap_or(index));
        self.states.retain(Option::is_some);
    }

    /// All keys with their states, in the order of the store.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&GroupKey, &V)> {
        let indices = self.layout.iter(self.states.len());
        indices
            .filter_map(|index| self.states.get_index(index))
            .filter_map(|(key, state)| Some((key, state.as_ref()?)))
    }
}

/// For each key its index among those that stay.
fn numbers<V>(states: &KeyTable<Option<V>>) -> Vec<Option<usize>> {
    let stays = states.values().map(Option::is_some);
    stays
        .scan(0, |kept, stays| {
            let number = stays.then_some(*kept);
            *kept += usize::from(stays);
            Some(number)
        })
        .collect()
}

/// A store while it is put together from what was saved.
struct Rebuilt {
    layout: KeyLayout,
    /// The states, each with its number in the table; one that comes again has another.
    states: KeyMap<(usize, Row)>,
    numbers: usize,
}

impl Rebuilt {
    fn apply(&mut self, changes: Vec<StateChange>) {
        for StateChange { key, value } in changes {
            let key = GroupKey::new(&key);
            match value {
                Some(state) => self.put(&key, state),
                None => self.remove(&key),
            }
        }
    }

    fn put(&mut self, key: &GroupKey, value: Row) {
        let entry = self.states.entry(key.clone());
        let state = entry.or_insert((self.numbers, Row::new()));
        let is_new = state.0 == self.numbers;
        self.numbers += usize::from(is_new);
        state.1 = value;
        self.layout.put(key, state.0, is_new);
    }

    /// Those that stay are in the order in which they came.
    fn remove(&mut self, key: &GroupKey) {
        if let Some((number, _)) = self.states.shift_remove(key) {
            self.layout.remove(key, number);
        }
    }

    fn finish<V: StateRow>(mut self) -> StateStore<V> {
        let mut indices = vec![0; self.numbers];
        for (index, (number, _)) in self.states.values().enumerate() {
            indices[*number] = index;
        }
        self.layout.renumber(|number| indices[number]);
        let states = self.states.into_iter();
        let states = states.map(|(key, (_, state))| (key, Some(V::from_row(state))));
        let states: KeyTable<Option<V>> = states.collect();
        let mut footprint = Footprint::default();
        for (key, state) in states.iter() {
            footprint += Footprint::of_key(key);
            footprint += state.as_ref().map(V::footprint).unwrap_or_default();
        }
        StateStore {
            states,
            removed: 0,
            layout: self.layout,
            is_copied: false,
            footprint,
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::DataType;
    use engine::order::{ConcurrentHashMapLayout, unsafe_row};

    use super::super::layout::StoreOrder;
    use super::*;

    fn key(word: &str) -> GroupKey {
        GroupKey::new(&[Value::String(word.into())])
    }

    fn words(store: &StateStore) -> Vec<String> {
        let words = store.iter().map(|(key, _)| match &key.values()[0] {
            Value::String(word) => word.to_string(),
            other => panic!("the key is a word, not {other:?}"),
        });
        words.collect()
    }

    fn add(store: &mut StateStore, words: &[&str]) {
        store.begin();
        for word in words {
            store.put(&key(word), vec![Value::Long(1)]);
        }
    }

    /// The plain twin: the map of each batch is a new one, into which the old one is put first, without the keys that
    /// were removed from it. In each batch some letters go.
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
        let mut store = StateStore::new(&StoreLayout::of_words(StoreOrder::Table));
        let mut layout = ConcurrentHashMapLayout::default();
        for (range, gone) in batches {
            let new: Vec<&str> = alphabet[range].iter().map(String::as_str).collect();
            add(&mut store, &new);
            for word in new {
                let hash = unsafe_row::hash_row(key(word).values(), &[DataType::String]);
                layout.put(hash, index(word).expect("a letter"));
            }
            let order: Vec<&str> = layout
                .iter()
                .map(|index| alphabet[index].as_str())
                .collect();
            assert_eq!(words(&store), order);
            let is_gone = |key: &GroupKey, _: &Row| match &key.values()[0] {
                Value::String(word) => gone.contains(word.as_str()),
                _ => false,
            };
            let evicted = store.evict(is_gone);
            assert_eq!(evicted.len(), gone.len());
            layout = layout
                .next_batch_of(|index| (!gone.contains(alphabet[index].as_str())).then_some(index));
            store.end();
        }
    }

    #[test]
    fn a_key_that_is_removed_by_itself_leaves_the_others_where_they_are() {
        for order in [StoreOrder::Table, StoreOrder::Arrival, StoreOrder::Bytes] {
            let mut store = StateStore::new(&StoreLayout::of_words(order));
            add(&mut store, &["gohawks", "blue", "green"]);
            let mut expected = words(&store);
            store.remove(&key("blue"));
            expected.retain(|word| word != "blue");
            assert_eq!(words(&store), expected);
            store.end();
            assert_eq!(words(&store), expected);
            assert_eq!(store.get(&key("blue")), None);
            store.begin();
            store.put(&key("blue"), vec![Value::Long(7)]);
            assert_eq!(store.get(&key("blue")), Some(&vec![Value::Long(7)]));
        }
    }
}
