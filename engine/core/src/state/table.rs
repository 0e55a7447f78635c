//! The keys of one partition with their states, changed batch by batch, and the way back.

use std::collections::BTreeMap;

use super::ages::Ages;
use super::budget::Footprint;
use super::history::{History, Undo, Version};
use crate::Counters;
use crate::rows::partitioner::FirstSeen;
use crate::table::index::{NOWHERE, Place, Tag};
use crate::table::keys::{BLOCK, HalfLine, Keys};
use crate::{Data, Key};

/// Batches of a state, counted from 1; the initial state is number 0.
pub(crate) type BatchNumber = u64;

/// A key that was removed was put in it.
const NEVER: BatchNumber = BatchNumber::MAX;

/// A state as it lies beside its key.
#[derive(Clone, Debug)]
pub(crate) struct Cell<S> {
    /// The last one, where the key was removed.
    state: S,
    /// The batch in which it was last put; [`NEVER`] where the key was removed.
    put_in: BatchNumber,
}

impl<S> Cell<S> {
    /// Whether the key, which can be found, was put or removed in the open batch.
    fn is_touched_in(&self, open: BatchNumber) -> bool {
        self.put_in == open || self.put_in == NEVER
    }

    /// The cell, unless its key was removed.
    fn live(self) -> Option<Cell<S>> {
        (self.put_in != NEVER).then_some(self)
    }
}

/// The states of the keys of one partition.
///
/// A batch is open between [`begin`](Table::begin) and [`commit`](Table::commit). One that is begun
/// anew before it was committed, because its function failed, starts from the batch before. Nothing
/// here costs in proportion to the table but reading it, and making room when most of it is dead.
#[derive(Debug)]
pub(crate) struct Table<K, S> {
    keys: Keys<K, Cell<S>, HalfLine>,
    /// If idle keys are looked for.
    ages: Option<Ages>,
    /// The open batch removes all keys that were last put before this one.
    keeps_from: BatchNumber,
    /// Keys that the open batch has removed though they had no place, with the numbers of their
    /// touches, ascending; without one since they got a place.
    ghosts: FirstSeen<K, Option<usize>>,
    open: Undo<S>,
    is_open: bool,
    /// Look-ups and calls of the open batch.
    counters: Counters,
    /// What the states take, and what they took before the open batch.
    footprint: Footprint,
    footprint_before: Footprint,
    history: History<S>,
}

impl<K: Key, S: Data> Table<K, S> {
    /// No states, and room for so many; idle keys can be looked for if it `has_ages`.
    pub(crate) fn with_room(places: usize, has_ages: bool) -> Table<K, S> {
        Table {
            keys: Keys::with_room(places),
            ages: has_ages.then(Ages::default),
            keeps_from: 0,
            ghosts: FirstSeen::default(),
            open: Undo::new(0, 0),
            is_open: false,
            counters: Counters::default(),
            footprint: Footprint::default(),
            footprint_before: Footprint::default(),
            history: History::default(),
        }
    }

    /// Opens a batch; one that is still open is undone.
    pub(crate) fn begin(&mut self, batch: BatchNumber) {
        self.undo();
        self.history.forget_unread();
        self.open = Undo::new(batch, self.keys.entries().len());
        self.is_open = true;
        self.keeps_from = 0;
        self.counters = Counters::default();
        self.footprint_before = self.footprint;
    }

    /// The tags and places of the first [`BLOCK`] of these keys. A key that is [`NOWHERE`] may be
    /// added before its turn comes.
    pub(crate) fn look_up<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = &'a K> + Clone,
    ) -> [(Tag, Place); BLOCK] {
        self.keys.look_up(keys, |cell| cell.put_in)
    }

    /// Where a key is that was looked up with its block.
    #[inline]
    pub(crate) fn place_now(&self, found: (Tag, Place), key: &K) -> Option<Place> {
        self.keys.place_now(found, key)
    }

    /// The tag of a key, and where it is.
    pub(crate) fn find(&self, key: &K) -> (Tag, Option<Place>) {
        self.keys.find(key)
    }

    /// The state at a place.
    #[inline]
    pub(crate) fn state(&self, place: Place) -> Option<&S> {
        Some(&self.cell(place)?.state)
    }

    /// The batch in which the state at a place was put.
    pub(crate) fn put_in(&self, place: Place) -> Option<BatchNumber> {
        Some(self.cell(place)?.put_in)
    }

    /// The key at a place.
    pub(crate) fn key(&self, place: Place) -> &K {
        &self.keys.entries()[place as usize].key
    }

    #[inline]
    fn cell(&self, place: Place) -> Option<&Cell<S>> {
        let entry = self.keys.entries().get(place as usize)?;
        (entry.with.put_in != NEVER).then_some(&entry.with)
    }

    /// The places of keys that were last put before a batch, in the order in which keys came. The open
    /// batch must remove all of them: nobody finds them again.
    pub(crate) fn idle_before(&mut self, batch: BatchNumber) -> Vec<Place> {
        self.keeps_from = batch;
        let ages = self.ages.as_ref();
        ages.map_or_else(Vec::new, |ages| {
            ages.put_before(batch, |place| self.put_in(place))
        })
    }

    /// The places that the open batch has touched, in the order of their first touch, and their keys.
    /// One that has no place is [`NOWHERE`].
    pub(crate) fn touched(&self) -> impl Iterator<Item = (Place, &K)> {
        let mut ghosts = self.ghosts.iter().filter(|(_, touch)| touch.is_some());
        let touches = self.open.touches.iter();
        touches.filter_map(move |(place, _)| match *place {
            NOWHERE => Some((NOWHERE, ghosts.next()?.0)),
            place => Some((place, self.key(place))),
        })
    }

    /// Adds a key that is nowhere, with its state.
    pub(crate) fn add(&mut self, tag: Tag, key: &K, state: S) {
        self.footprint.add(key);
        let put_in = self.open.batch;
        let place = self
            .keys
            .add_tagged(tag, key.clone(), Cell { state, put_in });
        match self.ghosts.get_mut(key).and_then(Option::take) {
            Some(touch) => self.open.touches[touch].0 = place,
            None => self.open.touches.push((place, None)),
        }
    }

    /// Sets the state at a place.
    #[inline]
    pub(crate) fn put(&mut self, place: Place, state: S) {
        let put_in = self.open.batch;
        let before = std::mem::replace(self.keys.with_mut(place), Cell { state, put_in });
        if before.put_in == NEVER {
            self.footprint.add(&self.keys.entries()[place as usize].key);
        }
        if !before.is_touched_in(put_in) {
            self.open.touches.push((place, Some(before)));
        }
    }

    /// Puts the state at a place once more.
    pub(crate) fn refresh(&mut self, place: Place) {
        let state = self.keys.with_mut(place).state.clone();
        self.put(place, state);
    }

    /// Removes the state at a place.
    pub(crate) fn remove(&mut self, place: Place) {
        if self.cell(place).is_some() {
            self.footprint
                .remove(&self.keys.entries()[place as usize].key);
        }
        let cell = self.keys.with_mut(place);
        if !cell.is_touched_in(self.open.batch) {
            self.open.touches.push((place, Some(cell.clone())));
        }
        cell.put_in = NEVER;
        self.open.removes = true;
    }

    /// Notes that a key that is nowhere was removed: it counts as touched.
    pub(crate) fn remove_nowhere(&mut self, key: &K) {
        if !self.ghosts.contains_key(key) {
            let touch = Some(self.open.touches.len());
            self.ghosts.insert(key.clone(), touch);
            self.open.touches.push((NOWHERE, None));
            self.open.removes = true;
        }
    }

    /// Notes look-ups of the open batch, and calls of its function that follow.
    pub(crate) fn count(&mut self, probes: usize, function_calls: usize) {
        self.open.touches.reserve(function_calls);
        self.counters.probes += probes as u64;
        self.counters.function_calls += function_calls as u64;
    }

    /// What the open batch took so far.
    pub(crate) fn counters(&self) -> Counters {
        let ghosts = self.ghosts.values().flatten().count();
        // A key that had no state and has none is only touched in Spark's tables.
        let touched = self.open.touches.len() - ghosts;
        let added = self.keys.entries().len() - self.open.places;
        let copied = touched - added;
        Counters {
            keys_touched: touched as u64,
            bytes_copied: (copied * size_of::<S>()) as u64,
            ..self.counters
        }
    }

    /// Closes the batch. Keys without a state are forgotten.
    pub(crate) fn commit(&mut self) {
        self.ghosts.clear();
        if self.open.removes {
            self.open.touches.retain(|(place, _)| *place != NOWHERE);
            for (place, _) in &self.open.touches {
                if self.keys.with_mut(*place).put_in == NEVER {
                    self.keys.forget(*place);
                }
            }
        }
        self.is_open = false;
        self.age();
        let closed = std::mem::replace(&mut self.open, Undo::new(0, 0));
        self.history.push(closed);
    }

    /// Notes which keys the closed batch has put.
    fn age(&mut self) {
        let Some(mut ages) = self.ages.take() else {
            return;
        };
        let batch = self.open.batch;
        let touched = self.open.touches.iter().map(|(place, _)| *place);
        let put = touched.filter(|place| self.put_in(*place) == Some(batch));
        ages.forget_before(self.keeps_from);
        ages.close(batch, put.collect(), self.keys.len(), |place| {
            self.put_in(place)
        });
        self.ages = Some(ages);
    }

    /// What the states take, with what the open batch has done.
    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    /// How many keys had a state before the open batch.
    pub(crate) fn keys_before(&self) -> usize {
        self.footprint_before.keys() as usize
    }

    /// Undoes the batch that is open, if one is, as its function failed.
    pub(crate) fn undo(&mut self) {
        if !self.is_open {
            return;
        }
        self.footprint = self.footprint_before;
        self.ghosts.clear();
        for (place, before) in self.open.touches.drain(..) {
            if let Some(before) = before {
                *self.keys.with_mut(place) = before;
            }
        }
        self.keys.take_back(self.open.places);
        self.is_open = false;
    }

    /// The table as it is after the last batch that was closed, whatever comes later.
    pub(crate) fn version(&mut self, batch: BatchNumber) -> Version {
        self.history.version(batch)
    }

    /// Reads the table as it was after a batch of which somebody holds the version, or after the one
    /// before that which is open.
    pub(crate) fn at(&self, batch: BatchNumber) -> Past<'_, K, S> {
        let open = self.is_open.then_some(&self.open);
        let (before, places) = self.history.before(batch, open);
        Past {
            table: self,
            places: places.unwrap_or(self.keys.entries().len()),
            before,
        }
    }

    /// Whether most of the table are places of keys that were removed.
    pub(crate) fn is_mostly_dead(&self) -> bool {
        self.keys.is_mostly_dead()
    }

    /// The same keys and states without the places of keys that were removed, and the new place of
    /// each old one. To be called between batches; versions stay with the old table.
    pub(crate) fn tidied(&self) -> (Table<K, S>, Vec<Option<Place>>) {
        let mut tidy = Table::with_room(self.keys.len(), false);
        tidy.footprint = self.footprint;
        let moved = self.keys.entries().iter().map(|entry| {
            let cell = entry.with.clone().live()?;
            Some(tidy.keys.add(entry.key.clone(), cell))
        });
        let moved = moved.collect();
        if self.ages.is_some() {
            let cells = tidy.keys.entries().iter().map(|entry| entry.with.put_in);
            tidy.ages = Some((0..).zip(cells).collect());
        }
        (tidy, moved)
    }
}

/// A table as it was after some batch.
pub(crate) struct Past<'a, K, S> {
    table: &'a Table<K, S>,
    places: usize,
    before: BTreeMap<Place, Option<&'a Cell<S>>>,
}

impl<'a, K: Key, S: Data> Past<'a, K, S> {
    /// The key and the state that were at a place, and the batch in which it was put.
    pub(crate) fn get(&self, place: Place) -> Option<(&'a K, &'a S, BatchNumber)> {
        if place as usize >= self.places {
            return None;
        }
        let key = self.table.key(place);
        match self.before.get(&place) {
            Some(before) => before.map(|before| (key, &before.state, before.put_in)),
            None => Some((key, self.table.state(place)?, self.table.put_in(place)?)),
        }
    }

    /// All places that there were, in the order in which keys came.
    pub(crate) fn all_places(&self) -> impl Iterator<Item = Place> + use<K, S> {
        0..self.places as Place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts so many keys, from 0 on, in the open batch.
    fn put(table: &mut Table<i64, ()>, keys: i64) {
        for key in 0..keys {
            match table.find(&key) {
                (tag, None) => table.add(tag, &key, ()),
                (_, Some(place)) => table.put(place, ()),
            }
        }
    }

    /// A table of so many keys, which batch 1 has put.
    fn of_batch_1(keys: i64) -> Table<i64, ()> {
        let mut table = Table::with_room(0, true);
        table.begin(1);
        put(&mut table, keys);
        table.commit();
        table
    }

    /// A function need not do the same when its batch is run anew.
    #[test]
    fn mws_4_of_a_batch_that_was_undone_no_key_is_looked_for() {
        let mut table = Table::with_room(0, true);
        table.begin(1);
        put(&mut table, 600);
        table.begin(1);
        put(&mut table, 3);
        table.commit();
        assert_eq!(table.idle_before(2), [0, 1, 2]);
        assert!(table.idle_before(1).is_empty());
    }

    #[test]
    fn mws_4_keys_that_a_batch_removed_as_idle_are_idle_again_when_it_is_undone() {
        let mut table = of_batch_1(3);
        for times_run in 0..3 {
            table.begin(2);
            assert_eq!(table.idle_before(2), [0, 1, 2], "run {times_run} times");
            (0..3).for_each(|place| table.remove(place));
        }
        table.commit();
        assert!(table.idle_before(3).is_empty());
    }

    #[test]
    fn mws_4_a_batch_that_was_undone_may_not_look_when_it_is_run_anew() {
        let mut table = of_batch_1(3);
        table.begin(2);
        assert_eq!(table.idle_before(2), [0, 1, 2]);
        table.begin(2);
        table.commit();
        table.begin(3);
        assert_eq!(table.idle_before(3), [0, 1, 2]);
    }

    #[test]
    fn mws_4_keys_are_as_old_as_they_were_after_the_table_was_tidied() {
        let mut table = of_batch_1(100);
        table.begin(2);
        (0..97).for_each(|place| table.remove(place));
        table.put(99, ());
        table.commit();
        assert!(table.is_mostly_dead());
        let (mut tidy, _) = table.tidied();
        tidy.begin(3);
        assert_eq!(tidy.idle_before(2), [0, 1]);
        assert_eq!(tidy.idle_before(3), [0, 1, 2]);
    }
}
