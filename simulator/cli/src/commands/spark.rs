//! `millrace spark`: the same scenarios on a real Spark, compared; or printed as programs.

mod comparison;
mod sorted;
mod subject;

use std::env;
use std::fs;

use oracle::{Installation, Replay, Spark};
use serde_json::json;

use self::comparison::{Comparison, Tally, compare};
use self::subject::Subject;
use crate::args::SparkArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select;
use crate::terminal::{note, print};

/// Prints programs, or plays them on a real Spark and compares what it prints with ours.
pub(crate) fn spark(arguments: &SparkArguments) -> Result<Exit, CommandError> {
    let subjects = match arguments.sweep {
        Some(count) => subject::drawn(arguments.seed, count.get()),
        None => selected(arguments)?,
    };
    if arguments.script {
        return print_scripts(&subjects, arguments.quiet);
    }
    verify(subjects, arguments)
}

fn selected(arguments: &SparkArguments) -> Result<Vec<Subject>, CommandError> {
    let loaded = select::load(&arguments.paths)?;
    let pipelines = select::pipelines(&loaded, arguments.pipeline.as_deref())?;
    let subjects = pipelines.into_iter().map(|(loaded, pipeline)| {
        let (case, scenario) = (&loaded.case, &loaded.scenario);
        Subject::new(case.name(), scenario, pipeline)
    });
    Ok(subjects.collect())
}

fn print_scripts(subjects: &[Subject], quiet: bool) -> Result<Exit, CommandError> {
    for (index, subject) in subjects.iter().enumerate() {
        if !quiet {
            note(subject.name());
        }
        let gap = if index > 0 { "\n" } else { "" };
        print(format_args!("{gap}{}", subject.script()))?;
    }
    Ok(Exit::Success)
}

fn verify(subjects: Vec<Subject>, arguments: &SparkArguments) -> Result<Exit, CommandError> {
    let mut tally = Tally::default();
    let mut ready = Vec::new();
    for (number, subject) in subjects.into_iter().enumerate() {
        match subject.replay(number, arguments.seed) {
            Ok(replay) => ready.push((subject, replay)),
            Err(reason) => {
                let comparison = Comparison::skipped(&reason);
                show(&subject, &comparison, arguments)?;
                tally.add(&comparison);
            }
        }
    }
    if !ready.is_empty() {
        replay_all(ready, arguments, &mut tally)?;
    }
    if !arguments.quiet && !arguments.json {
        note(&tally);
    }
    Ok(tally.exit())
}

fn replay_all(
    mut ready: Vec<(Subject, Replay)>,
    arguments: &SparkArguments,
    tally: &mut Tally,
) -> Result<(), CommandError> {
    // Another number of cores is another Spark context, which takes a second to start.
    ready.sort_by_key(|(subject, _)| subject.cores());
    let (subjects, replays): (Vec<Subject>, Vec<Replay>) = ready.into_iter().unzip();
    let installation = Installation::find(&|name| env::var_os(name))?;
    let master = arguments.master.as_deref();
    let mut spark = Spark::start(&installation, master, &replays, arguments.timeout)?;
    if !arguments.quiet {
        let versions = spark.versions();
        note(format_args!(
            "Spark {}, Python {}, Java {}, in {}",
            versions.spark,
            versions.python,
            versions.java,
            installation.home().display()
        ));
    }
    let any_order = master.is_some_and(|master| !master.starts_with("local"));
    for (subject, replay) in subjects.iter().zip(&replays) {
        let answer = spark.replay(replay)?;
        let comparison = compare(&answer, &subject.played(arguments.seed)?, any_order);
        show(subject, &comparison, arguments)?;
        if arguments.sweep.is_some() && !comparison.complaints.is_empty() {
            keep(subject, arguments)?;
        }
        tally.add(&comparison);
    }
    Ok(())
}

/// Writes a scenario of the sweep, so that the difference can be had again.
fn keep(subject: &Subject, arguments: &SparkArguments) -> Result<(), CommandError> {
    let path = arguments
        .keep
        .join(format!("{}.toml", subject.scenario_name()));
    let written =
        fs::create_dir_all(&arguments.keep).and_then(|()| fs::write(&path, subject.text()));
    written.map_err(|source| CommandError::Write {
        path: path.clone(),
        source,
    })?;
    note(format_args!("written: {}", path.display()));
    Ok(())
}

fn show(
    subject: &Subject,
    comparison: &Comparison,
    arguments: &SparkArguments,
) -> Result<(), CommandError> {
    let (word, complaints) = (comparison.finding.word(), &comparison.complaints);
    if arguments.json {
        let line = json!({
            "scenario": subject.scenario_name(), "pipeline": subject.pipeline_name(),
            "result": word, "note": comparison.note, "complaints": complaints,
        });
        return print(format_args!("{line}\n"));
    }
    if !arguments.quiet || comparison.is_worth_a_word() {
        let notes = [subject.note(), comparison.note.as_deref()];
        let notes: Vec<&str> = notes.into_iter().flatten().collect();
        let notes = notes.join("; ");
        let gap = if notes.is_empty() { "" } else { ": " };
        note(format_args!("{word:>8}  {}{gap}{notes}", subject.name()));
    }
    for complaint in complaints {
        note(complaint);
    }
    Ok(())
}
