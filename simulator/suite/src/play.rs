//! Plays a pipeline of a scenario twice.

use engine::{Journal, Reader};
use report::{Console, UnknownZone, Zone};
use scenario::{Pipeline, Scenario};
use simulator::{CompileError, ExpectationChecker, RunOptions, UnmetExpectation, run};

/// The result of a run that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The console text.
    pub text: String,
    /// The expectations that did not hold.
    pub unmet: Vec<UnmetExpectation>,
    /// The reasons for which jobs failed, each once: the text lacks the output of these jobs.
    pub failures: Vec<String>,
}

/// A pipeline whose run cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The pipeline breaks a rule.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The same scenario and seed gave two different journals: a fault of this program.
    #[error(
        "two runs with seed {seed} differ at entry {entry} of their journals: a fault of the simulator, please report it"
    )]
    NotDeterministic {
        /// The seed.
        seed: u64,
        /// The first entry that differs, from 0.
        entry: usize,
    },
    /// A program of the caller's gave two different journals for the same input.
    #[error(
        "two runs differ at entry {entry} of their journals: the program depends on something besides its input, \
         such as the order of a `HashMap`"
    )]
    Differs {
        /// The first entry that differs, from 0.
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
/// Fails if the pipeline breaks a rule, and if the journals of the two runs differ.
pub fn play(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Played, PlayError> {
    let options = RunOptions {
        seed,
        ..RunOptions::default()
    };
    let played = play_with(scenario, pipeline, |reader| {
        Ok(run(scenario, pipeline, &options, reader)?)
    });
    played.map_err(|error| match error {
        PlayError::Differs { entry } => PlayError::NotDeterministic { seed, entry },
        error => error,
    })
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
    let journal = confirmed(run)?;
    let mut checker = ExpectationChecker::new(scenario, pipeline);
    journal.replay(&mut checker);
    Ok(Played {
        text: console_text(scenario, pipeline, &journal)?,
        unmet: checker.finish(),
        failures: journal.failures().iter().map(ToString::to_string).collect(),
    })
}

/// The journal of a run, which a second run has confirmed.
fn confirmed<E: From<PlayError>>(
    run: impl Fn(&mut dyn Reader) -> Result<(), E>,
) -> Result<Journal, E> {
    let mut first = Journal::new();
    run(&mut first)?;
    let mut second = Journal::new();
    run(&mut second)?;
    if first == second {
        return Ok(first);
    }
    let pairs = first.entries().iter().zip(second.entries());
    let entry = pairs.take_while(|(first, second)| first == second).count();
    Err(PlayError::Differs { entry }.into())
}

fn console_text(
    scenario: &Scenario,
    pipeline: &Pipeline,
    journal: &Journal,
) -> Result<String, PlayError> {
    let profile = scenario.profile_of(pipeline);
    let mut console = Console::new(profile, Zone::named(&scenario.clock.timezone)?, Vec::new());
    journal.replay(&mut console);
    let bytes = console.finish().map_err(PlayError::Render)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
