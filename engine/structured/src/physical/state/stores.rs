//! The state stores of an operator's partitions.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::StateChange;

use super::footprint::Footprint;
use super::layout::{StoreLayout, StoreOrder};
use super::store::{StateRow, StateStore};

/// The store of a partition as it was saved.
#[derive(Debug)]
pub(crate) struct SavedStore {
    pub(crate) partition: usize,
    /// Its states in the last snapshot.
    pub(crate) snapshot: Vec<StateChange>,
    /// The changes since.
    pub(crate) changes: Vec<StateChange>,
}

/// The store of one partition.
pub(crate) trait Store: std::fmt::Debug + Send {
    /// An empty store, whose keys come in this order.
    fn new(layout: &StoreLayout) -> Self;

    /// A store as it was saved.
    fn recovered(layout: &StoreLayout, saved: SavedStore) -> Self;

    /// Begins a batch.
    fn begin(&mut self);

    /// The memory of its states.
    fn footprint(&self) -> Footprint;

    /// All of it, as changes of an empty store.
    fn snapshot(&self) -> Vec<StateChange>;
}

impl<V: StateRow> Store for StateStore<V> {
    fn new(layout: &StoreLayout) -> StateStore<V> {
        StateStore::new(layout)
    }

    fn recovered(layout: &StoreLayout, saved: SavedStore) -> StateStore<V> {
        StateStore::recovered(layout, saved)
    }

    fn begin(&mut self) {
        StateStore::begin(self);
    }

    fn footprint(&self) -> Footprint {
        StateStore::footprint(self)
    }

    fn snapshot(&self) -> Vec<StateChange> {
        let states = self.iter().map(|(key, state)| StateChange {
            key: key.to_row(),
            value: Some(state.to_row()),
        });
        states.collect()
    }
}

/// The stores of the partitions (`SS-1`). A partition that has never had a state costs its entry in a list, and no work.
#[derive(Debug)]
pub(crate) struct StateStores<S> {
    /// For each partition the index of its store, if it has had a state.
    places: Vec<Option<u32>>,
    /// In the order in which they were opened.
    stores: Vec<Mutex<S>>,
    layout: StoreLayout,
    /// True if a micro-batch has ended.
    is_begun: bool,
}

impl<S: Store> StateStores<S> {
    /// The empty stores of this number of partitions, whose keys come in this order.
    pub(crate) fn new(partitions: usize, layout: StoreLayout) -> StateStores<S> {
        StateStores {
            places: vec![None; partitions],
            stores: Vec::new(),
            layout,
            is_begun: false,
        }
    }

    /// Goes on from saved stores: one of each partition, or none if no micro-batch has ended.
    pub(crate) fn recover(&mut self, stores: Vec<SavedStore>) {
        self.is_begun = !stores.is_empty();
        let is_opened =
            |store: &SavedStore| !(store.snapshot.is_empty() && store.changes.is_empty());
        for store in stores.into_iter().filter(is_opened) {
            let place = self.open(store.partition);
            self.stores[place] = Mutex::new(S::recovered(&self.layout, store));
        }
    }

    /// The partition of each store.
    pub(crate) fn partitions(&self) -> Vec<usize> {
        let mut partitions = vec![0; self.stores.len()];
        for (partition, place) in self.places.iter().enumerate() {
            if let Some(place) = place {
                partitions[*place as usize] = partition;
            }
        }
        partitions
    }

    /// All states of each store, in its order.
    pub(crate) fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        let partitions = self.partitions().into_iter().enumerate();
        partitions
            .map(|(place, partition)| (partition, self.store(place).snapshot()))
            .collect()
    }

    /// The memory of all states.
    pub(crate) fn footprint(&self) -> Footprint {
        (0..self.stores.len())
            .map(|place| self.store(place).footprint())
            .sum()
    }

    /// The number of partitions, with or without states.
    pub(crate) fn partition_count(&self) -> usize {
        self.places.len()
    }

    /// Brings items to the stores of their partitions, in order: a list for each store that has some, with its index,
    /// ascending. If `all` is true, the other stores have an empty one.
    pub(crate) fn deal<T>(
        &mut self,
        items: impl IntoIterator<Item = (usize, T)>,
        all: bool,
    ) -> Vec<(usize, Mutex<Vec<T>>)> {
        let mut lists: Vec<Vec<T>> = (0..self.stores.len()).map(|_| Vec::new()).collect();
        for (partition, item) in items {
            let place = self.open(partition);
            if place == lists.len() {
                lists.push(Vec::new());
            }
            lists[place].push(item);
        }
        let all = all || self.layout.order() == StoreOrder::Table;
        let lists = lists.into_iter().enumerate();
        lists
            .filter(|(_, list)| all || !list.is_empty())
            .map(|(place, list)| (place, Mutex::new(list)))
            .collect()
    }

    /// The index of a partition's store. A new one is as if it had been there from the first micro-batch on, each of
    /// which has copied its empty map (`SS-2`): after one copy another changes nothing.
    fn open(&mut self, partition: usize) -> usize {
        let place = self.places[partition].get_or_insert_with(|| {
            let mut store = S::new(&self.layout);
            if self.is_begun {
                store.begin();
            }
            self.stores.push(Mutex::new(store));
            (self.stores.len() - 1) as u32
        });
        *place as usize
    }

    /// Ends a micro-batch.
    pub(crate) fn end_batch(&mut self) {
        self.is_begun = true;
    }

    /// The store of this index.
    pub(crate) fn store(&self, place: usize) -> MutexGuard<'_, S> {
        let store = self.stores[place].lock();
        store.unwrap_or_else(PoisonError::into_inner)
    }

    /// The index of a partition's store, if it has had a state.
    pub(crate) fn place(&self, partition: usize) -> Option<usize> {
        self.places[partition].map(|place| place as usize)
    }

    /// The partitions that have had a state, ascending.
    pub(crate) fn opened(&self) -> Vec<usize> {
        let partitions = (0..).zip(&self.places);
        partitions
            .filter_map(|(partition, place)| place.map(|_| partition))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use engine::Value;

    use super::super::key::GroupKey;
    use super::*;

    fn keys() -> impl Iterator<Item = GroupKey> {
        ('a'..='z').map(|letter| GroupKey::new(&[Value::String(letter.to_string().into())]))
    }

    fn fill(store: &mut StateStore) -> Vec<GroupKey> {
        store.begin();
        for key in keys() {
            store.put(&key, Vec::new());
        }
        store.iter().map(|(key, _)| key.clone()).collect()
    }

    #[test]
    fn ss_2_a_store_that_is_opened_late_has_the_order_of_one_that_was_always_there() {
        for batches in 0..4 {
            let mut store = StateStore::new(&StoreLayout::of_words(StoreOrder::Table));
            let mut stores =
                StateStores::<StateStore>::new(7, StoreLayout::of_words(StoreOrder::Table));
            for _ in 0..batches {
                store.begin();
                assert!(stores.deal::<()>([], true).is_empty());
                stores.end_batch();
            }
            assert_eq!(stores.deal([(3, ())], true).len(), 1);
            assert_eq!(fill(&mut stores.store(0)), fill(&mut store), "{batches}");
        }
    }

    #[test]
    fn stores_come_in_the_order_of_their_partitions() {
        let mut stores =
            StateStores::<StateStore>::new(7, StoreLayout::of_words(StoreOrder::Arrival));
        let lists = |stores: &mut StateStores<StateStore>, items: &[(usize, i32)], all| {
            let lists = stores.deal(items.iter().copied(), all).into_iter();
            let lists =
                lists.map(|(place, list)| (place, list.into_inner().expect("no test panics")));
            lists.collect::<Vec<_>>()
        };
        let items = [(5, 1), (0, 2), (5, 3), (3, 4)];
        assert_eq!(
            lists(&mut stores, &items, false),
            [(0, vec![1, 3]), (1, vec![2]), (2, vec![4])],
            "as they were opened"
        );
        let items = [(3, 1)];
        assert_eq!(lists(&mut stores, &items, false), [(2, vec![1])]);
        let all = [(0, vec![]), (1, vec![]), (2, vec![1])];
        assert_eq!(lists(&mut stores, &items, true), all);
        assert_eq!(stores.opened(), [0, 3, 5]);
        assert_eq!(stores.place(3), Some(2));
    }
}
