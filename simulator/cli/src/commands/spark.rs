//! `millrace spark`: scenarios on a real Spark, compared with ours; or printed as programs.

mod comparison;
mod face;
mod pipeline;
mod program;
mod smaller;

use std::env;
use std::fs;

use oracle::{Answer, Installation, Spark, SparkReplay, Versions};
use scenario::{Program, SparkVersion};
use serde_json::json;
use simulator::CompileError;
use suite::Case;

use self::comparison::{Comparison, compare};
use self::face::Face;
use self::pipeline::SparkPipeline;
use crate::args::SparkArguments;
use crate::commands::finding::{Finding, Tally};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select;
use crate::terminal::{print, print_note, prints_to_a_file};

/// Prints programs, or plays them on a real Spark and compares its console with ours.
pub(crate) fn spark(arguments: &SparkArguments) -> Result<Exit, CommandError> {
    if arguments.record && suite::is_ci(env::var_os("CI").as_deref()) {
        return Err(CommandError::AcceptInCi);
    }
    let mut exit = Exit::Success;
    let pipelines = if let Some(count) = arguments.sweep {
        let spark = installation()?.spark();
        if arguments.queries {
            pipeline::queries(arguments.seed, count.get(), spark)
        } else {
            pipeline::drawn(arguments.seed, count.get(), spark)
        }
    } else {
        let loaded = select::load(&arguments.paths)?;
        exit = loaded.exit;
        selected(&loaded.cases, arguments)?
    };
    let done = if arguments.script {
        print_scripts(&pipelines, arguments.findings.quiet)
    } else {
        verify(for_master(arguments, pipelines), arguments)
    };
    Ok(exit.max(done?))
}

fn installation() -> Result<Installation, CommandError> {
    Ok(Installation::find(&|name| env::var_os(name))?)
}

/// Ignores the order of rows on a cluster, which keeps none.
fn for_master(arguments: &SparkArguments, pipelines: Vec<SparkPipeline>) -> Vec<SparkPipeline> {
    let master = arguments.master.as_deref();
    if master.is_none_or(|master| master.starts_with("local")) {
        return pipelines;
    }
    pipelines
        .into_iter()
        .map(|pipeline| pipeline.in_any_order("all rows, in any order; a cluster keeps none"))
        .collect()
}

fn selected(
    cases: &[Case],
    arguments: &SparkArguments,
) -> Result<Vec<SparkPipeline>, CommandError> {
    let selected = select::pipelines(cases, arguments.pipeline.as_deref())?;
    for (_, pipeline) in &selected {
        if let Program::Rust(name) = &pipeline.program {
            let error = CompileError::Rust(name.clone());
            return Err(CommandError::compile(pipeline)(error));
        }
    }
    let pipelines = selected.into_iter().map(|(case, pipeline)| {
        SparkPipeline::new(&case.name, &case.scenario, pipeline).of_case(case)
    });
    Ok(pipelines.collect())
}

fn print_scripts(pipelines: &[SparkPipeline], quiet: bool) -> Result<Exit, CommandError> {
    for (index, pipeline) in pipelines.iter().enumerate() {
        if !quiet {
            print_note(pipeline.name());
        }
        let gap = if index > 0 { "\n" } else { "" };
        print(format_args!("{gap}{}", pipeline.script()?))?;
    }
    if !quiet && pipelines.len() > 1 && prints_to_a_file() {
        print_note(format_args!(
            "{} programs are in one file, one after the other; --pipeline NAME prints one alone",
            pipelines.len()
        ));
    }
    Ok(Exit::Success)
}

fn verify(pipelines: Vec<SparkPipeline>, arguments: &SparkArguments) -> Result<Exit, CommandError> {
    let mut tally = SparkTally::default();
    let mut ready = Vec::new();
    let (programs, pipelines): (Vec<SparkPipeline>, Vec<SparkPipeline>) = pipelines
        .into_iter()
        .partition(|pipeline| pipeline.program().is_some());
    for (number, pipeline) in pipelines.into_iter().enumerate() {
        match pipeline.replay(number, arguments.seed) {
            Ok(replay) => ready.push((pipeline, replay)),
            Err(reason) => {
                let skipped = Comparison::skipped(format!("not replayed on Spark: {reason}"));
                tally.add(&pipeline, &skipped, arguments)?;
            }
        }
    }
    if !ready.is_empty() {
        let installation = installation()?;
        let ready = for_version(installation.spark(), ready, arguments, &mut tally)?;
        replay_all(&installation, ready, arguments, &mut tally)?;
    }
    for pipeline in &programs {
        let comparison = compare_program(pipeline, arguments)?;
        tally.add(pipeline, &comparison, arguments)?;
    }
    Ok(tally.finish(arguments))
}

/// Compares a program in Python, which has a local Spark of its own.
fn compare_program(
    pipeline: &SparkPipeline,
    arguments: &SparkArguments,
) -> Result<Comparison, CommandError> {
    let installation = installation()?;
    let master = arguments.master.as_ref();
    let local = master.map(|_| "not replayed on Spark: a program plays in local mode".to_owned());
    let refusal = local.or_else(|| pipeline.refusal(installation.spark(), arguments.record));
    match (refusal, pipeline.program()) {
        (None, Some((case, program))) => {
            let answer = program::play(&installation, pipeline, case, program, arguments)?;
            examine(pipeline, &answer, arguments)
        }
        (reason, _) => Ok(Comparison::skipped(reason.unwrap_or_default())),
    }
}

/// The pipelines that are compared with this version of Spark, as it prints them.
fn for_version(
    spark: SparkVersion,
    pipelines: Vec<(SparkPipeline, SparkReplay)>,
    arguments: &SparkArguments,
    tally: &mut SparkTally,
) -> Result<Vec<(SparkPipeline, SparkReplay)>, CommandError> {
    let mut ready = Vec::new();
    for (pipeline, replay) in pipelines {
        match pipeline.refusal(spark, arguments.record) {
            None => ready.push((pipeline.on(spark), replay)),
            Some(reason) => tally.add(&pipeline, &Comparison::skipped(reason), arguments)?,
        }
    }
    Ok(ready)
}

fn replay_all(
    installation: &Installation,
    mut ready: Vec<(SparkPipeline, SparkReplay)>,
    arguments: &SparkArguments,
    tally: &mut SparkTally,
) -> Result<(), CommandError> {
    if ready.is_empty() {
        return Ok(());
    }
    // Another number of cores is another Spark context, which takes a second to start.
    ready.sort_by_key(|(pipeline, _)| pipeline.scenario.cluster.cores);
    let (pipelines, replays): (Vec<SparkPipeline>, Vec<SparkReplay>) = ready.into_iter().unzip();
    let master = arguments.master.as_deref();
    let mut spark = Spark::start(installation, master, &replays, arguments.timeout)?;
    if !arguments.findings.quiet {
        introduce(installation, spark.versions());
    }
    for (pipeline, replay) in pipelines.iter().zip(&replays) {
        let answer = spark.replay(replay)?;
        if arguments.sweep.is_some() {
            let comparison = examine_drawn(pipeline, &answer, arguments, tally)?;
            if !comparison.problems.is_empty() {
                smaller::find(&mut spark, pipeline, &answer, arguments)?;
            }
            tally.add(pipeline, &comparison, arguments)?;
        } else {
            let comparison = examine(pipeline, &answer, arguments)?;
            tally.add(pipeline, &comparison, arguments)?;
        }
    }
    Ok(())
}

/// Compares a scenario of the sweep, on the Python face, too, and writes one that differs, or that is recorded.
fn examine_drawn(
    pipeline: &SparkPipeline,
    answer: &Answer,
    arguments: &SparkArguments,
    tally: &mut SparkTally,
) -> Result<Comparison, CommandError> {
    let ours = pipeline.played(arguments.seed)?;
    let mut comparison = compare(answer, &ours, pipeline.measure());
    tally
        .face
        .examine(pipeline, answer, arguments.seed, &mut comparison)?;
    if arguments.record || !comparison.problems.is_empty() {
        let case = keep(pipeline, &pipeline.scenario_name, arguments)?;
        if let (true, Answer::Console { text, .. }) = (arguments.record, answer) {
            let snapshots = &case.snapshots;
            snapshots.accept(&pipeline.pipeline.name, text)?;
        }
    }
    Ok(comparison)
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

/// Compares, and writes the snapshot if that was asked for.
fn examine(
    pipeline: &SparkPipeline,
    answer: &Answer,
    arguments: &SparkArguments,
) -> Result<Comparison, CommandError> {
    let ours = pipeline.played(arguments.seed)?;
    let mut comparison = compare(answer, &ours, pipeline.measure());
    if let (true, Answer::Console { text, .. }) = (arguments.record, answer) {
        pipeline.record(text)?;
        comparison.note = Some("recorded".to_owned());
    }
    Ok(comparison)
}

/// Writes a scenario of the sweep, so that the difference can be reproduced.
fn keep(
    pipeline: &SparkPipeline,
    name: &str,
    arguments: &SparkArguments,
) -> Result<Case, CommandError> {
    let path = arguments.keep.join(format!("{name}.toml"));
    let text = scenario::print(&pipeline.scenario);
    let written =
        fs::create_dir_all(&arguments.keep).and_then(|()| suite::replace_file(&path, &text));
    written.map_err(CommandError::write(&path))?;
    if !arguments.record {
        print_note(format_args!("written: {}", path.display()));
    }
    let case = Case::parse(&path, &text);
    case.map_err(|mistakes| CommandError::Read(vec![mistakes.into()]))
}

/// The results so far: the pipelines for each finding, the batches of all, and those that the Python face has played.
#[derive(Debug, Default)]
struct SparkTally {
    tally: Tally,
    batches: usize,
    face: Face,
}

impl SparkTally {
    /// Prints a result, and counts it.
    fn add(
        &mut self,
        pipeline: &SparkPipeline,
        comparison: &Comparison,
        arguments: &SparkArguments,
    ) -> Result<(), CommandError> {
        self.tally.add(comparison.finding);
        self.batches += comparison.batches;
        if arguments.findings.json {
            let line = json!({
                "scenario": pipeline.scenario_name, "pipeline": pipeline.pipeline.name,
                "result": comparison.finding.word(), "note": comparison.note,
                "complaints": comparison.problems,
            });
            return print(format_args!("{line}\n"));
        }
        let notes = pipeline.notes.iter().copied();
        let notes: Vec<&str> = notes.chain(comparison.note.as_deref()).collect();
        let notes = notes.join("; ");
        let gap = if notes.is_empty() { "" } else { ": " };
        let title = format!("{}{gap}{notes}", pipeline.name());
        let quiet = arguments.findings.quiet;
        comparison
            .finding
            .print(&title, &comparison.problems, quiet);
        Ok(())
    }

    /// Prints the counts. A call that compared nothing has not verified anything.
    fn finish(self, arguments: &SparkArguments) -> Exit {
        let SparkTally {
            tally,
            batches,
            face,
        } = self;
        if !arguments.findings.quiet && !arguments.findings.json {
            let compared = match batches {
                0 => String::new(),
                _ => format!("; batches compared: {batches}"),
            };
            let played = match face.played() {
                0 => String::new(),
                played => format!("; programs played on the Python face: {played}"),
            };
            print_note(format_args!("{tally}{compared}{played}"));
        }
        if tally.has(Finding::Differs) || tally.has(Finding::Failed) {
            Exit::Differs
        } else if tally.has(Finding::Same) {
            Exit::Success
        } else {
            Exit::NothingMatched
        }
    }
}
