//! The state of `map_with_state`: one partition, batch by batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::budget::Footprint;
use super::chain::{Batches, Chain};
use super::handle::{Change, State};
use super::history::Version;
use super::link::Touch;
use super::lock::{read, write};
use super::table::{BatchNumber, Table};
use crate::rows::Partitioner;
use crate::rows::chunk::{ChunkWriter, Stop};
use crate::rows::push::push;
use crate::table::index::{Place, Tag};
use crate::table::keys::BLOCK;
use crate::{Counters, Time, blame};
use crate::{Data, Key, RowOrder};

pub(crate) const OPERATOR: &str = "map_with_state";

/// Batches from one look for idle keys, and one checkpoint, to the next (`MWS-4`).
const BATCHES_PER_SCAN: u64 = 10;

/// One batch, as the state of a partition sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    pub(crate) number: BatchNumber,
    pub(crate) time: Time,
    /// From one batch to the next.
    pub(crate) slide: Duration,
    /// How long a key may be idle; `None` if for ever.
    pub(crate) timeout: Option<Duration>,
    /// Whether idle keys are looked for in this batch, whatever its number.
    pub(crate) scans: bool,
}

impl Batch {
    fn is_checkpointed(self) -> bool {
        self.number.is_multiple_of(BATCHES_PER_SCAN)
    }

    /// The first batch that is not too long ago: keys that were last put before it have been idle
    /// for too long (`MWS-4`). `None` if none is.
    fn overdue_before(self) -> Option<BatchNumber> {
        let idle = self.timeout?.as_millis() / self.slide.as_millis();
        let first = self.number.checked_sub(BatchNumber::try_from(idle).ok()?)?;
        // The initial state, number 0, is as old as the first batch (`MWS-10`).
        (first > 1).then_some(first)
    }
}

/// The keys of one partition, with the order in which Spark would read them.
#[derive(Debug)]
pub(crate) struct KeyedState<K, S> {
    table: Arc<RwLock<Table<K, S>>>,
    /// Where keys come in the order of the JVM's tables; without it they come as they came.
    chain: Option<Chain>,
    /// The chain before it was flattened, until a job has ended since.
    as_it_was: Option<Chain>,
}

impl<K: Key, S: Data> KeyedState<K, S> {
    /// The state before the first batch, and as old as that, of which keys may time out or never do. Of
    /// a key that is there twice the last state counts (`MWS-10`).
    pub(crate) fn new(
        partitioner: Partitioner,
        initial: Vec<(K, S)>,
        times_out: bool,
    ) -> KeyedState<K, S> {
        let mut table = Table::with_room(initial.len(), times_out);
        table.begin(0);
        for (key, state) in initial {
            match table.find(&key) {
                (tag, None) => table.add(tag, &key, state),
                (_, Some(place)) => table.put(place, state),
            }
        }
        let chain = partitioner
            .has_tables()
            .then(|| Chain::new(touched(&table)));
        table.commit();
        KeyedState {
            table: Arc::new(RwLock::new(table)),
            chain,
            as_it_was: None,
        }
    }

    /// What the states take after the batch that was run.
    pub(crate) fn footprint(&self) -> Footprint {
        read(&self.table).footprint()
    }

    /// Runs a batch up to where it can be committed; when the function panics, or the batch is run
    /// anew, the state is that of the batch before. Returns what the function made of the records, in
    /// order, and then of the keys that were idle for too long (`MWS-2` to `MWS-6`, `MWS-11`).
    ///
    /// # Panics
    ///
    /// If the function does, with the key and the batch in the message.
    pub(crate) fn run<V: Data, M>(
        &mut self,
        batch: Batch,
        records: &[Vec<(K, V)>],
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M>,
    ) -> Vec<M> {
        blame::within(OPERATOR, batch.time, || self.tidy());
        let mut table = write(&self.table);
        table.begin(batch.number);
        let count: usize = records.iter().map(Vec::len).sum();
        let (mut mapped, mut at_hand) = (Vec::with_capacity(count), None);
        table.count(count, count);
        let all = catch_unwind(AssertUnwindSafe(|| {
            for block in records.iter().flat_map(|records| records.chunks(BLOCK)) {
                at_hand = None;
                let found = table.look_up(block.iter().map(|(key, _)| key));
                for (record, found) in block.iter().zip(found) {
                    at_hand = Some(&record.0);
                    let looked_up = (record, found);
                    self.apply(batch, &mut table, looked_up, function, &mut mapped);
                }
            }
        }));
        if let Err(payload) = all {
            blame::resume(payload.as_ref(), OPERATOR, at_hand, batch.time);
        }
        if batch.scans || batch.is_checkpointed() {
            self.time_out(batch, &mut table, &mut mapped, function);
        }
        mapped
    }

    /// Gives one record to the function, which was looked up with its block, and adds what is mapped.
    #[inline]
    fn apply<V: Data, M>(
        &self,
        batch: Batch,
        table: &mut Table<K, S>,
        ((key, value), found): (&(K, V), (Tag, Place)),
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M>,
        mapped: &mut Vec<M>,
    ) {
        let place = table.place_now(found, key);
        let before = place.and_then(|place| table.state(place));
        let had_state = before.is_some();
        let mut state = State::new(before);
        if let Some(row) = function(batch.time, key, Some(value.clone()), &mut state) {
            push(mapped, row);
        }
        match (state.into_change(), place) {
            (Change::Updated(state), Some(place)) => table.put(place, state),
            (Change::Updated(state), None) => table.add(found.0, key, state),
            (Change::Removed, Some(place)) => table.remove(place),
            // Spark's tables have a tombstone then, which takes a slot.
            (Change::Removed, None) if self.chain.is_some() => table.remove_nowhere(key),
            (Change::Untouched, Some(place)) if had_state && batch.timeout.is_some() => {
                table.refresh(place);
            }
            (Change::Removed | Change::Untouched, _) => {}
        }
    }

    /// Tells the function of every key that has been idle for too long, and removes it.
    fn time_out<V, M>(
        &self,
        batch: Batch,
        table: &mut Table<K, S>,
        mapped: &mut Vec<M>,
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M>,
    ) {
        let mut at_hand = None;
        let overdue = self.overdue(batch, table);
        table.count(0, overdue.len());
        let all = catch_unwind(AssertUnwindSafe(|| {
            for place in overdue {
                at_hand = Some(place);
                if let Some(state) = table.state(place) {
                    let (key, mut state) = (table.key(place), State::timing_out(state));
                    mapped.extend(function(batch.time, key, None, &mut state));
                }
                table.remove(place);
            }
        }));
        if let Err(payload) = all {
            let key = at_hand.map(|place| table.key(place));
            blame::resume(payload.as_ref(), OPERATOR, key, batch.time);
        }
    }

    /// The places of the keys that have been idle for too long, in the order in which Spark scans.
    fn overdue(&self, batch: Batch, table: &mut Table<K, S>) -> Vec<Place> {
        let Some(limit) = batch.overdue_before() else {
            return Vec::new();
        };
        let overdue = table.idle_before(limit);
        let chain = self.as_it_was.as_ref().or(self.chain.as_ref());
        let Some(chain) = chain.filter(|_| overdue.len() > 1) else {
            return overdue;
        };
        let mut chain = chain.clone();
        chain.push(batch.number, touched(table));
        let is_live = |place, batches: &Batches| is_in(table.put_in(place), batches);
        let is_overdue = |place: &Place| overdue.binary_search(place).is_ok();
        chain.places(&is_live).filter(is_overdue).collect()
    }

    /// Makes the batch that was run the last one. Returns the state after it, and what it took.
    pub(crate) fn commit(&mut self, batch: Batch) -> (Snapshot<K, S>, Counters) {
        let table = Arc::clone(&self.table);
        let mut open = write(&table);
        self.push_link(batch, &open);
        let counters = open.counters();
        open.commit();
        let snapshot = Snapshot {
            table: Arc::clone(&table),
            version: open.version(batch.number),
            chain: self.chain.clone(),
            as_it_was: self.as_it_was.clone(),
        };
        (snapshot, counters)
    }

    /// Makes room when most of the table is dead, not counting what a batch that failed has done. Snapshots
    /// keep the old one.
    fn tidy(&mut self) {
        let table = Arc::clone(&self.table);
        write(&table).undo();
        let table = read(&table);
        if !table.is_mostly_dead() {
            return;
        }
        let (tidy, moved) = table.tidied();
        for chain in [&mut self.chain, &mut self.as_it_was] {
            *chain = chain.take().map(|chain| chain.moved(&moved));
        }
        self.table = Arc::new(RwLock::new(tidy));
    }

    /// Nobody will read the batches so far in the order of before a chain was flattened.
    pub(crate) fn do_checkpoint(&mut self) {
        self.as_it_was = None;
    }

    /// Adds the delta of the open batch to the chain, which may then be flattened.
    fn push_link(&mut self, batch: Batch, open: &Table<K, S>) {
        let Some(chain) = &mut self.chain else {
            return;
        };
        let touched = touched(open);
        if let Some(as_it_was) = &mut self.as_it_was {
            as_it_was.push(batch.number, touched.clone());
        }
        chain.push(batch.number, touched);
        if batch.is_checkpointed() && chain.should_compact() {
            self.as_it_was.get_or_insert_with(|| chain.clone());
            chain.compact(open.keys_before());
        }
    }
}

/// The keys of one partition as they were after a batch, whatever comes later.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot<K, S> {
    table: Arc<RwLock<Table<K, S>>>,
    version: Version,
    chain: Option<Chain>,
    /// The chain before this batch, or one before it since a job has ended, flattened it.
    as_it_was: Option<Chain>,
}

impl<K: Key, S: Data> Snapshot<K, S> {
    /// Hands out keys with their states, in order: until the batch `is_checkpointed`, in that of the chain as
    /// it was before it was flattened (`MAP-4`).
    pub(crate) fn visit(
        &self,
        is_checkpointed: bool,
        run: &mut ChunkWriter<'_, (K, S)>,
    ) -> Result<(), Stop> {
        let table = read(&self.table);
        let past = table.at(self.version.batch);
        let mut visit = |place| match past.get(place) {
            Some((key, state, _)) => run.push((key.clone(), state.clone())),
            None => Ok(()),
        };
        let as_it_was = self.as_it_was.as_ref().filter(|_| !is_checkpointed);
        let Some(chain) = as_it_was.or(self.chain.as_ref()) else {
            return past.all_places().try_for_each(visit);
        };
        let is_live =
            |place, batches: &Batches| is_in(past.get(place).map(|(.., put_in)| put_in), batches);
        chain.places(&is_live).try_for_each(&mut visit)
    }
}

fn is_in(put_in: Option<BatchNumber>, batches: &Batches) -> bool {
    put_in.is_some_and(|put_in| batches.contains(&put_in))
}

/// What the open batch has touched.
fn touched<K: Key, S: Data>(table: &Table<K, S>) -> Vec<Touch> {
    let touch = |(place, key): (Place, &K)| Touch {
        place,
        hash: key.spark_hash(RowOrder::Jvm) as i32,
        is_put: table.put_in(place).is_some(),
    };
    table.touched().map(touch).collect()
}
