//! All contenders at one point, batch by batch in turn.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Block, Workers};

use crate::results::{Batch, Timings};
use crate::{Contender, Digest, MeasureError, Plan, Point, Running, Watch, blocks};

/// So many rounds there are at least: of fewer values a median has no interval, and a change no verdict.
pub const ROUNDS_MIN: usize = 6;

/// And so many at most, after which more tell little.
pub const ROUNDS_MAX: usize = 60;

/// Batches of a round: in one of ten Spark checkpoints, and keys may time out (`MWS-4`).
const BURST: usize = 15;

/// One in so many of a round's batches, and at most one pass over the different ones, is left out of the
/// median: the caches are still the neighbour's.
const SETTLING: usize = 3;

/// Batches of a round at least, of whoever has time-outs: so there are three such in the fewest rounds.
const BURST_WITH_TIMEOUT: usize = 5;

/// Batches before any is timed, for tables to grow and caches to fill.
const WARM_UP: usize = 3;

/// So many different batches come in turn.
const BATCHES: usize = 5;

/// Input partitions of a batch, five blocks of 200 ms.
const BLOCKS: usize = 5;

/// Contenders side by side on the same input: each round gives every one of them some batches in a
/// row, so that whatever slows the machine down slows all of them.
pub(crate) struct Race<'a> {
    point: Point,
    batches: Vec<Vec<Block>>,
    entrants: Vec<Entrant<'a>>,
    /// What was handed on first, by the plain loop that does the same and the batch's number.
    expected: BTreeMap<(Contender, usize), (Contender, Digest)>,
}

struct Entrant<'a> {
    contender: Contender,
    running: Box<dyn Running + 'a>,
    /// Batches so far.
    number: usize,
    /// Batches of a round.
    burst: usize,
    timings: Timings,
}

impl<'a> Race<'a> {
    /// Starts all contenders at a point.
    pub(crate) fn new(
        plan: &Plan,
        point: Point,
        workers: &'a dyn Workers,
    ) -> Result<Race<'a>, MeasureError> {
        let batches = plan.workload(point).batches(BATCHES);
        let start = |contender: Contender| {
            Ok(Entrant {
                contender,
                running: contender.start(point.keys, plan.cores, workers)?,
                number: 0,
                burst: BURST,
                timings: Timings::of(contender),
            })
        };
        let entrants: Result<Vec<Entrant<'a>>, MeasureError> =
            Contender::ALL.into_iter().map(start).collect();
        Ok(Race {
            point,
            batches: batches.iter().map(|lines| blocks(lines, BLOCKS)).collect(),
            entrants: entrants?,
            expected: BTreeMap::new(),
        })
    }

    /// Runs until the deadline, and tells `progress` which part of the way it has come.
    pub(crate) fn run(
        mut self,
        deadline: Duration,
        watch: &mut dyn Watch,
        progress: &mut dyn FnMut(&mut dyn Watch, f64),
    ) -> Result<Vec<Timings>, MeasureError> {
        self.warm_up(deadline, watch)?;
        let begin = watch.now();
        for round in 0..ROUNDS_MAX {
            let now = watch.now();
            let gone = now.saturating_sub(begin).as_secs_f64();
            let given = deadline.saturating_sub(begin).as_secs_f64();
            if round >= ROUNDS_MIN && now >= deadline {
                break;
            }
            progress(watch, (gone / given).min(round as f64 / ROUNDS_MIN as f64));
            self.round(round, watch)?;
        }
        Ok(self
            .entrants
            .into_iter()
            .map(|entrant| entrant.timings)
            .collect())
    }

    /// Runs the first batches, and sees from the last of them how many a round has time for.
    fn warm_up(&mut self, deadline: Duration, watch: &mut dyn Watch) -> Result<(), MeasureError> {
        let mut costs = Vec::new();
        for index in 0..self.entrants.len() {
            let batches: Result<Vec<Batch>, MeasureError> =
                (0..WARM_UP).map(|_| self.batch(index, watch)).collect();
            costs.extend(batches?.last().map(|batch| batch.seconds));
        }
        let left = deadline.saturating_sub(watch.now()).as_secs_f64();
        let turn = turn(&costs, left);
        for (entrant, seconds) in self.entrants.iter_mut().zip(costs) {
            entrant.burst = burst(entrant.contender, turn, seconds);
        }
        Ok(())
    }

    /// Gives each contender its batches, beginning with another one each round: so each comes after the
    /// same other one, which has filled the caches with its own.
    fn round(&mut self, round: usize, watch: &mut dyn Watch) -> Result<(), MeasureError> {
        let count = self.entrants.len();
        for place in 0..count {
            let index = (round + place) % count;
            let burst = self.entrants[index].burst;
            let batches: Result<Vec<Batch>, MeasureError> =
                (0..burst).map(|_| self.batch(index, watch)).collect();
            let settling = (burst / SETTLING).min(BATCHES);
            self.entrants[index].timings.add_round(&batches?, settling);
        }
        Ok(())
    }

    /// Times one batch, and compares what it hands on with what others did.
    fn batch(&mut self, index: usize, watch: &mut dyn Watch) -> Result<Batch, MeasureError> {
        let entrant = &mut self.entrants[index];
        entrant.number += 1;
        let (contender, number) = (entrant.contender, entrant.number);
        let blocks = &self.batches[number % BATCHES];
        let begin = watch.now();
        let digest = entrant.running.batch(blocks);
        let elapsed = watch.now().saturating_sub(begin);
        let key = (contender.plain(), number);
        let (first, expected) = *self.expected.entry(key).or_insert((contender, digest));
        if digest == expected {
            Ok(Batch {
                number,
                // A clock may stand still for so short a time, of which there is no logarithm.
                seconds: elapsed.as_secs_f64().max(1e-9),
            })
        } else {
            Err(MeasureError::Unequal {
                contender,
                first,
                number,
                point: self.point,
            })
        }
    }
}

/// How long each turn of a round may be, in seconds, of contenders whose batches take so long: nobody's is
/// cut shorter than one batch of the slowest, which is there anyway.
fn turn(costs: &[f64], left: f64) -> f64 {
    let slowest = costs.iter().copied().fold(0.0, f64::max);
    (left / (costs.len() * ROUNDS_MIN) as f64).max(slowest)
}

/// How many batches fit a turn.
fn burst(contender: Contender, turn: f64, seconds: f64) -> usize {
    let least = if contender.has_timeout() {
        BURST_WITH_TIMEOUT
    } else {
        1
    };
    ((turn / seconds) as usize).clamp(least, BURST)
}

#[cfg(test)]
mod tests {
    use engine::Inline;

    use super::*;
    use crate::testing::{Ticks, small_plan};

    fn run(race: Race<'_>) -> Result<Vec<Timings>, MeasureError> {
        let deadline = Duration::from_millis(1);
        race.run(deadline, &mut Ticks::default(), &mut |_, _| {})
    }

    #[test]
    fn a_contender_that_hands_on_something_else_ends_the_race() -> Result<(), MeasureError> {
        let plan = small_plan();
        let point = plan.middle();
        let mut race = Race::new(&plan, point, &Inline)?;
        // As if the one with a time-out had been first to come to its second batch, and had lost a word.
        let lost = (Contender::MapWithStateTimeout, Digest::default());
        race.expected.insert((Contender::PlainMap, 2), lost);
        let expected = MeasureError::Unequal {
            contender: Contender::MapWithState,
            first: Contender::MapWithStateTimeout,
            number: 2,
            point,
        };
        assert_eq!(run(race), Err(expected.clone()));
        assert_eq!(
            expected.to_string(),
            "map_with_state hands on other totals than map_with_state_timeout in batch 2 with 10 keys and 10 words"
        );
        Ok(())
    }

    #[track_caller]
    fn check_bursts(left: f64, costs: [f64; 3], expected: [usize; 3]) {
        let contenders = [
            Contender::PlainUpdate,
            Contender::MapWithState,
            Contender::MapWithStateTimeout,
        ];
        let turn = turn(&costs, left);
        let bursts = contenders.iter().zip(costs);
        let bursts: Vec<usize> = bursts
            .map(|(contender, seconds)| burst(*contender, turn, seconds))
            .collect();
        assert_eq!(bursts, expected);
    }

    #[test]
    fn nobodys_turn_is_shorter_than_a_batch_of_the_slowest() {
        check_bursts(0.0, [1.0, 0.1, 0.01], [1, 10, 15]);
        check_bursts(0.0, [1.0, 1.0, 1.0], [1, 1, 5]);
        // 3.6 seconds are turns of 0.2 for three in six rounds.
        check_bursts(3.6, [0.05, 0.1, 0.001], [4, 2, 15]);
    }

    #[test]
    fn no_race_goes_on_for_ever() -> Result<(), MeasureError> {
        let plan = small_plan();
        let race = Race::new(&plan, plan.middle(), &Inline)?;
        let deadline = Duration::from_hours(1);
        let timings = race.run(deadline, &mut Ticks::default(), &mut |_, _| {})?;
        assert!(
            timings
                .iter()
                .all(|timings| timings.rounds.len() == ROUNDS_MAX)
        );
        Ok(())
    }
}
