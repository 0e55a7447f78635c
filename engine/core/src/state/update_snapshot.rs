//! The states of one partition of `update_state_by_key` as they were after a batch.

use std::sync::Arc;

use super::cogroup_order::CogroupOrder;
use super::shared::SharedReader;
use super::state_column::StateColumn;
use crate::rows::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use crate::rows::partitions::{Part, Partitions};
use crate::table::keys::InternedKeys;
use crate::{Data, Failure, Key};

/// The keys of one partition with their states as they were after a batch, whatever comes later.
///
/// The column is copied on write: as long as a snapshot holds it, the next batch changes a copy. The keys
/// are shared. Later batches only add some behind those of the column, and unlink others, which keep
/// their slots.
#[derive(Clone, Debug)]
pub(crate) struct UpdateSnapshot<K, S> {
    pub(super) keys: SharedReader<InternedKeys<K>>,
    pub(super) column: Arc<StateColumn<S>>,
    pub(super) order: Option<CogroupOrder>,
}

impl<K: Key, S: Data> Partitions<(K, S)> for Vec<UpdateSnapshot<K, S>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, (K, S)>,
    ) -> Result<(), Stop> {
        ChunkWriter::write(size, reader, |writer| self[part.partition].visit(writer))
    }
}

impl<K: Key, S: Data> UpdateSnapshot<K, S> {
    /// Emits keys with their states, in order.
    pub(crate) fn visit(&self, writer: &mut ChunkWriter<'_, (K, S)>) -> Result<(), Stop> {
        let keys = self.keys.read()?;
        let keys = keys.entries();
        match &self.order {
            Some(order) => self.column.visit_slots(keys, order.slots(), writer),
            None => self.column.visit(keys, writer),
        }
    }

    /// Folds keys with their states, in order, into `zero`.
    pub(crate) fn fold<A>(
        &self,
        zero: A,
        function: &mut impl FnMut(A, &K, &S) -> A,
    ) -> Result<A, Failure> {
        let keys = self.keys.read()?;
        let keys = keys.entries();
        Ok(match &self.order {
            Some(order) => {
                let slots = order.slots();
                self.column.fold_slots(keys, slots, zero, function)
            }
            None => self.column.fold(keys, zero, function),
        })
    }
}
