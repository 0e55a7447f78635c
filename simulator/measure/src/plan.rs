//! What is to be measured: sizes of the state, of the batches, and shares of active keys.

use std::time::Duration;

use crate::{Keys, Workload};

/// The sizes of a comparison, and how long it may take.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How many keys the state has: S. At least one size, ascending.
    pub keys: Vec<usize>,
    /// How many words a batch has: B. At least one size, ascending.
    pub words: Vec<usize>,
    /// Which shares of the keys come in a batch, each once, ascending; above 0, at most 1.
    pub active_shares: Vec<f64>,
    /// Exponent of Zipf's law by which words are drawn; 0 draws all keys alike.
    pub skew: f64,
    /// The seed of all that is drawn.
    pub seed: u64,
    /// How many partitions a state has, as on `local[N]`.
    pub cores: usize,
    /// How many worker threads run its tasks: those that [`sweep`](crate::sweep) is given. They change no
    /// total.
    pub workers: usize,
    /// How long all of it should take, in whole milliseconds. Each size gets its six rounds, so it may take
    /// longer.
    pub time: Duration,
}

impl Default for Plan {
    /// Three sizes of the state and four of batches, in 20 seconds.
    fn default() -> Plan {
        Plan {
            keys: vec![10_000, 100_000, 1_000_000],
            words: vec![100, 1_000, 10_000, 100_000],
            active_shares: vec![0.01, 0.1, 0.3, 1.0],
            skew: 0.0,
            seed: 0,
            cores: 1,
            workers: 1,
            time: Duration::from_secs(20),
        }
    }
}

/// One pair of sizes, at which all contenders are timed in turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How many keys the state has.
    pub keys: usize,
    /// How many words a batch has.
    pub words: usize,
    /// If it is given, batches have so large a share of the keys, each of them once.
    pub active_share: Option<f64>,
}

impl Plan {
    /// The point in the middle, through which the lines over keys and over words both go: of an even
    /// number of sizes, the smaller one in the middle.
    ///
    /// # Panics
    ///
    /// Panics if there is no size.
    pub fn middle(&self) -> Point {
        let middle = |sizes: &[usize]| sizes[(sizes.len() - 1) / 2];
        Point {
            keys: middle(&self.keys),
            words: middle(&self.words),
            active_share: None,
        }
    }

    /// Each size of the state, at the middle size of batches.
    pub fn over_keys(&self) -> Vec<Point> {
        let keys = self.keys.iter();
        keys.map(|keys| Point {
            keys: *keys,
            ..self.middle()
        })
        .collect()
    }

    /// Each size of batches, at the middle size of the state.
    pub fn over_words(&self) -> Vec<Point> {
        let words = self.words.iter();
        words
            .map(|words| Point {
                words: *words,
                ..self.middle()
            })
            .collect()
    }

    /// Each share of active keys, at the middle size of the state.
    pub fn over_active_shares(&self) -> Vec<Point> {
        let keys = self.middle().keys;
        let shares = self.active_shares.iter();
        shares
            .map(|share| Point {
                keys,
                words: active(keys, *share),
                active_share: Some(*share),
            })
            .collect()
    }

    /// All points, each once.
    pub fn points(&self) -> Vec<Point> {
        let mut points = self.over_keys();
        for point in [self.over_words(), self.over_active_shares()].concat() {
            if !points.contains(&point) {
                points.push(point);
            }
        }
        points
    }

    /// What comes in at a point.
    pub fn workload(&self, point: Point) -> Workload {
        let keys = match point.active_share {
            Some(_) => Keys::Active {
                keys: point.keys,
                active: point.words,
            },
            None if self.skew == 0.0 => Keys::Uniform(point.keys),
            None => Keys::Zipf(point.keys, self.skew),
        };
        Workload::new(point.words, keys).seed(self.seed)
    }
}

/// So large a share of the keys, at least one.
fn active(keys: usize, share: f64) -> usize {
    ((keys as f64 * share).round() as usize).clamp(1, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_go_through_the_middle_which_is_measured_once() {
        let plan = Plan::default();
        let middle = plan.middle();
        assert_eq!((middle.keys, middle.words), (100_000, 1_000));
        assert!(plan.over_keys().contains(&middle) && plan.over_words().contains(&middle));
        let points = plan.points();
        assert_eq!(points.len(), 3 + 4 + 4 - 1);
        assert_eq!(points.iter().filter(|point| **point == middle).count(), 1);
    }

    #[test]
    fn a_share_of_few_keys_is_at_least_one_of_them() {
        assert_eq!(active(10, 0.001), 1);
        assert_eq!(active(10, 0.25), 3);
        assert_eq!(active(10, 1.0), 10);
    }
}
