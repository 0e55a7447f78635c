//! The states of the keys of one partition, their timers, and the values that are forgotten.

use std::collections::{BTreeMap, BTreeSet};

use engine::order::unsafe_row;
use engine::{StateChange, Text};

use super::saved::{SavedChange, restored, saved};
use crate::physical::state::{Footprint, GroupKey, KeyMap, SavedStore, Store, StoreLayout};
use crate::transform::{ChangedStates, KeyChange, KeyStates};

/// A timer, in the order in which timers fire: the earliest first, then by the bytes of the key
/// (`org.apache.spark.sql.execution.streaming.TimerStateImpl`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Timer {
    pub(super) expiry_ms: i64,
    bytes: Box<[u8]>,
    pub(super) key: GroupKey,
}

impl Timer {
    fn new(expiry_ms: i64, key: &GroupKey) -> Timer {
        Timer {
            expiry_ms,
            bytes: unsafe_row::nested_row_bytes(key.values()).into(),
            key: key.clone(),
        }
    }
}

/// The store of one partition.
#[derive(Debug)]
pub(super) struct TransformStore {
    keys: KeyMap<KeyStates>,
    timers: BTreeSet<Timer>,
    /// The keys of which a value is forgotten at a time.
    forgotten: BTreeMap<i64, BTreeSet<GroupKey>>,
    footprint: Footprint,
    /// The changes of this batch.
    changes: Vec<StateChange>,
}

impl TransformStore {
    /// Takes the states of a key out, to be handed to the processor.
    pub(super) fn take(&mut self, key: &GroupKey) -> KeyStates {
        let states = self.keys.get_mut(key).map(std::mem::take);
        let states = states.unwrap_or_default();
        self.footprint -= states.footprint();
        states
    }

    /// Puts the states of a key back, after these changes.
    pub(super) fn put(&mut self, key: &GroupKey, changed: ChangedStates) {
        for change in &changed.changes {
            self.index(key, change);
            self.changes.push(saved(key, change));
        }
        self.footprint += changed.states.footprint();
        if changed.states.is_empty() {
            self.keys.swap_remove(key);
        } else {
            self.keys.insert(key.clone(), changed.states);
        }
    }

    fn index(&mut self, key: &GroupKey, change: &KeyChange) {
        match change {
            KeyChange::TimerSet(time) => drop(self.timers.insert(Timer::new(*time, key))),
            KeyChange::TimerDeleted(time) => drop(self.timers.remove(&Timer::new(*time, key))),
            KeyChange::Put { stored, .. } => {
                if let Some(until) = stored.until {
                    self.forgotten.entry(until).or_default().insert(key.clone());
                }
            }
            KeyChange::Removed { .. } => {}
        }
    }

    /// The timers that have expired at this time, in their order.
    pub(super) fn expired(&self, now_ms: i64) -> Vec<Timer> {
        let timers = self.timers.iter();
        timers
            .take_while(|timer| timer.expiry_ms <= now_ms)
            .cloned()
            .collect()
    }

    /// The time of the first timer.
    pub(super) fn first_timer(&self) -> Option<i64> {
        self.timers.first().map(|timer| timer.expiry_ms)
    }

    /// Removes the values that are forgotten at this time.
    pub(super) fn forget(&mut self, now_ms: i64) {
        let later = self.forgotten.split_off(&now_ms.saturating_add(1));
        let due = std::mem::replace(&mut self.forgotten, later);
        for key in due.into_values().flatten() {
            self.remove(&key, |states| states.expired(now_ms));
        }
    }

    /// Removes all values of a variable.
    pub(super) fn clear(&mut self, name: &Text) {
        let keys: Vec<GroupKey> = self.keys.keys().cloned().collect();
        for key in keys {
            self.remove(&key, |states| states.cleared(name));
        }
    }

    fn remove(&mut self, key: &GroupKey, removals: impl Fn(&KeyStates) -> Vec<KeyChange>) {
        let mut states = self.take(key);
        let changes = removals(&states);
        for change in &changes {
            states.apply(change);
        }
        self.put(key, ChangedStates { states, changes });
    }

    /// The changes since this was asked for last.
    pub(super) fn take_changes(&mut self) -> Vec<StateChange> {
        std::mem::take(&mut self.changes)
    }
}

impl Store for TransformStore {
    /// The order of keys shows in timers alone, and is always that of RocksDB, which the operator needs.
    fn new(_: &StoreLayout) -> TransformStore {
        TransformStore {
            keys: KeyMap::default(),
            timers: BTreeSet::new(),
            forgotten: BTreeMap::new(),
            footprint: Footprint::default(),
            changes: Vec::new(),
        }
    }

    fn recovered(layout: &StoreLayout, saved: SavedStore) -> TransformStore {
        let mut store = TransformStore::new(layout);
        let changes = saved.snapshot.into_iter().chain(saved.changes);
        for SavedChange { key, change } in changes.filter_map(restored) {
            let mut states = store.take(&key);
            states.apply(&change);
            let changes = vec![change];
            store.put(&key, ChangedStates { states, changes });
        }
        store.changes.clear();
        store
    }

    fn begin(&mut self) {}

    fn footprint(&self) -> Footprint {
        self.footprint
    }

    fn snapshot(&self) -> Vec<StateChange> {
        let keys = self.keys.iter();
        keys.flat_map(|(key, states)| states.all().map(|change| saved(key, &change)))
            .collect()
    }
}
