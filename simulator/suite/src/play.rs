//! Plays a pipeline of a scenario twice.

use engine::Journal;
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
    let journal = journal(scenario, pipeline, seed)?;
    let mut checker = ExpectationChecker::new(scenario, pipeline);
    journal.replay(&mut checker);
    Ok(Played {
        text: console_text(scenario, pipeline, &journal)?,
        unmet: checker.finish(),
        failures: journal.failures().iter().map(ToString::to_string).collect(),
    })
}

/// The journal of a run, which a second run has confirmed.
fn journal(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Journal, PlayError> {
    let first = run_once(scenario, pipeline, seed)?;
    let second = run_once(scenario, pipeline, seed)?;
    if first == second {
        return Ok(first);
    }
    let pairs = first.entries().iter().zip(second.entries());
    let entry = pairs.take_while(|(first, second)| first == second).count();
    Err(PlayError::NotDeterministic { seed, entry })
}

fn run_once(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Journal, CompileError> {
    let mut journal = Journal::new();
    let options = RunOptions {
        seed,
        ..RunOptions::default()
    };
    run(scenario, pipeline, &options, &mut journal)?;
    Ok(journal)
}

fn console_text(
    scenario: &Scenario,
    pipeline: &Pipeline,
    journal: &Journal,
) -> Result<String, PlayError> {
    let profile = pipeline.profile.unwrap_or(scenario.console.profile);
    let mut console = Console::new(profile, Zone::named(&scenario.clock.timezone)?, Vec::new());
    journal.replay(&mut console);
    let bytes = console.finish().map_err(PlayError::Render)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
