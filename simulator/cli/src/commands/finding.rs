//! The findings of commands that compare pipelines, printed one by one and counted.

use std::collections::BTreeMap;
use std::fmt;

use crate::terminal::print_note;

/// The result of comparing a pipeline, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finding {
    /// The text is the expected one, byte for byte.
    Same,
    /// Expectations hold, and the text is not compared.
    Holds,
    /// The text has become the snapshot.
    Accepted,
    /// A snapshot without scenario and pipeline has been removed.
    Removed,
    /// The text is not the expected one.
    Differs,
    /// An expectation of the scenario does not hold.
    Unmet,
    /// There is no snapshot.
    Missing,
    /// The file is no scenario, or the snapshot is not in the format of console text.
    Broken,
    /// The snapshot is another scenario's.
    OfAnother,
    /// The snapshot has no scenario and pipeline.
    Orphaned,
    /// There is no text to compare, or a job failed.
    Failed,
    /// The pipeline cannot be compared.
    Skipped,
}

impl Finding {
    /// The word, which is part of the interface of `--json`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Finding::Same => "same",
            Finding::Holds => "holds",
            Finding::Accepted => "accepted",
            Finding::Removed => "removed",
            Finding::Differs => "differs",
            Finding::Unmet => "unmet",
            Finding::Missing => "missing",
            Finding::Broken => "broken",
            Finding::OfAnother => "refused",
            Finding::Orphaned => "orphaned",
            Finding::Failed => "failed",
            Finding::Skipped => "skipped",
        }
    }

    /// Returns true if nothing is wrong.
    pub(crate) fn is_good(self) -> bool {
        match self {
            Finding::Same | Finding::Holds | Finding::Accepted | Finding::Removed => true,
            Finding::Differs
            | Finding::Unmet
            | Finding::Missing
            | Finding::Broken
            | Finding::OfAnother
            | Finding::Orphaned
            | Finding::Failed
            | Finding::Skipped => false,
        }
    }

    /// Returns true if nothing is wrong and nothing was written.
    pub(crate) fn is_unchanged(self) -> bool {
        matches!(self, Finding::Same | Finding::Holds)
    }

    /// Prints the finding about a pipeline, with its problems below; with `quiet` only if something is wrong.
    pub(crate) fn print(self, pipeline: &str, problems: &[String], quiet: bool) {
        if !(quiet && self.is_good()) {
            print_note(format_args!("{:>8}  {pipeline}", self.word()));
        }
        for problem in problems {
            print_note(problem);
        }
    }
}

/// The number of pipelines for each finding: prints as `2 same, 1 differs`.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Finding, usize>,
}

impl Tally {
    /// Counts a pipeline.
    pub(crate) fn add(&mut self, finding: Finding) {
        *self.counts.entry(finding).or_default() += 1;
    }

    /// Returns true if there was such a finding.
    pub(crate) fn has(&self, finding: Finding) -> bool {
        self.counts.contains_key(&finding)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.iter();
        let counts: Vec<String> = counts
            .map(|(finding, count)| format!("{count} {}", finding.word()))
            .collect();
        f.write_str(&counts.join(", "))
    }
}
