//! The states of one partition of `map_with_state` as they were after a batch.

use super::cell::Batches;
use super::delta_chain::DeltaChain;
use super::history::Version;
use super::shared::SharedReader;
use super::snapshot_view::SnapshotView;
use super::state_table::StateTable;
use crate::rows::chunk::{ChunkWriter, Stop};
use crate::{Data, Key};

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
    /// The tables as Spark writes them: before they are flattened. `None` where keys come in the order of arrival.
    pub(crate) fn saved_chain(&self) -> Option<&DeltaChain> {
        self.unflattened.as_ref().or(self.chain.as_ref())
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
