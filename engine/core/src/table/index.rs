//! Where the places of keys are found: a hash table of places, beside the keys and not around them.

/// Where a key is in its columns. A key that was removed gets a new place when it comes back.
pub(crate) type Place = u32;

/// What the index knows of a key: a part of its hash, never 0.
pub(crate) type Tag = u32;

/// In an answer: the key has no place.
pub(crate) const NOWHERE: Place = Place::MAX;

/// Places in a bucket.
const BUCKET: usize = 8;

/// A table of so many places ...
const ROOM: usize = 10;
/// ... grows when so many are taken.
const TAKEN: usize = 8;

/// A table of fewer buckets grows fast: its room is nothing, its growth is time.
const SMALL: usize = 1_024;

/// The tag of a slot that is free.
const FREE: Tag = 0;

/// Eight places with their tags: one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket {
    tags: [Tag; BUCKET],
    places: [Place; BUCKET],
}

impl Bucket {
    const EMPTY: Bucket = Bucket {
        tags: [FREE; BUCKET],
        places: [NOWHERE; BUCKET],
    };

    /// The slots with this tag. All eight are compared at once, without a branch.
    #[inline]
    fn with_tag(&self, tag: Tag) -> Slots {
        let is_it = |slot| if self.tags[slot] == tag { u8::MAX } else { 0 };
        Slots(u64::from_le_bytes(std::array::from_fn(is_it)))
    }
}

/// Some slots of a bucket: for each of them a byte of ones, the first slot's lowest.
#[derive(Debug)]
struct Slots(u64);

impl Slots {
    #[inline]
    fn first(&self) -> Option<usize> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as usize / 8 % BUCKET)
    }
}

impl Iterator for Slots {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let slot = self.first()?;
        self.0 &= !(u64::from(u8::MAX) << (8 * slot));
        Some(slot)
    }
}

/// A table of places in buckets, in the order of their tags; what finds its bucket full goes to the
/// next one.
///
/// A look-up that finds its key where it belongs reads one line of memory here and one of the keys. As
/// the tag alone says where a place belongs, neither growth nor removal looks at a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    buckets: Vec<Bucket>,
    /// How many places went past each bucket, as it was full; a bucket that so many passed that it
    /// cannot count them is always looked past.
    passed: Vec<u8>,
    len: usize,
}

impl Index {
    /// The tag of a key with this hash.
    #[inline]
    pub(crate) fn tag(hash: u64) -> Tag {
        ((hash >> 32) as Tag).max(1)
    }

    /// How many places there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Reads the bucket where a tag belongs: whoever is about to look up many keys waits for memory
    /// once, not once a key.
    #[inline]
    pub(crate) fn touch(&self, tag: Tag) -> u64 {
        let bucket = self.buckets.get(self.home(tag));
        bucket.map_or(0, |bucket| u64::from(bucket.tags[0]))
    }

    /// A place of this tag, or [`NOWHERE`]. It may be another key's, and this key's elsewhere.
    #[inline]
    pub(crate) fn first(&self, tag: Tag) -> Place {
        let Some(bucket) = self.buckets.get(self.home(tag)) else {
            return NOWHERE;
        };
        match bucket.with_tag(tag).first() {
            Some(slot) => bucket.places[slot],
            None if self.passed[self.home(tag)] == 0 => NOWHERE,
            None => self.first_past(tag),
        }
    }

    /// A place of this tag that is not where it belongs.
    #[cold]
    fn first_past(&self, tag: Tag) -> Place {
        self.find(tag, |_| true).unwrap_or(NOWHERE)
    }

    /// The place of this tag that is the one.
    pub(crate) fn find(&self, tag: Tag, is_it: impl Fn(Place) -> bool) -> Option<Place> {
        let (bucket, slot) = self.slot_of(tag, is_it)?;
        Some(self.buckets[bucket].places[slot])
    }

    /// Adds a place that is not there yet.
    pub(crate) fn insert(&mut self, tag: Tag, place: Place) {
        if self.len * ROOM >= self.buckets.len() * BUCKET * TAKEN {
            self.grow();
        }
        self.settle(tag, place);
        self.len += 1;
    }

    /// Removes a place, if it is there.
    pub(crate) fn remove(&mut self, tag: Tag, place: Place) {
        let Some((found, slot)) = self.slot_of(tag, |it| it == place) else {
            return;
        };
        self.buckets[found].tags[slot] = FREE;
        self.buckets[found].places[slot] = NOWHERE;
        self.len -= 1;
        let mut bucket = self.home(tag);
        while bucket != found {
            let passed = &mut self.passed[bucket];
            *passed -= u8::from(*passed < u8::MAX);
            bucket = self.after(bucket);
        }
    }

    /// The bucket and the slot of the place of this tag that is the one.
    fn slot_of(&self, tag: Tag, is_it: impl Fn(Place) -> bool) -> Option<(usize, usize)> {
        let mut bucket = self.home(tag);
        for _ in 0..self.buckets.len() {
            let Bucket { places, .. } = &self.buckets[bucket];
            let mut slots = self.buckets[bucket].with_tag(tag);
            if let Some(slot) = slots.find(|slot| is_it(places[*slot])) {
                return Some((bucket, slot));
            }
            if self.passed[bucket] == 0 {
                return None;
            }
            bucket = self.after(bucket);
        }
        None
    }

    fn grow(&mut self) {
        let count = self.buckets.len();
        self.resize(if count < SMALL {
            (count * 4).max(2)
        } else {
            count + count / 2
        });
    }

    /// Makes room for so many places, so that the table need not grow until then.
    pub(crate) fn reserve(&mut self, places: usize) {
        let count = (places * ROOM).div_ceil(BUCKET * TAKEN) + 1;
        if count > self.buckets.len() {
            self.resize(count);
        }
    }

    fn resize(&mut self, count: usize) {
        self.passed = vec![0; count];
        let old = std::mem::replace(&mut self.buckets, vec![Bucket::EMPTY; count]);
        for bucket in old {
            for (tag, place) in bucket.tags.into_iter().zip(bucket.places) {
                if tag != FREE {
                    self.settle(tag, place);
                }
            }
        }
    }

    fn settle(&mut self, tag: Tag, place: Place) {
        let mut bucket = self.home(tag);
        loop {
            if let Some(slot) = self.buckets[bucket].with_tag(FREE).first() {
                self.buckets[bucket].tags[slot] = tag;
                self.buckets[bucket].places[slot] = place;
                return;
            }
            self.passed[bucket] = self.passed[bucket].saturating_add(1);
            bucket = self.after(bucket);
        }
    }

    /// Tags are spread over the buckets in order, however many there are.
    #[inline]
    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag) * self.buckets.len() as u64) >> 32) as usize
    }

    fn after(&self, bucket: usize) -> usize {
        if bucket + 1 < self.buckets.len() {
            bucket + 1
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::btree_map::Entry;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_index_has_no_place() {
        let mut index = Index::default();
        assert_eq!(index.first(1), NOWHERE);
        assert_eq!(index.touch(7), 0);
        index.remove(7, 1);
        assert_eq!(index.len(), 0);
    }

    #[test]
    fn keys_of_one_tag_are_told_apart_by_whoever_has_the_keys() {
        let mut index = Index::default();
        (0..20).for_each(|place| index.insert(Tag::MAX, place));
        assert!(index.first(Tag::MAX) < 20, "it may be any of them");
        assert_eq!(index.find(Tag::MAX, |place| place == 17), Some(17));
        assert_eq!(index.find(Tag::MAX, |place| place == 20), None);
    }

    #[test]
    fn a_bucket_that_more_passed_than_it_can_count_is_always_looked_past() {
        let mut index = Index::default();
        (0..1_000).for_each(|place| index.insert(1, place));
        (0..999).for_each(|place| index.remove(1, place));
        assert_eq!(index.find(1, |place| place == 999), Some(999));
        assert_eq!(index.find(1, |place| place == 0), None);
    }

    fn tags() -> impl Strategy<Value = Tag> {
        // Few, so that buckets overflow; the largest, so that they wrap around.
        prop_oneof![1..4_u32, Just(Tag::MAX), 1..=Tag::MAX]
    }

    proptest! {
        #[test]
        fn equals_a_sorted_map(
            steps in prop::collection::vec((any::<bool>(), tags(), 0..60_u32), 0..300),
        ) {
            let (mut index, mut twin) = (Index::default(), BTreeMap::new());
            for (is_put, tag, place) in steps {
                match twin.entry(place) {
                    Entry::Vacant(free) if is_put => {
                        free.insert(tag);
                        index.insert(tag, place);
                    }
                    Entry::Occupied(taken) if !is_put => index.remove(taken.remove(), place),
                    _ => {}
                }
                prop_assert_eq!(index.len(), twin.len());
                for place in 0..60 {
                    let found = twin.get(&place).map(|tag| index.find(*tag, |it| it == place));
                    prop_assert!(found.is_none_or(|found| found == Some(place)));
                }
            }
        }
    }
}
