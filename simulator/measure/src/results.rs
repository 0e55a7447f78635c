//! What was measured.

use std::collections::BTreeSet;

use engine::Text;

use crate::{Contender, Crossover, Estimate, Plan, Point, Slope};

/// How many of a contender's batches are kept one by one.
const KEPT_BATCHES: usize = 30;

/// All that was measured of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// What was to be measured.
    pub plan: Plan,
    /// What was found at each point, in the order of the plan.
    pub points: Vec<PointResults>,
    /// Bytes that a key takes, where somebody has measured them.
    pub memory: Vec<Memory>,
}

/// What was found at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct PointResults {
    /// The sizes.
    pub point: Point,
    /// Which share of the state's keys came in the first batch.
    pub touched_share: f64,
    /// One for each contender, in the order of [`Contender::ALL`].
    pub timings: Vec<Timings>,
}

/// How long the batches of a contender took at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Timings {
    /// Whose batches these are.
    pub contender: Contender,
    /// Of each round, the median of its batches without those in `checkpoints` and without the first few,
    /// for which the caches are cold, in seconds.
    pub rounds: Vec<f64>,
    /// Every tenth batch, in which Spark writes a checkpoint and looks for keys that are idle, without those
    /// for which the caches are cold. In seconds.
    pub checkpoints: Vec<f64>,
    /// The first batches, with those of each turn for which the caches are cold.
    pub batches: Vec<Batch>,
}

/// One batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch {
    /// Its number, from 1.
    pub number: usize,
    /// How long it took.
    pub seconds: f64,
}

/// What a contender's state takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Whose state it is.
    pub contender: Contender,
    /// How many keys it had.
    pub keys: usize,
    /// Bytes a key, of everything that the program holds.
    pub bytes_a_key: f64,
}

/// A line of costs over a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Over the keys of the state.
    Keys,
    /// Over the words of a batch.
    Words,
    /// Over the share of keys that come in a batch.
    ActiveShare,
}

impl Batch {
    /// Whether it is one in ten.
    pub fn is_checkpoint(self) -> bool {
        self.number.is_multiple_of(10)
    }
}

impl Timings {
    /// Those of a contender of which nothing was timed yet.
    pub(crate) fn of(contender: Contender) -> Timings {
        Timings {
            contender,
            rounds: Vec::new(),
            checkpoints: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// Of each round, what a batch costs in the long run, in seconds: nine like the others and every tenth
    /// like one in `checkpoints`, if there was any.
    pub fn amortised(&self) -> Vec<f64> {
        if self.checkpoints.is_empty() {
            return self.rounds.clone();
        }
        // Not every round need have a tenth batch; they are gone through in turn.
        let checkpoints = self.checkpoints.iter().cycle();
        let pairs = self.rounds.iter().zip(checkpoints);
        pairs
            .map(|(plain, checkpoint)| (9.0 * plain + checkpoint) / 10.0)
            .collect()
    }

    /// Takes the batches of a round in, of which so many come first that their cost says little.
    pub(crate) fn add_round(&mut self, batches: &[Batch], settling: usize) {
        let (checkpoints, others): (Vec<Batch>, Vec<Batch>) = batches
            .iter()
            .skip(settling)
            .partition(|batch| batch.is_checkpoint());
        // A round of one batch has no other.
        let plain = if others.is_empty() { batches } else { &others };
        self.rounds.extend(crate::median(&seconds(plain)));
        self.checkpoints.extend(seconds(&checkpoints));
        let room = KEPT_BATCHES.saturating_sub(self.batches.len());
        self.batches.extend(batches.iter().take(room));
    }
}

fn seconds(batches: &[Batch]) -> Vec<f64> {
    batches.iter().map(|batch| batch.seconds).collect()
}

impl PointResults {
    /// The timings of a contender.
    ///
    /// # Panics
    ///
    /// Panics if it did not take part: all do.
    pub fn of(&self, contender: Contender) -> &Timings {
        let mut timings = self.timings.iter();
        let found = timings.find(|timings| timings.contender == contender);
        found.expect("all contenders take part at every point")
    }

    /// How long a batch takes.
    pub fn seconds(&self, contender: Contender) -> Option<Estimate> {
        Estimate::of(&self.of(contender).rounds)
    }

    /// How many times as long a batch takes as that of the plain loop which hands the same on.
    pub fn of_plain(&self, contender: Contender) -> Option<Estimate> {
        let (rounds, plain) = (self.of(contender), self.of(contender.plain()));
        Estimate::of_ratio(&rounds.rounds, &plain.rounds)
    }

    /// How many times as long a batch of `update_state_by_key` takes, in the long run, as that of this
    /// contender.
    pub fn advantage(&self, contender: Contender) -> Option<Estimate> {
        let update = self.of(Contender::UpdateStateByKey);
        Estimate::of_ratio(&update.amortised(), &self.of(contender).amortised())
    }
}

impl Results {
    /// The results along an axis, in the order of its sizes.
    pub fn along(&self, axis: Axis) -> Vec<&PointResults> {
        let points = match axis {
            Axis::Keys => self.plan.over_keys(),
            Axis::Words => self.plan.over_words(),
            Axis::ActiveShare => self.plan.over_active_shares(),
        };
        points
            .into_iter()
            .filter_map(|point| self.at(point))
            .collect()
    }

    /// What was found at a point.
    pub fn at(&self, point: Point) -> Option<&PointResults> {
        self.points.iter().find(|results| results.point == point)
    }

    /// How a contender's cost grows along an axis; none if it has one size.
    pub fn slope(&self, axis: Axis, contender: Contender) -> Option<Slope> {
        let results = self.along(axis).into_iter();
        let costs = results.map(|results| {
            let rounds = results.of(contender).rounds.clone();
            (axis.size(results.point), rounds)
        });
        Slope::fit(&costs.collect::<Vec<_>>())
    }

    /// At which share of active keys this contender stops to win against `update_state_by_key`.
    pub fn crossover(&self, contender: Contender) -> Option<Crossover> {
        let results = self.along(Axis::ActiveShare).into_iter();
        let ratios: Option<Vec<(f64, Estimate)>> = results
            .map(|results| Some((results.touched_share, results.advantage(contender)?)))
            .collect();
        Crossover::find(&ratios?)
    }

    /// What was measured of the memory of a contender.
    pub fn memory(&self, contender: Contender) -> Option<Memory> {
        let mut memory = self.memory.iter();
        memory.find(|memory| memory.contender == contender).copied()
    }
}

impl Axis {
    /// All axes.
    pub const ALL: [Axis; 3] = [Axis::Keys, Axis::Words, Axis::ActiveShare];

    /// What it is called in JSON.
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

/// Which share of so many keys these lines touch.
pub(crate) fn touched_share(lines: &[Text], keys: usize) -> f64 {
    let words = lines.iter().flat_map(|line| line.as_str().split(' '));
    let distinct: BTreeSet<&str> = words.collect();
    distinct.len() as f64 / keys as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_tells_its_checkpoint_and_its_first_batches_from_the_others() {
        let batches: Vec<Batch> = (5..=14)
            .map(|number| Batch {
                number,
                seconds: match number {
                    5..8 => 7.0,
                    10 => 11.0,
                    _ => 1.0,
                },
            })
            .collect();
        let mut timings = Timings::of(Contender::MapWithState);
        timings.add_round(&batches, 3);
        assert_eq!(timings.rounds, [1.0]);
        assert_eq!(timings.checkpoints, [11.0]);
        assert_eq!(timings.amortised(), [2.0]);
        assert_eq!(timings.batches, batches);
    }

    #[test]
    fn a_checkpoint_with_cold_caches_is_left_out_too() {
        let batches: Vec<Batch> = (9..=21)
            .map(|number| Batch {
                number,
                seconds: if number < 12 { 7.0 } else { 1.0 },
            })
            .collect();
        let mut timings = Timings::of(Contender::MapWithState);
        timings.add_round(&batches, 3);
        assert_eq!(timings.checkpoints, [1.0]);
    }

    #[test]
    fn a_round_of_one_checkpoint_has_a_median_all_the_same() {
        let mut timings = Timings::of(Contender::MapWithState);
        let checkpoint = Batch {
            number: 10,
            seconds: 3.0,
        };
        timings.add_round(&[checkpoint], 0);
        assert_eq!(timings.rounds, [3.0]);
    }

    #[test]
    fn what_is_touched_is_counted_once() {
        let lines = ["a b a", "b c"].map(Text::from);
        assert!((touched_share(&lines, 6) - 0.5).abs() < 1e-12);
    }
}
