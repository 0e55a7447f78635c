//! Input made from a seed: so many words, over so many keys, so many on a line.

use engine::Text;
use simulator::Dice;

/// How often each key comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// All alike.
    Uniform(usize),
    /// Key `k`, from 1, in proportion to `1 / k`: Zipf's law with exponent 1.
    Zipf(usize),
}

const WORDS_PER_LINE: usize = 10;

/// One batch of text lines. The same workload makes the same lines on every machine.
///
/// ```
/// use benches::{Keys, Workload};
/// let lines = Workload::new(25, Keys::Uniform(1_000)).lines();
/// let words: Vec<usize> = lines.iter().map(|line| line.split_whitespace().count()).collect();
/// assert_eq!(words, [10, 10, 5]);
/// assert!(lines[0].starts_with("key-00000"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    words: usize,
    keys: Keys,
    seed: u64,
}

impl Workload {
    /// A batch of `words` words in lines of ten, drawn over `keys`, such as `key-00000017`.
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

    /// The lines; the last one is shorter where the words do not come out even.
    ///
    /// # Panics
    ///
    /// Panics if there are words but no keys.
    pub fn lines(self) -> Vec<Text> {
        let mut draw = self.keys.drawer(Dice::new(self.seed, 0));
        let words: Vec<String> = (0..self.words)
            .map(|_| format!("key-{:08}", draw()))
            .collect();
        let lines = words.chunks(WORDS_PER_LINE);
        lines.map(|line| Text::from(line.join(" "))).collect()
    }
}

impl Keys {
    /// Whatever draws a key, from 0, each time it is called.
    fn drawer(self, mut dice: Dice) -> Box<dyn FnMut() -> usize> {
        match self {
            Keys::Uniform(keys) => Box::new(move || dice.below(keys as u64) as usize),
            Keys::Zipf(keys) => {
                let sums = harmonic_sums(keys);
                Box::new(move || {
                    let drawn = dice.fraction() * sums[keys - 1];
                    sums.partition_point(|&sum| sum <= drawn).min(keys - 1)
                })
            }
        }
    }
}

/// 1, 1 + 1/2, 1 + 1/2 + 1/3, …
fn harmonic_sums(count: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let terms = (1..=count).map(|k| 1.0 / k as f64);
    terms
        .map(|term| {
            sum += term;
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Counts;

    #[test]
    fn a_workload_is_fixed_by_its_seed() {
        let workload = Workload::new(100, Keys::Zipf(10));
        assert_eq!(workload.lines(), workload.lines());
        assert_ne!(workload.lines(), workload.seed(1).lines());
    }

    #[test]
    fn uniform_keys_come_alike_often() {
        let counts = Counts::of(&Workload::new(10_000, Keys::Uniform(10)).lines());
        assert_eq!(counts.keys(), 10);
        assert!(
            counts
                .iter()
                .all(|(_, count)| (900..1_100).contains(&count))
        );
    }

    #[test]
    fn the_second_key_of_zipf_comes_half_as_often_as_the_first() {
        let counts = Counts::of(&Workload::new(10_000, Keys::Zipf(10)).lines());
        let ordered: Vec<i64> = counts.iter().map(|(_, count)| count).collect();
        let expected = [3_414, 1_707, 1_138];
        for (count, expected) in ordered.into_iter().zip(expected) {
            assert!(
                (count - expected).abs() < 150,
                "{count} is far from {expected}"
            );
        }
    }
}
