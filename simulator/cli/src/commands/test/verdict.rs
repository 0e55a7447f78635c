//! What is found about a pipeline or a snapshot.

use snapshots::Orphan;

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::explained;

/// In a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// The text is that of the snapshot.
    Same,
    /// The text is the snapshot from now on.
    Accepted,
    /// The text is not that of the snapshot.
    Differs,
    /// An expectation of the scenario does not hold.
    Unmet,
    /// There is no snapshot.
    Missing,
    /// The snapshot is not one of console text.
    Broken,
    /// There is no scenario and pipeline to the snapshot.
    Orphaned,
    /// There is nothing that could be compared, or a job failed.
    Failed,
}

impl Finding {
    /// The word for it, part of the interface of `--json`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Finding::Same => "same",
            Finding::Accepted => "accepted",
            Finding::Differs => "differs",
            Finding::Unmet => "unmet",
            Finding::Missing => "missing",
            Finding::Broken => "broken",
            Finding::Orphaned => "orphaned",
            Finding::Failed => "failed",
        }
    }

    /// Whether accepting what is printed now would settle it.
    pub(super) fn is_acceptable(self) -> bool {
        matches!(self, Finding::Differs | Finding::Missing | Finding::Broken)
    }
}

/// What is found, with what there is to complain of.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) finding: Finding,
    pub(super) complaints: Vec<String>,
    pub(super) exit: Exit,
}

impl Verdict {
    /// Holds if there is nothing to complain of.
    pub(super) fn of(finding: Finding, complaints: Vec<String>) -> Verdict {
        let exit = if complaints.is_empty() {
            Exit::Success
        } else {
            Exit::Differs
        };
        Verdict {
            finding,
            complaints,
            exit,
        }
    }

    /// Says of a snapshot that it has no scenario and pipeline.
    pub(super) fn orphaned(orphan: &Orphan) -> Verdict {
        let complaint = format!(
            "no scenario `{}` with a pipeline `{}` stands behind {}; remove it if that is right",
            orphan.scenario,
            orphan.pipeline,
            orphan.file.display()
        );
        Verdict::of(Finding::Orphaned, vec![complaint])
    }

    /// Says why there is nothing to compare.
    pub(super) fn failed(error: &CommandError) -> Verdict {
        Verdict {
            finding: Finding::Failed,
            complaints: vec![format!("error: {}", explained(error))],
            exit: error.exit(),
        }
    }
}
