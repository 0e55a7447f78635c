//! The results of a sweep: times of all subjects at all points.

use std::collections::BTreeSet;

use engine::Text;

use crate::{Axis, Crossover, Estimate, Point, Slope, Subject, SweepPlan, median};

/// The most batches of a subject that are kept one by one.
const KEPT_BATCHES: usize = 30;

/// All that was measured of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// The sizes and settings.
    pub plan: SweepPlan,
    /// The times at each point, in the order of the plan.
    pub points: Vec<PointResults>,
    /// Bytes of a key, where they were measured.
    pub memory: Vec<KeyMemory>,
}

/// The times at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct PointResults {
    /// The sizes.
    pub point: Point,
    /// The share of the state's keys that were in the first batch.
    pub touched_share: f64,
    /// The times of each subject, in the order of [`Subject::ALL`].
    pub timings: Vec<Timings>,
}

/// The times of a subject's batches at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Timings {
    /// The subject.
    pub subject: Subject,
    /// The median of each round's batches, without its warm-up and those in `checkpoints`, in seconds.
    pub rounds: Vec<f64>,
    /// Every tenth batch, in which Spark writes a checkpoint and scans for idle keys, unless it was in a
    /// warm-up, in seconds.
    pub checkpoints: Vec<f64>,
    /// The first batches, warm-ups included.
    pub batches: Vec<BatchTime>,
}

/// The time of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchTime {
    /// The number of the batch, from 1.
    pub number: usize,
    /// Its time.
    pub seconds: f64,
}

/// The memory of a subject's state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyMemory {
    /// The subject.
    pub subject: Subject,
    /// The number of keys of the state.
    pub keys: usize,
    /// Bytes a key, of all that the program holds.
    pub bytes_a_key: f64,
}

/// True for every tenth batch, numbered from 1.
pub(crate) fn is_checkpoint(number: usize) -> bool {
    number.is_multiple_of(10)
}

impl Timings {
    /// The timings of a subject before its first round.
    pub(crate) fn of(subject: Subject) -> Timings {
        Timings {
            subject,
            rounds: Vec::new(),
            checkpoints: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// The mean cost of a batch in the long run, by round, in seconds: nine tenths of the round's median
    /// and a tenth of one of `checkpoints`, if there are any.
    pub fn amortised(&self) -> Vec<f64> {
        if self.checkpoints.is_empty() {
            return self.rounds.clone();
        }
        // A short round may have no tenth batch, so rounds cycle through those that there are.
        let checkpoints = self.checkpoints.iter().cycle();
        self.rounds
            .iter()
            .zip(checkpoints)
            .map(|(plain, checkpoint)| (9.0 * plain + checkpoint) / 10.0)
            .collect()
    }

    /// Adds the batches of a turn, the first `warm_up` of which do not count.
    pub(crate) fn add_turn(&mut self, batches: &[BatchTime], warm_up: usize) {
        debug_assert!(warm_up < batches.len(), "a turn is more than its warm-up");
        let (checkpoints, others): (Vec<BatchTime>, Vec<BatchTime>) = batches[warm_up..]
            .iter()
            .partition(|batch| is_checkpoint(batch.number));
        // A turn of one batch may have no other than a tenth one.
        let plain = if others.is_empty() { batches } else { &others };
        self.rounds.extend(median(&seconds(plain)));
        self.checkpoints.extend(seconds(&checkpoints));
        let room = KEPT_BATCHES.saturating_sub(self.batches.len());
        self.batches.extend(batches.iter().take(room));
    }
}

fn seconds(batches: &[BatchTime]) -> Vec<f64> {
    batches.iter().map(|batch| batch.seconds).collect()
}

impl PointResults {
    /// The timings of a subject.
    ///
    /// # Panics
    ///
    /// Panics if there are none.
    pub fn of(&self, subject: Subject) -> &Timings {
        self.timings
            .iter()
            .find(|timings| timings.subject == subject)
            .expect("all subjects are timed at every point")
    }

    /// The time of a batch.
    pub fn seconds(&self, subject: Subject) -> Option<Estimate> {
        Estimate::of(&self.of(subject).rounds)
    }

    /// The time of a batch in proportion to that of the subject's reference.
    pub fn of_plain(&self, subject: Subject) -> Option<Estimate> {
        let reference = self.of(subject.reference());
        Estimate::of_ratio(&self.of(subject).rounds, &reference.rounds)
    }

    /// The amortised time of a batch of `update_state_by_key` in proportion to that of this subject.
    pub fn advantage(&self, subject: Subject) -> Option<Estimate> {
        let update = self.of(Subject::UpdateStateByKey);
        Estimate::of_ratio(&update.amortised(), &self.of(subject).amortised())
    }
}

impl Results {
    /// The results along an axis, in the order of its sizes.
    pub fn along(&self, axis: Axis) -> Vec<&PointResults> {
        let points = self.plan.along(axis).into_iter();
        points.filter_map(|point| self.at(point)).collect()
    }

    /// The results at a point.
    pub fn at(&self, point: Point) -> Option<&PointResults> {
        self.points.iter().find(|results| results.point == point)
    }

    /// The growth of a subject's cost along an axis; none along an axis of one size.
    pub fn slope(&self, axis: Axis, subject: Subject) -> Option<Slope> {
        let results = self.along(axis).into_iter();
        let costs = results.map(|results| {
            let rounds = results.of(subject).rounds.clone();
            (axis.size(results.point), rounds)
        });
        Slope::fit(&costs.collect::<Vec<_>>())
    }

    /// The share of active keys from which on this subject is no faster than `update_state_by_key`.
    pub fn crossover(&self, subject: Subject) -> Option<Crossover> {
        let results = self.along(Axis::ActiveShare).into_iter();
        let ratios: Option<Vec<(f64, Estimate)>> = results
            .map(|results| Some((results.touched_share, results.advantage(subject)?)))
            .collect();
        Crossover::find(&ratios?)
    }

    /// The memory of a subject.
    pub fn memory(&self, subject: Subject) -> Option<KeyMemory> {
        let mut memory = self.memory.iter();
        memory.find(|memory| memory.subject == subject).copied()
    }
}

/// The share of `keys` keys that these lines have.
pub(crate) fn touched_share(lines: &[Text], keys: usize) -> f64 {
    let words = lines.iter().flat_map(|line| line.as_str().split(' '));
    let distinct: BTreeSet<&str> = words.collect();
    distinct.len() as f64 / keys as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_separates_its_checkpoint_and_its_warm_up() {
        let batches: Vec<BatchTime> = (5..=14)
            .map(|number| BatchTime {
                number,
                seconds: match number {
                    5..8 => 7.0,
                    10 => 11.0,
                    _ => 1.0,
                },
            })
            .collect();
        let mut timings = Timings::of(Subject::MapWithState);
        timings.add_turn(&batches, 3);
        assert_eq!(timings.rounds, [1.0]);
        assert_eq!(timings.checkpoints, [11.0]);
        assert_eq!(timings.amortised(), [2.0]);
        assert_eq!(timings.batches, batches);
    }

    #[test]
    fn a_checkpoint_in_the_warm_up_does_not_count() {
        let batches: Vec<BatchTime> = (9..=21)
            .map(|number| BatchTime {
                number,
                seconds: if number < 12 { 7.0 } else { 1.0 },
            })
            .collect();
        let mut timings = Timings::of(Subject::MapWithState);
        timings.add_turn(&batches, 3);
        assert_eq!(timings.checkpoints, [1.0]);
    }

    #[test]
    fn a_turn_of_one_checkpoint_has_a_median() {
        let mut timings = Timings::of(Subject::MapWithState);
        let checkpoint = BatchTime {
            number: 10,
            seconds: 3.0,
        };
        timings.add_turn(&[checkpoint], 0);
        assert_eq!(timings.rounds, [3.0]);
    }

    #[test]
    fn a_key_is_counted_once() {
        let lines = ["a b a", "b c"].map(Text::from);
        assert!((touched_share(&lines, 6) - 0.5).abs() < 1e-12);
    }
}
