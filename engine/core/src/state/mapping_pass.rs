//! The calls of the function of `map_with_state` in a batch.

use super::handle::{State, StateChange};
use super::state_batch::StateBatch;
use super::state_table::StateTable;
use crate::rows::push::push;
use crate::table::index::SlotId;
use crate::table::keys::Lookup;
use crate::{Data, Failure, Key, Time};

/// The function of a batch going through the keys of a partition.
pub(super) struct MappingPass<'a, K, S, F, M> {
    pub(super) batch: StateBatch,
    pub(super) table: &'a mut StateTable<K, S>,
    pub(super) function: &'a F,
    /// True if the removal of a key without a state is recorded, as it takes up room in Spark's tables.
    pub(super) leaves_tombstones: bool,
    pub(super) mapped: Vec<M>,
}

impl<K: Key, S: Data, F, M> MappingPass<'_, K, S, F, M> {
    /// Calls the function for one record, whose key was looked up.
    #[inline]
    pub(super) fn apply<V: Data>(&mut self, record: &(K, V), found: Lookup) -> Result<(), Failure>
    where
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>,
    {
        let (key, value) = record;
        let slot = self.table.current_slot(found, key);
        let previous = slot.and_then(|slot| self.table.cell(slot).state());
        let had_state = previous.is_some();
        let mut state = State::new(previous);
        let row = (self.function)(self.batch.time, key, Some(value.clone()), &mut state)?;
        if let Some(row) = row {
            push(&mut self.mapped, row);
        }
        match (state.into_change(), slot) {
            (StateChange::Updated(state), Some(slot)) => self.table.write(slot, state),
            (StateChange::Updated(state), None) => self.table.add(found, key, state),
            (StateChange::Removed, Some(slot)) => self.table.remove(slot),
            (StateChange::Removed, None) if self.leaves_tombstones => {
                self.table.remove_missing(key);
            }
            (StateChange::Unchanged, Some(slot)) if had_state && self.batch.timeout.is_some() => {
                self.table.refresh(slot);
            }
            (StateChange::Removed | StateChange::Unchanged, _) => {}
        }
        Ok(())
    }

    /// Calls the function for a key that has been idle for too long, and removes the key.
    pub(super) fn time_out<V>(&mut self, slot: SlotId) -> Result<(), Failure>
    where
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>,
    {
        let state = self.table.cell(slot).state();
        let mut state = State::timing_out(state.expect("a key without a state is not idle"));
        let row = (self.function)(self.batch.time, self.table.key(slot), None, &mut state)?;
        self.mapped.extend(row);
        self.table.remove(slot);
        Ok(())
    }
}
