//! The keys of one partition with their states, changed batch by batch, and the way back.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Weak};

use hashbrown::HashTable;

use crate::Time;
use crate::dstream::Key;

/// Where a key is in its table. A key that was removed gets a new place when it comes back.
pub(crate) type Place = u32;

/// Batches of a state, counted from 1; the initial state is number 0.
pub(crate) type BatchNumber = u64;

/// A state with what `map_with_state` knows about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry<S> {
    pub(crate) state: S,
    /// The batch time at which it was last put.
    pub(crate) updated: Time,
    /// The batch in which it was last put.
    pub(crate) put_in: BatchNumber,
}

#[derive(Debug)]
struct Slot<K, S> {
    key: K,
    /// The batch in which the key was last put or removed.
    touched_in: BatchNumber,
    entry: Option<Entry<S>>,
}

/// A place that a batch touched, with what was there before: nothing if the key was new.
#[derive(Debug)]
struct Touch<S> {
    place: Place,
    before: Option<Entry<S>>,
}

/// How to go back from a batch to the one before.
#[derive(Debug)]
struct Undo<S> {
    batch: BatchNumber,
    /// How many places there were before.
    places: usize,
    touches: Vec<Touch<S>>,
}

/// Tables with fewer places are not worth tidying.
const ROOMY: usize = 64;

/// Whoever holds it can read a table as it was after a batch.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) batch: BatchNumber,
    _alive: Arc<()>,
}

/// The states of the keys of one partition.
///
/// A batch is open between [`begin`](Table::begin) and [`commit`](Table::commit). One that is begun
/// anew before it was committed, because its function failed, starts from the batch before. Nothing
/// here costs in proportion to the table but reading it, and making room when most of it is dead.
#[derive(Debug)]
pub(crate) struct Table<K, S> {
    slots: Vec<Slot<K, S>>,
    places: HashTable<Place>,
    open: Undo<S>,
    is_open: bool,
    /// Oldest first: what the holders of versions need.
    history: VecDeque<Undo<S>>,
    versions: VecDeque<(BatchNumber, Weak<()>)>,
}

impl<K: Key, S> Table<K, S> {
    pub(crate) fn new() -> Table<K, S> {
        Table {
            slots: Vec::new(),
            places: HashTable::new(),
            open: Undo::new(0, 0),
            is_open: false,
            history: VecDeque::new(),
            versions: VecDeque::new(),
        }
    }

    /// Opens a batch; one that is still open is undone.
    pub(crate) fn begin(&mut self, batch: BatchNumber) {
        if self.is_open {
            self.roll_back();
        }
        self.forget_versions();
        self.open = Undo::new(batch, self.slots.len());
        self.is_open = true;
    }

    /// Where a key is, if it has a state or was touched in the open batch.
    pub(crate) fn find(&self, key: &K) -> Option<Place> {
        let is_it = |place: &Place| self.slots[*place as usize].key == *key;
        self.places.find(hash(key), is_it).copied()
    }

    /// The state at a place.
    pub(crate) fn entry(&self, place: Place) -> Option<&Entry<S>> {
        self.slots.get(place as usize)?.entry.as_ref()
    }

    /// The key at a place.
    pub(crate) fn key(&self, place: Place) -> &K {
        &self.slots[place as usize].key
    }

    /// All places, those of keys that were removed among them, in the order in which keys came.
    pub(crate) fn all_places(&self) -> impl Iterator<Item = Place> + use<K, S> {
        0..self.slots.len() as Place
    }

    /// The places that the open batch has touched, in the order of their first touch.
    pub(crate) fn touched(&self) -> impl Iterator<Item = Place> {
        self.open.touches.iter().map(|touch| touch.place)
    }

    /// Sets the state of a key.
    pub(crate) fn put(&mut self, place: Option<Place>, key: K, state: S, updated: Time) {
        let place = self.touch(place, key);
        self.slots[place as usize].entry = Some(Entry {
            state,
            updated,
            put_in: self.open.batch,
        });
    }

    /// Puts the state that a key has once more, at this time.
    pub(crate) fn refresh(&mut self, place: Place, updated: Time)
    where
        S: Clone,
    {
        if let Some(entry) = self.entry(place).cloned() {
            self.put(Some(place), self.key(place).clone(), entry.state, updated);
        }
    }

    /// Removes the state of a key, also of one that has none: it counts as touched.
    pub(crate) fn remove(&mut self, place: Option<Place>, key: K) {
        let place = self.touch(place, key);
        self.slots[place as usize].entry = None;
    }

    /// Closes the batch. Keys without a state are forgotten.
    pub(crate) fn commit(&mut self) {
        let slots = &self.slots;
        for place in self.open.touches.iter().map(|touch| touch.place) {
            if slots[place as usize].entry.is_none() {
                forget(&mut self.places, slots, place);
            }
        }
        self.is_open = false;
        let closed = std::mem::replace(&mut self.open, Undo::new(0, 0));
        if !self.versions.is_empty() {
            self.history.push_back(closed);
        }
    }

    /// Notes that a key is touched, before it is, and says where it is.
    fn touch(&mut self, place: Option<Place>, key: K) -> Place {
        let Some(place) = place else {
            return self.add(key);
        };
        let slot = &mut self.slots[place as usize];
        if slot.touched_in != self.open.batch {
            slot.touched_in = self.open.batch;
            let before = slot.entry.take();
            self.open.touches.push(Touch { place, before });
        }
        place
    }

    fn add(&mut self, key: K) -> Place {
        let place = self.slots.len() as Place;
        let slots = &self.slots;
        let hash_at = |at: &Place| hash(&slots[*at as usize].key);
        self.places.insert_unique(hash(&key), place, hash_at);
        self.slots.push(Slot {
            key,
            touched_in: self.open.batch,
            entry: None,
        });
        self.open.touches.push(Touch {
            place,
            before: None,
        });
        place
    }

    /// The same keys and states without the places of keys that were removed, and the new place of
    /// each old one. To be called between batches; versions stay with the old table.
    pub(crate) fn tidied(&self) -> (Table<K, S>, Vec<Option<Place>>)
    where
        S: Clone,
    {
        let mut tidy = Table::new();
        let moved = self.slots.iter().map(|slot| {
            let entry = slot.entry.clone()?;
            let place = tidy.add(slot.key.clone());
            tidy.slots[place as usize].touched_in = entry.put_in;
            tidy.slots[place as usize].entry = Some(entry);
            Some(place)
        });
        let moved = moved.collect();
        tidy.open = Undo::new(0, 0);
        (tidy, moved)
    }

    fn roll_back(&mut self) {
        for touch in self.open.touches.drain(..).rev() {
            let slot = &mut self.slots[touch.place as usize];
            if let Some(before) = touch.before {
                slot.touched_in = before.put_in;
                slot.entry = Some(before);
            } else {
                forget(&mut self.places, &self.slots, touch.place);
                self.slots.pop();
            }
        }
    }
}

impl<K, S> Table<K, S> {
    /// The table as it is after the last batch that was closed, whatever comes later.
    pub(crate) fn version(&mut self, batch: BatchNumber) -> Version {
        let alive = Arc::new(());
        self.versions.push_back((batch, Arc::downgrade(&alive)));
        Version {
            batch,
            _alive: alive,
        }
    }

    /// Reads the table as it was after a batch of which somebody holds the version, or after the one
    /// before that which is open.
    pub(crate) fn at(&self, batch: BatchNumber) -> Past<'_, K, S> {
        let later = self
            .history
            .iter()
            .chain(self.is_open.then_some(&self.open));
        let mut past = Past {
            table: self,
            places: self.slots.len(),
            before: BTreeMap::new(),
        };
        // What was there first is what was there then.
        let later: Vec<&Undo<S>> = later.filter(|undo| undo.batch > batch).collect();
        for undo in later.into_iter().rev() {
            past.places = undo.places;
            let before = undo.touches.iter();
            past.before
                .extend(before.map(|touch| (touch.place, touch.before.as_ref())));
        }
        past
    }

    /// Whether most of the table are places of keys that were removed.
    pub(crate) fn is_mostly_dead(&self) -> bool {
        self.slots.len() > ROOMY && self.slots.len() > 2 * self.places.len()
    }

    fn forget_versions(&mut self) {
        self.versions.retain(|(_, alive)| alive.strong_count() > 0);
        let oldest = self.versions.front().map(|(batch, _)| *batch);
        let is_over = |undo: &Undo<S>| oldest.is_none_or(|oldest| undo.batch <= oldest);
        while self.history.front().is_some_and(is_over) {
            self.history.pop_front();
        }
    }
}

/// A table as it was after some batch.
pub(crate) struct Past<'a, K, S> {
    table: &'a Table<K, S>,
    places: usize,
    before: BTreeMap<Place, Option<&'a Entry<S>>>,
}

impl<'a, K, S> Past<'a, K, S> {
    /// The key and the state that were at a place.
    pub(crate) fn get(&self, place: Place) -> Option<(&'a K, &'a Entry<S>)> {
        let slot = self.table.slots.get(place as usize)?;
        let then = self.before.get(&place).copied();
        Some((&slot.key, then.unwrap_or(slot.entry.as_ref())?))
    }

    /// All places that there were.
    pub(crate) fn all_places(&self) -> impl Iterator<Item = Place> + use<K, S> {
        0..self.places as Place
    }
}

impl<S> Undo<S> {
    fn new(batch: BatchNumber, places: usize) -> Undo<S> {
        Undo {
            batch,
            places,
            touches: Vec::new(),
        }
    }
}

fn forget<K: Key, S>(places: &mut HashTable<Place>, slots: &[Slot<K, S>], place: Place) {
    let hash = hash(&slots[place as usize].key);
    if let Ok(found) = places.find_entry(hash, |at| *at == place) {
        found.remove();
    }
}

/// Has no seed, and nothing depends on what it answers.
fn hash<K: Key>(key: &K) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}
