//! The state stores of a query's shuffle partitions.

use std::sync::{Mutex, MutexGuard};

use engine::StateChange;

use crate::group_key::GroupKey;
use crate::state::{Counts, StatePartition};

/// Groups that came to one shuffle partition, with their counts.
pub(crate) type Pairs = Vec<(GroupKey, i64)>;

/// The store of a shuffle partition as it was saved.
#[derive(Debug)]
pub(crate) struct SavedStore {
    pub(crate) partition: usize,
    /// Its groups in the last snapshot.
    pub(crate) snapshot: Vec<StateChange>,
    /// The changes since.
    pub(crate) changes: Vec<StateChange>,
}

/// The stores of the shuffle partitions (`SS-1`). A partition that has never had a group costs its entry in a
/// list, and no work.
#[derive(Debug)]
pub(crate) struct StateStores {
    /// For each shuffle partition the index of its store, if it has had a group.
    places: Vec<Option<u32>>,
    /// In the order in which they were opened.
    stores: Vec<Mutex<StatePartition>>,
    has_table: bool,
    /// True if a micro-batch has ended.
    is_begun: bool,
}

impl StateStores {
    /// The empty stores of this number of partitions; their keys come in the order of Spark's table, or in that of
    /// their arrival.
    pub(crate) fn new(partitions: usize, has_table: bool) -> StateStores {
        StateStores {
            places: vec![None; partitions],
            stores: Vec::new(),
            has_table,
            is_begun: false,
        }
    }

    /// Goes on from saved stores.
    pub(crate) fn recover(&mut self, stores: Vec<SavedStore>) {
        self.is_begun = true;
        let is_opened =
            |store: &SavedStore| !(store.snapshot.is_empty() && store.changes.is_empty());
        for store in stores.into_iter().filter(is_opened) {
            let place = self.open(store.partition);
            self.stores[place] = Mutex::new(StatePartition::recovered(self.has_table, store));
        }
    }

    /// Lists that stores have by their index, by shuffle partition.
    pub(crate) fn by_partition<T>(&self, lists: Vec<T>) -> Vec<(usize, T)> {
        let mut partitions = vec![0; self.stores.len()];
        for (partition, place) in self.places.iter().enumerate() {
            if let Some(place) = place {
                partitions[*place as usize] = partition;
            }
        }
        partitions.into_iter().zip(lists).collect()
    }

    /// All groups of each store, in its order.
    pub(crate) fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        let groups = (0..self.stores.len()).map(|place| {
            let store = self.store(place);
            store.rows().map(|(key, total)| key.put(total)).collect()
        });
        self.by_partition(groups.collect())
    }

    /// The number of shuffle partitions, with or without groups.
    pub(crate) fn partition_count(&self) -> usize {
        self.places.len()
    }

    /// Brings groups to the stores of their partitions, in order. Each store has a list, by its index.
    pub(crate) fn deal(
        &mut self,
        groups: impl Iterator<Item = (usize, GroupKey, i64)>,
    ) -> Vec<Mutex<Pairs>> {
        let mut lists = vec![Vec::new(); self.stores.len()];
        for (partition, key, count) in groups {
            let place = self.open(partition);
            if place == lists.len() {
                lists.push(Vec::new());
            }
            lists[place].push((key, count));
        }
        lists.into_iter().map(Mutex::new).collect()
    }

    /// The index of a partition's store. A new one is as if it had been there from the first micro-batch on,
    /// each of which has copied its empty map (`SS-2`): after one copy another changes nothing.
    fn open(&mut self, partition: usize) -> usize {
        let place = self.places[partition].get_or_insert_with(|| {
            let mut store = StatePartition::new(self.has_table);
            if self.is_begun {
                store.add(Counts::default());
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
    pub(crate) fn store(&self, place: usize) -> MutexGuard<'_, StatePartition> {
        let store = self.stores[place].lock();
        store.expect("nothing panics while it holds a partition's state")
    }

    /// The indices of the stores, in the order of their partitions.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = usize> {
        self.places.iter().flatten().map(|place| *place as usize)
    }
}

#[cfg(test)]
mod tests {
    use engine::Value;

    use super::*;

    fn keys() -> impl Iterator<Item = GroupKey> {
        ('a'..='z').map(|letter| GroupKey::new(&vec![Value::String(letter.to_string().into())]))
    }

    /// The keys of a store that gets them after this number of empty micro-batches.
    fn keys_after(batches: usize) -> Vec<GroupKey> {
        let mut stores = StateStores::new(7, true);
        for _ in 0..batches {
            assert!(stores.deal(std::iter::empty()).is_empty());
            stores.end_batch();
        }
        let lists = stores.deal(keys().map(|key| (3, key, 1)));
        assert_eq!((lists.len(), stores.in_order().count()), (1, 1));
        let list = lists[0].lock().expect("no test panics with it").clone();
        let mut store = stores.store(0);
        store.add(list.into_iter().collect());
        store.rows().map(|(key, _)| key.clone()).collect()
    }

    #[test]
    fn ss_2_a_store_that_is_opened_late_has_the_order_of_one_that_was_always_there() {
        for batches in 0..4 {
            let mut store = StatePartition::new(true);
            for _ in 0..batches {
                store.add(Counts::default());
            }
            store.add(keys().map(|key| (key, 1)).collect());
            let expected: Vec<GroupKey> = store.rows().map(|(key, _)| key.clone()).collect();
            assert_eq!(keys_after(batches), expected, "{batches}");
        }
    }

    #[test]
    fn stores_come_in_the_order_of_their_partitions() {
        let mut stores = StateStores::new(7, false);
        let partitions = [5, 0, 5, 3];
        let groups = keys().zip(partitions);
        let lists = stores.deal(groups.map(|(key, partition)| (partition, key, 1)));
        let lengths: Vec<usize> = lists
            .iter()
            .map(|list| list.lock().expect("no test panics with it").len())
            .collect();
        assert_eq!(lengths, [2, 1, 1], "as they were opened");
        assert_eq!(stores.in_order().collect::<Vec<_>>(), [1, 2, 0]);
    }
}
