//! The sizes that are measured: of the state, of the batches, and shares of active keys.

use std::time::Duration;

use crate::{KeyDistribution, Workload};

/// The sizes of a comparison, and the time that it may take.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepPlan {
    /// Numbers of keys of the state. At least one, ascending.
    pub keys: Vec<usize>,
    /// Numbers of words of a batch. At least one, ascending.
    pub words: Vec<usize>,
    /// Shares of the keys that are in a batch, each once. Ascending; above 0, at most 1.
    pub active_shares: Vec<f64>,
    /// The exponent of Zipf's law by which words are drawn; with 0 all keys have the same probability.
    pub skew: f64,
    /// The seed of all that is drawn.
    pub seed: u64,
    /// The number of partitions of a state, as on `local[N]`.
    pub cores: usize,
    /// The number of worker threads, those of the workers that [`sweep`](crate::sweep) gets. They change no
    /// total.
    pub workers: usize,
    /// The time for all sizes, in whole milliseconds. Each size gets six rounds in any case, so it may take
    /// longer.
    pub time: Duration,
}

impl Default for SweepPlan {
    /// Three sizes of the state and four of batches, in 20 seconds.
    fn default() -> SweepPlan {
        SweepPlan {
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

/// A pair of sizes, at which all subjects take turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The number of keys of the state.
    pub keys: usize,
    /// The number of words of a batch.
    pub words: usize,
    /// The share of the keys that are in a batch, each once; `None` where words are drawn.
    pub active_share: Option<f64>,
}

/// The size that grows along a line of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The keys of the state.
    Keys,
    /// The words of a batch.
    Words,
    /// The share of the keys that are in a batch.
    ActiveShare,
}

impl Axis {
    /// All axes.
    pub const ALL: [Axis; 3] = [Axis::Keys, Axis::Words, Axis::ActiveShare];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Keys => "keys",
            Axis::Words => "words",
            Axis::ActiveShare => "active_share",
        }
    }

    /// The size of a point on this axis.
    pub fn size(self, point: Point) -> f64 {
        match self {
            Axis::Keys => point.keys as f64,
            Axis::Words => point.words as f64,
            Axis::ActiveShare => point.active_share.unwrap_or(1.0),
        }
    }
}

impl SweepPlan {
    /// The point on both the line over keys and the line over words: the middle size of each, and the
    /// smaller one in the middle of an even number.
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

    /// The points along an axis, in ascending order, with the other size in the middle.
    pub fn along(&self, axis: Axis) -> Vec<Point> {
        let middle = self.middle();
        match axis {
            Axis::Keys => points(&self.keys, |keys| Point { keys, ..middle }),
            Axis::Words => points(&self.words, |words| Point { words, ..middle }),
            Axis::ActiveShare => points(&self.active_shares, |share| Point {
                words: active_keys(middle.keys, share),
                active_share: Some(share),
                ..middle
            }),
        }
    }

    /// All points, each once.
    pub fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        for point in Axis::ALL.into_iter().flat_map(|axis| self.along(axis)) {
            if !points.contains(&point) {
                points.push(point);
            }
        }
        points
    }

    /// The input at a point.
    pub fn workload(&self, point: Point) -> Workload {
        let distribution = match point.active_share {
            Some(_) => KeyDistribution::Active {
                keys: point.keys,
                active: point.words,
            },
            None => KeyDistribution::Zipf {
                keys: point.keys,
                exponent: self.skew,
            },
        };
        Workload::new(point.words, distribution).seed(self.seed)
    }
}

fn points<S: Copy>(sizes: &[S], point: impl Fn(S) -> Point) -> Vec<Point> {
    sizes.iter().copied().map(point).collect()
}

/// This share of the keys, at least one of them.
fn active_keys(keys: usize, share: f64) -> usize {
    ((keys as f64 * share).round() as usize).clamp(1, keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_go_through_the_middle_which_is_measured_once() {
        let plan = SweepPlan::default();
        let middle = plan.middle();
        assert_eq!((middle.keys, middle.words), (100_000, 1_000));
        assert!(plan.along(Axis::Keys).contains(&middle));
        assert!(plan.along(Axis::Words).contains(&middle));
        let points = plan.points();
        assert_eq!(points.len(), 3 + 4 + 4 - 1);
        assert_eq!(points.iter().filter(|point| **point == middle).count(), 1);
    }

    #[test]
    fn a_share_of_few_keys_is_at_least_one_of_them() {
        assert_eq!(active_keys(10, 0.001), 1);
        assert_eq!(active_keys(10, 0.25), 3);
        assert_eq!(active_keys(10, 1.0), 10);
    }
}
