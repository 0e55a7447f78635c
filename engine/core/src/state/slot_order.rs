//! In which order the JVM's cogroup hands out the keys of a full state.

use std::sync::Arc;

use crate::order::AppendOnlyLayout;
use crate::order::append_only_map::Slot;
use crate::table::bits::Bits;
use crate::table::index::Place;

/// The places of one partition in the order of the table that the cogroup of the last batch filled
/// (`org.apache.spark.rdd.CoGroupedRDD`): it puts the keys of the batch in first, then those of the
/// state before in the order in which it got them, and so each order is made of the one before.
#[derive(Clone, Debug)]
pub(crate) struct SlotOrder {
    slots: Arc<Vec<Slot>>,
}

impl SlotOrder {
    /// The order before the first batch, which is that of the initial state, whose keys have these
    /// Java hash codes.
    pub(crate) fn new(hashes: impl Iterator<Item = i32>) -> SlotOrder {
        let slots = (0..)
            .zip(hashes)
            .map(|(place, hash)| Slot::new(place, hash));
        SlotOrder {
            slots: Arc::new(slots.collect()),
        }
    }

    /// The places in order.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.slots.iter().map(|slot| slot.number())
    }

    /// The order that the cogroup gives these keys of a batch, in the order of their arrival, with the
    /// keys of this one.
    pub(crate) fn cogroup(&self, batch: impl Iterator<Item = (Place, i32)> + Clone) -> SlotOrder {
        let mut in_batch = Bits::default();
        for (place, _) in batch.clone() {
            in_batch.set(place as usize);
        }
        let mut table = AppendOnlyLayout::new();
        for (place, hash) in batch {
            table.insert_slot(Slot::new(place, hash));
        }
        for slot in self.slots.iter() {
            if !in_batch.get(slot.number() as usize) {
                table.insert_slot(*slot);
            }
        }
        SlotOrder {
            slots: Arc::new(table.slots()),
        }
    }

    /// The same order when places have moved, or are gone, as `moved` says.
    pub(crate) fn moved(&self, moved: impl Fn(Place) -> Option<Place>) -> SlotOrder {
        let slots = self.slots.iter();
        let left = slots.filter_map(|slot| Some(slot.with_number(moved(slot.number())?)));
        SlotOrder {
            slots: Arc::new(left.collect()),
        }
    }
}
