//! The states of all keys after a batch, side by side.

use super::groups::Groups;
use super::sweep::Sweep;
use crate::Data;
use crate::rows::chunk::{ChunkWriter, Stop};
use crate::table::bits::Bits;
use crate::table::index::Place;
use crate::table::keys::Entry;

/// The states of the places of one partition. Each batch's [`Sweep`] changes them where they are.
#[derive(Clone, Debug)]
pub(crate) struct Column<S> {
    /// At the place of a key that was removed, its last state.
    states: Vec<S>,
    live: Bits,
}

impl<S: Data> Column<S> {
    /// The column of these states, one a place.
    pub(crate) fn new(states: Vec<S>) -> Column<S> {
        let live = Bits::all(states.len());
        Column { states, live }
    }

    /// How many places have room.
    pub(crate) fn places(&self) -> usize {
        self.states.len()
    }

    /// How many keys have a state.
    pub(crate) fn len(&self) -> usize {
        self.live.on()
    }

    /// Updates the states in a batch: `update` is asked for the state of every key that has one or is
    /// in the batch (`USK-2`, `USK-3`). The sweep is then [settled](Column::settle) or
    /// [undone](Column::undo), undone too if `update` panics.
    pub(crate) fn sweep<K, V: Clone>(
        &mut self,
        keys: &[Entry<K>],
        groups: &Groups<V>,
        update: &impl Fn(&K, &[V], Option<S>) -> Option<S>,
        sweep: &mut Sweep<S>,
    ) {
        let old = self.places();
        sweep.begin(old);
        let mut updated = groups.iter().peekable();
        while let Some((place, values)) = updated.next_if(|(place, _)| (*place as usize) < old) {
            let (place, key) = (place as usize, &keys[place as usize].key);
            self.sweep_idle(keys, place, update, sweep);
            sweep.update(&mut self.states[place], |state| update(key, values, state));
        }
        self.sweep_idle(keys, old, update, sweep);
        for (place, values) in updated {
            let key = &keys[place as usize].key;
            sweep.create(&mut self.states, || update(key, values, None));
        }
    }

    /// Updates the keys before a place, which have no new values.
    fn sweep_idle<K, V>(
        &mut self,
        keys: &[Entry<K>],
        end: usize,
        update: &impl Fn(&K, &[V], Option<S>) -> Option<S>,
        sweep: &mut Sweep<S>,
    ) {
        while sweep.at() < end {
            let run = sweep.at()..self.live.run_end(sweep.at(), end);
            if self.live.get(run.start) {
                let states = self.states[run.clone()].iter_mut();
                for (state, entry) in states.zip(&keys[run]) {
                    sweep.update(state, |state| update(&entry.key, &[], state));
                }
            } else {
                sweep.skip_to(run.end);
            }
        }
    }

    /// Takes back what a sweep has done.
    pub(crate) fn undo(&mut self, sweep: &mut Sweep<S>) {
        sweep.undo(&mut self.states);
    }

    /// Settles a sweep: new keys have their places, and those that were removed have none.
    pub(crate) fn settle(&mut self, sweep: &Sweep<S>) {
        for place in sweep.places()..self.places() {
            self.live.set(place);
        }
        for place in sweep.removed() {
            self.live.clear(*place as usize);
        }
    }

    /// Where a place of the sweep that was settled is now, if its key has a state.
    pub(crate) fn settled(&self, place: Place, sweep: &Sweep<S>) -> Option<Place> {
        let moved = sweep.moved(place)?;
        self.live.get(moved as usize).then_some(moved)
    }

    /// Hands out keys with their states in the order of their places.
    pub(crate) fn visit<K: Data>(
        &self,
        keys: &[Entry<K>],
        run: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        let mut at = 0;
        while at < self.places() {
            let end = self.live.run_end(at, self.places());
            if self.live.get(at) {
                run.extend(at..end, |places| {
                    let keys = keys[places.clone()].iter().map(|entry| entry.key.clone());
                    keys.zip(self.states[places].iter().cloned())
                })?;
            }
            at = end;
        }
        Ok(())
    }

    /// Hands out the keys of these places with their states.
    pub(crate) fn visit_places<K: Data>(
        &self,
        keys: &[Entry<K>],
        mut places: impl Iterator<Item = Place>,
        run: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        places.try_for_each(|place| {
            let place = place as usize;
            run.push((keys[place].key.clone(), self.states[place].clone()))
        })
    }

    /// What `function` makes of `zero` and of each key with its state, in the order of their places.
    pub(crate) fn fold<K, A>(
        &self,
        keys: &[Entry<K>],
        zero: A,
        function: &mut impl FnMut(A, &K, &S) -> A,
    ) -> A {
        let (mut folded, mut at) = (zero, 0);
        while at < self.places() {
            let end = self.live.run_end(at, self.places());
            if self.live.get(at) {
                let states = keys[at..end].iter().zip(&self.states[at..end]);
                folded = states.fold(folded, |folded, (entry, state)| {
                    function(folded, &entry.key, state)
                });
            }
            at = end;
        }
        folded
    }

    /// What `function` makes of `zero` and of the keys of these places with their states.
    pub(crate) fn fold_places<K, A>(
        &self,
        keys: &[Entry<K>],
        places: impl Iterator<Item = Place>,
        zero: A,
        function: &mut impl FnMut(A, &K, &S) -> A,
    ) -> A {
        places.fold(zero, |folded, place| {
            let place = place as usize;
            function(folded, &keys[place].key, &self.states[place])
        })
    }

    /// The same states without the places whose keys were removed.
    pub(crate) fn tidied(&self) -> Column<S> {
        Column::new(
            self.live
                .iter()
                .map(|place| self.states[place].clone())
                .collect(),
        )
    }

    /// The places of keys with a state, in order.
    pub(crate) fn live_places(&self) -> impl Iterator<Item = usize> {
        self.live.iter()
    }
}

impl<S: Data> Default for Column<S> {
    fn default() -> Column<S> {
        Column::new(Vec::new())
    }
}
