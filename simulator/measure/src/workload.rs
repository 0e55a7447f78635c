//! Input made from a seed: lines of words drawn over keys.

use engine::{Records, Text};
use random::{Dice, Zipf};

/// The keys of a batch, and the probability of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyDistribution {
    /// This many keys, all with the same probability.
    Uniform(usize),
    /// Key `k`, from 1, with a probability in proportion to `k` to the power of minus `exponent` (Zipf's
    /// law).
    Zipf {
        /// The number of keys.
        keys: usize,
        /// The skew; with 0 all keys have the same probability.
        exponent: f64,
    },
    /// A set of distinct keys, drawn anew for each batch; the words of the batch cycle through it.
    Active {
        /// The number of keys.
        keys: usize,
        /// The size of the set, at most `keys`.
        active: usize,
    },
}

const WORDS_PER_LINE: usize = 10;

/// Batches of text lines. The same workload makes the same lines on every machine.
///
/// ```
/// use measure::{KeyDistribution, Workload};
/// let lines = Workload::new(25, KeyDistribution::Uniform(1_000)).lines();
/// let words: Vec<usize> = lines.iter().map(|line| line.split_whitespace().count()).collect();
/// assert_eq!(words, [10, 10, 5]);
/// assert!(lines[0].starts_with("key-00000"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Workload {
    words: usize,
    distribution: KeyDistribution,
    seed: u64,
}

impl Workload {
    /// Batches of `words` words, such as `key-00000017`, in lines of ten, with seed 0.
    pub fn new(words: usize, distribution: KeyDistribution) -> Workload {
        Workload {
            words,
            distribution,
            seed: 0,
        }
    }

    /// The same workload with another seed.
    pub fn seed(self, seed: u64) -> Workload {
        Workload { seed, ..self }
    }

    /// The lines of the first batch. The last line is shorter if the words are no multiple of ten.
    ///
    /// # Panics
    ///
    /// Panics if there are words but no keys.
    pub fn lines(self) -> Vec<Text> {
        self.batches(1).swap_remove(0)
    }

    /// The lines of the first `count` batches. Each batch has a stream of random numbers of its own.
    ///
    /// # Panics
    ///
    /// Panics if there are words but no keys.
    pub fn batches(self, count: usize) -> Vec<Vec<Text>> {
        let draw = self.sampler();
        let numbers = 0..count as u64;
        numbers
            .map(|number| lines_of(draw(&mut Dice::new(self.seed, number))))
            .collect()
    }

    /// The sampler of all batches, which has the table that the distribution needs.
    fn sampler(self) -> Sampler {
        let words = self.words;
        let zipf = match self.distribution {
            KeyDistribution::Uniform(keys) => Zipf::new(keys, 0.0),
            KeyDistribution::Zipf { keys, exponent } => Zipf::new(keys, exponent),
            KeyDistribution::Active { keys, active } => {
                return Box::new(move |dice| {
                    let active = distinct(keys, active, dice);
                    active.into_iter().cycle().take(words).collect()
                });
            }
        };
        Box::new(move |dice| (0..words).map(|_| zipf.draw(dice)).collect())
    }
}

/// Draws the keys of a batch, numbered from 0.
type Sampler = Box<dyn Fn(&mut Dice) -> Vec<usize>>;

/// `count` distinct numbers below `bound`, in random order: the first steps of a Fisher-Yates shuffle.
fn distinct(bound: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    assert!(
        count <= bound,
        "there are no {count} distinct keys of {bound}"
    );
    let mut numbers: Vec<usize> = (0..bound).collect();
    for index in 0..count {
        let other = index + dice.below((bound - index) as u64) as usize;
        numbers.swap(index, other);
    }
    numbers.truncate(count);
    numbers
}

/// The name of a key: `key-00000017`.
pub fn key_name(key: usize) -> String {
    format!("key-{key:08}")
}

/// These keys as lines of ten words.
pub(crate) fn lines_of(keys: impl IntoIterator<Item = usize>) -> Vec<Text> {
    let words: Vec<String> = keys.into_iter().map(key_name).collect();
    let lines = words.chunks(WORDS_PER_LINE);
    lines.map(|words| Text::from(words.join(" "))).collect()
}

/// Cuts lines into at most `count` blocks of the same length; the last one may be shorter.
///
/// ```
/// use measure::{KeyDistribution, Workload, blocks};
/// let lines = Workload::new(100, KeyDistribution::Uniform(10)).lines();
/// let lengths: Vec<usize> = blocks(&lines, 3).iter().map(|block| block.len()).collect();
/// assert_eq!(lengths, [4, 4, 2]);
/// ```
///
/// # Panics
///
/// Panics if `count` is 0.
pub fn blocks(lines: &[Text], count: usize) -> Vec<Records> {
    let length = lines.len().div_ceil(count).max(1);
    lines.chunks(length).map(Records::from).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// The number of times each word occurs, in alphabetical order.
    fn counts(lines: &[Text]) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for word in lines.iter().flat_map(|line| line.as_str().split(' ')) {
            *counts.entry(word).or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_workload_is_fixed_by_its_seed() {
        let workload = Workload::new(
            100,
            KeyDistribution::Zipf {
                keys: 10,
                exponent: 1.0,
            },
        );
        assert_eq!(workload.lines(), workload.lines());
        assert_ne!(workload.lines(), workload.seed(1).lines());
    }

    #[test]
    fn batches_differ_and_lines_is_the_first() {
        let workload = Workload::new(100, KeyDistribution::Uniform(1_000));
        let batches = workload.batches(3);
        assert_eq!(batches[0], workload.lines());
        assert!(batches[0] != batches[1] && batches[1] != batches[2]);
    }

    #[test]
    fn uniform_keys_have_the_same_probability() {
        let lines = Workload::new(10_000, KeyDistribution::Uniform(10)).lines();
        let counts = counts(&lines);
        assert_eq!(counts.len(), 10);
        assert!(counts.values().all(|count| (900..1_100).contains(count)));
    }

    proptest! {
        #[test]
        fn a_batch_has_the_requested_number_of_words(words in 0_usize..200, keys in 1_usize..50) {
            let lines = Workload::new(words, KeyDistribution::Uniform(keys)).lines();
            prop_assert_eq!(counts(&lines).values().sum::<usize>(), words);
            prop_assert_eq!(blocks(&lines, 5).concat(), lines);
        }

        #[test]
        fn active_keys_are_distinct_and_occur_equally_often(
            (keys, active) in (1_usize..100).prop_flat_map(|keys| (Just(keys), 1..=keys)),
            times in 1_usize..4,
        ) {
            let workload = Workload::new(active * times, KeyDistribution::Active { keys, active });
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
