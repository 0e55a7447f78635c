//! Exploration of a program: schedules of faults, and other arrangements of its input.

use std::fmt;
use std::ops::RangeInclusive;

use engine::{Journal, StreamingContext};
use explore::{Explorer, NotExplored, Schedule, Smallest, Violation};
use scenario::Scenario;
use simulator::RunError;

use crate::panics::run_program;
use crate::timeline::Timeline;

/// Of this number of schedules one is played twice.
const TWICE: u64 = 8;

/// An exploration of a program of streams.
///
/// Each schedule is drawn from a seed. Some of them are faults, after which the program must print what it prints without:
/// crashes of its driver at points of its batches, losses of power, checkpoints that cannot be written. Others arrange the
/// input in another way: the lines of an entry in another order, or in other partitions. So an exploration finds a function
/// that is not commutative, not associative, or no pure function of its arguments; and with an
/// [`invariant`](Self::invariant) on what the program writes a sink that is not idempotent.
///
/// ```
/// use std::time::Duration;
/// use millrace::{StreamingContext, Timeline};
///
/// fn latest(ssc: &StreamingContext) {
///     let words = ssc.direct_stream("words");
///     words.map(|word| (word.len() as i64, word)).reduce_by_key(|_, last| last).print();
/// }
///
/// let timeline = Timeline::new().lines(Duration::from_secs(1), ["red", "blue", "sun"]);
/// let broken = millrace::explore(&timeline, latest).check().expect_err("it is the last word that counts");
/// assert!(broken.to_string().contains("Values are merged by a commutative function"));
/// ```
#[must_use]
pub struct Exploration {
    scenario: Scenario,
    seeds: RangeInclusive<u64>,
    /// Of the program, or why it cannot be explored.
    explorer: Result<Explorer, NotExplored>,
}

/// Explores a program of streams on a timeline, by the seeds from 1 to 200 unless others are [said](Exploration::seeds).
///
/// Its states are [saved](engine::UpdateSpec::saved), so that it can go on from its checkpoint. Lines of a
/// `direct_stream` are kept by their source; a receiver loses lines in a crash, which breaks no promise, unless the program
/// [logs](StreamingContext::log_records) them.
pub fn explore(
    timeline: &Timeline,
    write: impl Fn(&StreamingContext) + Send + Sync + 'static,
) -> Exploration {
    let scenario = timeline.scenario_of_program();
    let pipeline = &scenario.pipelines[0];
    Exploration {
        explorer: run_program(|| Explorer::of_program(&scenario, pipeline, write)),
        seeds: 1..=200,
        scenario,
    }
}

impl Exploration {
    /// Draws the schedules from these seeds.
    pub fn seeds(self, seeds: RangeInclusive<u64>) -> Exploration {
        Exploration { seeds, ..self }
    }

    /// Holds each run to an invariant on all that happened in it. The name is a sentence, without its full stop.
    pub fn invariant(
        self,
        name: &str,
        check: impl Fn(&Journal) -> Result<(), String> + Send + Sync + 'static,
    ) -> Exploration {
        self.with(|explorer| explorer.invariant(name, check))
    }

    /// Calls this before each run, to empty the stores that the program writes into.
    pub fn before_each(self, before_each: impl Fn() + Send + Sync + 'static) -> Exploration {
        self.with(|explorer| explorer.before_each(before_each))
    }

    /// Holds the program to the same last rows, however its input is cut into batches.
    pub fn any_cut(self) -> Exploration {
        self.with(|explorer| explorer.any_cut(true))
    }

    fn with(self, change: impl FnOnce(Explorer) -> Explorer) -> Exploration {
        Exploration {
            explorer: self.explorer.map(change),
            ..self
        }
    }

    /// Plays all schedules. Returns the number of them.
    ///
    /// # Errors
    ///
    /// The first schedule that breaks a promise, on the smallest timeline found for it; or the program cannot be explored.
    pub fn check(self) -> Result<u64, ExploreError> {
        let explorer = self.explorer?;
        let mut played = 0;
        for seed in self.seeds {
            let schedule = explorer.drawn(seed);
            let broken = run_program(|| judge(&explorer, &schedule, seed))?;
            if let Some(smallest) = broken {
                return Err(ExploreError::Broken(Box::new(Broken { seed, smallest })));
            }
            played += 1;
        }
        Ok(played)
    }
}

/// The smallest schedule for one that breaks a promise.
fn judge(
    explorer: &Explorer,
    schedule: &Schedule,
    seed: u64,
) -> Result<Option<Smallest>, RunError> {
    if !explorer.judge(schedule)?.is_empty() {
        return explorer.smallest(schedule).map(Some);
    }
    if seed.is_multiple_of(TWICE) {
        return explorer.judge_twice(schedule);
    }
    Ok(None)
}

/// An exploration that found something, or could not begin.
///
/// `Debug` shows the text of `Display`: a test that returns the error prints it so.
#[derive(thiserror::Error)]
pub enum ExploreError {
    /// The program cannot be explored.
    #[error(transparent)]
    NotExplored(#[from] NotExplored),
    /// A run comes to a limit.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A schedule breaks a promise.
    #[error("{0}")]
    Broken(Box<Broken>),
}

impl fmt::Debug for ExploreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A schedule that breaks a promise, made as small as it could be.
#[derive(Debug)]
pub struct Broken {
    /// The seed that it was drawn from.
    pub seed: u64,
    /// The schedule, with its scenario.
    smallest: Smallest,
}

impl Broken {
    /// The promises that it breaks.
    pub fn violations(&self) -> &[Violation] {
        &self.smallest.violations
    }

    /// The timeline, with its faults.
    pub fn timeline(&self) -> Timeline {
        Timeline::of(&self.smallest.scenario)
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for violation in self.violations() {
            writeln!(f, "{}\n  {}", violation.promise, violation.message)?;
        }
        write!(f, "the smallest timeline found, of seed {}:", self.seed)?;
        for entry in &self.smallest.scenario.timeline {
            write!(f, "\n  {entry}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Exploration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exploration")
            .field("scenario", &self.scenario)
            .field("seeds", &self.seeds)
            .finish_non_exhaustive()
    }
}
