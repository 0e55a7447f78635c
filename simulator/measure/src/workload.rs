//! Input made from a seed: so many words, over so many keys, so many on a line.

use engine::{Block, Text};
use random::Dice;

use crate::draw::Drawer;

/// Which keys come in a batch, and how often each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keys {
    /// So many keys, all alike.
    Uniform(usize),
    /// So many keys; key `k`, from 1, in proportion to `k` to the power of minus this exponent: Zipf's
    /// law. With exponent 0 all come alike.
    Zipf(usize, f64),
    /// Of so many keys, `active` distinct ones, drawn anew for each batch, in turn.
    Active {
        /// How many keys there are.
        keys: usize,
        /// How many of them come in a batch, at most `keys`.
        active: usize,
    },
}

const WORDS_PER_LINE: usize = 10;

/// Batches of text lines. The same workload makes the same lines on every machine.
///
/// ```
/// use measure::{Keys, Workload};
/// let lines = Workload::new(25, Keys::Uniform(1_000)).lines();
/// let words: Vec<usize> = lines.iter().map(|line| line.split_whitespace().count()).collect();
/// assert_eq!(words, [10, 10, 5]);
/// assert!(lines[0].starts_with("key-00000"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Workload {
    words: usize,
    keys: Keys,
    seed: u64,
}

impl Workload {
    /// Batches of `words` words in lines of ten, drawn over `keys`, such as `key-00000017`.
    pub fn new(words: usize, keys: Keys) -> Workload {
        Workload {
            words,
            keys,
            seed: 0,
        }
    }

    /// The same drawn by another seed.
    pub fn seed(self, seed: u64) -> Workload {
        Workload { seed, ..self }
    }

    /// The lines of the first batch; the last one is shorter where the words do not come out even.
    ///
    /// # Panics
    ///
    /// Panics if there are words but no keys.
    pub fn lines(self) -> Vec<Text> {
        self.batch(&Drawer::new(self.keys), 0)
    }

    /// The lines of so many batches, each drawn by itself.
    ///
    /// # Panics
    ///
    /// Panics if there are words but no keys.
    pub fn batches(self, count: usize) -> Vec<Vec<Text>> {
        let drawer = Drawer::new(self.keys);
        (0..count)
            .map(|number| self.batch(&drawer, number))
            .collect()
    }

    fn batch(self, drawer: &Drawer, number: usize) -> Vec<Text> {
        lines_of(drawer.draw(self.words, &mut Dice::new(self.seed, number as u64)))
    }
}

/// The name of a key: `key-00000017`.
pub fn key_name(key: usize) -> String {
    format!("key-{key:08}")
}

/// These keys as lines of ten words.
pub(crate) fn lines_of(keys: impl IntoIterator<Item = usize>) -> Vec<Text> {
    let mut keys = keys.into_iter().map(key_name).peekable();
    let mut lines = Vec::new();
    while keys.peek().is_some() {
        let words: Vec<String> = keys.by_ref().take(WORDS_PER_LINE).collect();
        lines.push(Text::from(words.join(" ")));
    }
    lines
}

/// Cuts lines into so many blocks, alike but for what does not come out even.
///
/// ```
/// use measure::{Keys, Workload, blocks};
/// let lines = Workload::new(100, Keys::Uniform(10)).lines();
/// let lengths: Vec<usize> = blocks(&lines, 3).iter().map(|block| block.len()).collect();
/// assert_eq!(lengths, [4, 4, 2]);
/// ```
///
/// # Panics
///
/// Panics if `count` is 0.
pub fn blocks(lines: &[Text], count: usize) -> Vec<Block> {
    let length = lines.len().div_ceil(count).max(1);
    lines.chunks(length).map(Block::from).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// How often each word comes, in the order of the alphabet.
    fn counts(lines: &[Text]) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for word in lines.iter().flat_map(|line| line.as_str().split(' ')) {
            *counts.entry(word).or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_workload_is_fixed_by_its_seed() {
        let workload = Workload::new(100, Keys::Zipf(10, 1.0));
        assert_eq!(workload.lines(), workload.lines());
        assert_ne!(workload.lines(), workload.seed(1).lines());
    }

    #[test]
    fn batches_differ_and_the_first_is_that_of_lines() {
        let workload = Workload::new(100, Keys::Uniform(1_000));
        let batches = workload.batches(3);
        assert_eq!(batches[0], workload.lines());
        assert!(batches[0] != batches[1] && batches[1] != batches[2]);
    }

    #[test]
    fn uniform_keys_come_alike_often() {
        let lines = Workload::new(10_000, Keys::Uniform(10)).lines();
        let counts = counts(&lines);
        assert_eq!(counts.len(), 10);
        assert!(counts.values().all(|count| (900..1_100).contains(count)));
    }

    /// Checks how often the first keys come of 10,000 words over ten keys.
    #[track_caller]
    fn check_zipf(exponent: f64, expected: [i64; 3]) {
        let lines = Workload::new(10_000, Keys::Zipf(10, exponent)).lines();
        for (count, expected) in counts(&lines).into_values().zip(expected) {
            assert!(
                (count as i64 - expected).abs() < 150,
                "{count} is far from {expected}"
            );
        }
    }

    #[test]
    fn zipf_keys_come_by_their_rank() {
        check_zipf(0.0, [1_000, 1_000, 1_000]);
        check_zipf(1.0, [3_414, 1_707, 1_138]);
        check_zipf(1.1, [3_731, 1_741, 1_114]);
    }

    proptest! {
        #[test]
        fn a_batch_has_the_words_that_were_asked_for(words in 0_usize..200, keys in 1_usize..50) {
            let lines = Workload::new(words, Keys::Uniform(keys)).lines();
            prop_assert_eq!(counts(&lines).values().sum::<usize>(), words);
            prop_assert_eq!(blocks(&lines, 5).concat(), lines);
        }

        #[test]
        fn active_keys_are_distinct_and_come_alike_often(
            (keys, active) in (1_usize..100).prop_flat_map(|keys| (Just(keys), 1..=keys)),
            times in 1_usize..4,
        ) {
            let workload = Workload::new(active * times, Keys::Active { keys, active });
            for lines in workload.batches(2) {
                let counts = counts(&lines);
                prop_assert_eq!(counts.len(), active);
                prop_assert!(counts.values().all(|count| *count == times));
                let last = key_name(keys);
                prop_assert!(counts.keys().all(|name| **name < *last));
            }
        }
    }
}
