//! The states of `map_with_state` as they are saved.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use super::cell::BatchNumber;
use super::delta_chain::DeltaChain;
use super::delta_table::DeltaEntry;
use super::saved_slots::{SavedSlots, SlotTable, SlotsToSave, put_together};
use crate::Failure;
use crate::table::bits::Bits;
use crate::table::index::SlotId;

/// A state, and the batch that wrote it last.
pub(crate) type Written<S> = (S, BatchNumber);

/// A batch of `map_with_state` that is to be saved: the mapped rows of each partition, and the states after it.
#[derive(Serialize)]
#[serde(bound(serialize = "K: Serialize, S: Serialize, M: Serialize"))]
pub(crate) struct MappingToSave<K, S, M> {
    pub(crate) mapped: Arc<Vec<Vec<M>>>,
    pub(crate) partitions: Vec<SlotsToSave<K, Written<S>, DeltaChain>>,
}

/// A batch of `map_with_state` as it was saved, and what has changed of the states since the save before.
#[derive(Debug, Deserialize)]
pub(crate) struct SavedMapping<K, S, M> {
    mapped: Vec<Vec<M>>,
    partitions: Vec<SavedSlots<K, Written<S>, SavedChain>>,
}

/// The tables of a partition as Spark writes them: that of the batch, and one of all that was before (`MAP-4`;
/// `OpenHashMapBasedStateMap.writeObject`).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedChain {
    /// In the order in which they are read.
    before: Vec<SavedPlace>,
    /// The entries that Spark makes room for when it reads them.
    room: usize,
    /// In the order in which they are read.
    newest: Vec<SavedPlace>,
}

/// An entry of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SavedPlace {
    /// A key that has its state here: its slot.
    State(SlotId),
    /// Only the hash of a key, which takes room in the table: it was removed, or the newest table has its state.
    Room(i32),
}

impl From<&DeltaChain> for SavedChain {
    fn from(chain: &DeltaChain) -> SavedChain {
        let in_newest: Bits = chain
            .newest()
            .filter_map(DeltaEntry::slot)
            .map(|slot| slot as usize)
            .collect();
        let place = |entry: DeltaEntry, slot: Option<SlotId>| match slot {
            Some(slot) => SavedPlace::State(slot),
            None => SavedPlace::Room(entry.hash),
        };
        let before = chain.before_newest().into_iter().map(|entry| {
            let slot = entry.written();
            place(entry, slot.filter(|slot| !in_newest.get(*slot as usize)))
        });
        SavedChain {
            before: before.collect(),
            room: chain.entries(),
            newest: chain
                .newest()
                .map(|entry| place(entry, entry.written()))
                .collect(),
        }
    }
}

impl Serialize for DeltaChain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SavedChain::from(self).serialize(serializer)
    }
}

/// A batch of `map_with_state` that was saved, put together from its saves.
#[derive(Debug)]
pub(crate) struct RestoredMapping<K, S, M> {
    pub(crate) mapped: Vec<Vec<M>>,
    pub(crate) partitions: Vec<RestoredPartition<K, S>>,
}

/// The states of a partition in the order in which Spark reads them.
#[derive(Debug)]
pub(crate) struct RestoredPartition<K, S> {
    pub(crate) before: Vec<RestoredEntry<K, S>>,
    /// The entries that Spark makes room for when it reads them.
    pub(crate) room: usize,
    pub(crate) newest: Vec<RestoredEntry<K, S>>,
}

/// An entry of a table that was saved.
#[derive(Clone, Debug)]
pub(crate) enum RestoredEntry<K, S> {
    /// A key with its state, and the batch that wrote it last.
    State(K, S, BatchNumber),
    /// Only the hash of a key.
    Room(i32),
}

impl<K, S, M> RestoredMapping<K, S, M> {
    /// # Errors
    ///
    /// The saves do not belong together.
    pub(crate) fn of(
        mut saves: Vec<SavedMapping<K, S, M>>,
    ) -> Result<RestoredMapping<K, S, M>, Failure> {
        let last = saves.last_mut();
        let mapped = last.map_or_else(Vec::new, |last| std::mem::take(&mut last.mapped));
        let tables = put_together(saves.into_iter().map(|save| save.partitions));
        Ok(RestoredMapping {
            mapped,
            partitions: tables.into_iter().map(restored).collect::<Result<_, _>>()?,
        })
    }
}

fn restored<K, S>(
    mut table: SlotTable<K, Written<S>, SavedChain>,
) -> Result<RestoredPartition<K, S>, Failure> {
    let state = |(key, (state, batch))| RestoredEntry::State(key, state, batch);
    let Some(chain) = table.order.take() else {
        return Ok(RestoredPartition {
            before: table.slots.into_values().map(state).collect(),
            room: 0,
            newest: Vec::new(),
        });
    };
    let mut entries = |places: Vec<SavedPlace>| {
        let entry = |place| match place {
            SavedPlace::State(slot) => table.take(slot).map(state),
            SavedPlace::Room(hash) => Ok(RestoredEntry::Room(hash)),
        };
        places
            .into_iter()
            .map(entry)
            .collect::<Result<Vec<_>, Failure>>()
    };
    Ok(RestoredPartition {
        before: entries(chain.before)?,
        room: chain.room,
        newest: entries(chain.newest)?,
    })
}
