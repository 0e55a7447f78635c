//! `mapWithState`: each batch has a table of the keys that it touched, on top of those of earlier batches.

use std::collections::BTreeSet;

use scenario::{Emit, MappedTotals, SparkVersion};

use crate::append_only_map::AppendOnlyMap;
use crate::jvm::{self, Jvm};
use crate::language::{Language, Pair};
use crate::rules::{Rule, Rules};
use crate::timeline::Batch;

/// Batches from one checkpoint to the next; keys time out in checkpoints.
const BATCHES_PER_CHECKPOINT: usize = 10;

/// The number of links at which a checkpoint compacts a chain.
const LINKS_MOST: usize = 20;

/// The rows of each batch.
pub(crate) fn outputs(
    totals: &MappedTotals,
    partitions: usize,
    batches: &[Batch],
    rules: &Rules,
) -> Vec<Option<Vec<Pair>>> {
    let jvm = Jvm {
        partitions,
        // It matters for tuples only, and the keys are words.
        spark: SparkVersion::V3_5,
        rules,
    };
    let touched = initially_touched(batches, rules);
    let chains = (0..partitions).map(|number| Chain::new(number, rules));
    let mut chains: Vec<Chain<'_>> = chains.collect();
    for (word, total) in &totals.initial {
        chains[jvm.partition(word)].put_initial(word, *total, touched);
    }
    let mut outputs = Vec::new();
    for batch in batches {
        let lines = batch.blocks.iter().flatten();
        let words: Vec<String> = lines.flat_map(|line| jvm.words(line)).collect();
        let rows = chains.iter_mut().enumerate().map(|(number, chain)| {
            let is_here = |word: &&String| jvm.partition(word) == number;
            let words: Vec<&String> = words.iter().filter(is_here).collect();
            let (mapped, snapshot) = chain.run(batch, &words, totals);
            match totals.emit {
                Emit::Mapped => mapped,
                Emit::Snapshots => snapshot,
            }
        });
        outputs.push(Some(rows.flatten().collect()));
    }
    outputs
}

/// The time at which initial state was touched; without the rule the start of the program, an interval before.
fn initially_touched(batches: &[Batch], rules: &Rules) -> i64 {
    let mut times = batches.iter().map(|batch| batch.time);
    let first = times.next().unwrap_or(0);
    let interval = times.next().map_or(0, |second| second - first);
    if rules.hold(Rule::InitialStateIsTouched) {
        first
    } else {
        first - interval
    }
}

/// The total of a key and the time at which it was last touched; `None` if the key was removed.
type Entry = Option<(i64, i64)>;

type Table<'a> = AppendOnlyMap<'a, String, Entry>;

/// The state of one partition.
#[derive(Debug)]
struct Chain<'a> {
    partition: usize,
    /// The tables, oldest first.
    tables: Vec<Table<'a>>,
    /// The length of the chain as Spark counts it, with an empty copy of the first table.
    links: usize,
    rules: &'a Rules,
}

impl<'a> Chain<'a> {
    fn new(partition: usize, rules: &'a Rules) -> Chain<'a> {
        Chain {
            partition,
            tables: vec![Table::new(rules)],
            links: 1,
            rules,
        }
    }

    fn put_initial(&mut self, word: &String, total: i64, touched: i64) {
        let is_new = self.total(word).is_none();
        if is_new || self.rules.hold(Rule::LastInitialValueCounts) {
            *self.newest(word) = Some((total, touched));
        }
    }

    /// Runs a batch. Returns the rows of its records and of keys that time out, and the state that a later
    /// reader sees.
    fn run(
        &mut self,
        batch: &Batch,
        words: &[&String],
        totals: &MappedTotals,
    ) -> (Vec<Pair>, Vec<Pair>) {
        let is_first = batch.number == 1 && !self.rules.hold(Rule::InitialStateIsBelow);
        if self.rules.hold(Rule::DeltaForEachBatch) && !is_first {
            self.tables.push(Table::new(self.rules));
        }
        self.links += 1;
        let is_checkpoint = batch.number.is_multiple_of(BATCHES_PER_CHECKPOINT);
        let mut mapped = self.map(batch.time, words, totals.drop_at);
        let scans = is_checkpoint || totals.has_exact_timeouts();
        if scans || !self.rules.hold(Rule::ScansEveryTenBatches) {
            let timeout = totals.timeout.map(|it| it.as_millis() as i64);
            let timed_out = self.time_out(batch.time, timeout);
            let after = self.rules.hold(Rule::TimeoutsAfterRecords);
            let at = if after { mapped.len() } else { 0 };
            mapped.splice(at..at, timed_out);
        }
        let before = self.snapshot();
        if is_checkpoint && self.links >= LINKS_MOST && self.rules.hold(Rule::ChainIsCompacted) {
            self.compact(batch.time);
        }
        let read_before =
            self.partition == 0 && self.rules.hold(Rule::PartitionZeroBeforeCompaction);
        (mapped, if read_before { before } else { self.snapshot() })
    }

    /// Adds one to the word of each record, and returns each word with its total.
    fn map(&mut self, time: i64, words: &[&String], drop_at: Option<i64>) -> Vec<Pair> {
        let mut mapped: Vec<Pair> = Vec::new();
        for word in words {
            let old = self.total(word);
            let total = old.unwrap_or(0) + 1;
            if drop_at.is_none_or(|limit| total < limit) {
                *self.newest(word) = Some((total, time));
            } else if old.is_some() {
                self.remove(word);
            }
            if !self.rules.hold(Rule::RowForEachRecord) {
                mapped.retain(|(key, _)| key != *word);
            }
            mapped.push(((*word).clone(), total));
        }
        mapped
    }

    /// Removes the keys that were idle for longer than the time-out, and returns their totals.
    fn time_out(&mut self, time: i64, timeout: Option<i64>) -> Vec<Pair> {
        let Some(timeout) = timeout else {
            return Vec::new();
        };
        let mut live = live(&self.tables, self.rules);
        if !self.rules.hold(Rule::TimeoutsInTableOrder) {
            live.sort_by_key(|(_, (_, touched))| *touched);
        }
        let is_strict = self.rules.hold(Rule::TimeoutIsStrict);
        live.retain(|(_, (_, touched))| {
            let idle = time - touched;
            idle > timeout || (idle == timeout && !is_strict)
        });
        let rows = live.into_iter().map(|(word, (total, _))| {
            self.remove(&word);
            (word, total)
        });
        rows.collect()
    }

    /// Replaces all tables but the newest by one.
    fn compact(&mut self, time: i64) {
        let own = self.tables.pop();
        let own = own.expect("a batch has put its table on the chain");
        let mut old = live(&self.tables, self.rules);
        let entries = self.counted_by_compaction(&own, old.len());
        if !self.rules.hold(Rule::CompactionKeepsRemovedKeys) {
            let hash = |word: &String| jvm::hash(word, self.rules);
            old.retain(|(word, _)| own.get(hash(word), word) != Some(&None));
        }
        let room = if entries == 0 { 64 } else { entries };
        let mut flat = Table::with_room(room, self.rules);
        let keeps_times = self.rules.hold(Rule::CompactionKeepsTimes);
        for (word, (total, touched)) in old {
            let touched = if keeps_times { touched } else { time };
            *flat.value(jvm::hash(&word, self.rules), word) = Some((total, touched));
        }
        self.tables = vec![flat];
        self.links = 1;
        if self.rules.hold(Rule::CompactionSparesOwnTable) {
            self.tables.push(own);
        } else {
            for (word, entry) in own.iter() {
                *self.newest(word) = *entry;
            }
        }
    }

    /// The number of entries for which a compacted table has room: those of all tables, removed and
    /// overwritten ones among them.
    fn counted_by_compaction(&self, own: &Table<'_>, live: usize) -> usize {
        let with_tombstones = self.rules.hold(Rule::CompactionCountsTombstones);
        let counted = |table: &Table<'_>| {
            let entries = table.iter();
            entries
                .filter(|(_, entry)| entry.is_some() || with_tombstones)
                .count()
        };
        let old = if self.rules.hold(Rule::CompactionCountsEntries) {
            self.tables.iter().map(counted).sum()
        } else {
            live
        };
        let counts_own = self.rules.hold(Rule::CompactionCountsOwnTable);
        old + if counts_own { counted(own) } else { 0 }
    }

    fn snapshot(&self) -> Vec<Pair> {
        let live = live(&self.tables, self.rules).into_iter();
        live.map(|(word, (total, _))| (word, total)).collect()
    }

    /// The total of a word, from the newest table that has the word.
    fn total(&self, word: &String) -> Option<i64> {
        let hash = jvm::hash(word, self.rules);
        let entry = self
            .tables
            .iter()
            .rev()
            .find_map(|table| table.get(hash, word))?;
        entry.map(|(total, _)| total)
    }

    /// The entry of a word in the newest table, inserted if it has none.
    fn newest(&mut self, word: &str) -> &mut Entry {
        let hash = jvm::hash(word, self.rules);
        let table = self.tables.last_mut().expect("a chain begins with a table");
        table.value(hash, word.to_owned())
    }

    /// Marks a word as removed, by a tombstone in the newest table.
    fn remove(&mut self, word: &str) {
        *self.newest(word) = None;
    }
}

/// The live entries of the tables, oldest table first, each in slot order. An entry of a newer table hides
/// those of the same key in older tables, also if it is a tombstone.
fn live(tables: &[Table<'_>], rules: &Rules) -> Vec<(String, (i64, i64))> {
    let mut newer: BTreeSet<&String> = BTreeSet::new();
    let mut live = Vec::new();
    for table in tables.iter().rev() {
        let here: Vec<_> = in_slot_order(table, rules)
            .into_iter()
            .filter(|(word, _)| !newer.contains(word))
            .filter_map(|(word, entry)| Some((word.clone(), (*entry)?)))
            .collect();
        live.push(here);
        let hides =
            |(_, entry): &(&String, &Entry)| entry.is_some() || rules.hold(Rule::TombstonesHide);
        newer.extend(table.iter().filter(hides).map(|(word, _)| word));
    }
    live.into_iter().rev().flatten().collect()
}

/// The entries of a table in slot order. Tombstones take slots as other entries do.
fn in_slot_order<'t>(table: &'t Table<'_>, rules: &Rules) -> Vec<(&'t String, &'t Entry)> {
    let entries: Vec<_> = table.iter().collect();
    if rules.hold(Rule::TombstonesTakeSlots) {
        return entries;
    }
    let mut without = AppendOnlyMap::<&String, Option<&Entry>>::new(rules);
    for (word, entry) in entries.into_iter().filter(|(_, entry)| entry.is_some()) {
        *without.value(jvm::hash(word, rules), word) = Some(entry);
    }
    let live = without
        .iter()
        .filter_map(|(word, entry)| Some((*word, (*entry)?)));
    live.collect()
}
