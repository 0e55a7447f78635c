//! The states of one partition of `map_with_state` as they were after a batch.

use super::cell::Batches;
use super::delta_chain::DeltaChain;
use super::delta_table::DeltaEntry;
use super::history::Version;
use super::saved_mapping::{SavedEntry, SavedPartition};
use super::shared::SharedReader;
use super::snapshot_view::SnapshotView;
use super::state_table::StateTable;
use crate::rows::chunk::{ChunkWriter, Stop};
use crate::table::bits::Bits;
use crate::table::index::SlotId;
use crate::{Data, Failure, Key};

/// The keys of one partition with their states as they were after a batch, whatever comes later.
#[derive(Clone, Debug)]
pub(crate) struct MapSnapshot<K, S> {
    pub(super) table: SharedReader<StateTable<K, S>>,
    pub(super) version: Version,
    pub(super) chain: Option<DeltaChain>,
    /// The chain before it was flattened, if that was in this batch, or in an earlier one since the last
    /// job ended.
    pub(super) unflattened: Option<DeltaChain>,
}

impl<K: Key, S: Data> MapSnapshot<K, S> {
    /// The states as they are saved.
    pub(crate) fn saved(&self) -> Result<SavedPartition<K, S>, Failure> {
        let table = self.table.read()?;
        let view = SnapshotView::new(&table, &self.version);
        let state_in = |slot| {
            let (key, cell) = view.get(slot)?;
            let (state, batch) = cell.state().zip(cell.last_written())?;
            Some(SavedEntry::State(key.clone(), state.clone(), batch))
        };
        // Spark writes the chain before it flattens it.
        let Some(chain) = self.unflattened.as_ref().or(self.chain.as_ref()) else {
            return Ok(SavedPartition {
                before: view.slots().filter_map(state_in).collect(),
                room: 0,
                newest: Vec::new(),
            });
        };
        let saved =
            |slot: Option<SlotId>, hash| slot.and_then(state_in).unwrap_or(SavedEntry::Room(hash));
        let newest = chain.newest().filter_map(DeltaEntry::written);
        let newest: Bits = newest.map(|slot| slot as usize).collect();
        let before = chain.before_newest().into_iter().map(|entry| {
            let slot = entry.written().filter(|slot| !newest.get(*slot as usize));
            saved(slot, entry.hash)
        });
        Ok(SavedPartition {
            before: before.collect(),
            room: chain.entries(),
            newest: chain
                .newest()
                .map(|entry| saved(entry.written(), entry.hash))
                .collect(),
        })
    }

    /// Emits keys with their states, in order. Until a job on the batch has ended, as `job_ended` says, it
    /// is the order of the chain before it was flattened (`MAP-4`).
    pub(crate) fn visit(
        &self,
        job_ended: bool,
        writer: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        let table = self.table.read()?;
        let view = SnapshotView::new(&table, &self.version);
        let mut visit = |slot| {
            let Some((key, cell)) = view.get(slot) else {
                return Ok(());
            };
            match cell.state() {
                Some(state) => writer.push((key.clone(), state.clone())),
                None => Ok(()),
            }
        };
        let unflattened = self.unflattened.as_ref().filter(|_| !job_ended);
        let Some(chain) = unflattened.or(self.chain.as_ref()) else {
            return view.slots().try_for_each(visit);
        };
        let is_live = |slot, batches: &Batches| {
            let found = view.get(slot);
            found.is_some_and(|(_, cell)| cell.was_last_written_in(batches))
        };
        chain.slots(&is_live).try_for_each(&mut visit)
    }
}
