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
    Unmet {
        /// The expectations.
        unmet: Vec<UnmetExpectation>,
        /// The batches that failed, if any did, and why: what they should have printed may be what is missing.
        failures: Vec<String>,
    },
    /// Batches failed, as these lines say.
    Failed(Vec<String>),
    /// Expectations hold, and the text was not compared: the snapshot is that of another seed.
    Holds,
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
    /// The snapshot is another scenario's, as this says.
    OfAnother(String),
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
    /// run that did not do what was expected of it must not be accepted, nor may it take the place of another
    /// scenario's.
    pub fn is_acceptable(&self) -> bool {
        match self {
            CaseOutcome::Differs(_) | CaseOutcome::Missing(_) | CaseOutcome::Broken { .. } => true,
            CaseOutcome::Same
            | CaseOutcome::Holds
            | CaseOutcome::Unmet { .. }
            | CaseOutcome::Failed(_)
            | CaseOutcome::OfAnother(_) => false,
        }
    }

    /// The problems as texts for a person; none if the outcome is [`CaseOutcome::Same`] or
    /// [`CaseOutcome::Holds`].
    pub fn problems(&self) -> Vec<String> {
        match self {
            CaseOutcome::Same | CaseOutcome::Holds => Vec::new(),
            CaseOutcome::Unmet { unmet, failures } => {
                let unmet = unmet.iter().map(ToString::to_string);
                failed(failures).chain(unmet).collect()
            }
            CaseOutcome::Failed(failures) => failed(failures).collect(),
            CaseOutcome::Differs(difference) => vec![difference.clone()],
            CaseOutcome::Missing(file) => vec![format!("there is no snapshot {}", file.display())],
            CaseOutcome::Broken { file, reason } => vec![format!("{}: {reason}", file.display())],
            CaseOutcome::OfAnother(problem) => vec![problem.clone()],
        }
    }
}

fn failed(failures: &[String]) -> impl Iterator<Item = String> {
    failures.iter().map(|reason| format!("failed: {reason}"))
}
