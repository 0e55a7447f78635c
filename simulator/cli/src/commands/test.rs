//! `millrace test`: replay, and compare with the snapshots.

mod tally;
mod verdict;

use std::path::PathBuf;

use scenario::Pipeline;
use serde_json::json;
use snapshots::{Orphan, Outcome, Played, bless, check, orphans, play};

use crate::args::TestArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select::{self, Loaded};
use crate::terminal::{note, print};
use tally::Tally;
use verdict::{Finding, Verdict};

/// Compares every pipeline of the scenarios with its snapshot.
pub(crate) fn test(arguments: &TestArguments) -> Result<Exit, CommandError> {
    if arguments.bless && std::env::var_os("CI").is_some() {
        return Err(CommandError::BlessInCi);
    }
    let loaded = select::load(&arguments.paths)?;
    let mut tally = Tally::default();
    for (loaded, pipeline) in select::pipelines(&loaded, None)? {
        let verdict = examine(loaded, pipeline, arguments.bless)
            .unwrap_or_else(|error| Verdict::failed(&error));
        tally.add(&verdict, loaded.case.file());
        show(loaded.case.name(), &pipeline.name, &verdict, arguments)?;
    }
    for orphan in orphaned(&arguments.paths, &loaded)? {
        let verdict = Verdict::orphaned(&orphan);
        tally.add(&verdict, &orphan.file);
        show(&orphan.scenario, &orphan.pipeline, &verdict, arguments)?;
    }
    if !arguments.quiet && !arguments.json {
        note(&tally);
    }
    Ok(tally.exit())
}

/// The snapshots at these paths that none of the scenarios stands behind.
fn orphaned(paths: &[PathBuf], loaded: &[Loaded]) -> Result<Vec<Orphan>, CommandError> {
    let with_pipelines = loaded.iter().map(|loaded| {
        let pipelines = loaded.scenario.pipelines.iter();
        let names = pipelines.map(|pipeline| pipeline.name.as_str());
        (&loaded.case, names.collect())
    });
    orphans(paths, &with_pipelines.collect::<Vec<_>>()).map_err(CommandError::Orphans)
}

fn examine(loaded: &Loaded, pipeline: &Pipeline, accept: bool) -> Result<Verdict, CommandError> {
    let case = &loaded.case;
    let played = play(&loaded.scenario, pipeline, 0).map_err(|source| CommandError::Play {
        scenario: case.name().to_owned(),
        pipeline: pipeline.name.clone(),
        source,
    })?;
    if !played.verdicts.is_empty() {
        let unmet = played.verdicts.iter();
        let unmet = unmet.map(|it| it.located(&loaded.lines).to_string());
        return Ok(Verdict::of(Finding::Unmet, unmet.collect()));
    }
    if !played.failures.is_empty() {
        return Ok(Verdict::of(Finding::Failed, played.failures));
    }
    let path = case.snapshot(&pipeline.name);
    let outcome = check(case, &pipeline.name, &played.text).map_err(|source| {
        let path = path.clone();
        CommandError::ReadSnapshot { path, source }
    })?;
    let (finding, complaint) = match outcome {
        Outcome::Same => return Ok(Verdict::of(Finding::Same, Vec::new())),
        _ if accept => return accepted(loaded, pipeline, &played),
        Outcome::Missing => (
            Finding::Missing,
            format!("there is no snapshot {}", path.display()),
        ),
        Outcome::Differs(difference) => (Finding::Differs, difference),
        Outcome::Broken(error) => (Finding::Broken, format!("{}: {error}", path.display())),
    };
    Ok(Verdict::of(finding, vec![complaint]))
}

fn accepted(
    loaded: &Loaded,
    pipeline: &Pipeline,
    played: &Played,
) -> Result<Verdict, CommandError> {
    let path = loaded.case.snapshot(&pipeline.name);
    bless(&loaded.case, &pipeline.name, &played.text)
        .map_err(|source| CommandError::Write { path, source })?;
    Ok(Verdict::of(Finding::Accepted, Vec::new()))
}

fn show(
    scenario: &str,
    pipeline: &str,
    verdict: &Verdict,
    arguments: &TestArguments,
) -> Result<(), CommandError> {
    let (word, complaints) = (verdict.finding.word(), &verdict.complaints);
    if arguments.json {
        let line = json!({
            "scenario": scenario, "pipeline": pipeline, "result": word, "complaints": complaints,
        });
        return print(format_args!("{line}\n"));
    }
    if !arguments.quiet || !complaints.is_empty() {
        note(format_args!("{word:>8}  {scenario}/{pipeline}"));
    }
    for complaint in complaints {
        note(complaint);
    }
    Ok(())
}
