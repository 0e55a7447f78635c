//! Plays a pipeline of a scenario twice.

use std::io::Write;

use engine::{Event, Failure, Reader, Time};
use report::{Console, UnknownZone, Zone};
use scenario::{Pipeline, Scenario};
use simulator::{ExpectationChecker, RunError, RunOptions, UnmetExpectation, run};

use crate::fingerprint::Fingerprint;

/// The result of a run that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The console text.
    pub text: String,
    /// The expectations that did not hold.
    pub unmet: Vec<UnmetExpectation>,
    /// The reasons for which jobs failed, each once, without those that the scenario expects: the text lacks the
    /// output of these jobs.
    pub failures: Vec<String>,
}

/// A pipeline whose run cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The pipeline breaks a rule, or prints more than the limit.
    #[error(transparent)]
    Run(#[from] RunError),
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
        "two runs differ at entry {entry} of their journals: the program depends on something besides its input, \
         such as the order of a `HashMap`"
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
        failures: first.failures,
    })
}

/// The marks that a run leaves, besides its console text. They do not grow with its length.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) unmet: Vec<UnmetExpectation>,
    pub(crate) failures: Vec<String>,
    fingerprint: Fingerprint,
}

/// Runs a pipeline, whose events go to this reader, too.
pub(crate) fn observe<E>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    run: &impl Fn(&mut dyn Reader) -> Result<(), E>,
    reader: &mut dyn Reader,
) -> Result<Observed, E> {
    let mut checker = ExpectationChecker::new(scenario, pipeline);
    let mut failures = FailureList::default();
    let mut fingerprint = Fingerprint::default();
    let readers = (&mut checker, (&mut failures, &mut fingerprint));
    run(&mut (readers, reader))?;
    let mut unexpected = failures.reasons;
    unexpected.retain(|reason| !scenario.expects_failure(pipeline, reason));
    Ok(Observed {
        unmet: checker.finish(),
        failures: unexpected,
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

/// The reasons for which jobs failed, each once in a row.
#[derive(Debug, Default)]
struct FailureList {
    last: Option<Failure>,
    reasons: Vec<String>,
}

impl Reader for FailureList {
    fn read(&mut self, _: Time, event: &Event) {
        if let Some(failure) = event.failure()
            && self.last.as_ref() != Some(failure)
        {
            self.reasons.push(failure.to_string());
            self.last = Some(failure.clone());
        }
    }
}

/// The console of a pipeline.
pub(crate) fn console<W: Write>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    writer: W,
) -> Result<Console<W>, PlayError> {
    let zone = Zone::named(&scenario.clock.timezone)?;
    Ok(Console::new(scenario.profile_of(pipeline), zone, writer))
}

/// The text of a console whose run has ended.
pub(crate) fn text_of(console: Console<Vec<u8>>) -> Result<String, PlayError> {
    let bytes = console.finish().map_err(PlayError::Render)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
