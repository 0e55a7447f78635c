//! In which batch each key was last put.

use super::index::Place;
use super::table::BatchNumber;

/// No key is put in it.
const NEVER: BatchNumber = BatchNumber::MAX;

/// Places that are looked through together for keys that are too old.
const BLOCK: usize = 256;

/// For each place the batch in which its key was last put, unless the key was removed.
///
/// Old keys are found without looking at all: a block of places knows a batch before which none of
/// them was put.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ages {
    put_in: Vec<BatchNumber>,
    /// No key of the block was put before this batch.
    oldest: Vec<BatchNumber>,
}

impl Ages {
    /// The batch in which the key of a place was last put.
    #[inline]
    pub(crate) fn put_in(&self, place: Place) -> Option<BatchNumber> {
        let put_in = self.put_in.get(place as usize).copied();
        put_in.filter(|put_in| *put_in != NEVER)
    }

    /// Adds a place, put in this batch.
    pub(crate) fn push(&mut self, batch: BatchNumber) {
        if self.put_in.len().is_multiple_of(BLOCK) {
            self.oldest.push(NEVER);
        }
        self.put_in.push(NEVER);
        self.put(self.put_in.len() as Place - 1, batch);
    }

    /// Sets the batch in which a place was put. Returns what it was.
    #[inline]
    pub(crate) fn put(&mut self, place: Place, batch: BatchNumber) -> Option<BatchNumber> {
        let oldest = &mut self.oldest[place as usize / BLOCK];
        *oldest = batch.min(*oldest);
        let before = std::mem::replace(&mut self.put_in[place as usize], batch);
        (before != NEVER).then_some(before)
    }

    /// Forgets a place. Returns the batch in which it was put.
    pub(crate) fn remove(&mut self, place: Place) -> Option<BatchNumber> {
        let before = std::mem::replace(&mut self.put_in[place as usize], NEVER);
        (before != NEVER).then_some(before)
    }

    /// Takes away the places past so many.
    pub(crate) fn truncate(&mut self, places: usize) {
        self.put_in.truncate(places);
        self.oldest.truncate(places.div_ceil(BLOCK));
    }

    /// The places that were last put before a batch, in order.
    pub(crate) fn put_before(&mut self, batch: BatchNumber) -> Vec<Place> {
        let mut old = Vec::new();
        let blocks = self.put_in.chunks(BLOCK).zip(&mut self.oldest).enumerate();
        for (index, (block, oldest)) in blocks {
            if *oldest >= batch {
                continue;
            }
            *oldest = block.iter().copied().min().unwrap_or(NEVER);
            let first = (index * BLOCK) as Place;
            let places = (first..).zip(block);
            old.extend(
                places
                    .filter(|(_, put_in)| **put_in < batch)
                    .map(|(place, _)| place),
            );
        }
        old
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Batches go up, but for a place that is put back to where it was.
        #[test]
        fn old_keys_are_found_as_by_looking_at_all(
            steps in prop::collection::vec((0..600_u32, 0..4_u64, any::<bool>()), 0..60),
            places in 1..600_u32,
        ) {
            let mut ages = Ages::default();
            (0..places).for_each(|place| ages.push(u64::from(place) / 100));
            for (number, (place, back, is_removal)) in (10..).zip(steps) {
                let place = place % places;
                if is_removal {
                    ages.remove(place);
                } else {
                    ages.put(place, number - back);
                }
                let limit = number - 5;
                let all = (0..places).filter(|place| ages.put_in(*place).is_some_and(|it| it < limit));
                prop_assert_eq!(all.collect::<Vec<_>>(), ages.put_before(limit));
            }
        }
    }
}
