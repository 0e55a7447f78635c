//! The word count as a query: partial aggregation, shuffle, state, console.

use std::collections::BTreeSet;

use scenario::{OutputMode, Scenario, Structured};

use crate::concurrent_hash_map::ConcurrentHashMap;
use crate::first_seen::FirstSeen;
use crate::language::Pair;
use crate::rules::{Rule, Rules};
use crate::timeline::micro_batches;
use crate::{murmur, split, table};

/// The console text of the query.
pub(crate) fn print(scenario: &Scenario, query: &Structured, rules: &Rules) -> String {
    let partitions = scenario.cluster.shuffle_partitions;
    let mut states = vec![ConcurrentHashMap::new(row_hash, rules); partitions];
    let mut printed = String::new();
    for (id, lines) in micro_batches(scenario, query, rules).iter().enumerate() {
        let tasks = deal(lines, scenario.cluster.cores, rules);
        let merged = merge(&tasks, partitions, rules);
        let mut rows: Vec<Pair> = Vec::new();
        for (state, counts) in states.iter_mut().zip(merged) {
            let touched = put(state, counts, id > 0, rules);
            let as_merged = rules.hold(Rule::UpdateModeInMergeOrder);
            let words: Vec<&String> = touched.iter().map(|(word, _)| word).collect();
            match query.output {
                OutputMode::Complete => rows.extend(state.iter()),
                OutputMode::Update | OutputMode::Append if as_merged => rows.extend(touched),
                OutputMode::Update | OutputMode::Append => {
                    rows.extend(state.iter().filter(|(word, _)| words.contains(&word)));
                }
            }
        }
        printed += &table::block(id, &rows, query, scenario.spark, rules);
    }
    printed
}

/// The words of each task's lines.
fn deal(lines: &[String], tasks: usize, rules: &Rules) -> Vec<Vec<String>> {
    let mut dealt = vec![Vec::new(); tasks];
    for (number, line) in lines.iter().enumerate() {
        let task = if rules.hold(Rule::LinesAreDealt) {
            number % tasks
        } else {
            number * tasks / lines.len()
        };
        dealt[task].extend(split::sql(line, rules));
    }
    dealt
}

/// The counts of each reduce partition, in the order in which they come from the tasks.
fn merge(tasks: &[Vec<String>], partitions: usize, rules: &Rules) -> Vec<Vec<Pair>> {
    let first_seen = rules.hold(Rule::SqlFirstSeenOrder);
    let mut merged: Vec<FirstSeen<i64>> = (0..partitions).map(|_| FirstSeen::new()).collect();
    for words in rules.ordered(Rule::SqlReadsTasksInOrder, tasks) {
        let mut counts = FirstSeen::<i64>::new();
        for word in words {
            *counts.value(word) += 1;
        }
        for (word, count) in in_aggregation_order(counts.into_pairs(first_seen), rules) {
            let hash = i64::from(shuffle_hash(&word, rules));
            let partition = rules.partition(Rule::SqlRemainderIsFloor, hash, partitions);
            *merged[partition].value(&word) += count;
        }
    }
    merged
        .into_iter()
        .map(|counts| counts.into_pairs(first_seen))
        .collect()
}

/// The counts in the order of a partial aggregation: first the words that its fast map took, then those that
/// it refused because the two buckets that it looks at were taken.
fn in_aggregation_order(counts: Vec<Pair>, rules: &Rules) -> Vec<Pair> {
    if !rules.hold(Rule::RefusedWordsComeLast) {
        return counts;
    }
    let looks = 1 + i64::from(rules.hold(Rule::FastMapLooksTwice));
    let mut taken = BTreeSet::new();
    let finds_room = |(word, _): &Pair| {
        let first = fast_map_hash(word);
        (0..looks).any(|step| taken.insert((first + step) & 0x1_ffff))
    };
    let (fast, refused): (Vec<Pair>, Vec<Pair>) = counts.into_iter().partition(finds_room);
    [fast, refused].concat()
}

/// The hash that Spark generates for a key of one text, over its signed bytes.
fn fast_map_hash(word: &str) -> i64 {
    let golden = 0x9e37_79b9_u32.cast_signed();
    let mut hash = 0_i32;
    for byte in word.bytes() {
        let right = (hash.cast_unsigned() >> 2).cast_signed();
        let byte = i32::from(byte.cast_signed());
        hash = (hash ^ golden)
            .wrapping_add(byte)
            .wrapping_add(hash << 6)
            .wrapping_add(right);
    }
    i64::from(golden) + i64::from(hash)
}

/// Spark's Murmur3 (`hashUnsafeBytes`): each byte after the last whole word is taken as a signed word.
fn shuffle_hash(word: &str, rules: &Rules) -> i32 {
    let seed = if rules.hold(Rule::MurmurSeedIs42) {
        42
    } else {
        0
    };
    let (mut hash, rest) = murmur::take_words(seed, word.as_bytes());
    if rules.hold(Rule::MurmurTailIsWords) {
        for byte in rest {
            let signed = i32::from(byte.cast_signed()).cast_unsigned();
            let is_signed = rules.hold(Rule::MurmurTailIsSigned);
            hash = murmur::take(hash, if is_signed { signed } else { u32::from(*byte) });
        }
    } else if !rest.is_empty() {
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        hash ^= murmur::mix_word(u32::from_le_bytes(last));
    }
    murmur::finish(hash, word.len()).cast_signed()
}

/// Adds the counts to the state, after the first batch to a copy of it. Returns the new totals.
fn put(
    state: &mut ConcurrentHashMap<'_>,
    counts: Vec<Pair>,
    is_copied: bool,
    rules: &Rules,
) -> Vec<Pair> {
    let has_words = !counts.is_empty() || rules.hold(Rule::StateIsCopiedWithoutWords);
    if is_copied && has_words && rules.hold(Rule::StateIsCopied) {
        *state = state.copy();
    }
    let touched = counts.into_iter().map(|(word, count)| {
        let total = state.get(&word).unwrap_or(0) + count;
        state.put(&word, total);
        (word, total)
    });
    touched.collect()
}

/// The hash of the row of a key (`UnsafeRow.hashCode`): null bits, offset and length of the text, and the
/// text in whole words of eight bytes.
fn row_hash(word: &str, rules: &Rules) -> u32 {
    let mut row = Vec::new();
    if rules.hold(Rule::RowHashHasHeader) {
        row.extend([0; 8]);
        row.extend((16_u64 << 32 | word.len() as u64).to_le_bytes());
    }
    row.extend(word.bytes());
    row.resize(row.len().next_multiple_of(8), 0);
    let (hash, _) = murmur::take_words(42, &row);
    murmur::finish(hash, row.len())
}
