//! DStreams from Python: `SipHash` places words, and they keep the order of first occurrence.

use std::collections::BTreeMap;

use scenario::Update;

use crate::first_seen::FirstSeen;
use crate::language::{self, Language, Pair, Partitions, Totals};
use crate::rules::{Rule, Rules};
use crate::{split, text};

/// PySpark 3.5.9 on CPython 3.11, `PYTHONHASHSEED=0`.
#[derive(Debug)]
pub(crate) struct Python<'a> {
    pub(crate) partitions: usize,
    pub(crate) rules: &'a Rules,
}

impl Language for Python<'_> {
    fn words(&self, line: &str) -> Vec<String> {
        split::python(line, self.rules)
    }

    fn partition(&self, key: &str) -> usize {
        let hash = hash(key, self.rules);
        self.rules
            .partition(Rule::PythonRemainderIsFloor, hash, self.partitions)
    }

    fn reduce(&self, tasks: &[Vec<Pair>]) -> Partitions {
        let mut reduced = self.empty_partitions();
        for task in self.rules.ordered(Rule::PythonReadsTasksInOrder, tasks) {
            let mut combined = FirstSeen::<i64>::new();
            for (word, count) in task {
                *combined.value(word) += count;
            }
            for (word, count) in self.in_order(combined) {
                *reduced[self.partition(&word)].value(&word) += count;
            }
        }
        reduced
            .into_iter()
            .map(|words| self.in_order(words))
            .collect()
    }

    fn update(&self, old: &Totals, tasks: &[Vec<Pair>], update: Update) -> Totals {
        let partitions = old.iter().zip(self.reduce(tasks));
        partitions
            .map(|(old, ones)| self.update_partition(old, &ones, update))
            .collect()
    }

    /// The partitions of the batches are the tasks of another `reduceByKey`.
    fn join(&self, batches: &[&Partitions]) -> Partitions {
        let tasks: Vec<Vec<Pair>> = batches.iter().copied().flatten().cloned().collect();
        self.reduce(&tasks)
    }

    /// The window before, less the batches that left, and the batches that came are the tasks of another
    /// `reduceByKey`.
    fn slide(
        &self,
        before: Option<&Partitions>,
        left: &[&Partitions],
        came: &[&Partitions],
    ) -> Partitions {
        let Some(before) = before else {
            return self.join(came);
        };
        let mut less: BTreeMap<&str, i64> = BTreeMap::new();
        for (word, count) in left.iter().copied().flatten().flatten() {
            *less.entry(word).or_default() += count;
        }
        let mut stayed = before.clone();
        for (word, count) in stayed.iter_mut().flatten() {
            *count -= less.get(&**word).copied().unwrap_or(0);
        }
        let stayed = language::kept(stayed, self.rules);
        let mut parts = came.to_vec();
        let first = self.rules.hold(Rule::PreviousWindowFirst);
        parts.insert(if first { 0 } else { parts.len() }, &stayed);
        self.join(&parts)
    }

    fn inverts(&self, length: usize, slide: usize) -> bool {
        length >= 5 * slide || !self.rules.hold(Rule::PythonInverseFromFiveSlides)
    }

    fn time(&self, millis: i64, zone: &str) -> String {
        text::python_time(millis, zone, self.rules)
    }

    fn row(&self, pair: &Pair) -> String {
        let (word, count) = pair;
        format!("({}, {count})", text::repr(word, self.rules))
    }
}

impl Python<'_> {
    /// The old keys in their order, then the new ones in the order of occurrence.
    fn update_partition(
        &self,
        old: &[(String, Option<i64>)],
        ones: &[Pair],
        update: Update,
    ) -> Vec<(String, Option<i64>)> {
        let totals: BTreeMap<&String, Option<i64>> = old.iter().map(|it| (&it.0, it.1)).collect();
        let counts: BTreeMap<&String, i64> = ones.iter().map(|it| (&it.0, it.1)).collect();
        let old = old.iter().map(|it| &it.0);
        let new = ones.iter().map(|it| &it.0);
        let words: Vec<&String> = if self.rules.hold(Rule::PythonOldKeysFirst) {
            let new = new.filter(|word| !totals.contains_key(word));
            old.chain(new).collect()
        } else {
            let idle = old.filter(|word| !counts.contains_key(word));
            new.chain(idle).collect()
        };
        let updated = words.into_iter().map(|word| {
            let ones = counts.get(word).copied().unwrap_or(0);
            let old = totals.get(word).copied().flatten();
            let is_there = ones > 0 || old.is_some();
            let total = language::updated(update, ones, old, self.rules).filter(|_| is_there);
            (word.clone(), total)
        });
        let leaves = self.rules.hold(Rule::PythonReturningKeyIsLast);
        updated
            .filter(|(_, total)| total.is_some() || !leaves)
            .collect()
    }

    fn empty_partitions(&self) -> Vec<FirstSeen<i64>> {
        (0..self.partitions).map(|_| FirstSeen::new()).collect()
    }

    fn in_order(&self, words: FirstSeen<i64>) -> Vec<Pair> {
        words.into_pairs(self.rules.hold(Rule::PythonFirstSeenOrder))
    }
}

/// `hash(text)`.
fn hash(text: &str, rules: &Rules) -> i64 {
    if text.is_empty() && rules.hold(Rule::PythonEmptyTextIsZero) {
        return 0;
    }
    let rounds = if rules.hold(Rule::SipHashOneThree) {
        Rounds { word: 1, end: 3 }
    } else {
        Rounds { word: 2, end: 4 }
    };
    match sip_hash(&buffer(text, rules), &rounds).cast_signed() {
        // -1 means an error in the C code of CPython.
        -1 => -2,
        hash => hash,
    }
}

/// The text as `CPython` keeps it: all characters as wide as the widest.
fn buffer(text: &str, rules: &Rules) -> Vec<u8> {
    let (rule, width) = match text.chars().max() {
        None | Some('\0'..='\x7f') => return text.as_bytes().to_vec(),
        Some('\u{80}'..='\u{ff}') => (Rule::LatinTextIsBytes, 1),
        Some('\u{100}'..='\u{ffff}') => (Rule::BasicTextIsTwoBytes, 2),
        Some('\u{10000}'..) => (Rule::AstralTextIsFourBytes, 4),
    };
    if !rules.hold(rule) {
        return text.as_bytes().to_vec();
    }
    let characters = text
        .chars()
        .map(|character| u32::from(character).to_le_bytes());
    characters
        .flat_map(|bytes| bytes[..width].to_vec())
        .collect()
}

/// The rounds of a `SipHash`.
struct Rounds {
    /// For each word of eight bytes.
    word: usize,
    /// At the end.
    end: usize,
}

/// `SipHash` by Aumasson and Bernstein, its key all zero.
fn sip_hash(bytes: &[u8], rounds: &Rounds) -> u64 {
    let mut state: [u64; 4] = [
        0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    last[7] = bytes.len() as u8;
    for word in words.iter().chain([&last]) {
        let word = u64::from_le_bytes(*word);
        state[3] ^= word;
        (0..rounds.word).for_each(|_| sip_round(&mut state));
        state[0] ^= word;
    }
    state[2] ^= 0xff;
    (0..rounds.end).for_each(|_| sip_round(&mut state));
    state.into_iter().fold(0, |hash, part| hash ^ part)
}

fn sip_round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32).wrapping_add(*d);
    *c = c.wrapping_add(*b);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}
