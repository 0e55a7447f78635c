//! Which keys have been idle for long.

use std::collections::{BTreeMap, VecDeque};

use super::table::BatchNumber;
use crate::table::index::Place;

/// Lists that have fewer places in all are not worth tidying.
const LISTED_MIN: usize = 4_096;

/// Batches, oldest first, with the places of the keys that each has put.
///
/// A place stays in the list of a batch though a later one puts its key or removes it; whoever asks says
/// which are current. So a batch costs as much as it puts, and idle keys are found without looking at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ages {
    batches: VecDeque<(BatchNumber, Vec<Place>)>,
    /// How many places there are in all lists.
    listed: usize,
}

impl Ages {
    /// Adds the newest batch, which has put the keys of these places. If most of what is listed is of
    /// the past by then, that is taken out: `keys` there are, and `put_in` says when each was put last.
    pub(crate) fn close(
        &mut self,
        batch: BatchNumber,
        places: Vec<Place>,
        keys: usize,
        put_in: impl Fn(Place) -> Option<BatchNumber>,
    ) {
        if places.is_empty() {
            return;
        }
        self.listed += places.len();
        self.batches.push_back((batch, places));
        if self.listed > LISTED_MIN.max(2 * keys) {
            self.tidy(put_in);
        }
    }

    fn tidy(&mut self, put_in: impl Fn(Place) -> Option<BatchNumber>) {
        for (batch, places) in &mut self.batches {
            places.retain(|place| put_in(*place) == Some(*batch));
            places.shrink_to_fit();
        }
        self.batches.retain(|(_, places)| !places.is_empty());
        self.listed = self.batches.iter().map(|(_, places)| places.len()).sum();
    }

    /// The places of the keys that were last put before a batch, ascending.
    pub(crate) fn put_before(
        &self,
        batch: BatchNumber,
        put_in: impl Fn(Place) -> Option<BatchNumber>,
    ) -> Vec<Place> {
        let earlier = self.batches.iter().take_while(|(it, _)| *it < batch);
        let mut idle = Vec::new();
        for (batch, places) in earlier {
            let places = places.iter().copied();
            idle.extend(places.filter(|place| put_in(*place) == Some(*batch)));
        }
        idle.sort_unstable();
        idle
    }

    /// Drops the batches before this one: no key was last put in one of them.
    pub(crate) fn forget_before(&mut self, batch: BatchNumber) {
        while let Some((_, places)) = self.batches.pop_front_if(|(it, _)| *it < batch) {
            self.listed -= places.len();
        }
    }
}

impl FromIterator<(Place, BatchNumber)> for Ages {
    /// The ages of keys that were put in these batches.
    fn from_iter<I: IntoIterator<Item = (Place, BatchNumber)>>(put_in: I) -> Ages {
        let mut batches = BTreeMap::<BatchNumber, Vec<Place>>::new();
        for (place, batch) in put_in {
            batches.entry(batch).or_default().push(place);
        }
        Ages {
            listed: batches.values().map(Vec::len).sum(),
            batches: batches.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Each batch puts some keys and removes some; now and then those that are idle are removed, or
        /// lists are tidied.
        #[test]
        fn equals_a_look_at_all_keys(
            steps in prop::collection::vec(
                (prop::collection::vec((0..40_u32, any::<bool>()), 0..12), any::<bool>(), any::<bool>()),
                0..40,
            ),
        ) {
            let (mut ages, mut put_in) = (Ages::default(), vec![None; 40]);
            for (batch, (touches, looks, tidies)) in (1..).zip(steps) {
                for (place, is_put) in touches {
                    put_in[place as usize] = is_put.then_some(batch);
                }
                if looks && batch > 5 {
                    let limit = batch - 5;
                    let is_idle = |place: &Place| put_in[*place as usize].is_some_and(|it| it < limit);
                    let expected: Vec<Place> = (0..40).filter(is_idle).collect();
                    let idle = ages.put_before(limit, |place| put_in[place as usize]);
                    prop_assert_eq!(&idle, &expected);
                    for place in &idle {
                        put_in[*place as usize] = None;
                    }
                    ages.forget_before(limit);
                }
                let put = (0..40).filter(|place| put_in[*place as usize] == Some(batch)).collect();
                ages.close(batch, put, 40, |place| put_in[place as usize]);
                if tidies {
                    ages.tidy(|place| put_in[place as usize]);
                }
                let listed: usize = ages.batches.iter().map(|(_, places)| places.len()).sum();
                prop_assert_eq!(ages.listed, listed);
            }
        }
    }

    #[test]
    fn of_keys_that_come_in_every_batch_neither_places_nor_room_pile_up() {
        let mut ages = Ages::default();
        // With 999 keys that come in every batch comes one that never comes again.
        let put_in = |newest: BatchNumber| {
            move |place: Place| {
                let only_once = BatchNumber::from(place).checked_sub(998);
                only_once.or(Some(newest))
            }
        };
        for batch in 1..=1_000 {
            let places = (0..999).chain([998 + batch as Place]).collect();
            let keys = 999 + batch as usize;
            ages.close(batch, places, keys, put_in(batch));
            assert!(ages.listed <= LISTED_MIN.max(2 * keys), "{}", ages.listed);
        }
        let room: usize = ages
            .batches
            .iter()
            .map(|(_, places)| places.capacity())
            .sum();
        assert!(room <= 2 * LISTED_MIN, "{room} for {} listed", ages.listed);
        assert_eq!(ages.put_before(4, put_in(1_000)), [999, 1_000, 1_001]);
    }

    #[test]
    fn ages_made_anew_are_the_same() {
        let ages: Ages = [(0, 7), (1, 3), (2, 7)].into_iter().collect();
        let put_in = |place: Place| [7, 3, 7].get(place as usize).copied();
        assert_eq!(ages.put_before(7, put_in), [1]);
        assert_eq!(ages.put_before(8, put_in), [0, 1, 2]);
    }
}
