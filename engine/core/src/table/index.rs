//! A hash table from the tag of a key to its slot, beside the keys and not around them.

/// The position of a key among the keys of its partition, and of its state in a column beside them. A
/// key that was removed gets a new one when it comes back.
pub(crate) type SlotId = u32;

/// The upper half of a key's hash, never 0: all that the index knows of a key.
pub(crate) type Tag = u32;

/// "No slot" in buckets and lookups. An `Option<SlotId>` takes eight bytes, and with it a bucket would
/// be more than one cache line.
pub(crate) const NO_SLOT: SlotId = SlotId::MAX;

/// Entries of a bucket.
const LANES: usize = 8;

/// The table grows when this many tenths of its lanes are taken.
const LOAD_MAX_TENTHS: usize = 8;

/// Below this many buckets the table quadruples instead of growing by half: its memory is negligible
/// and its growth is not.
const SMALL: usize = 1_024;

/// The tag of a free lane.
const FREE: Tag = 0;

/// Eight slots with their tags: one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket {
    tags: [Tag; LANES],
    slots: [SlotId; LANES],
}

impl Bucket {
    const EMPTY: Bucket = Bucket {
        tags: [FREE; LANES],
        slots: [NO_SLOT; LANES],
    };

    /// The lanes with this tag.
    ///
    /// Without a branch a lane becomes a byte of ones or of zeros: the compiler makes vector
    /// instructions of that, which compare all eight tags at once.
    #[inline]
    fn lanes_with(&self, tag: Tag) -> Lanes {
        let mask = |lane| if self.tags[lane] == tag { u8::MAX } else { 0 };
        Lanes(u64::from_le_bytes(std::array::from_fn(mask)))
    }
}

/// Some lanes of a bucket, a byte of ones for each, lane 0 the lowest byte.
#[derive(Debug)]
struct Lanes(u64);

impl Lanes {
    #[inline]
    fn first(&self) -> Option<usize> {
        // The remainder changes nothing; it shows the compiler that the lane is in bounds.
        (self.0 != 0).then(|| self.0.trailing_zeros() as usize / 8 % LANES)
    }
}

impl Iterator for Lanes {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let lane = self.first()?;
        self.0 &= !(u64::from(u8::MAX) << (8 * lane));
        Some(lane)
    }
}

/// A hash table of slots in buckets of one cache line, probed linearly, with the overflow counts of
/// Facebook's F14 instead of tombstones.
///
/// A lookup that finds its key in its home bucket reads one cache line here and one of the keys. As
/// the home follows from the tag alone, neither growth nor removal reads a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    buckets: Vec<Bucket>,
    /// For each bucket, the entries that found it full and went on to a later one: a probe ends at a
    /// bucket with none. A count that has reached the maximum is no longer exact and stays.
    overflowed: Vec<u8>,
    len: usize,
}

impl Index {
    /// The tag of a key with this hash.
    #[inline]
    pub(crate) fn tag(hash: u64) -> Tag {
        ((hash >> 32) as Tag).max(1)
    }

    /// The number of slots.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Reads from the home bucket of a tag, so that it is in the cache when it is needed. The result
    /// means nothing.
    #[inline]
    pub(crate) fn prefetch(&self, tag: Tag) -> u64 {
        let bucket = self.buckets.get(self.home(tag));
        bucket.map_or(0, |bucket| u64::from(bucket.tags[0]))
    }

    /// The first slot of this tag, or [`NO_SLOT`]. It may be that of another key, and the key that is
    /// looked for in a later slot.
    #[inline]
    pub(crate) fn first_candidate(&self, tag: Tag) -> SlotId {
        let home = self.home(tag);
        let Some(bucket) = self.buckets.get(home) else {
            return NO_SLOT;
        };
        match bucket.lanes_with(tag).first() {
            Some(lane) => bucket.slots[lane],
            None if self.overflowed[home] == 0 => NO_SLOT,
            None => self.overflowed_candidate(tag),
        }
    }

    /// The first slot of a tag that is not in its home bucket.
    #[cold]
    fn overflowed_candidate(&self, tag: Tag) -> SlotId {
        self.find(tag, |_| true).unwrap_or(NO_SLOT)
    }

    /// The slot of this tag that `is_match` accepts.
    pub(crate) fn find(&self, tag: Tag, is_match: impl Fn(SlotId) -> bool) -> Option<SlotId> {
        let found = self.locate(tag, is_match)?;
        Some(self.buckets[found.bucket].slots[found.lane])
    }

    /// Adds a slot that is not in the index.
    pub(crate) fn insert(&mut self, tag: Tag, slot: SlotId) {
        debug_assert!(tag != FREE, "0 marks free lanes and is the tag of no key");
        debug_assert!(slot != NO_SLOT, "the largest number is no slot");
        if self.len * 10 >= self.buckets.len() * LANES * LOAD_MAX_TENTHS {
            self.grow();
        }
        self.insert_with_room(tag, slot);
        self.len += 1;
    }

    /// Removes a slot. Returns false if it is not in the index.
    pub(crate) fn remove(&mut self, tag: Tag, slot: SlotId) -> bool {
        let Some(found) = self.locate(tag, |it| it == slot) else {
            return false;
        };
        self.buckets[found.bucket].tags[found.lane] = FREE;
        self.buckets[found.bucket].slots[found.lane] = NO_SLOT;
        self.len -= 1;
        // The entry was counted in each bucket between its home and where it was found.
        let mut bucket = self.home(tag);
        while bucket != found.bucket {
            let count = &mut self.overflowed[bucket];
            debug_assert!(
                *count > 0,
                "an entry is counted in each bucket that it passed"
            );
            *count -= u8::from(*count < u8::MAX);
            bucket = self.next(bucket);
        }
        true
    }

    /// The lane of the slot of this tag that `is_match` accepts.
    fn locate(&self, tag: Tag, is_match: impl Fn(SlotId) -> bool) -> Option<LanePosition> {
        let mut bucket = self.home(tag);
        for _ in 0..self.buckets.len() {
            let Bucket { slots, .. } = &self.buckets[bucket];
            let mut lanes = self.buckets[bucket].lanes_with(tag);
            if let Some(lane) = lanes.find(|lane| is_match(slots[*lane])) {
                return Some(LanePosition { bucket, lane });
            }
            if self.overflowed[bucket] == 0 {
                return None;
            }
            bucket = self.next(bucket);
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

    /// Makes room for `slots` slots in all.
    pub(crate) fn reserve(&mut self, slots: usize) {
        let count = (slots * 10).div_ceil(LANES * LOAD_MAX_TENTHS) + 1;
        if count > self.buckets.len() {
            self.resize(count);
        }
    }

    fn resize(&mut self, count: usize) {
        assert!(
            self.len < count * LANES,
            "each probe ends, as a lane is free"
        );
        self.overflowed = vec![0; count];
        let old = std::mem::replace(&mut self.buckets, vec![Bucket::EMPTY; count]);
        // Homes ascend with tags in the old table and in the new one, so both are walked in the order
        // of memory.
        for bucket in old {
            for (tag, slot) in bucket.tags.into_iter().zip(bucket.slots) {
                if tag != FREE {
                    self.insert_with_room(tag, slot);
                }
            }
        }
    }

    fn insert_with_room(&mut self, tag: Tag, slot: SlotId) {
        let mut bucket = self.home(tag);
        loop {
            if let Some(lane) = self.buckets[bucket].lanes_with(FREE).first() {
                self.buckets[bucket].tags[lane] = tag;
                self.buckets[bucket].slots[lane] = slot;
                return;
            }
            self.overflowed[bucket] = self.overflowed[bucket].saturating_add(1);
            bucket = self.next(bucket);
        }
    }

    /// The bucket in which a tag is looked for first. As tags are evenly spread, the upper half of the
    /// product is too, for any number of buckets and without a division (Lemire, "Fast Random Integer
    /// Generation in an Interval", 2019).
    #[inline]
    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag) * self.buckets.len() as u64) >> 32) as usize
    }

    /// The bucket after this one, around the end.
    fn next(&self, bucket: usize) -> usize {
        if bucket + 1 < self.buckets.len() {
            bucket + 1
        } else {
            0
        }
    }
}

/// Where an entry is.
struct LanePosition {
    bucket: usize,
    lane: usize,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::btree_map::Entry;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_index_has_no_slot() {
        let mut index = Index::default();
        assert_eq!(index.first_candidate(1), NO_SLOT);
        assert_eq!(index.prefetch(7), 0);
        assert!(!index.remove(7, 1));
        assert_eq!(index.len(), 0);
    }

    #[test]
    fn keys_of_one_tag_are_told_apart_by_the_caller() {
        let mut index = Index::default();
        (0..20).for_each(|slot| index.insert(Tag::MAX, slot));
        assert!(
            index.first_candidate(Tag::MAX) < 20,
            "it may be any of them"
        );
        assert_eq!(index.find(Tag::MAX, |slot| slot == 17), Some(17));
        assert_eq!(index.find(Tag::MAX, |slot| slot == 20), None);
    }

    #[test]
    fn an_overflow_count_that_is_no_longer_exact_ends_no_probe() {
        let mut index = Index::default();
        (0..1_000).for_each(|slot| index.insert(1, slot));
        (0..999).for_each(|slot| assert!(index.remove(1, slot)));
        assert_eq!(index.find(1, |slot| slot == 999), Some(999));
        assert_eq!(index.find(1, |slot| slot == 0), None);
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
            for (is_put, tag, slot) in steps {
                match twin.entry(slot) {
                    Entry::Vacant(free) if is_put => {
                        free.insert(tag);
                        index.insert(tag, slot);
                    }
                    Entry::Occupied(taken) if !is_put => {
                        prop_assert!(index.remove(taken.remove(), slot));
                    }
                    _ => {}
                }
                prop_assert_eq!(index.len(), twin.len());
                for slot in 0..60 {
                    let found = twin.get(&slot).map(|tag| index.find(*tag, |it| it == slot));
                    prop_assert!(found.is_none_or(|found| found == Some(slot)));
                }
            }
        }
    }
}
