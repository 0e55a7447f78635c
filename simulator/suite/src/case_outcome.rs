//! The result of comparing a run with its expectations and its snapshot.

use std::path::PathBuf;

use report::diff;
use simulator::UnmetExpectation;

use crate::text::FormatError;

/// The result of comparing a run of a pipeline with its expectations and its snapshot.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseOutcome {
    /// The text is the snapshot's, byte for byte.
    Same,
    /// Expectations of the scenario do not hold.
    Unmet(Vec<UnmetExpectation>),
    /// Jobs failed, for these reasons.
    Failed(Vec<String>),
    /// The text differs from the snapshot: both sides, from the first batch that differs.
    Differs(String),
    /// There is no snapshot of this name.
    Missing(PathBuf),
    /// The snapshot is not in the format of console text.
    Broken {
        /// The snapshot.
        file: PathBuf,
        /// The mistake in it.
        reason: FormatError,
    },
}

impl CaseOutcome {
    /// Compares two console texts.
    pub(crate) fn of(expected: &str, actual: &str) -> CaseOutcome {
        match diff(expected, actual) {
            None => CaseOutcome::Same,
            Some(difference) => CaseOutcome::Differs(difference.to_string()),
        }
    }

    /// Returns true if accepting the text as the snapshot would make this [`CaseOutcome::Same`]. The text of a
    /// run that did not do what was expected of it must not be accepted.
    pub fn is_acceptable(&self) -> bool {
        match self {
            CaseOutcome::Differs(_) | CaseOutcome::Missing(_) | CaseOutcome::Broken { .. } => true,
            CaseOutcome::Same | CaseOutcome::Unmet(_) | CaseOutcome::Failed(_) => false,
        }
    }

    /// The problems as texts for a person; none if the outcome is [`CaseOutcome::Same`].
    pub fn problems(&self) -> Vec<String> {
        match self {
            CaseOutcome::Same => Vec::new(),
            CaseOutcome::Unmet(unmet) => unmet.iter().map(ToString::to_string).collect(),
            CaseOutcome::Failed(failures) => failures
                .iter()
                .map(|reason| format!("failed: {reason}"))
                .collect(),
            CaseOutcome::Differs(difference) => vec![difference.clone()],
            CaseOutcome::Missing(file) => vec![format!("there is no snapshot {}", file.display())],
            CaseOutcome::Broken { file, reason } => vec![format!("{}: {reason}", file.display())],
        }
    }
}
