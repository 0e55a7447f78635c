//! `millrace test`: replay, and compare with the snapshots.

mod junit;
mod results;

use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use scenario::Pipeline;
use serde_json::json;
use suite::{Case, CaseOutcome, Orphan, ReadError, TestError, hints, orphans, seed_of_failure};

use self::results::{TestResult, TestResults};
use crate::args::{Shard, TestArguments};
use crate::commands::finding::Finding;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select;
use crate::terminal::{print, print_note};

/// The folder that is tested if none is named.
const HOME: &str = "scenarios";

/// Compares pipelines of the scenarios with their snapshots.
pub(crate) fn test(arguments: &TestArguments) -> Result<Exit, CommandError> {
    if arguments.bless && is_ci() {
        return Err(CommandError::AcceptInCi);
    }
    if arguments.remove_orphans && is_ci() {
        return Err(CommandError::RemoveInCi);
    }
    let paths = paths(arguments)?;
    let found = select::read(&paths)?;
    let chosen = chosen(&found, arguments)?;
    if arguments.list {
        return list(&chosen, arguments.findings.json);
    }
    if let Some(file) = &arguments.junit {
        suite::check_replaceable(file).map_err(CommandError::write(file))?;
    }
    let mut results = TestResults::new(&arguments.findings);
    for test in chosen {
        results.add(test.run(arguments))?;
    }
    if arguments.pipeline.is_none() && arguments.shard.is_none_or(Shard::is_first) {
        let cases: Vec<&Case> = found.iter().flatten().collect();
        for orphan in orphans(&paths, &cases).map_err(CommandError::Orphans)? {
            results.add(examine_orphan(&orphan, arguments.remove_orphans))?;
        }
    }
    results.finish(arguments.junit.as_deref())
}

fn is_ci() -> bool {
    suite::is_ci(env::var_os("CI").as_deref())
}

fn paths(arguments: &TestArguments) -> Result<Vec<PathBuf>, CommandError> {
    if arguments.paths.iter().any(|path| path == Path::new("-")) {
        return Err(CommandError::NoSnapshots);
    }
    if !arguments.paths.is_empty() {
        return Ok(arguments.paths.clone());
    }
    if Path::new(HOME).is_dir() {
        Ok(vec![PathBuf::from(HOME)])
    } else {
        Err(CommandError::NoHome(HOME))
    }
}

/// A test that was asked for.
enum ChosenTest<'a> {
    Pipeline {
        case: &'a Case,
        pipeline: &'a Pipeline,
    },
    /// A file that is no scenario, whose pipelines are not known.
    Unread(&'a ReadError),
}

fn chosen<'a>(
    found: &'a [Result<Case, ReadError>],
    arguments: &TestArguments,
) -> Result<Vec<ChosenTest<'a>>, CommandError> {
    let name = arguments.pipeline.as_deref();
    let mut chosen = Vec::new();
    for case in found {
        match case {
            Ok(case) => {
                let pipelines = case.scenario.pipelines.iter();
                let pipelines = pipelines
                    .filter(|pipeline| name.is_none_or(|name| pipeline.name == name))
                    .map(|pipeline| ChosenTest::Pipeline { case, pipeline });
                chosen.extend(pipelines);
            }
            Err(error) => chosen.push(ChosenTest::Unread(error)),
        }
    }
    if chosen.is_empty() {
        let cases = found.iter().flatten();
        let pipelines = cases.flat_map(|case| &case.scenario.pipelines);
        return Err(select::no_pipeline(name, pipelines));
    }
    let tests = (0..).zip(chosen);
    let tests = tests.filter(|(index, _)| arguments.shard.is_none_or(|shard| shard.has(*index)));
    Ok(tests.map(|(_, test)| test).collect())
}

/// Prints the names of the tests.
fn list(chosen: &[ChosenTest<'_>], is_json: bool) -> Result<Exit, CommandError> {
    let mut exit = Exit::Success;
    for test in chosen {
        match test {
            ChosenTest::Pipeline { case, pipeline } if is_json => {
                let line = json!({
                    "scenario": case.name, "pipeline": pipeline.name,
                    "path": case.file.display().to_string(),
                });
                print(format_args!("{line}\n"))?;
            }
            ChosenTest::Pipeline { case, pipeline } => {
                print(format_args!("{}/{}\n", case.name, pipeline.name))?;
            }
            ChosenTest::Unread(error) => {
                print_note(CommandError::explain(error));
                exit = Exit::Usage;
            }
        }
    }
    Ok(exit)
}

impl ChosenTest<'_> {
    fn run(&self, arguments: &TestArguments) -> TestResult {
        let begin = Instant::now();
        let result = match self {
            ChosenTest::Pipeline { case, pipeline } => {
                let examined = examine(case, pipeline, arguments);
                let examined = examined.unwrap_or_else(|error| TestResult {
                    exit: error.exit(),
                    ..TestResult::new(Finding::Failed, vec![error.message()])
                });
                let mut hints = hints(case, pipeline);
                hints.extend(examined.hints);
                if !examined.finding.is_good() {
                    hints.extend(seed_of_failure(case, arguments.seed));
                }
                TestResult {
                    scenario: case.name.clone(),
                    pipeline: Some(pipeline.name.clone()),
                    path: case.file.clone(),
                    hints,
                    ..examined
                }
            }
            ChosenTest::Unread(error) => TestResult {
                scenario: error.path().display().to_string(),
                path: error.path().to_owned(),
                exit: Exit::Usage,
                ..TestResult::new(Finding::Broken, vec![explain(error, arguments)])
            },
        };
        TestResult {
            took: begin.elapsed(),
            ..result
        }
    }
}

/// The mistakes of a file, in colours only where nothing but a terminal gets them.
fn explain(error: &ReadError, arguments: &TestArguments) -> String {
    if arguments.findings.json || arguments.junit.is_some() {
        error.explain(false)
    } else {
        CommandError::explain(error)
    }
}

fn examine(
    case: &Case,
    pipeline: &Pipeline,
    arguments: &TestArguments,
) -> Result<TestResult, CommandError> {
    let tested = case.test(pipeline, arguments.seed);
    let tested = tested.map_err(|error| match error {
        TestError::Play(error) => CommandError::play(&case.name, pipeline)(error),
        TestError::Snapshot(error) => error.into(),
    })?;
    let outcome = tested.outcome;
    let mut hints = tested.notes;
    if tested.text.as_ref().is_some_and(String::is_empty) {
        let name = &pipeline.name;
        hints.push(format!(
            "pipeline `{name}` prints nothing, so that its snapshot is empty and compares nothing"
        ));
    }
    if let (true, true, Some(text)) = (arguments.bless, outcome.is_acceptable(), &tested.text) {
        case.snapshots.accept(&pipeline.name, text)?;
        return Ok(TestResult {
            hints,
            ..TestResult::new(Finding::Accepted, Vec::new())
        });
    }
    if outcome == CaseOutcome::Same && !is_ci() {
        // To accept a text that is printed no more would bring it back.
        case.snapshots.remove_proposal(&pipeline.name)?;
    }
    let finding = match &outcome {
        CaseOutcome::Same => Finding::Same,
        CaseOutcome::Holds => Finding::Holds,
        CaseOutcome::Unmet { .. } => Finding::Unmet,
        CaseOutcome::Failed { .. } => Finding::Failed,
        CaseOutcome::Differs(_) => Finding::Differs,
        CaseOutcome::Missing { .. } => Finding::Missing,
        CaseOutcome::Broken { .. } => Finding::Broken,
        CaseOutcome::OfAnother(_) => Finding::OfAnother,
    };
    let mut problems = outcome.problems();
    let refusal = outcome.refusal().filter(|_| arguments.bless);
    problems.extend(refusal.map(str::to_owned));
    Ok(TestResult {
        is_acceptable: outcome.is_acceptable(),
        hints,
        ..TestResult::new(finding, problems)
    })
}

/// The result of a snapshot without a scenario and pipeline, which is removed if that was asked for.
fn examine_orphan(orphan: &Orphan, remove: bool) -> TestResult {
    let result = if remove {
        remove_orphan(orphan)
    } else {
        let problem = format!(
            "no scenario `{}` with a pipeline `{}` stands behind {}; remove it if that is right, or all such with \
             --remove-orphans",
            orphan.scenario,
            orphan.pipeline,
            orphan.file.display()
        );
        TestResult::new(Finding::Orphaned, vec![problem])
    };
    TestResult {
        scenario: orphan.scenario.clone(),
        pipeline: Some(orphan.pipeline.clone()),
        path: orphan.file.clone(),
        ..result
    }
}

fn remove_orphan(orphan: &Orphan) -> TestResult {
    let file = orphan.file.clone();
    match orphan.remove() {
        Ok(()) => TestResult::new(Finding::Removed, Vec::new()),
        Err(source) => {
            let error = CommandError::Remove { file, source };
            TestResult {
                exit: error.exit(),
                ..TestResult::new(Finding::Orphaned, vec![error.message()])
            }
        }
    }
}
