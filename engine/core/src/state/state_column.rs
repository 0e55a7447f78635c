//! The states of all keys after a batch, side by side.

use super::grouped_values::GroupedValues;
use super::update_pass::UpdatePass;
use crate::rows::chunk::{ChunkWriter, Stop};
use crate::table::bits::Bits;
use crate::table::index::SlotId;
use crate::table::keys::KeyEntry;
use crate::{Data, Failure};

/// The states of the slots of one partition, which each batch's [`UpdatePass`] changes in place.
///
/// The keys are elsewhere and are handed in: snapshots of earlier batches share them, and not the column.
#[derive(Clone, Debug)]
pub(crate) struct StateColumn<S> {
    /// In the slot of a removed key, its last state.
    states: Vec<S>,
    /// The slots whose keys have a state.
    live: Bits,
}

impl<S: Data> StateColumn<S> {
    /// A column of these states, whose keys all have theirs.
    pub(crate) fn new(states: Vec<S>) -> StateColumn<S> {
        let live = Bits::all(states.len());
        StateColumn { states, live }
    }

    /// The number of slots, those of removed keys among them.
    pub(crate) fn slot_count(&self) -> usize {
        self.states.len()
    }

    /// The number of keys with a state.
    pub(crate) fn len(&self) -> usize {
        self.live.ones()
    }

    /// True if the key in a slot has a state.
    pub(crate) fn has_state(&self, slot: usize) -> bool {
        self.live.get(slot)
    }

    /// The state in a slot: the last one, if the key was removed.
    pub(crate) fn state(&self, slot: usize) -> &S {
        &self.states[slot]
    }

    /// Updates the states in a batch: `update` is called for every key that has a state or values in the
    /// batch (`USK-2`, `USK-3`), slots ascending. The pass is then [applied](StateColumn::apply) or
    /// [undone](StateColumn::undo), and undone if `update` fails or panics.
    pub(crate) fn update<K, V: Clone>(
        &mut self,
        keys: &[KeyEntry<K>],
        groups: &GroupedValues<V>,
        update: &impl Fn(&K, &[V], Option<S>) -> Result<Option<S>, Failure>,
        pass: &mut UpdatePass<S>,
    ) -> Result<(), Failure> {
        let slots = self.slot_count();
        pass.begin(slots);
        // Groups ascend, so one walk through the column meets each of them in turn. Those of new keys come
        // last, in the order in which their states are created.
        let mut groups = groups.iter().peekable();
        while let Some((slot, values)) = groups.next_if(|(slot, _)| (*slot as usize) < slots) {
            let slot = slot as usize;
            debug_assert!(self.live.get(slot), "a removed key cannot be found");
            let key = &keys[slot].key;
            self.update_idle(keys, slot, update, pass)?;
            pass.update(&mut self.states[slot], |state| update(key, values, state))?;
        }
        self.update_idle(keys, slots, update, pass)?;
        for (slot, values) in groups {
            let key = &keys[slot as usize].key;
            pass.create(&mut self.states, || update(key, values, None))?;
        }
        assert_eq!(
            pass.current(),
            keys.len(),
            "new keys have values, and each slot is visited once"
        );
        Ok(())
    }

    /// Updates the keys up to a slot, which have no values in the batch.
    fn update_idle<K, V>(
        &mut self,
        keys: &[KeyEntry<K>],
        end: usize,
        update: &impl Fn(&K, &[V], Option<S>) -> Result<Option<S>, Failure>,
        pass: &mut UpdatePass<S>,
    ) -> Result<(), Failure> {
        while pass.current() < end {
            let run = pass.current()..self.live.run_end(pass.current(), end);
            if self.live.get(run.start) {
                let states = self.states[run.clone()].iter_mut();
                for (state, entry) in states.zip(&keys[run]) {
                    pass.update(state, |state| update(&entry.key, &[], state))?;
                }
            } else {
                pass.skip_to(run.end);
            }
        }
        Ok(())
    }

    /// Undoes a pass.
    pub(crate) fn undo(&mut self, pass: &mut UpdatePass<S>) {
        pass.undo(&mut self.states);
    }

    /// Makes the effects of a pass final: new keys are live and removed ones are not.
    pub(crate) fn apply(&mut self, pass: &UpdatePass<S>) {
        for slot in pass.slots()..self.slot_count() {
            self.live.set(slot);
        }
        for slot in pass.removed() {
            debug_assert!(self.live.get(*slot as usize), "a key is removed once");
            self.live.clear(*slot as usize);
        }
    }

    /// The new slot of a key after a pass that was applied; `None` if the key has no state.
    pub(crate) fn slot_after(&self, slot: SlotId, pass: &UpdatePass<S>) -> Option<SlotId> {
        let slot = pass.remap(slot)?;
        self.live.get(slot as usize).then_some(slot)
    }

    /// Emits keys with their states in the order of their slots.
    pub(crate) fn visit<K: Data>(
        &self,
        keys: &[KeyEntry<K>],
        writer: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        let mut at = 0;
        while at < self.slot_count() {
            let slots = at..self.live.run_end(at, self.slot_count());
            at = slots.end;
            if self.live.get(slots.start) {
                writer.extend(slots, |slots| {
                    let keys = keys[slots.clone()].iter().map(|entry| entry.key.clone());
                    keys.zip(self.states[slots].iter().cloned())
                })?;
            }
        }
        Ok(())
    }

    /// Emits the keys of these slots with their states.
    pub(crate) fn visit_slots<K: Data>(
        &self,
        keys: &[KeyEntry<K>],
        mut slots: impl Iterator<Item = SlotId>,
        writer: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        slots.try_for_each(|slot| {
            let slot = slot as usize;
            writer.push((keys[slot].key.clone(), self.states[slot].clone()))
        })
    }

    /// Folds keys with their states, in the order of their slots, into `zero`.
    pub(crate) fn fold<K, A>(
        &self,
        keys: &[KeyEntry<K>],
        zero: A,
        function: &mut impl FnMut(A, &K, &S) -> A,
    ) -> A {
        // A loop: behind an iterator of runs the compiler leaves the innermost loop a twentieth slower.
        let mut folded = zero;
        let mut at = 0;
        while at < self.slot_count() {
            let slots = at..self.live.run_end(at, self.slot_count());
            at = slots.end;
            if self.live.get(slots.start) {
                let states = keys[slots.clone()].iter().zip(&self.states[slots]);
                folded = states.fold(folded, |folded, (entry, state)| {
                    function(folded, &entry.key, state)
                });
            }
        }
        folded
    }

    /// Folds the keys of these slots with their states into `zero`.
    pub(crate) fn fold_slots<K, A>(
        &self,
        keys: &[KeyEntry<K>],
        slots: impl Iterator<Item = SlotId>,
        zero: A,
        function: &mut impl FnMut(A, &K, &S) -> A,
    ) -> A {
        slots.fold(zero, |folded, slot| {
            let slot = slot as usize;
            function(folded, &keys[slot].key, &self.states[slot])
        })
    }

    /// The same states without the slots of removed keys.
    pub(crate) fn compacted(&self) -> StateColumn<S> {
        let states = self.live_slots().map(|slot| self.states[slot].clone());
        StateColumn::new(states.collect())
    }

    /// The slots of keys with a state, ascending.
    pub(crate) fn live_slots(&self) -> impl Iterator<Item = usize> {
        self.live.iter()
    }
}
