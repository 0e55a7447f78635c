//! Plays a pipeline of a scenario twice.

use std::io::Write;

use engine::{Event, Reader, Time};
use report::{Console, FailureLines, UnknownZone, Zone};
use scenario::{Entry, Expect, Pipeline, Scenario, TimelineEvent};
use simulator::{
    BrokenClaim, ClaimChecker, ExpectationChecker, RunError, RunOptions, UnmetExpectation, run,
};

use crate::fingerprint::Fingerprint;
use crate::python::PythonError;

/// The most failures that are kept, besides the last one: there may be one a batch.
const FAILURES_MAX: usize = 10;

/// The result of a run that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The console text.
    pub text: String,
    /// The expectations that did not hold.
    pub unmet: Vec<UnmetExpectation>,
    /// The claims that did not hold.
    pub broken: Vec<BrokenClaim>,
    /// A line for each batch that failed, without those whose failure the scenario expects: the text lacks the
    /// output of these batches. Of many, the first ones and the last.
    pub failures: Vec<String>,
}

/// A pipeline whose run cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The pipeline breaks a rule, or prints more than the limit.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A program in Python that could not be played.
    #[error(transparent)]
    Python(#[from] PythonError),
    /// The same scenario and seed gave two different journals: a fault of this program.
    #[error(
        "two runs with seed {seed} differ at entry {entry} of their journals: a fault of the simulator, please report it"
    )]
    NotDeterministic {
        /// The seed.
        seed: u64,
        /// The first entry that differs, from 0; in a run of more than 4,095 entries one up to a 2,048th of its
        /// length before it.
        entry: usize,
    },
    /// A program of the caller's gave two different journals for the same input.
    #[error(
        "two runs differ at entry {entry} of their journals: the program depends on something besides its input, such \
         as the address or the id of an object, a UUID, the order of a `HashMap`, or the real clock"
    )]
    Differs {
        /// The first entry that differs, from 0; in a run of more than 4,095 entries one up to a 2,048th of its
        /// length before it.
        entry: usize,
    },
    /// The time zone of the scenario does not exist.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The console text could not be rendered.
    #[error("failed to render the console text")]
    Render(#[source] std::io::Error),
}

/// Plays a pipeline twice with the same seed.
///
/// # Errors
///
/// Fails if the pipeline breaks a rule or prints more than the limit, and if the journals of the two runs differ.
pub fn play(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Played, PlayError> {
    let options = RunOptions {
        seed,
        ..RunOptions::default()
    };
    let played = play_with(scenario, pipeline, |reader| {
        Ok(run(scenario, pipeline, &options, reader)?)
    });
    played.map_err(|error: PlayError| error.of_simulator(seed))
}

impl PlayError {
    /// Runs of a pipeline in words that differ are a fault of the simulator.
    pub(crate) fn of_simulator(self, seed: u64) -> PlayError {
        match self {
            PlayError::Differs { entry } => PlayError::NotDeterministic { seed, entry },
            error => error,
        }
    }
}

/// Plays a pipeline by `run`, which the caller has for it, twice.
///
/// # Errors
///
/// Fails as `run` does, and if the journals of the two runs differ.
pub fn play_with<E: From<PlayError>>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    run: impl Fn(&mut dyn Reader) -> Result<(), E>,
) -> Result<Played, E> {
    let mut console = console(scenario, pipeline, Vec::new())?;
    let first = observe(scenario, pipeline, &run, &mut console)?;
    first.confirm(&run, &mut None::<Console<Vec<u8>>>)?;
    Ok(Played {
        text: text_of(console)?,
        unmet: first.unmet,
        broken: first.broken,
        failures: first.failures,
    })
}

/// The marks that a run leaves, besides its console text. They do not grow with its length.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) unmet: Vec<UnmetExpectation>,
    pub(crate) broken: Vec<BrokenClaim>,
    pub(crate) failures: Vec<String>,
    /// The entry of a timeline that would expect the first of the failures, unless that has no message.
    pub(crate) expecting: Option<Entry>,
    fingerprint: Fingerprint,
}

/// Runs a pipeline, whose events go to this reader, too.
pub(crate) fn observe<E: From<PlayError>>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    run: &impl Fn(&mut dyn Reader) -> Result<(), E>,
    reader: &mut dyn Reader,
) -> Result<Observed, E> {
    let mut checker = ExpectationChecker::new(scenario, pipeline);
    let mut claims = ClaimChecker::new(scenario, pipeline);
    let mut failures = UnexpectedFailures::of(scenario, pipeline)?;
    let mut fingerprint = Fingerprint::default();
    let readers = (
        (&mut checker, &mut claims),
        (&mut failures, &mut fingerprint),
    );
    run(&mut (readers, reader))?;
    Ok(Observed {
        unmet: checker.finish(),
        broken: claims.finish(),
        expecting: failures.expecting.take(),
        failures: failures.finish(),
        fingerprint,
    })
}

impl Observed {
    /// Runs the pipeline a second time, with this reader, and compares the two runs.
    pub(crate) fn confirm<E: From<PlayError>>(
        &self,
        run: &impl Fn(&mut dyn Reader) -> Result<(), E>,
        reader: &mut dyn Reader,
    ) -> Result<(), E> {
        let mut second = Fingerprint::default();
        run(&mut (&mut second, reader))?;
        match self.fingerprint.first_difference(&second) {
            Some(entry) => Err(PlayError::Differs { entry }.into()),
            None => Ok(()),
        }
    }
}

/// The failures of a run, but for those that its scenario expects.
#[derive(Debug)]
struct UnexpectedFailures<'a> {
    scenario: &'a Scenario,
    pipeline: &'a Pipeline,
    lines: FailureLines,
    first: Vec<String>,
    /// The entry of a timeline that would expect the first one.
    expecting: Option<Entry>,
    /// The number of those after the first ones, and the line of the last.
    more: usize,
    last: String,
}

impl<'a> UnexpectedFailures<'a> {
    fn of(
        scenario: &'a Scenario,
        pipeline: &'a Pipeline,
    ) -> Result<UnexpectedFailures<'a>, PlayError> {
        let zone = Zone::named(scenario.timezone_of(pipeline))?;
        Ok(UnexpectedFailures {
            scenario,
            pipeline,
            lines: FailureLines::new(scenario.profile_of(pipeline), zone),
            first: Vec::new(),
            expecting: None,
            more: 0,
            last: String::new(),
        })
    }

    /// The entry of a timeline that expects a failure with this message at this time.
    fn expecting(&self, time: Time, message: &str) -> Option<Entry> {
        let part = message.lines().map(str::trim).find(|it| !it.is_empty())?;
        let expect = Expect {
            pipeline: Some(self.pipeline.name.clone()),
            failure: Some(part.to_owned()),
            ..Expect::default()
        };
        Some(Entry {
            at: time.since(self.scenario.clock.start),
            stream: None,
            event: TimelineEvent::Expect(Box::new(expect)),
        })
    }

    fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            let last = format!("{} more times, the last: {}", self.more, self.last);
            self.first.push(last);
        }
        self.first
    }
}

impl Reader for UnexpectedFailures<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        let is_expected = |message: &str| self.scenario.expects_failure(self.pipeline, message);
        let failure = event.failure().filter(|it| !is_expected(it.message()));
        let Some(failure) = failure else { return };
        let Some(line) = self.lines.line(event) else {
            return;
        };
        if self.first.is_empty() {
            self.expecting = self.expecting(time, failure.message());
        }
        if self.first.len() < FAILURES_MAX {
            self.first.push(line);
        } else {
            self.more += 1;
            self.last = line;
        }
    }
}

/// The console of a pipeline.
pub(crate) fn console<W: Write>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    writer: W,
) -> Result<Console<W>, PlayError> {
    let zone = Zone::named(scenario.timezone_of(pipeline))?;
    Ok(Console::new(scenario.profile_of(pipeline), zone, writer))
}

/// The text of a console whose run has ended.
pub(crate) fn text_of(console: Console<Vec<u8>>) -> Result<String, PlayError> {
    let bytes = console.finish().map_err(PlayError::Render)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A state of two words, in a cluster that has room for one, until this second.
    fn failures_until(stop: u64) -> Vec<String> {
        let text = format!(
            "timeline = [{{ at = '1s', lines = ['blue green'] }}]\n\
             [clock]\nstop = '{stop}s'\ntimezone = 'Asia/Shanghai'\n\
             [cluster]\nmemory = '100B'\n\
             [[pipeline]]\nname = 'counts'\nmode = 'update_state'\n"
        );
        let scenario = scenario::parse("counts.toml", &text).expect("it has no mistakes");
        let played = play(&scenario, &scenario.pipelines[0], 0).expect("it runs");
        let reason = ": the states of 2 keys would take 112 bytes, and the memory of the cluster is 100 bytes; \
                      give it more memory, or let keys go";
        let failures = played.failures.iter();
        failures.map(|line| line.replace(reason, "")).collect()
    }

    /// Steps have the names of the language, whatever methods they are compiled into.
    #[test]
    fn job_4_a_step_that_fails_is_named_as_it_is_written() {
        let most = i64::MAX - 1;
        let check = |program: &str, named: &str| {
            let text = format!(
                "timeline = [{{ at = '1s', lines = ['blue blue'] }}]\n\
                 [[pipeline]]\nname = 'fails'\n{program}\n"
            );
            let scenario = scenario::parse("fails.toml", &text).expect("it has no mistakes");
            let played = play(&scenario, &scenario.pipelines[0], 0).expect("it runs");
            let [line] = &*played.failures else {
                panic!("one batch fails: {:?}", played.failures);
            };
            assert!(line.starts_with(&format!("{named}, ")), "{line}");
        };
        let steps = |tail: &str| {
            let head = "{ flat_map = 'split' }, { map = 'pair' }";
            format!("steps = [{head}, {tail}, {{ print = 10 }}]")
        };
        let grow = format!("{{ map_values = {{ add = {most} }} }}");
        check(&steps(&format!("{grow}, {grow}")), "map_values");
        check(
            &steps(&format!("{grow}, {{ reduce_by_key = 'sum' }}")),
            "reduce_by_key",
        );
    }

    #[test]
    fn job_4_each_failed_batch_is_named_as_the_console_would() {
        let first = "update_state_by_key, batch at 1970-01-01 08:00:01";
        assert_eq!(
            failures_until(3),
            [
                first.to_owned(),
                "batch at 1970-01-01 08:00:02, for the same reason".to_owned(),
                "batch at 1970-01-01 08:00:03, for the same reason".to_owned(),
            ]
        );
    }

    #[test]
    fn of_many_failed_batches_the_first_ones_and_the_last_are_named() {
        let failures = failures_until(500);
        assert_eq!(failures.len(), FAILURES_MAX + 1);
        assert_eq!(
            failures.last().map(String::as_str),
            Some("490 more times, the last: batch at 1970-01-01 08:08:20, for the same reason")
        );
    }
}
