//! The end of an exploration, as it is printed, and as the parts of one are merged.

use serde::{Deserialize, Serialize};

use crate::args::FindingOutput;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::{print, print_note};

/// The end of the exploration of one pipeline: a line of JSON, or a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) scenario: String,
    pub(crate) pipeline: String,
    pub(crate) path: String,
    /// The options that choose the schedules.
    pub(crate) schedules_of: String,
    /// The part, as `--shard` names it; `None` of all.
    pub(crate) shard: Option<String>,
    #[serde(flatten)]
    pub(crate) result: ReportResult,
}

/// The result of the schedules that were played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub(crate) enum ReportResult {
    /// They keep all invariants; `is_cut` if the time was over before all were played.
    Holds {
        schedules: usize,
        is_cut: bool,
    },
    Skipped {
        reason: String,
    },
    Broken(Broken),
}

/// A schedule that breaks an invariant, and the smallest one found that breaks one of the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Broken {
    /// The number of the schedule among all, from 0.
    pub(crate) index: u64,
    pub(crate) violations: Vec<BrokenPromise>,
    /// The entries of the smallest schedule, one a line.
    pub(crate) smallest: String,
    /// The file of its scenario.
    pub(crate) file: String,
    /// The options that play the schedule again.
    pub(crate) again: String,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BrokenPromise {
    pub(crate) invariant: String,
    pub(crate) promise: String,
    pub(crate) message: String,
}

impl Report {
    /// Prints it, and returns its exit code.
    pub(crate) fn print(&self, output: &FindingOutput) -> Result<Exit, CommandError> {
        let is_broken = matches!(self.result, ReportResult::Broken(_));
        if output.json {
            print(format_args!("{}\n", serde_json::json!(self)))?;
        } else if is_broken || !output.quiet {
            print_note(self.text());
        }
        Ok(if is_broken {
            Exit::Differs
        } else {
            Exit::Success
        })
    }

    fn text(&self) -> String {
        let name = format!("{}/{}", self.scenario, self.pipeline);
        match &self.result {
            ReportResult::Holds { schedules, is_cut } => {
                let cut = if *is_cut {
                    ", then the time was over"
                } else {
                    ""
                };
                format!("   holds  {name}: {schedules} schedules{cut}")
            }
            ReportResult::Skipped { reason } => format!(" skipped  {name}: {reason}"),
            ReportResult::Broken(broken) => {
                format!("  broken  {name}\n{}", self.explain(broken))
            }
        }
    }

    fn explain(&self, broken: &Broken) -> String {
        let violations = broken.violations.iter();
        let violations = violations.map(|it| format!("  {}\n    {}\n", it.promise, it.message));
        let violations: String = violations.collect();
        let faults = broken.smallest.replace('\n', "\n    ");
        let Report { path, pipeline, .. } = self;
        let Broken { again, file, .. } = broken;
        format!(
            "{violations}  the smallest schedule found:\n    {faults}\n  again:  millrace explore {path} --pipeline {pipeline} {again}\n  seen:   millrace run {file}"
        )
    }
}
