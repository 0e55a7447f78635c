//! In which order the JVM's cogroup hands out the keys of a full state.

use std::sync::Arc;

use super::bits::Bits;
use super::index::Place;
use crate::order::AppendOnlyLayout;

/// The places of one partition in the order of the table that the cogroup of the last batch filled
/// (`org.apache.spark.rdd.CoGroupedRDD`): it puts the keys of the batch in first, then those of the
/// state before in the order in which it got them, and so each order is made of the one before.
#[derive(Clone, Debug)]
pub(crate) struct SlotOrder {
    /// The Java hash code of each place's key.
    hashes: Vec<i32>,
    places: Arc<Vec<Place>>,
}

impl SlotOrder {
    /// The order before the first batch, which is that of the initial state.
    pub(crate) fn new(hashes: Vec<i32>) -> SlotOrder {
        let places = (0..hashes.len() as Place).collect();
        SlotOrder {
            hashes,
            places: Arc::new(places),
        }
    }

    /// The places in order.
    pub(crate) fn places(&self) -> &Arc<Vec<Place>> {
        &self.places
    }

    /// The order that the cogroup gives the keys of a batch, in the order of their arrival, and of the
    /// state before, of which there are `old` places; the keys of the places after have `new` hashes.
    pub(crate) fn cogroup(
        &mut self,
        old: usize,
        batch: &[Place],
        new: impl Iterator<Item = i32>,
    ) -> Vec<Place> {
        self.hashes.truncate(old);
        self.hashes.extend(new);
        let mut in_batch = Bits::default();
        for place in batch {
            in_batch.set(*place as usize);
        }
        let is_other = |place: &&Place| !in_batch.get(**place as usize);
        let others = self.places.iter().filter(is_other);
        let put_in: Vec<Place> = batch.iter().chain(others).copied().collect();
        let hashes = put_in.iter().map(|place| self.hashes[*place as usize]);
        let layout: AppendOnlyLayout = hashes.collect();
        layout.iter().map(|rank| put_in[rank]).collect()
    }

    /// Makes this the order after the batch. Where not all places of the cogroup are left, `settled`
    /// says where a place is now: where it was, or before.
    pub(crate) fn settle(
        &mut self,
        cogrouped: Vec<Place>,
        settled: Option<impl Fn(Place) -> Option<Place>>,
    ) {
        let Some(settled) = settled else {
            self.places = Arc::new(cogrouped);
            return;
        };
        for place in 0..self.hashes.len() {
            if let Some(now) = settled(place as Place) {
                self.hashes[now as usize] = self.hashes[place];
            }
        }
        self.places = Arc::new(cogrouped.into_iter().filter_map(settled).collect());
    }

    /// The same order when the places that are left have moved together.
    pub(crate) fn tidied(&self, live: impl Iterator<Item = usize>) -> SlotOrder {
        let mut moved = vec![0; self.hashes.len()];
        let mut hashes = Vec::with_capacity(self.places.len());
        for place in live {
            moved[place] = hashes.len() as Place;
            hashes.push(self.hashes[place]);
        }
        let places = self.places.iter().map(|place| moved[*place as usize]);
        SlotOrder {
            hashes,
            places: Arc::new(places.collect()),
        }
    }
}
