//! The order in which the JVM's cogroup hands out the keys of a full state.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::order::AppendOnlyLayout;
use crate::order::append_only_map::Slot;
use crate::table::bits::Bits;
use crate::table::index::SlotId;

/// The slots of one partition in the order of the table that the cogroup of the last batch filled
/// (`org.apache.spark.rdd.CoGroupedRDD`): it inserts the keys of the batch, and then those of the state
/// before in the order in which it reads them. So each order depends on the one before, and none can
/// be left for a reader to work out.
#[derive(Clone, Debug)]
pub(crate) struct CogroupOrder {
    /// By the slot of the key here, each with its hash as Spark's table has it.
    keys: Arc<Vec<Slot>>,
}

/// Its slots in order.
impl Serialize for CogroupOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.slots())
    }
}

impl CogroupOrder {
    /// The order of the initial state, given the Java hash codes of slots 0, 1, ….
    pub(crate) fn new(hashes: impl Iterator<Item = i32>) -> CogroupOrder {
        let keys = (0..)
            .zip(hashes)
            .map(|(slot, hash)| Slot::new(slot, hash))
            .collect();
        CogroupOrder {
            keys: Arc::new(keys),
        }
    }

    /// The number of keys.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The slots in order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = SlotId> {
        self.keys.iter().map(|key| key.number())
    }

    /// The order after the cogroup of this one with the keys of a batch, given as slots with Java hash
    /// codes in the order of their arrival.
    pub(crate) fn cogroup(&self, batch: impl Iterator<Item = (SlotId, i32)>) -> CogroupOrder {
        let mut in_batch = Bits::default();
        let mut table = AppendOnlyLayout::default();
        for (slot, hash) in batch {
            let is_new = in_batch.set(slot as usize);
            debug_assert!(is_new, "a key arrives first once");
            table.insert_slot(Slot::new(slot, hash));
        }
        for key in self.keys.iter() {
            if !in_batch.get(key.number() as usize) {
                table.insert_slot(*key);
            }
        }
        CogroupOrder {
            keys: Arc::new(table.slots()),
        }
    }

    /// The same order with the new slots of keys, without those that have none.
    pub(crate) fn remapped(&self, remap: impl Fn(SlotId) -> Option<SlotId>) -> CogroupOrder {
        let remapped = self.keys.iter().filter_map(|key| {
            let slot = remap(key.number())?;
            Some(key.with_number(slot))
        });
        CogroupOrder {
            keys: Arc::new(remapped.collect()),
        }
    }
}
