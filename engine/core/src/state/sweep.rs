//! One sweep through all states of a partition: what it does to them, and how to go back.

use std::ops::Range;

use super::same::is_same;
use crate::Data;
use crate::table::index::Place;

/// What a sweep does to the states of a partition, which it changes where they are.
///
/// A state that stays what it was is only read. Of one that changes, what it was is kept, so that the sweep can
/// be undone: beside the reading it costs in proportion to what it changes.
#[derive(Debug)]
pub(crate) struct Sweep<S> {
    /// How many places there were before.
    places: usize,
    /// The place at hand.
    at: usize,
    /// The places whose keys are removed.
    removed: Vec<Place>,
    /// The new places, ascending, whose keys got no state. The column has no room for them.
    uncreated: Vec<Place>,
    /// The places whose states have changed, ascending, in runs.
    changed: Vec<Range<usize>>,
    /// What these states were before.
    before: Vec<S>,
}

impl<S: Data> Sweep<S> {
    /// Begins anew, at the first of so many places.
    pub(crate) fn begin(&mut self, places: usize) {
        self.places = places;
        self.at = 0;
        self.removed.clear();
        self.uncreated.clear();
        self.forget();
    }

    /// Nobody goes back any more.
    pub(crate) fn forget(&mut self) {
        self.changed.clear();
        self.before.clear();
    }

    /// Has the state at hand updated, and goes on to the next.
    #[inline]
    pub(crate) fn update(&mut self, state: &mut S, update: impl FnOnce(Option<S>) -> Option<S>) {
        match update(Some(state.clone())) {
            Some(updated) if is_same(&updated, state) => {}
            Some(updated) => self.keep(std::mem::replace(state, updated)),
            None => self.removed.push(self.at as Place),
        }
        self.at += 1;
    }

    /// Keeps what the state at hand was before.
    #[inline]
    fn keep(&mut self, before: S) {
        match self.changed.last_mut() {
            Some(run) if run.end == self.at => run.end += 1,
            _ => self.changed.push(self.at..self.at + 1),
        }
        self.before.push(before);
    }

    /// Goes on to a place, and leaves those on the way as they are.
    pub(crate) fn skip_to(&mut self, place: usize) {
        self.at = place;
    }

    /// Has a state made at a new place behind `states`.
    pub(crate) fn create(&mut self, states: &mut Vec<S>, create: impl FnOnce() -> Option<S>) {
        match create() {
            Some(state) => states.push(state),
            None => self.uncreated.push(self.at as Place),
        }
        self.at += 1;
    }

    /// Makes the states what they were before.
    pub(crate) fn undo(&mut self, states: &mut Vec<S>) {
        states.truncate(self.places);
        let mut before = self.before.drain(..);
        for places in self.changed.drain(..) {
            for (state, before) in states[places].iter_mut().zip(&mut before) {
                *state = before;
            }
        }
    }
}

impl<S> Sweep<S> {
    /// The place at hand: if a function panicked, it was asked about this one.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// How many places there were before.
    pub(crate) fn places(&self) -> usize {
        self.places
    }

    /// How many states have changed.
    pub(crate) fn changed(&self) -> usize {
        self.before.len()
    }

    /// The places whose keys are removed.
    pub(crate) fn removed(&self) -> &[Place] {
        &self.removed
    }

    /// How many keys that are new got no state.
    pub(crate) fn uncreated(&self) -> usize {
        self.uncreated.len()
    }

    /// Whether every place is where it was.
    pub(crate) fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.uncreated.is_empty()
    }

    /// Where a place is once those are gone whose keys got no state; nowhere if it is one of them.
    pub(crate) fn moved(&self, place: Place) -> Option<Place> {
        let uncreated_before = self.uncreated.binary_search(&place).err()?;
        Some(place - uncreated_before as Place)
    }
}

impl<S> Default for Sweep<S> {
    fn default() -> Sweep<S> {
        Sweep {
            places: 0,
            at: 0,
            removed: Vec::new(),
            uncreated: Vec::new(),
            changed: Vec::new(),
            before: Vec::new(),
        }
    }
}
