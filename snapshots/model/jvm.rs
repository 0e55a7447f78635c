//! DStreams on the JVM: `String.hashCode` places words, and hash tables order them.

use scenario::{SparkVersion, Update};

use crate::append_only_map::AppendOnlyMap;
use crate::language::{Language, Pair, Partitions, Totals, kept, updated};
use crate::rules::{Rule, Rules};
use crate::{murmur, split, text};

/// Spark 3.5.9 with Scala 2.12, or Spark 4.3.0 with Scala 2.13, on Java 17.
#[derive(Debug)]
pub(crate) struct Jvm<'a> {
    pub(crate) partitions: usize,
    pub(crate) spark: SparkVersion,
    pub(crate) rules: &'a Rules,
}

type Table<'a, V> = AppendOnlyMap<'a, String, V>;

/// The number of new values of a key, which are ones, and its old total.
#[derive(Debug, Default)]
struct Group {
    ones: i64,
    old: Option<i64>,
}

/// The counts of a key: in the window before, and of the batches that left and came since.
#[derive(Debug, Default)]
struct Slid {
    before: Option<i64>,
    left: i64,
    came: i64,
}

impl Slid {
    /// The count of the window. A key that was not in the window before has only the batches that came.
    fn count(&self) -> i64 {
        match self.before {
            Some(before) => before - self.left + self.came,
            None => self.came,
        }
    }
}

impl Language for Jvm<'_> {
    fn words(&self, line: &str) -> Vec<String> {
        split::java(line, self.rules)
    }

    fn partition(&self, key: &str) -> usize {
        let hash = i64::from(hash(key, self.rules));
        self.rules
            .partition(Rule::JavaRemainderIsFloor, hash, self.partitions)
    }

    fn reduce(&self, tasks: &[Vec<Pair>]) -> Partitions {
        let mut reduced = self.tables::<i64>();
        for task in self.rules.ordered(Rule::JvmReadsTasksInOrder, tasks) {
            for (partition, word, count) in self.map_side(task) {
                *reduced[partition].value(hash(&word, self.rules), word) += count;
            }
        }
        reduced
            .iter()
            .map(|table| pairs(table, |count| *count))
            .collect()
    }

    /// The records of the batch in their order, then the old totals; the result is in slot order.
    fn update(&self, old: &Totals, tasks: &[Vec<Pair>], update: Update) -> Totals {
        let mut tables = self.tables::<Group>();
        let batch_first = self.rules.hold(Rule::JvmBatchBeforeState);
        for is_batch in [batch_first, !batch_first] {
            if is_batch {
                for (word, one) in tasks.iter().flatten() {
                    self.value(&mut tables[self.partition(word)], word).ones += one;
                }
            } else {
                for (table, old) in tables.iter_mut().zip(old) {
                    for (word, total) in old {
                        self.value(table, word).old = *total;
                    }
                }
            }
        }
        let updated = |group: &Group| updated(update, group.ones, group.old, self.rules);
        let totals = tables.iter().map(|table| pairs(table, updated));
        let kept = totals.map(|totals| totals.into_iter().filter(|(_, total)| total.is_some()));
        kept.map(Iterator::collect).collect()
    }

    fn join(&self, batches: &[&Partitions]) -> Partitions {
        self.slide(None, &[], batches)
    }

    /// One table takes the window before, the batches that left, and those that came.
    fn slide(
        &self,
        before: Option<&Partitions>,
        left: &[&Partitions],
        came: &[&Partitions],
    ) -> Partitions {
        let mut tables = self.tables::<Slid>();
        let before_first = self.rules.hold(Rule::PreviousWindowFirst);
        for (partition, table) in tables.iter_mut().enumerate() {
            for is_before in [before_first, !before_first] {
                if is_before {
                    for (word, count) in before.iter().flat_map(|it| &it[partition]) {
                        self.value(table, word).before = Some(*count);
                    }
                } else {
                    for (word, count) in left.iter().flat_map(|it| &it[partition]) {
                        self.value(table, word).left += count;
                    }
                    for (word, count) in came.iter().flat_map(|it| &it[partition]) {
                        self.value(table, word).came += count;
                    }
                }
            }
        }
        let window = tables.iter().map(|it| pairs(it, Slid::count));
        kept(window.collect(), self.rules)
    }

    fn inverts(&self, _length: usize, _slide: usize) -> bool {
        true
    }

    fn time(&self, millis: i64, zone: &str) -> String {
        if self.rules.hold(Rule::TimeInMilliseconds) {
            format!("{millis} ms")
        } else {
            text::python_time(millis, zone, self.rules)
        }
    }

    fn row(&self, pair: &Pair) -> String {
        let (word, count) = pair;
        if self.rules.hold(Rule::TupleIsBare) {
            format!("({word},{count})")
        } else {
            format!("({},{count})", text::repr(word, self.rules))
        }
    }
}

impl Jvm<'_> {
    fn value<'t, V: Default>(&self, table: &'t mut Table<'_, V>, word: &str) -> &'t mut V {
        table.value(hash(word, self.rules), word.to_owned())
    }

    fn tables<V: Default>(&self) -> Vec<Table<'_, V>> {
        (0..self.partitions)
            .map(|_| AppendOnlyMap::new(self.rules))
            .collect()
    }

    /// The output of a map task of `reduceByKey`: combined in a table of `(partition, word)`, then sorted by
    /// partition and hash code. The sort keeps words of one hash code in the order of the table.
    fn map_side(&self, task: &[Pair]) -> Vec<(usize, String, i64)> {
        let mut table = AppendOnlyMap::<(usize, String), i64>::new(self.rules);
        for (word, count) in task {
            let partition = self.partition(word);
            let hash = self.tuple_hash(partition, word);
            *table.value(hash, (partition, word.clone())) += count;
        }
        let combined = table.iter();
        let mut sent: Vec<_> = combined
            .map(|((partition, word), count)| (*partition, word.clone(), *count))
            .collect();
        let signed = self.rules.hold(Rule::MapSideSortIsSigned);
        if self.rules.hold(Rule::MapSideIsSorted) {
            sent.sort_by_key(|(partition, word, _)| {
                let hash = hash(word, self.rules);
                let unsigned = i64::from(hash.cast_unsigned());
                (*partition, if signed { i64::from(hash) } else { unsigned })
            });
        }
        sent
    }

    /// `Tuple2.hashCode`: `MurmurHash3.productHash`.
    fn tuple_hash(&self, partition: usize, word: &str) -> i32 {
        let hash = hash(word, self.rules);
        if !self.rules.hold(Rule::EqualHashesByTuple) {
            return hash;
        }
        let is_named = self.spark == SparkVersion::V4 && self.rules.hold(Rule::TupleHashHasName);
        let name = is_named.then(|| self::hash("Tuple2", self.rules).cast_unsigned());
        let parts = [partition as u32, hash.cast_unsigned()];
        let tuple = name
            .into_iter()
            .chain(parts)
            .fold(0xcafe_babe, murmur::take);
        murmur::finish(tuple, 2).cast_signed()
    }
}

fn pairs<V: Default, T>(table: &Table<'_, V>, value: impl Fn(&V) -> T) -> Vec<(String, T)> {
    let pairs = table.iter();
    pairs.map(|(word, it)| (word.clone(), value(it))).collect()
}

/// `String.hashCode`.
pub(crate) fn hash(text: &str, rules: &Rules) -> i32 {
    let units: Vec<u32> = if rules.hold(Rule::JavaHashesUnits) {
        text.encode_utf16().map(u32::from).collect()
    } else {
        text.chars().map(u32::from).collect()
    };
    let hash = units.iter().fold(0, |hash: u32, unit| {
        hash.wrapping_mul(31).wrapping_add(*unit)
    });
    hash.cast_signed()
}
