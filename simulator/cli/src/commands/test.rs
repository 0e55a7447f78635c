//! `millrace test`: replay, and compare with the snapshots.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;

use scenario::Pipeline;
use serde_json::json;
use suite::{Case, CaseOutcome, Orphan, orphans, play};

use crate::args::{FindingOutput, TestArguments};
use crate::commands::finding::{Finding, Tally};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::select;
use crate::terminal::{print, print_note, shell_word};

/// Compares every pipeline of the scenarios with its snapshot.
pub(crate) fn test(arguments: &TestArguments) -> Result<Exit, CommandError> {
    if arguments.bless && env::var_os("CI").is_some() {
        return Err(CommandError::AcceptInCi);
    }
    let cases = select::load(&arguments.paths)?;
    let mut results = TestResults::new(&arguments.findings);
    let mut acceptable = BTreeSet::new();
    for (case, pipeline) in select::pipelines(&cases, None)? {
        let result = examine(case, pipeline, arguments.bless).unwrap_or_else(|error| TestResult {
            exit: error.exit(),
            ..TestResult::new(Finding::Failed, vec![error.message()])
        });
        results.add(&case.name, &pipeline.name, &result)?;
        if result.is_acceptable {
            acceptable.insert(&*case.file);
        }
    }
    for orphan in orphans(&arguments.paths, &cases).map_err(CommandError::Orphans)? {
        let result = TestResult::orphaned(&orphan);
        results.add(&orphan.scenario, &orphan.pipeline, &result)?;
    }
    Ok(results.finish(&acceptable))
}

fn examine(case: &Case, pipeline: &Pipeline, accept: bool) -> Result<TestResult, CommandError> {
    let played = play(&case.scenario, pipeline, 0);
    let played = played.map_err(CommandError::play(&case.name, pipeline))?;
    let outcome = case.compare(&pipeline.name, &played)?;
    if accept && outcome.is_acceptable() {
        let accepted = case.snapshots.accept(&pipeline.name, &played.text);
        accepted.map_err(CommandError::write(&case.snapshots.file(&pipeline.name)))?;
        return Ok(TestResult::new(Finding::Accepted, Vec::new()));
    }
    let finding = match &outcome {
        CaseOutcome::Same => Finding::Same,
        CaseOutcome::Unmet(_) => Finding::Unmet,
        CaseOutcome::Failed(_) => Finding::Failed,
        CaseOutcome::Differs(_) => Finding::Differs,
        CaseOutcome::Missing(_) => Finding::Missing,
        CaseOutcome::Broken { .. } => Finding::Broken,
    };
    Ok(TestResult {
        is_acceptable: outcome.is_acceptable(),
        ..TestResult::new(finding, outcome.problems())
    })
}

/// The result of testing a pipeline or a snapshot.
struct TestResult {
    finding: Finding,
    problems: Vec<String>,
    exit: Exit,
    /// True if accepting the text would settle it.
    is_acceptable: bool,
}

impl TestResult {
    fn new(finding: Finding, problems: Vec<String>) -> TestResult {
        let exit = if problems.is_empty() {
            Exit::Success
        } else {
            Exit::Differs
        };
        TestResult {
            finding,
            problems,
            exit,
            is_acceptable: false,
        }
    }

    /// The result of a snapshot without a scenario and pipeline.
    fn orphaned(orphan: &Orphan) -> TestResult {
        let problem = format!(
            "no scenario `{}` with a pipeline `{}` stands behind {}; remove it if that is right",
            orphan.scenario,
            orphan.pipeline,
            orphan.file.display()
        );
        TestResult::new(Finding::Orphaned, vec![problem])
    }
}

/// Prints results as they come, and counts them.
struct TestResults<'a> {
    output: &'a FindingOutput,
    tally: Tally,
    worst: Exit,
}

impl TestResults<'_> {
    fn new(output: &FindingOutput) -> TestResults<'_> {
        TestResults {
            output,
            tally: Tally::default(),
            worst: Exit::Success,
        }
    }

    fn add(
        &mut self,
        scenario: &str,
        pipeline: &str,
        result: &TestResult,
    ) -> Result<(), CommandError> {
        self.tally.add(result.finding);
        self.worst = self.worst.max(result.exit);
        if self.output.json {
            let line = json!({
                "scenario": scenario, "pipeline": pipeline, "result": result.finding.word(),
                "complaints": result.problems,
            });
            return print(format_args!("{line}\n"));
        }
        let name = format!("{scenario}/{pipeline}");
        let quiet = self.output.quiet;
        result.finding.print(&name, &result.problems, quiet);
        Ok(())
    }

    /// Prints the counts, and the command that accepts the text of these scenarios. Returns the exit code of
    /// the worst result.
    fn finish(self, acceptable: &BTreeSet<&Path>) -> Exit {
        if self.output.quiet || self.output.json {
            return self.worst;
        }
        print_note(&self.tally);
        if !acceptable.is_empty() {
            let words = acceptable.iter().map(|file| shell_word(file.as_os_str()));
            let words: Vec<String> = words.collect();
            print_note(format_args!(
                "if what is printed now is right: millrace test --bless {}",
                words.join(" ")
            ));
        }
        self.worst
    }
}
