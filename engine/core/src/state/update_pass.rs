//! One pass of an update function through all states of a partition: its effects, and how to undo them.

use std::ops::Range;

use super::same::is_same;
use crate::table::index::SlotId;
use crate::{Data, Failure};

/// The position and the effects of an update pass, which changes the states of a partition in place.
///
/// A state that stays the same is only read. Of one that changes the previous one is kept, so that the
/// pass can be undone: beside the reading, a pass costs in proportion to its changes.
#[derive(Debug)]
pub(crate) struct UpdatePass<S> {
    /// The number of slots before the pass.
    slots: usize,
    /// The current slot: slots below it are done.
    current: usize,
    /// Slots whose keys are removed, ascending, all below `slots`.
    removed: Vec<SlotId>,
    /// New slots whose keys were created empty, ascending. The column has no element for them.
    created_empty: Vec<SlotId>,
    /// The undo log: ranges of slots whose states have changed, ascending, and the previous states of
    /// all of them in order.
    changed: Vec<Range<usize>>,
    previous: Vec<S>,
}

impl<S: Data> UpdatePass<S> {
    /// Begins a pass at the first of these slots.
    pub(crate) fn begin(&mut self, slots: usize) {
        assert!(
            self.changed.is_empty() && self.previous.is_empty(),
            "a pass begins after the one before was applied or undone"
        );
        self.slots = slots;
        self.current = 0;
        self.removed.clear();
        self.created_empty.clear();
    }

    /// Updates the state in the current slot, and goes on to the next.
    #[inline]
    pub(crate) fn update(
        &mut self,
        state: &mut S,
        update: impl FnOnce(Option<S>) -> Result<Option<S>, Failure>,
    ) -> Result<(), Failure> {
        debug_assert!(
            self.current < self.slots,
            "only slots from before have states"
        );
        match update(Some(state.clone()))? {
            Some(updated) if is_same(&updated, state) => {}
            Some(updated) => self.log(std::mem::replace(state, updated)),
            None => self.removed.push(self.current as SlotId),
        }
        self.current += 1;
        Ok(())
    }

    /// Adds the previous state of the current slot to the undo log.
    #[inline]
    fn log(&mut self, previous: S) {
        match self.changed.last_mut() {
            // One range for neighbours: where all states change it is a single one.
            Some(range) if range.end == self.current => range.end += 1,
            _ => self.changed.push(self.current..self.current + 1),
        }
        self.previous.push(previous);
    }

    /// Goes on to a slot, and leaves those between as they are.
    pub(crate) fn skip_to(&mut self, slot: usize) {
        debug_assert!(
            self.current <= slot && slot <= self.slots,
            "a pass goes forward"
        );
        self.current = slot;
    }

    /// Creates the state of the current slot, a new one, behind `states`, and goes on to the next.
    pub(crate) fn create(
        &mut self,
        states: &mut Vec<S>,
        create: impl FnOnce() -> Result<Option<S>, Failure>,
    ) -> Result<(), Failure> {
        debug_assert!(self.current >= self.slots, "slots from before are updated");
        match create()? {
            Some(state) => states.push(state),
            None => self.created_empty.push(self.current as SlotId),
        }
        self.current += 1;
        Ok(())
    }

    /// Restores the previous states. The log then has those that they replace, until it is
    /// [dropped](UpdatePass::drop_log).
    ///
    /// It works in the middle of a pass too: the log has every change up to there, and states that were
    /// created are behind the others. Removed states were left where they are.
    pub(crate) fn undo(&mut self, states: &mut Vec<S>) {
        let mut previous = self.previous.iter_mut();
        for range in self.changed.drain(..) {
            for (state, previous) in states[range].iter_mut().zip(&mut previous) {
                std::mem::swap(state, previous);
            }
        }
        debug_assert!(previous.next().is_none(), "each logged state has its slot");
        // Last, as the `Drop` of a state may panic.
        states.truncate(self.slots);
    }
}

impl<S> UpdatePass<S> {
    /// Drops the undo log of a pass that was applied or undone: not when it is applied, as the `Drop` of a state may
    /// panic, and a commit must not.
    pub(crate) fn drop_log(&mut self) {
        self.changed.clear();
        self.previous.clear();
    }

    /// The current slot. If a function failed, it was called for the key of this one.
    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// The number of slots before the pass.
    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    /// The number of states that have changed.
    pub(crate) fn changed(&self) -> usize {
        self.previous.len()
    }

    /// The slots from before whose states have changed, ascending.
    pub(crate) fn changed_slots(&self) -> impl Iterator<Item = usize> {
        self.changed.iter().cloned().flatten()
    }

    /// True if the key in a slot from before is removed.
    pub(crate) fn removes(&self, slot: SlotId) -> bool {
        self.removed.binary_search(&slot).is_ok()
    }

    /// The slots whose keys are removed.
    pub(crate) fn removed(&self) -> &[SlotId] {
        &self.removed
    }

    /// The number of new keys that got no state.
    pub(crate) fn created_empty(&self) -> usize {
        self.created_empty.len()
    }

    /// Returns true if every slot stays where it is with a state.
    pub(crate) fn keeps_all_slots(&self) -> bool {
        self.removed.is_empty() && self.created_empty.is_empty()
    }

    /// The new slot of a key once the keys that were created empty have lost theirs; `None` for one of
    /// these.
    pub(crate) fn remap(&self, slot: SlotId) -> Option<SlotId> {
        // The position at which a slot would be inserted is the number of lost slots before it.
        let lost_before = self.created_empty.binary_search(&slot).err()?;
        Some(slot - lost_before as SlotId)
    }
}

impl<S> Default for UpdatePass<S> {
    fn default() -> UpdatePass<S> {
        UpdatePass {
            slots: 0,
            current: 0,
            removed: Vec::new(),
            created_empty: Vec::new(),
            changed: Vec::new(),
            previous: Vec::new(),
        }
    }
}
