//! Where the places of keys are found: a hash table of places, beside the keys and not around them.

/// Where a key is in its columns. A key that was removed gets a new place when it comes back.
pub(crate) type Place = u32;

/// What the index knows of a key: a part of its hash.
pub(crate) type Tag = u32;

/// In an answer: the key has no place.
pub(crate) const NOWHERE: Place = Place::MAX;

/// Of so many slots ...
const SLOTS: usize = 10;
/// ... so many are taken before the table grows.
const TAKEN: usize = 8;

const SMALLEST: usize = 16;

/// No key has this place.
const EMPTY: u64 = u64::MAX;

/// An open table of places in the order of their tags, with linear probing.
///
/// A slot is a tag and a place in one word, so that a look-up that finds its key at once reads one
/// line of memory here and one of the keys. As the tag alone says where a slot belongs, neither growth
/// nor removal looks at a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    slots: Vec<u64>,
    len: usize,
}

impl Index {
    /// How many places there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Reads the slot where a tag belongs: whoever is about to look up many keys waits for memory
    /// once, not once a key.
    #[inline]
    pub(crate) fn touch(&self, tag: Tag) -> u64 {
        self.slots.get(self.home(tag)).copied().unwrap_or(EMPTY)
    }

    /// The first place of this tag, or [`NOWHERE`]. It may be another key's.
    #[inline]
    pub(crate) fn first(&self, tag: Tag) -> Place {
        self.find(tag, |_| true).unwrap_or(NOWHERE)
    }

    /// The place of this tag that is the one.
    #[inline]
    pub(crate) fn find(&self, tag: Tag, is_it: impl Fn(Place) -> bool) -> Option<Place> {
        let mut slot = self.home(tag);
        loop {
            let found = *self.slots.get(slot)?;
            if found == EMPTY {
                return None;
            }
            if tag_of(found) == tag && is_it(place_of(found)) {
                return Some(place_of(found));
            }
            slot = self.after(slot);
        }
    }

    /// Adds a place that is not there yet.
    pub(crate) fn insert(&mut self, tag: Tag, place: Place) {
        if self.len * SLOTS >= self.slots.len() * TAKEN {
            self.grow();
        }
        self.settle(u64::from(tag) << 32 | u64::from(place));
        self.len += 1;
    }

    /// Removes a place, if it is there. What was pushed away from its slot moves up.
    pub(crate) fn remove(&mut self, tag: Tag, place: Place) {
        let mut slot = self.home(tag);
        while self.slots.get(slot).is_some_and(|found| *found != EMPTY) {
            if self.slots[slot] == u64::from(tag) << 32 | u64::from(place) {
                self.vacate(slot);
                self.len -= 1;
                return;
            }
            slot = self.after(slot);
        }
    }

    fn vacate(&mut self, mut vacant: usize) {
        let mut slot = self.after(vacant);
        while self.slots[slot] != EMPTY {
            let home = self.home(tag_of(self.slots[slot]));
            // How far it would be from its slot, and how far it is.
            if self.distance(home, vacant) < self.distance(home, slot) {
                self.slots[vacant] = self.slots[slot];
                vacant = slot;
            }
            slot = self.after(slot);
        }
        self.slots[vacant] = EMPTY;
    }

    fn grow(&mut self) {
        let capacity = (self.slots.len() + self.slots.len() / 2).max(SMALLEST);
        let grown = vec![EMPTY; capacity];
        let old = std::mem::replace(&mut self.slots, grown);
        for found in old.into_iter().filter(|found| *found != EMPTY) {
            self.settle(found);
        }
    }

    fn settle(&mut self, entry: u64) {
        let mut slot = self.home(tag_of(entry));
        while self.slots[slot] != EMPTY {
            slot = self.after(slot);
        }
        self.slots[slot] = entry;
    }

    /// Tags are spread over the slots in order, however many slots there are.
    #[inline]
    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag) * self.slots.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, slot: usize) -> usize {
        if slot + 1 < self.slots.len() {
            slot + 1
        } else {
            0
        }
    }

    fn distance(&self, home: usize, slot: usize) -> usize {
        (slot + self.slots.len() - home) % self.slots.len()
    }
}

fn tag_of(slot: u64) -> Tag {
    (slot >> 32) as Tag
}

fn place_of(slot: u64) -> Place {
    slot as Place
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_index_has_no_place() {
        let mut index = Index::default();
        assert_eq!(index.first(0), NOWHERE);
        assert_eq!(index.touch(7), EMPTY);
        index.remove(7, 1);
        assert_eq!(index.len(), 0);
    }

    #[test]
    fn keys_of_one_tag_are_told_apart_by_whoever_has_the_keys() {
        let mut index = Index::default();
        (0..5).for_each(|place| index.insert(Tag::MAX, place));
        assert_eq!(index.first(Tag::MAX), 0);
        assert_eq!(index.find(Tag::MAX, |place| place == 3), Some(3));
        assert_eq!(index.find(Tag::MAX, |place| place == 5), None);
    }

    proptest! {
        /// Few tags, so that slots are fought over; 0 and the largest, so that they wrap around.
        #[test]
        fn equals_a_sorted_map(
            steps in prop::collection::vec((any::<bool>(), prop_oneof![0..4_u32, Just(Tag::MAX), any::<Tag>()], 0..40_u32), 0..300),
        ) {
            let (mut index, mut twin) = (Index::default(), BTreeMap::new());
            for (is_put, tag, place) in steps {
                if !is_put {
                    if twin.get(&place) == Some(&tag) {
                        twin.remove(&place);
                    }
                    index.remove(tag, place);
                } else if let std::collections::btree_map::Entry::Vacant(free) = twin.entry(place) {
                    free.insert(tag);
                    index.insert(tag, place);
                }
                prop_assert_eq!(index.len(), twin.len());
                for place in 0..40 {
                    let found = twin.get(&place).and_then(|tag| index.find(*tag, |it| it == place));
                    prop_assert_eq!(found, twin.contains_key(&place).then_some(place));
                }
            }
        }
    }
}
