//! The keys of one partition, each stored once and known by its slot.

use std::hash::BuildHasher;
use std::hint::black_box;

use foldhash::fast::FixedState;

use super::index::{Index, NO_SLOT, SlotId, Tag};
use crate::Key;

/// Keys that are looked up together, so that their cache misses overlap: more than a core can have
/// outstanding, and few enough that their cache lines, two of 64 bytes each, fit into 32 KiB of L1 cache.
pub(crate) const LOOKUP_GROUP: usize = 256;

/// Fewer slots are never compacted: there is nothing to gain.
const COMPACTED_MIN: usize = 64;

/// Up to this many slots, the capacity doubles.
const SMALL: usize = 4_096;

/// Beyond, it grows by this part of itself: doubling would leave half of a state of millions unused.
const GROWTH_PART: usize = 4;

/// The items of all lists in groups that can be looked up together.
pub(crate) fn lookup_groups<T>(lists: &[Vec<T>]) -> impl Iterator<Item = &[T]> {
    lists.iter().flat_map(|list| list.chunks(LOOKUP_GROUP))
}

/// The keys of one partition in the order in which they came, each with a value that is read together
/// with it: nothing for a state that is updated in full, the state itself where keys are visited one by
/// one.
///
/// A key that is removed keeps its slot without being found there. Slots are reused only by compaction:
/// once [most of them](InternedKeys::needs_compaction) are removed, the owner builds new keys.
#[derive(Clone, Debug)]
pub(crate) struct InternedKeys<K, T = (), A = ()> {
    entries: Vec<KeyEntry<K, T, A>>,
    index: Index,
    hasher: FixedState,
}

/// A key and its value, aligned as an `A` is.
#[derive(Clone, Debug)]
pub(crate) struct KeyEntry<K, T = (), A = ()> {
    pub(crate) key: K,
    pub(crate) value: T,
    /// An array of no elements has no size and the alignment of its element type, which is the
    /// alignment of the entry. `repr(align)` takes no parameter.
    _alignment: [A; 0],
}

/// The alignment of half a cache line: an entry of that size, such as a [`Text`](crate::Text) with a
/// number and its batch, then never lies across two lines.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct HalfLine;

/// The result of a lookup: the tag of the key, and its slot at that time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup {
    tag: Tag,
    /// [`NO_SLOT`] if there was none.
    slot: SlotId,
}

impl Lookup {
    const NONE: Lookup = Lookup {
        tag: 0,
        slot: NO_SLOT,
    };

    /// The slot of the key when it was looked up.
    #[inline]
    pub(crate) fn slot(self) -> Option<SlotId> {
        (self.slot != NO_SLOT).then_some(self.slot)
    }
}

/// A key that is to lose its place in the index.
///
/// Hashing it calls code of the key's type, which may panic: a batch does so before it changes anything, so
/// that to unlink the key cannot fail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unlink {
    slot: SlotId,
    tag: Tag,
}

impl<K: Key, T, A> InternedKeys<K, T, A> {
    pub(crate) fn new() -> InternedKeys<K, T, A> {
        InternedKeys {
            entries: Vec::new(),
            index: Index::default(),
            hasher: FixedState::default(),
        }
    }

    /// No keys, and room for `slots`.
    pub(crate) fn with_capacity(slots: usize) -> InternedKeys<K, T, A> {
        let mut keys = InternedKeys::new();
        keys.entries.reserve_exact(slots);
        keys.index.reserve(slots);
        keys
    }

    /// All slots in order, those of removed keys among them.
    #[inline]
    pub(crate) fn entries(&self) -> &[KeyEntry<K, T, A>] {
        &self.entries
    }

    /// As [`entries`](Self::entries), by value.
    pub(crate) fn into_entries(self) -> Vec<KeyEntry<K, T, A>> {
        self.entries
    }

    /// The value of the key in a slot.
    #[inline]
    pub(crate) fn value_mut(&mut self, slot: SlotId) -> &mut T {
        &mut self.entries[slot as usize].value
    }

    /// The number of keys that can be found.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// Returns true if most slots are those of removed keys.
    pub(crate) fn needs_compaction(&self) -> bool {
        self.entries.len() > COMPACTED_MIN.max(2 * self.len())
    }

    /// Looks a key up.
    pub(crate) fn lookup(&self, key: &K) -> Lookup {
        let tag = self.tag(key);
        let slot = self.find(tag, key).unwrap_or(NO_SLOT);
        Lookup { tag, slot }
    }

    /// Looks up the first [`LOOKUP_GROUP`] of these keys, in order. `read` reads from a value and
    /// returns anything.
    ///
    /// This is group prefetching (Chen, Ailamaki, Gibbons and Mowry, "Improving Hash Join Performance
    /// through Prefetching", ICDE 2004). A lookup has two cache misses, its bucket and its entry, and
    /// the second waits for the first. Each loop below reads one of them for all keys of the group:
    /// within a loop no read depends on another, so the core has many misses outstanding at once
    /// (memory-level parallelism) instead of one after the other.
    pub(crate) fn lookup_group<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = &'a K> + Clone,
        read: impl Fn(&T) -> u64,
    ) -> [Lookup; LOOKUP_GROUP] {
        let mut found = [Lookup::NONE; LOOKUP_GROUP];
        let count = keys.len().min(LOOKUP_GROUP);
        for (found, key) in found.iter_mut().zip(keys.clone()) {
            found.tag = self.tag(key);
        }
        let mut read_so_far = 0;
        for found in &found[..count] {
            read_so_far ^= self.index.prefetch(found.tag);
        }
        for found in &mut found[..count] {
            found.slot = self.index.first_candidate(found.tag);
        }
        for found in &found[..count] {
            let entry = self.entries.get(found.slot as usize);
            read_so_far ^= entry.map_or(0, |entry| read(&entry.value));
        }
        // A prefetch instruction needs `unsafe`; these are plain reads, and the compiler would drop
        // them if nothing used what they return.
        black_box(read_so_far);
        for (found, key) in found.iter_mut().zip(keys) {
            let candidate = self.entries.get(found.slot as usize);
            if candidate.is_some_and(|candidate| candidate.key != *key) {
                found.slot = self.find(found.tag, key).unwrap_or(NO_SLOT);
            }
        }
        found
    }

    /// The slot of a key that was looked up, perhaps before it was added.
    #[inline]
    pub(crate) fn current_slot(&self, found: Lookup, key: &K) -> Option<SlotId> {
        // A slot that was found stays: keys are removed only between batches, and looked up within.
        match found.slot {
            NO_SLOT => self.find(found.tag, key),
            slot => Some(slot),
        }
    }

    /// Adds a key that is not there. Returns its slot.
    pub(crate) fn add(&mut self, key: K, value: T) -> SlotId {
        let tag = self.tag(&key);
        self.add_tagged(tag, key, value)
    }

    /// Adds a key that was looked up and is not there. Returns its slot.
    pub(crate) fn add_missing(&mut self, found: Lookup, key: K, value: T) -> SlotId {
        self.add_tagged(found.tag, key, value)
    }

    fn add_tagged(&mut self, tag: Tag, key: K, value: T) -> SlotId {
        debug_assert!(self.find(tag, &key).is_none(), "a key has one slot");
        let slot = self.entries.len();
        assert!(
            slot < NO_SLOT as usize,
            "a partition has less than 2^32 - 1 slots"
        );
        if slot == self.entries.capacity() {
            self.entries.reserve_exact(if slot < SMALL {
                slot.max(16)
            } else {
                slot / GROWTH_PART
            });
        }
        self.index.insert(tag, slot as SlotId);
        self.entries.push(KeyEntry {
            key,
            value,
            _alignment: [],
        });
        slot as SlotId
    }

    /// Prepares to unlink the keys of these slots.
    pub(crate) fn unlinks(&self, slots: impl IntoIterator<Item = SlotId>) -> Vec<Unlink> {
        let unlink = |slot: SlotId| Unlink {
            slot,
            tag: self.tag(&self.entries[slot as usize].key),
        };
        slots.into_iter().map(unlink).collect()
    }

    /// Removes a key from the index: it is found no longer.
    pub(crate) fn unlink(&mut self, it: Unlink) {
        let was_there = self.index.remove(it.tag, it.slot);
        debug_assert!(was_there, "a key is removed once");
    }

    /// Removes the slots from `slots` on, whose keys can all be found.
    pub(crate) fn truncate(&mut self, slots: usize) {
        let last = self.unlinks(slots as SlotId..self.entries.len() as SlotId);
        drop(self.retain_last(&last, |_| false));
    }

    /// Of the last slots removes those that `keeps` does not keep, and returns their entries; keys behind them move
    /// up.
    pub(crate) fn retain_last(
        &mut self,
        last: &[Unlink],
        keeps: impl Fn(SlotId) -> bool,
    ) -> Vec<KeyEntry<K, T, A>> {
        for it in last {
            self.unlink(*it);
        }
        let mut removed = Vec::new();
        let entries = self.entries.split_off(self.entries.len() - last.len());
        for (it, entry) in last.iter().zip(entries) {
            if keeps(it.slot) {
                self.add_tagged(it.tag, entry.key, entry.value);
            } else {
                removed.push(entry);
            }
        }
        removed
    }

    fn find(&self, tag: Tag, key: &K) -> Option<SlotId> {
        let is_match = |slot: SlotId| self.entries[slot as usize].key == *key;
        self.index.find(tag, is_match)
    }

    /// The hash has no seed, and only the layout of the index depends on it.
    #[inline]
    fn tag(&self, key: &K) -> Tag {
        Index::tag(self.hasher.hash_one(key))
    }
}
