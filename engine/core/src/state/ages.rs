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
