//! The result of comparing a run with its expectations and its snapshot.

use std::path::PathBuf;

use report::diff;
use simulator::UnmetExpectation;

use crate::text::FormatError;

/// The result of comparing a run of a pipeline with its expectations and its snapshot.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
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

impl Outcome {
    /// Compares two console texts.
    pub(crate) fn of(expected: &str, actual: &str) -> Outcome {
        match diff(expected, actual) {
            None => Outcome::Same,
            Some(difference) => Outcome::Differs(difference.to_string()),
        }
    }

    /// Returns true if accepting the text as the snapshot would make this [`Outcome::Same`]. The text of a
    /// run that did not do what was expected of it must not be accepted.
    pub fn is_acceptable(&self) -> bool {
        match self {
            Outcome::Differs(_) | Outcome::Missing(_) | Outcome::Broken { .. } => true,
            Outcome::Same | Outcome::Unmet(_) | Outcome::Failed(_) => false,
        }
    }

    /// The problems as texts for a person; none if the outcome is [`Outcome::Same`].
    pub fn problems(&self) -> Vec<String> {
        match self {
            Outcome::Same => Vec::new(),
            Outcome::Unmet(unmet) => unmet.iter().map(ToString::to_string).collect(),
            Outcome::Failed(failures) => failures
                .iter()
                .map(|reason| format!("failed: {reason}"))
                .collect(),
            Outcome::Differs(difference) => vec![difference.clone()],
            Outcome::Missing(file) => vec![format!("there is no snapshot {}", file.display())],
            Outcome::Broken { file, reason } => vec![format!("{}: {reason}", file.display())],
        }
    }
}
