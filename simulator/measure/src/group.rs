//! All subjects at one point, taking turns on the same batches.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Records, Workers};

use crate::results::{BatchTime, Timings};
use crate::rounds::{ROUNDS_MIN, rounds, turns};
use crate::{Checksum, Point, RunningSubject, Subject, SweepPlan, Timer, blocks};

/// The most batches of a turn. In one of ten batches Spark writes a checkpoint, and keys may time out
/// (`MWS-4`).
const TURN_MAX: usize = 15;

/// The fewest batches of a turn of a subject with a time-out: six rounds of them have three tenth batches.
const TURN_MIN_WITH_TIMEOUT: usize = 5;

/// One in this many batches of a turn is a warm-up, up to one pass over the different batches: its time is
/// left out of the median, as the caches hold the data of the subject before.
const WARM_UP_SHARE: usize = 3;

/// Batches before the first round, in which tables grow.
const FIRST_BATCHES: usize = 3;

/// Different batches, which come in turn.
const DIFFERENT_BATCHES: usize = 5;

/// Input partitions of a batch: five blocks of 200 ms.
const BLOCKS: usize = 5;

/// Two subjects emit different totals, so that their times cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{} hands on other totals than {} in batch {number} with {} keys and {} words",
    subject.name(), first.name(), point.keys, point.words
)]
pub struct UnequalTotals {
    /// The subject that differs.
    pub subject: Subject,
    /// The first subject that ran this batch.
    pub first: Subject,
    /// The number of the batch, from 1.
    pub number: usize,
    /// The sizes.
    pub point: Point,
}

/// Subjects that run the same batches. In each round every one of them has a turn, some batches in a row,
/// so that whatever slows the machine down slows all of them.
pub(crate) struct SubjectGroup<'a> {
    point: Point,
    batches: Vec<Vec<Records>>,
    members: Vec<Member<'a>>,
    /// By reference and batch number, the checksum that the first subject at that batch emitted.
    expected: BTreeMap<(Subject, usize), Expected>,
}

struct Member<'a> {
    subject: Subject,
    running: Box<dyn RunningSubject + 'a>,
    /// The number of its last batch.
    number: usize,
    /// The number of batches of its turn.
    turn: usize,
    timings: Timings,
}

#[derive(Clone, Copy)]
struct Expected {
    checksum: Checksum,
    by: Subject,
}

impl<'a> SubjectGroup<'a> {
    /// Starts all subjects at a point.
    pub(crate) fn new(
        plan: &SweepPlan,
        point: Point,
        workers: &'a dyn Workers,
    ) -> SubjectGroup<'a> {
        let batches = plan.workload(point).batches(DIFFERENT_BATCHES);
        let members = Subject::ALL.map(|subject| Member {
            subject,
            running: subject.start(point.keys, plan.cores, workers),
            number: 0,
            turn: TURN_MAX,
            timings: Timings::of(subject),
        });
        SubjectGroup {
            point,
            batches: batches.iter().map(|lines| blocks(lines, BLOCKS)).collect(),
            members: members.into(),
            expected: BTreeMap::new(),
        }
    }

    /// Runs rounds until the deadline and returns the timings of all subjects.
    pub(crate) fn run(
        mut self,
        deadline: Duration,
        timer: &mut dyn Timer,
    ) -> Result<Vec<Timings>, UnequalTotals> {
        self.warm_up(deadline, timer)?;
        rounds(timer, deadline, |round, timer| self.round(round, timer))?;
        let members = self.members.into_iter();
        Ok(members.map(|member| member.timings).collect())
    }

    /// Runs the first batches of all subjects, and sets the lengths of their turns by the last of them.
    fn warm_up(&mut self, deadline: Duration, timer: &mut dyn Timer) -> Result<(), UnequalTotals> {
        let mut costs = Vec::new();
        for index in 0..self.members.len() {
            let batches = self.turn(index, FIRST_BATCHES, timer)?;
            costs.extend(batches.last().map(|batch| batch.seconds));
        }
        let left = deadline.saturating_sub(timer.now()).as_secs_f64();
        let seconds = turn_seconds(&costs, left);
        for (member, cost) in self.members.iter_mut().zip(costs) {
            member.turn = turn_batches(member.subject, seconds, cost);
        }
        Ok(())
    }

    fn round(&mut self, round: usize, timer: &mut dyn Timer) -> Result<(), UnequalTotals> {
        for index in turns(round, self.members.len()) {
            let turn = self.members[index].turn;
            let batches = self.turn(index, turn, timer)?;
            let warm_up = (turn / WARM_UP_SHARE).min(DIFFERENT_BATCHES);
            self.members[index].timings.add_turn(&batches, warm_up);
        }
        Ok(())
    }

    /// Runs some batches of one subject in a row.
    fn turn(
        &mut self,
        index: usize,
        batches: usize,
        timer: &mut dyn Timer,
    ) -> Result<Vec<BatchTime>, UnequalTotals> {
        (0..batches).map(|_| self.batch(index, timer)).collect()
    }

    /// Times one batch, and compares its checksum with that of the other subjects.
    fn batch(&mut self, index: usize, timer: &mut dyn Timer) -> Result<BatchTime, UnequalTotals> {
        let member = &mut self.members[index];
        member.number += 1;
        let number = member.number;
        let subject = member.subject;
        let blocks = &self.batches[number % DIFFERENT_BATCHES];
        let begin = timer.now();
        let checksum = member.running.batch(blocks);
        let elapsed = timer.now().saturating_sub(begin);
        let expected = *self
            .expected
            .entry((subject.reference(), number))
            .or_insert(Expected {
                checksum,
                by: subject,
            });
        if checksum != expected.checksum {
            return Err(UnequalTotals {
                subject,
                first: expected.by,
                number,
                point: self.point,
            });
        }
        Ok(BatchTime {
            number,
            // A coarse clock may show no time for a short batch, and zero has no logarithm.
            seconds: elapsed.as_secs_f64().max(1e-9),
        })
    }
}

/// The length of each turn, in seconds, for subjects with these costs of a batch: an equal share of the
/// time that is `left` for the fewest rounds, but no less than a batch of the slowest subject.
fn turn_seconds(costs: &[f64], left: f64) -> f64 {
    let slowest = costs.iter().copied().fold(0.0, f64::max);
    (left / (costs.len() * ROUNDS_MIN) as f64).max(slowest)
}

/// The number of batches that fit a turn.
fn turn_batches(subject: Subject, turn_seconds: f64, batch_seconds: f64) -> usize {
    let least = if subject.has_timeout() {
        TURN_MIN_WITH_TIMEOUT
    } else {
        1
    };
    ((turn_seconds / batch_seconds) as usize).clamp(least, TURN_MAX)
}

#[cfg(test)]
mod tests {
    use engine::Inline;

    use super::*;
    use crate::rounds::ROUNDS_MAX;
    use crate::testing::{Ticks, small_plan};

    fn run(group: SubjectGroup<'_>) -> Result<Vec<Timings>, UnequalTotals> {
        group.run(Duration::from_millis(1), &mut Ticks::default())
    }

    #[test]
    fn a_subject_that_emits_other_rows_ends_the_measurement() {
        let plan = small_plan();
        let point = plan.middle();
        let mut group = SubjectGroup::new(&plan, point, &Inline);
        // As if the one with a time-out had been first to come to its second batch, and had lost a word.
        let lost = Expected {
            checksum: Checksum::default(),
            by: Subject::MapWithStateTimeout,
        };
        group.expected.insert((Subject::PlainMap, 2), lost);
        let expected = UnequalTotals {
            subject: Subject::MapWithState,
            first: Subject::MapWithStateTimeout,
            number: 2,
            point,
        };
        assert_eq!(run(group), Err(expected.clone()));
        assert_eq!(
            expected.to_string(),
            "map_with_state hands on other totals than map_with_state_timeout in batch 2 with 10 keys and 10 words"
        );
    }

    #[track_caller]
    fn check_turns(left: f64, costs: [f64; 3], expected: [usize; 3]) {
        let subjects = [
            Subject::PlainUpdate,
            Subject::MapWithState,
            Subject::MapWithStateTimeout,
        ];
        let seconds = turn_seconds(&costs, left);
        let turns: Vec<usize> = subjects
            .iter()
            .zip(costs)
            .map(|(subject, cost)| turn_batches(*subject, seconds, cost))
            .collect();
        assert_eq!(turns, expected);
    }

    #[test]
    fn no_turn_is_shorter_than_a_batch_of_the_slowest() {
        check_turns(0.0, [1.0, 0.1, 0.01], [1, 10, 15]);
        check_turns(0.0, [1.0, 1.0, 1.0], [1, 1, 5]);
        // 3.6 seconds are turns of 0.2 for three in six rounds.
        check_turns(3.6, [0.05, 0.1, 0.001], [4, 2, 15]);
    }

    #[test]
    fn the_rounds_end_before_a_late_deadline() -> Result<(), UnequalTotals> {
        let plan = small_plan();
        let group = SubjectGroup::new(&plan, plan.middle(), &Inline);
        let timings = group.run(Duration::from_hours(1), &mut Ticks::default())?;
        assert!(
            timings
                .iter()
                .all(|timings| timings.rounds.len() == ROUNDS_MAX)
        );
        Ok(())
    }
}
