//! The results of tests, printed one by one and counted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::junit::junit;
use crate::args::FindingOutput;
use crate::commands::finding::{Finding, Tally};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::{print, print_hint, print_note, shell_word};

/// The result of testing a pipeline, a file or a snapshot.
pub(super) struct TestResult {
    pub(super) scenario: String,
    /// `None` if the file is no scenario.
    pub(super) pipeline: Option<String>,
    /// The scenario file; of an orphan, the snapshot.
    pub(super) path: PathBuf,
    pub(super) finding: Finding,
    pub(super) problems: Vec<String>,
    /// Remarks on a pipeline that goes well and may not be meant so.
    pub(super) hints: Vec<String>,
    pub(super) exit: Exit,
    pub(super) took: Duration,
    /// True if accepting the text would settle it.
    pub(super) is_acceptable: bool,
}

impl TestResult {
    /// A result that has no names yet.
    pub(super) fn new(finding: Finding, problems: Vec<String>) -> TestResult {
        let exit = if finding.is_good() {
            Exit::Success
        } else {
            Exit::Differs
        };
        TestResult {
            scenario: String::new(),
            pipeline: None,
            path: PathBuf::new(),
            finding,
            problems,
            hints: Vec::new(),
            exit,
            took: Duration::ZERO,
            is_acceptable: false,
        }
    }

    /// The names of scenario and pipeline.
    fn name(&self) -> String {
        match &self.pipeline {
            Some(pipeline) => format!("{}/{pipeline}", self.scenario),
            None => self.scenario.clone(),
        }
    }

    /// The result on one line of JSON. Its words are part of the interface.
    fn to_json_line(&self) -> String {
        let line = json!({
            "scenario": self.scenario,
            "pipeline": self.pipeline,
            "result": self.finding.word(),
            "complaints": self.problems,
            "hints": self.hints,
            "path": self.path.display().to_string(),
            "exit_code": self.exit as u8,
            "duration_ms": self.took.as_micros() as f64 / 1_000.0,
        });
        format!("{line}\n")
    }
}

/// Prints results as they come, and counts them.
pub(super) struct TestResults<'a> {
    output: &'a FindingOutput,
    tally: Tally,
    worst: Exit,
    /// The scenario files with a text that may be accepted.
    acceptable: BTreeSet<PathBuf>,
    all: Vec<TestResult>,
}

impl TestResults<'_> {
    pub(super) fn new(output: &FindingOutput) -> TestResults<'_> {
        TestResults {
            output,
            tally: Tally::default(),
            worst: Exit::Success,
            acceptable: BTreeSet::new(),
            all: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, result: TestResult) -> Result<(), CommandError> {
        self.tally.add(result.finding);
        self.worst = self.worst.max(result.exit);
        if result.is_acceptable {
            self.acceptable.insert(result.path.clone());
        }
        if self.output.json {
            print(result.to_json_line())?;
        } else {
            let quiet = self.output.quiet;
            result
                .finding
                .print(&result.name(), &result.problems, quiet);
            if !(quiet || result.finding.is_unchanged()) {
                result.hints.iter().for_each(print_hint);
            }
        }
        self.all.push(result);
        Ok(())
    }

    /// Prints the counts, and the command that accepts the text of scenarios; writes the report if there is to be
    /// one. Returns the exit code of the worst result.
    pub(super) fn finish(self, report: Option<&Path>) -> Result<Exit, CommandError> {
        if !self.output.quiet && !self.output.json {
            self.print_counts();
        }
        if let Some(file) = report {
            let written = junit(&self.all).and_then(|text| suite::replace_file(file, &text));
            written.map_err(CommandError::write(file))?;
        }
        Ok(self.worst)
    }

    fn print_counts(&self) {
        print_note(&self.tally);
        if !self.acceptable.is_empty() {
            let files = self.acceptable.iter();
            let words: Vec<String> = files.map(|file| shell_word(file.as_os_str())).collect();
            print_note(format_args!(
                "if what is printed now is right: millrace test --bless {}",
                words.join(" ")
            ));
        }
    }
}
