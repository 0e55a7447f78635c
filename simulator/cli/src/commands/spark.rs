//! `millrace spark`: scenarios on a real Spark, compared with ours; or printed as programs.

mod comparison;
mod sorted;
mod subject;

use std::env;
use std::fmt;
use std::fs;

use oracle::{Answer, Installation, Replay, Spark, Versions};
use serde_json::json;

use self::comparison::{Comparison, compare};
use self::subject::Subject;
use crate::args::SparkArguments;
use crate::commands::finding::{Finding, Tally};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select;
use crate::terminal::{print, print_note};

/// Prints programs, or plays them on a real Spark and compares its console with ours.
pub(crate) fn spark(arguments: &SparkArguments) -> Result<Exit, CommandError> {
    if arguments.record && env::var_os("CI").is_some() {
        return Err(CommandError::AcceptInCi);
    }
    let subjects = match arguments.sweep {
        Some(count) => subject::drawn(arguments.seed, count.get()),
        None => selected(arguments)?,
    };
    if arguments.script {
        return print_scripts(&subjects, arguments.findings.quiet);
    }
    verify(in_order_of(arguments, subjects), arguments)
}

/// Ignores the order of rows on a cluster, which keeps none.
fn in_order_of(arguments: &SparkArguments, subjects: Vec<Subject>) -> Vec<Subject> {
    let master = arguments.master.as_deref();
    if master.is_none_or(|master| master.starts_with("local")) {
        return subjects;
    }
    let subjects = subjects.into_iter();
    subjects
        .map(|subject| subject.in_any_order("all rows, in any order; a cluster keeps none"))
        .collect()
}

fn selected(arguments: &SparkArguments) -> Result<Vec<Subject>, CommandError> {
    let cases = select::load(&arguments.paths)?;
    let pipelines = select::pipelines(&cases, arguments.pipeline.as_deref())?;
    let subjects = pipelines.into_iter().map(|(case, pipeline)| {
        Subject::new(&case.name, &case.scenario, pipeline).with_snapshots(&case.snapshots)
    });
    Ok(subjects.collect())
}

fn print_scripts(subjects: &[Subject], quiet: bool) -> Result<Exit, CommandError> {
    for (index, subject) in subjects.iter().enumerate() {
        if !quiet {
            print_note(subject.name());
        }
        let gap = if index > 0 { "\n" } else { "" };
        print(format_args!("{gap}{}", subject.script()))?;
    }
    Ok(Exit::Success)
}

fn verify(subjects: Vec<Subject>, arguments: &SparkArguments) -> Result<Exit, CommandError> {
    let mut totals = Totals::default();
    let mut ready = Vec::new();
    for (number, subject) in subjects.into_iter().enumerate() {
        match replay(&subject, number, arguments) {
            Ok(replay) => ready.push((subject, replay)),
            Err(reason) => {
                let comparison = Comparison::skipped(reason);
                show(&subject, &comparison, arguments)?;
                totals.add(&comparison);
            }
        }
    }
    if !ready.is_empty() {
        replay_all(ready, arguments, &mut totals)?;
    }
    if !arguments.findings.quiet && !arguments.findings.json {
        print_note(&totals);
    }
    Ok(totals.exit())
}

/// The replay for Spark, or the reason for which there is none.
fn replay(subject: &Subject, number: usize, arguments: &SparkArguments) -> Result<Replay, String> {
    if arguments.record && !subject.notes().is_empty() {
        return Err("not recorded: no Spark prints it as it stands".to_owned());
    }
    let replay = subject.replay(number, arguments.seed);
    replay.map_err(|reason| format!("not replayed on Spark: {reason}"))
}

fn replay_all(
    mut ready: Vec<(Subject, Replay)>,
    arguments: &SparkArguments,
    totals: &mut Totals,
) -> Result<(), CommandError> {
    // Another number of cores is another Spark context, which takes a second to start.
    ready.sort_by_key(|(subject, _)| subject.cores());
    let (subjects, replays): (Vec<Subject>, Vec<Replay>) = ready.into_iter().unzip();
    let installation = Installation::find(&|name| env::var_os(name))?;
    let master = arguments.master.as_deref();
    let mut spark = Spark::start(&installation, master, &replays, arguments.timeout)?;
    if !arguments.findings.quiet {
        introduce(&installation, spark.versions());
    }
    for (subject, replay) in subjects.iter().zip(&replays) {
        let answer = spark.replay(replay)?;
        let comparison = examine(subject, &answer, arguments)?;
        show(subject, &comparison, arguments)?;
        totals.add(&comparison);
    }
    Ok(())
}

fn introduce(installation: &Installation, versions: &Versions) {
    print_note(format_args!(
        "Spark {}, Python {}, Java {}, in {}",
        versions.spark,
        versions.python,
        versions.java,
        installation.home().display()
    ));
    if is_before_3_11(&versions.python) {
        print_note(
            "Python hashes text in another way before 3.11, so PySpark's rows come in another order than ours",
        );
    }
}

fn is_before_3_11(python: &str) -> bool {
    let minor = python
        .strip_prefix("3.")
        .and_then(|rest| rest.split('.').next());
    minor.is_some_and(|minor| minor.parse().is_ok_and(|minor: u32| minor < 11))
}

/// Compares, and writes the snapshot or the scenario if that was asked for.
fn examine(
    subject: &Subject,
    answer: &Answer,
    arguments: &SparkArguments,
) -> Result<Comparison, CommandError> {
    let ours = subject.played(arguments.seed)?;
    let mut comparison = compare(answer, &ours, subject.is_any_order());
    if let (true, Answer::Console(console)) = (arguments.record, answer) {
        subject.record(console)?;
        comparison.note = Some("recorded".to_owned());
    }
    if arguments.sweep.is_some() && !comparison.problems.is_empty() {
        keep(subject, arguments)?;
    }
    Ok(comparison)
}

/// Writes a scenario of the sweep, so that the difference can be reproduced.
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
    print_note(format_args!("written: {}", path.display()));
    Ok(())
}

fn show(
    subject: &Subject,
    comparison: &Comparison,
    arguments: &SparkArguments,
) -> Result<(), CommandError> {
    if arguments.findings.json {
        let line = json!({
            "scenario": subject.scenario_name(), "pipeline": subject.pipeline_name(),
            "result": comparison.finding.word(), "note": comparison.note,
            "complaints": comparison.problems,
        });
        return print(format_args!("{line}\n"));
    }
    let notes = subject.notes().iter().copied();
    let notes: Vec<&str> = notes.chain(comparison.note.as_deref()).collect();
    let notes = notes.join("; ");
    let gap = if notes.is_empty() { "" } else { ": " };
    let title = format!("{}{gap}{notes}", subject.name());
    let quiet = arguments.findings.quiet;
    comparison
        .finding
        .print(&title, &comparison.problems, quiet);
    Ok(())
}

/// The results so far: the pipelines for each finding, and the batches of all.
#[derive(Debug, Default)]
struct Totals {
    tally: Tally,
    batches: usize,
}

impl Totals {
    fn add(&mut self, comparison: &Comparison) {
        self.tally.add(comparison.finding);
        self.batches += comparison.batches;
    }

    /// A call that compared nothing has not verified anything.
    fn exit(&self) -> Exit {
        if self.tally.has(Finding::Differs) || self.tally.has(Finding::Failed) {
            Exit::Differs
        } else if self.tally.has(Finding::Same) {
            Exit::Success
        } else {
            Exit::NothingMatched
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tally)?;
        if self.batches > 0 {
            write!(f, "; batches compared: {}", self.batches)?;
        }
        Ok(())
    }
}
