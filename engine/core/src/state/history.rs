//! What a table was like after the batches that somebody still reads.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Weak};

use super::table::{BatchNumber, Cell};
use crate::table::index::Place;

/// How to go back from a batch to the one before.
#[derive(Debug)]
pub(crate) struct Undo<S> {
    pub(crate) batch: BatchNumber,
    /// How many places there were before.
    pub(crate) places: usize,
    /// The places that the batch touched, with what was there before: nothing if the key was new.
    pub(crate) touches: Vec<(Place, Option<Cell<S>>)>,
    /// Whether the batch removed a key.
    pub(crate) removes: bool,
}

impl<S> Undo<S> {
    pub(crate) fn new(batch: BatchNumber, places: usize) -> Undo<S> {
        Undo {
            batch,
            places,
            touches: Vec::new(),
            removes: false,
        }
    }
}

/// Whoever holds it can read a table as it was after a batch.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) batch: BatchNumber,
    _alive: Arc<()>,
}

/// The batches of a table, oldest first, back to the oldest version that somebody holds.
#[derive(Debug)]
pub(crate) struct History<S> {
    undos: VecDeque<Undo<S>>,
    versions: VecDeque<(BatchNumber, Weak<()>)>,
}

impl<S> History<S> {
    /// A version of the table as it is after the last batch that was closed, whatever comes later.
    pub(crate) fn version(&mut self, batch: BatchNumber) -> Version {
        let alive = Arc::new(());
        self.versions.push_back((batch, Arc::downgrade(&alive)));
        Version {
            batch,
            _alive: alive,
        }
    }

    /// Keeps what a batch did, if somebody holds a version from before it.
    pub(crate) fn push(&mut self, undo: Undo<S>) {
        if !self.versions.is_empty() {
            self.undos.push_back(undo);
        }
    }

    /// Drops what nobody can ask for any more.
    pub(crate) fn forget_unread(&mut self) {
        self.versions.retain(|(_, alive)| alive.strong_count() > 0);
        let oldest = self.versions.front().map(|(batch, _)| *batch);
        let is_over = |undo: &Undo<S>| oldest.is_none_or(|oldest| undo.batch <= oldest);
        while self.undos.front().is_some_and(is_over) {
            self.undos.pop_front();
        }
    }

    /// What the places that were touched after a batch were before, and how many places there were
    /// then, if that is not as many as now. `open` is a batch that is not closed.
    pub(crate) fn before<'a>(
        &'a self,
        batch: BatchNumber,
        open: Option<&'a Undo<S>>,
    ) -> (BTreeMap<Place, Option<&'a Cell<S>>>, Option<usize>) {
        let (mut before, mut places) = (BTreeMap::new(), None);
        let all: Vec<&Undo<S>> = self.undos.iter().chain(open).collect();
        let later = all.into_iter().rev().take_while(|undo| undo.batch > batch);
        for undo in later {
            // What was there first is what was there then.
            let touches = undo.touches.iter();
            before.extend(touches.map(|(place, before)| (*place, before.as_ref())));
            places = Some(undo.places);
        }
        (before, places)
    }
}

impl<S> Default for History<S> {
    fn default() -> History<S> {
        History {
            undos: VecDeque::new(),
            versions: VecDeque::new(),
        }
    }
}
