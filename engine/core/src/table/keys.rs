//! The keys of one partition, each at a place of its own.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::index::{Index, NOWHERE, Place, Tag};
use crate::Key;

/// Keys that are looked up together, so that their waits for memory overlap.
pub(crate) const BLOCK: usize = 256;

/// Fewer places are not worth tidying.
const ROOMY: usize = 64;

/// Room for fewer keys is nothing, and is doubled.
const SMALL: usize = 4_096;

/// Beyond, room grows by this part of itself: a state of millions has little to spare.
const GROWTH: usize = 4;

/// The keys of one partition in the order in which they came, each with what is looked up with it:
/// nothing where states are swept, and the state where keys are visited one by one.
///
/// Keys that were removed keep their places, without being found there, until most are removed and
/// whoever has the keys makes them anew.
#[derive(Clone, Debug)]
pub(crate) struct Keys<K, T = (), L = ()> {
    entries: Vec<Entry<K, T, L>>,
    index: Index,
    hasher: FixedState,
}

/// A key and what is looked up with it.
#[derive(Clone, Debug)]
pub(crate) struct Entry<K, T = (), L = ()> {
    pub(crate) key: K,
    pub(crate) with: T,
    /// Takes no room, and has the entry begin where an `L` may.
    _begins: [L; 0],
}

/// The half of a cache line: an entry of a word and a number that begins at one lies in one line.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct HalfLine;

impl<K: Key, T, L> Keys<K, T, L> {
    pub(crate) fn new() -> Keys<K, T, L> {
        Keys {
            entries: Vec::new(),
            index: Index::default(),
            hasher: FixedState::default(),
        }
    }

    /// No keys, and room for so many.
    pub(crate) fn with_room(places: usize) -> Keys<K, T, L> {
        let mut keys = Keys::new();
        keys.entries.reserve_exact(places);
        keys.index.reserve(places);
        keys
    }

    /// All places, those of keys that were removed among them.
    #[inline]
    pub(crate) fn entries(&self) -> &[Entry<K, T, L>] {
        &self.entries
    }

    /// All places with their keys.
    pub(crate) fn into_entries(self) -> Vec<Entry<K, T, L>> {
        self.entries
    }

    /// What is looked up with the key of a place.
    #[inline]
    pub(crate) fn with_mut(&mut self, place: Place) -> &mut T {
        &mut self.entries[place as usize].with
    }

    /// How many keys can be found.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether most places are those of keys that were removed.
    pub(crate) fn is_mostly_dead(&self) -> bool {
        self.entries.len() > ROOMY.max(2 * self.len())
    }

    /// The tag of a key, and where it is.
    pub(crate) fn find(&self, key: &K) -> (Tag, Option<Place>) {
        let tag = self.tag(key);
        (tag, self.find_tagged(tag, key))
    }

    /// The tags and places of the first [`BLOCK`] of these keys. No look-up waits for another: first
    /// all slots are read, then all entries, by `touch`, and only then is anything made of them.
    pub(crate) fn look_up<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = &'a K> + Clone,
        touch: impl Fn(&T) -> u64,
    ) -> [(Tag, Place); BLOCK] {
        let mut found = [(0, NOWHERE); BLOCK];
        let count = keys.len().min(BLOCK);
        for ((tag, _), key) in found.iter_mut().zip(keys.clone()) {
            *tag = self.tag(key);
        }
        let mut touched = 0;
        for (tag, _) in &found[..count] {
            touched ^= self.index.touch(*tag);
        }
        for (tag, place) in &mut found[..count] {
            *place = self.index.first(*tag);
        }
        for (_, place) in &found[..count] {
            let entry = self.entries.get(*place as usize);
            touched ^= entry.map_or(0, |entry| touch(&entry.with));
        }
        std::hint::black_box(touched);
        for ((tag, place), key) in found.iter_mut().zip(keys) {
            let first = self.entries.get(*place as usize);
            if first.is_some_and(|first| first.key != *key) {
                *place = self.find_tagged(*tag, key).unwrap_or(NOWHERE);
            }
        }
        found
    }

    /// Adds a key that is not there. Returns its place.
    pub(crate) fn add(&mut self, key: K, with: T) -> Place {
        self.add_tagged(self.tag(&key), key, with)
    }

    /// Adds a key of this tag that is not there. Returns its place.
    pub(crate) fn add_tagged(&mut self, tag: Tag, key: K, with: T) -> Place {
        let place = self.entries.len();
        if place == self.entries.capacity() {
            self.entries.reserve_exact(if place < SMALL {
                place.max(16)
            } else {
                place / GROWTH
            });
        }
        self.index.insert(tag, place as Place);
        self.entries.push(Entry {
            key,
            with,
            _begins: [],
        });
        place as Place
    }

    /// From now on the key of a place is not found.
    pub(crate) fn forget(&mut self, place: Place) {
        let tag = self.tag(&self.entries[place as usize].key);
        self.index.remove(tag, place);
    }

    /// Takes away the keys that were added since there were so many places, and returns them.
    pub(crate) fn take_back(&mut self, places: usize) -> Vec<Entry<K, T, L>> {
        let added = places.min(self.entries.len())..self.entries.len();
        for place in added.clone() {
            self.forget(place as Place);
        }
        self.entries.split_off(added.start)
    }

    /// Where a key is that was [looked up](Keys::look_up) with its block: it may have been added since.
    #[inline]
    pub(crate) fn place_now(&self, (tag, found): (Tag, Place), key: &K) -> Option<Place> {
        match found {
            NOWHERE => self.find_tagged(tag, key),
            place => Some(place),
        }
    }

    /// Where a key of this tag is.
    fn find_tagged(&self, tag: Tag, key: &K) -> Option<Place> {
        let is_it = |place: Place| self.entries[place as usize].key == *key;
        self.index.find(tag, is_it)
    }

    /// What the index goes by. It has no seed of its own, and nothing depends on what it answers.
    #[inline]
    fn tag(&self, key: &K) -> Tag {
        Index::tag(self.hasher.hash_one(key))
    }
}
