//! One pipeline of a scenario, played twice.

use engine::{Event, Journal, Reader};
use report::{Console, UnknownZone, Zone};
use scenario::{Pipeline, Scenario};
use simulator::{CompileError, Judge, RunOptions, Verdict, run};

/// What came of a pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The console text.
    pub text: String,
    /// The expectations that did not hold.
    pub verdicts: Vec<Verdict>,
    /// Why jobs failed, once for each reason: what they should have printed is not in the text.
    pub failures: Vec<String>,
}

/// Why nothing came of a pipeline that can be compared.
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
    /// The scenario's time zone is none.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The console text could not be made.
    #[error("failed to render the console text")]
    Render(#[source] std::io::Error),
}

/// Plays a pipeline twice with the same seed.
///
/// # Errors
///
/// Fails if the pipeline breaks a rule, and if the two runs differ, whatever they print.
pub fn play(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Played, PlayError> {
    let first = journal(scenario, pipeline, seed)?;
    let second = journal(scenario, pipeline, seed)?;
    if first != second {
        let pairs = first.entries().iter().zip(second.entries());
        let entry = pairs.take_while(|(first, second)| first == second).count();
        return Err(PlayError::NotDeterministic { seed, entry });
    }
    let mut judge = Judge::new(scenario, pipeline);
    first.replay(&mut judge);
    let profile = pipeline.profile.unwrap_or(scenario.console.profile);
    let mut console = Console::new(profile, Zone::named(&scenario.clock.timezone)?, Vec::new());
    first.replay(&mut console);
    let bytes = console.finish().map_err(PlayError::Render)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Played {
        text,
        verdicts: judge.finish(),
        failures: failures(&first),
    })
}

fn failures(journal: &Journal) -> Vec<String> {
    let reasons = journal
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::OutputOperationCompleted { failure, .. }
            | Event::QueryProgress { failure, .. } => failure.as_ref(),
            _ => None,
        });
    let mut failures: Vec<String> = reasons.map(|reason| format!("failed: {reason}")).collect();
    failures.dedup();
    failures
}

fn journal(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Result<Journal, CompileError> {
    let mut journal = Journal::new();
    let reader: &mut dyn Reader = &mut journal;
    run(
        scenario,
        pipeline,
        &RunOptions {
            seed,
            ..RunOptions::default()
        },
        reader,
    )?;
    Ok(journal)
}
