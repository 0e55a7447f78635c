//! The states of all keys after a batch, side by side.

use super::bits::Bits;
use super::groups::Groups;
use super::index::Place;
use super::keys::Entry;
use crate::dstream::Data;
use crate::dstream::partitions::{Flow, Run};

/// The states of the places of one partition after a batch.
///
/// The column of the next batch is made by one sweep through this one, which is left as it is.
#[derive(Clone, Debug)]
pub(crate) struct Column<S> {
    /// At the place of a key that was removed, its last state.
    states: Vec<S>,
    live: Bits,
}

/// What a sweep has done beside the column that it made.
#[derive(Debug, Default)]
pub(crate) struct Swept {
    /// The places whose keys are removed.
    pub(crate) removed: Vec<Place>,
    /// The new places, ascending, whose keys got no state. The column has no room for them.
    pub(crate) uncreated: Vec<Place>,
}

impl Swept {
    /// Whether every place is where it was.
    pub(crate) fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.uncreated.is_empty()
    }
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

    /// Makes this the column after a batch, in the room that it has: `update` is asked for the state
    /// of every key that has one or is in the batch (`USK-2`, `USK-3`).
    ///
    /// If `update` panics, it was at [`place_at_hand`](Column::place_at_hand).
    pub(crate) fn sweep<K, V: Clone>(
        &mut self,
        old: &Column<S>,
        keys: &[Entry<K>],
        groups: &Groups<V>,
        update: &impl Fn(&K, &[V], Option<S>) -> Option<S>,
        swept: &mut Swept,
    ) {
        self.states.clear();
        self.live.copy_from(&old.live);
        let mut updated = groups.iter().peekable();
        while let Some((place, values)) =
            updated.next_if(|(place, _)| (*place as usize) < old.places())
        {
            self.sweep_idle(old, keys, place as usize, update, swept);
            let state = &old.states[place as usize];
            let updated = update(&keys[place as usize].key, values, Some(state.clone()));
            self.states.push(updated.unwrap_or_else(|| {
                swept.removed.push(place);
                state.clone()
            }));
        }
        self.sweep_idle(old, keys, old.places(), update, swept);
        for (place, values) in updated {
            match update(&keys[place as usize].key, values, None) {
                Some(state) => {
                    self.live.set(self.states.len());
                    self.states.push(state);
                }
                None => swept.uncreated.push(place),
            }
        }
        swept
            .removed
            .iter()
            .for_each(|place| self.live.clear(*place as usize));
    }

    /// Goes on to a place without a new value on the way.
    fn sweep_idle<K, V>(
        &mut self,
        old: &Column<S>,
        keys: &[Entry<K>],
        end: usize,
        update: &impl Fn(&K, &[V], Option<S>) -> Option<S>,
        swept: &mut Swept,
    ) {
        let mut at = self.states.len();
        while at < end {
            let run = at..old.live.run_end(at, end);
            if old.live.get(at) {
                let states = old.states[run.clone()].iter();
                let keyed = states.zip(&keys[run.clone()]).zip(run.start..);
                self.states.extend(keyed.map(|((state, entry), place)| {
                    update(&entry.key, &[], Some(state.clone())).unwrap_or_else(|| {
                        swept.removed.push(place as Place);
                        state.clone()
                    })
                }));
            } else {
                self.states.extend_from_slice(&old.states[run.clone()]);
            }
            at = run.end;
        }
    }

    /// Where a place of the sweep that made this column is now, if its key has a state.
    pub(crate) fn settled(&self, place: Place, swept: &Swept) -> Option<Place> {
        let moved = match swept.uncreated.binary_search(&place) {
            Ok(_) => return None,
            Err(uncreated_before) => place - uncreated_before as Place,
        };
        self.live.get(moved as usize).then_some(moved)
    }

    /// The place that a sweep that was broken off had come to.
    pub(crate) fn place_at_hand(&self, swept: &Swept) -> usize {
        self.states.len() + swept.uncreated.len()
    }

    /// Hands out keys with their states in the order of their places.
    pub(crate) fn visit<K: Data>(&self, keys: &[Entry<K>], run: &mut Run<'_, (K, S)>) -> Flow {
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
        Flow::Continue(())
    }

    /// Hands out the keys of these places with their states.
    pub(crate) fn visit_places<K: Data>(
        &self,
        keys: &[Entry<K>],
        mut places: impl Iterator<Item = Place>,
        run: &mut Run<'_, (K, S)>,
    ) -> Flow {
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
