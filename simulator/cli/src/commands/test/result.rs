//! The result of testing a pipeline or a snapshot.

use suite::{Orphan, Outcome};

use crate::commands::finding::Finding;
use crate::error::CommandError;
use crate::exit::Exit;

/// The result of testing a pipeline or a snapshot.
#[derive(Debug)]
pub(super) struct TestResult {
    pub(super) finding: Finding,
    pub(super) problems: Vec<String>,
    pub(super) exit: Exit,
    /// True if accepting the text would settle it.
    pub(super) is_acceptable: bool,
}

impl TestResult {
    /// The result of a pipeline that was compared.
    pub(super) fn of(outcome: &Outcome) -> TestResult {
        let finding = match outcome {
            Outcome::Same => Finding::Same,
            Outcome::Unmet(_) => Finding::Unmet,
            Outcome::Failed(_) => Finding::Failed,
            Outcome::Differs(_) => Finding::Differs,
            Outcome::Missing(_) => Finding::Missing,
            Outcome::Broken { .. } => Finding::Broken,
        };
        TestResult {
            is_acceptable: outcome.is_acceptable(),
            ..TestResult::new(finding, outcome.problems())
        }
    }

    /// The result of a pipeline whose text was accepted.
    pub(super) fn accepted() -> TestResult {
        TestResult::new(Finding::Accepted, Vec::new())
    }

    /// The result of a snapshot without a scenario and pipeline.
    pub(super) fn orphaned(orphan: &Orphan) -> TestResult {
        let problem = format!(
            "no scenario `{}` with a pipeline `{}` stands behind {}; remove it if that is right",
            orphan.scenario,
            orphan.pipeline,
            orphan.file.display()
        );
        TestResult::new(Finding::Orphaned, vec![problem])
    }

    /// The result of a pipeline that could not be compared.
    pub(super) fn failed(error: &CommandError) -> TestResult {
        TestResult {
            exit: error.exit(),
            ..TestResult::new(Finding::Failed, vec![error.message()])
        }
    }

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
}
