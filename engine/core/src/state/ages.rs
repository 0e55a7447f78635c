//! Where keys that have been idle for long may be.

use std::ops::Range;

use super::index::Place;
use super::table::BatchNumber;

/// Places that are looked through together.
const BLOCK: usize = 256;

/// For each block of places a batch before which none of its keys was put.
///
/// Idle keys are found without looking at all keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ages {
    oldest: Vec<BatchNumber>,
}

impl Ages {
    /// Notes that the key of a place was put in a batch.
    #[inline]
    pub(crate) fn put(&mut self, place: Place, batch: BatchNumber) {
        let block = place as usize / BLOCK;
        match self.oldest.get_mut(block) {
            Some(oldest) => *oldest = batch.min(*oldest),
            None => self.oldest.resize(block + 1, batch),
        }
    }

    /// Takes away the places past so many.
    pub(crate) fn truncate(&mut self, places: usize) {
        self.oldest.truncate(places.div_ceil(BLOCK));
    }

    /// The blocks that may have keys that were put before a batch.
    pub(crate) fn with_keys_before(
        &self,
        batch: BatchNumber,
    ) -> impl Iterator<Item = Range<usize>> {
        let blocks = self.oldest.iter().enumerate();
        let old = blocks.filter(move |(_, oldest)| **oldest < batch);
        old.map(|(block, _)| block * BLOCK..(block + 1) * BLOCK)
    }

    /// Notes that the keys of this block were put in these batches.
    pub(crate) fn looked_through(
        &mut self,
        block: &Range<usize>,
        put_in: impl Iterator<Item = BatchNumber>,
    ) {
        self.oldest[block.start / BLOCK] = put_in.min().unwrap_or(BatchNumber::MAX);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Batches go up, but for a place that is put back to what it was.
        #[test]
        fn no_block_with_an_old_key_is_left_out(
            steps in prop::collection::vec((0..900_u32, 0..4_u64, any::<bool>()), 0..80),
        ) {
            let (mut ages, mut put_in) = (Ages::default(), vec![None; 900]);
            for (number, (place, back, looks)) in (10_u64..).zip(steps) {
                put_in[place as usize] = Some(number - back);
                ages.put(place, number - back);
                let limit = number - 5;
                let blocks: Vec<Range<usize>> = ages.with_keys_before(limit).collect();
                for (place, put_in) in put_in.iter().enumerate() {
                    let is_old = put_in.is_some_and(|put_in| put_in < limit);
                    prop_assert!(!is_old || blocks.iter().any(|block| block.contains(&place)));
                }
                for block in blocks.iter().filter(|_| looks) {
                    let places = block.start..block.end.min(put_in.len());
                    ages.looked_through(block, put_in[places].iter().copied().flatten());
                }
            }
        }
    }

    #[test]
    fn a_block_that_was_looked_through_in_vain_is_left_alone() {
        let mut ages = Ages::default();
        ages.put(0, 1);
        ages.put(0, 7);
        let blocks: Vec<Range<usize>> = ages.with_keys_before(5).collect();
        assert_eq!(blocks.first(), Some(&(0..256)));
        ages.looked_through(&blocks[0], [7].into_iter());
        assert_eq!(ages.with_keys_before(5).count(), 0);
        assert_eq!(ages.with_keys_before(8).count(), 1);
    }
}
