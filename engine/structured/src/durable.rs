//! The writes of a query with a checkpoint, and the steps that wait for them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::{
    Outbox, QueryContent, QueryFile, QueryOffsets, StateChange, StateVersion, Text, Time, Write,
    WriteContent, WriteId,
};

use crate::incremental::{StateChanges, StateOperator};
use crate::recover::Found;

/// The micro-batches, and versions of states, that are kept (`spark.sql.streaming.minBatchesToRetain`).
const KEPT: u64 = 100;

/// A snapshot is written when more changes than this have been saved since the last one
/// (`spark.sql.streaming.stateStore.minDeltasForSnapshot`).
const DELTAS: u64 = 10;

/// The time between two looks at the saved states (`spark.sql.streaming.stateStore.maintenanceInterval`).
const MAINTENANCE: Duration = Duration::from_mins(1);

/// The writes of a query, and what is in its checkpoint.
#[derive(Debug)]
pub(crate) struct Durable {
    writes: u64,
    /// The writes that are under way, by file.
    in_flight: BTreeMap<WriteId, InFlight>,
    offsets: BTreeSet<u64>,
    commits: BTreeSet<u64>,
    has_metadata: bool,
    /// The operators whose types are saved.
    schemas: BTreeSet<usize>,
    states: SavedVersions,
    maintenance: Option<Time>,
}

/// The purpose of a write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum InFlight {
    /// The query waits for the file.
    File(QueryFile),
    /// Nothing waits for it: a snapshot, or the removal of what is old.
    Maintenance,
}

/// The saved versions of the state stores.
#[derive(Debug, Default)]
struct SavedVersions {
    /// The last one.
    last: u64,
    /// The versions of which a snapshot is there, and of how many stores. One that some lack does not count.
    snapshots: BTreeMap<u64, usize>,
    /// The oldest version of which a file is there.
    oldest: u64,
    /// The number of stores of each operator.
    stores: Vec<usize>,
}

impl Durable {
    pub(crate) fn new() -> Durable {
        Durable {
            writes: 0,
            in_flight: BTreeMap::new(),
            offsets: BTreeSet::new(),
            commits: BTreeSet::new(),
            has_metadata: false,
            schemas: BTreeSet::new(),
            states: SavedVersions {
                oldest: 1,
                ..SavedVersions::default()
            },
            maintenance: None,
        }
    }

    /// Goes on with the folder as it was found. The states of the query are of this version; each operator has as many
    /// stores.
    pub(crate) fn recover(&mut self, found: Found, version: u64, stores: Vec<usize>) {
        self.has_metadata = found.id.is_some();
        self.schemas = found.schemas;
        self.offsets = found.offsets;
        self.commits = found.commits;
        if !stores.is_empty() {
            self.states = SavedVersions::of(&found.states, version, stores);
        }
    }

    /// Saves the id of the query, unless the folder has one.
    pub(crate) fn start(&mut self, id: Text, outbox: &mut Outbox) {
        if !std::mem::replace(&mut self.has_metadata, true) {
            self.write(QueryFile::Metadata, QueryContent::Metadata(id), outbox);
        }
    }

    /// Adds to a source's own log.
    pub(crate) fn log_source(
        &mut self,
        source: usize,
        entry: u64,
        content: QueryContent,
        outbox: &mut Outbox,
    ) {
        let file = QueryFile::Source { source, entry };
        self.write(file, content, outbox);
    }

    /// Logs the input of a micro-batch.
    pub(crate) fn log_offsets(&mut self, batch: u64, offsets: QueryOffsets, outbox: &mut Outbox) {
        self.offsets.insert(batch);
        let file = QueryFile::Offsets { batch };
        self.write(file, QueryContent::Offsets(offsets), outbox);
    }

    /// Saves the changes that a micro-batch made to the stores of all operators, and their types before.
    pub(crate) fn save(
        &mut self,
        batch: u64,
        changes: StateChanges,
        operators: &[StateOperator],
        outbox: &mut Outbox,
    ) {
        for (operator, StateOperator { schema, .. }) in operators.iter().enumerate() {
            if self.schemas.insert(operator) {
                let file = QueryFile::Schema { operator };
                self.write(file, QueryContent::Schema(schema.clone()), outbox);
            }
        }
        let stores = operators
            .iter()
            .map(|operator| operator.partitions)
            .collect();
        self.states.stores = stores;
        self.states.last = batch + 1;
        for (state, changes) in self.states.of_stores(changes) {
            self.write(
                QueryFile::Delta(state),
                QueryContent::States(changes),
                outbox,
            );
        }
    }

    /// True if the end of a micro-batch is in the log already: another query has the same folder, or the log of offsets
    /// lost its last entry.
    pub(crate) fn is_committed(&self, batch: u64) -> bool {
        self.commits.contains(&batch)
    }

    /// Logs the end of a micro-batch.
    pub(crate) fn commit(&mut self, batch: u64, next_watermark_ms: i64, outbox: &mut Outbox) {
        self.commits.insert(batch);
        let file = QueryFile::Commit { batch };
        self.write(file, QueryContent::Commit(next_watermark_ms), outbox);
    }

    /// Has the log entries removed that are too old, before a micro-batch runs.
    pub(crate) fn purge(&mut self, batch: u64, outbox: &mut Outbox) {
        let Some(oldest) = batch.checked_sub(KEPT).filter(|oldest| *oldest > 0) else {
            return;
        };
        let old = |log: &mut BTreeSet<u64>| {
            let kept = log.split_off(&oldest);
            std::mem::replace(log, kept)
        };
        let offsets = old(&mut self.offsets).into_iter();
        let commits = old(&mut self.commits).into_iter();
        let files = offsets.map(|batch| QueryFile::Offsets { batch });
        let files = files.chain(commits.map(|batch| QueryFile::Commit { batch }));
        self.remove(files.collect(), outbox);
    }

    /// From now on the saved states are looked after.
    pub(crate) fn begin_maintenance(&mut self, now: Time) {
        if self.maintenance.is_none() {
            self.maintenance = now.checked_add(MAINTENANCE);
        }
    }

    /// The time at which there is something to do for the saved states.
    pub(crate) fn next_maintenance(&self) -> Option<Time> {
        let is_needed = self.states.wants_snapshot() || self.states.unneeded().is_some();
        self.maintenance.filter(|_| is_needed)
    }

    /// True if it is time to look after the saved states (`SS-5`), which is not asked for again until the next time.
    pub(crate) fn is_maintenance_due(&mut self, now: Time) -> bool {
        let mut is_due = false;
        while let Some(due) = self.maintenance.filter(|due| *due <= now) {
            is_due = true;
            self.maintenance = due.checked_add(MAINTENANCE);
        }
        is_due
    }

    /// True if enough changes were saved since the last snapshot for another one.
    pub(crate) fn wants_snapshot(&self) -> bool {
        self.states.wants_snapshot()
    }

    /// Writes all states of the stores.
    pub(crate) fn snapshot(&mut self, states: StateChanges, outbox: &mut Outbox) {
        for (state, states) in self.states.of_stores(states) {
            let content = WriteContent::QueryFile {
                file: QueryFile::Snapshot(state),
                content: QueryContent::States(states),
            };
            self.ask(content, InFlight::Maintenance, outbox);
        }
        let stores = self.states.store_count();
        self.states.snapshots.insert(self.states.last, stores);
    }

    /// Has the files of states removed that no version needs any more.
    pub(crate) fn clean_states(&mut self, outbox: &mut Outbox) {
        let Some(before) = self.states.unneeded() else {
            return;
        };
        let mut files = Vec::new();
        for (operator, partition) in self.states.places() {
            for version in self.states.oldest..before {
                let state = StateVersion {
                    operator,
                    partition,
                    version,
                };
                files.push(QueryFile::Delta(state));
                if self.states.snapshots.contains_key(&version) {
                    files.push(QueryFile::Snapshot(state));
                }
            }
        }
        self.states.snapshots = self.states.snapshots.split_off(&before);
        self.states.oldest = before;
        self.remove(files, outbox);
    }

    /// True if the query waits for something.
    pub(crate) fn is_waiting(&self) -> bool {
        self.in_flight
            .values()
            .any(|what| matches!(what, InFlight::File(_)))
    }

    /// Takes out what a write was for that has ended.
    ///
    /// # Panics
    ///
    /// Panics if it was not asked for, or has ended before.
    pub(crate) fn take(&mut self, id: WriteId) -> InFlight {
        let taken = self.in_flight.remove(&id);
        taken.expect("each write is acknowledged once")
    }

    fn write(&mut self, file: QueryFile, content: QueryContent, outbox: &mut Outbox) {
        let content = WriteContent::QueryFile { file, content };
        self.ask(content, InFlight::File(file), outbox);
    }

    fn remove(&mut self, files: Vec<QueryFile>, outbox: &mut Outbox) {
        if !files.is_empty() {
            let content = WriteContent::RemoveQueryFiles(files);
            self.ask(content, InFlight::Maintenance, outbox);
        }
    }

    fn ask(&mut self, content: WriteContent, what: InFlight, outbox: &mut Outbox) {
        let id = WriteId(self.writes);
        self.writes += 1;
        self.in_flight.insert(id, what);
        outbox.write(Write { id, content });
    }
}

impl SavedVersions {
    /// The versions that these files are of.
    fn of(files: &BTreeSet<QueryFile>, version: u64, stores: Vec<usize>) -> SavedVersions {
        let mut oldest = None;
        let mut snapshots: BTreeMap<u64, usize> = BTreeMap::new();
        for file in files {
            let (QueryFile::Delta(state) | QueryFile::Snapshot(state)) = file else {
                continue;
            };
            oldest = Some(oldest.unwrap_or(state.version).min(state.version));
            if let QueryFile::Snapshot(_) = file {
                *snapshots.entry(state.version).or_default() += 1;
            }
        }
        SavedVersions {
            last: version,
            snapshots,
            oldest: oldest.unwrap_or(1),
            stores,
        }
    }

    fn store_count(&self) -> usize {
        self.stores.iter().sum()
    }

    /// The operator and the partition of each store.
    fn places(&self) -> Vec<(usize, usize)> {
        let operators = self.stores.iter().enumerate();
        operators
            .flat_map(|(operator, stores)| (0..*stores).map(move |partition| (operator, partition)))
            .collect()
    }

    /// Lists for all stores, at the last version; empty ones where there are none.
    fn of_stores(&self, lists: StateChanges) -> Vec<(StateVersion, Vec<StateChange>)> {
        let lists = lists.into_iter().map(BTreeMap::from_iter);
        let mut lists: Vec<BTreeMap<usize, Vec<StateChange>>> = lists.collect();
        let states = self.places().into_iter().map(|(operator, partition)| {
            let list = lists
                .get_mut(operator)
                .and_then(|lists| lists.remove(&partition));
            let state = StateVersion {
                operator,
                partition,
                version: self.last,
            };
            (state, list.unwrap_or_default())
        });
        states.collect()
    }

    /// The last snapshot up to a version.
    fn snapshot(&self, version: u64) -> Option<u64> {
        let mut snapshots = self.snapshots.range(..=version).rev();
        let whole = snapshots.find(|(_, count)| **count >= self.store_count());
        whole.map(|(version, _)| *version)
    }

    fn wants_snapshot(&self) -> bool {
        let since = self.snapshot(self.last).unwrap_or(self.oldest - 1);
        self.last.saturating_sub(since) > DELTAS
    }

    /// The version before which no file is needed, if there is one: the last [`KEPT`] versions can be put together from
    /// what stays.
    fn unneeded(&self) -> Option<u64> {
        let kept = self.last.checked_sub(KEPT).filter(|kept| *kept > 0)?;
        self.snapshot(kept)
            .filter(|snapshot| *snapshot > self.oldest)
    }
}
