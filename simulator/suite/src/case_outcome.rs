//! The result of comparing a run with its expectations and its snapshot.

use std::path::PathBuf;

use report::diff;
use scenario::Entry;
use simulator::{BrokenClaim, UnmetExpectation};

use crate::text::FormatError;

/// The most lines of a text without a snapshot that are shown.
const SHOWN_MAX: usize = 40;

const FAILED_IS_REFUSED: &str =
    "nothing is written: a snapshot would lack what a failed batch should have printed";

const UNMET_IS_REFUSED: &str = "\
nothing is written: a snapshot may not be what the scenario does not expect; correct that, or the program";

/// The result of comparing a run of a pipeline with its expectations and its snapshot.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseOutcome {
    /// The text is the snapshot's, byte for byte.
    Same,
    /// Expectations or claims of the scenario do not hold.
    Unmet {
        /// The expectations.
        unmet: Vec<UnmetExpectation>,
        /// The claims.
        broken: Vec<BrokenClaim>,
        /// The batches that failed, if any did, and why: what they should have printed may be what is missing.
        failures: Vec<String>,
    },
    /// Batches failed.
    Failed {
        /// The batches, and why.
        failures: Vec<String>,
        /// The entry of the timeline that would expect the first of them, unless that has no message.
        expecting: Option<Entry>,
    },
    /// Expectations hold, and the text was not compared: the snapshot is that of another seed.
    Holds,
    /// The text differs from the snapshot: both sides, from the first batch that differs.
    Differs(String),
    /// There is no snapshot.
    Missing {
        /// The file that it would have.
        file: PathBuf,
        /// The text that it would have, of a long one the first lines.
        printed: String,
    },
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

    /// The outcome of a text without a snapshot.
    pub(crate) fn missing(file: PathBuf, text: &str) -> CaseOutcome {
        let lines = text.trim_end().lines();
        let mut shown: Vec<String> = lines.clone().take(SHOWN_MAX).map(str::to_owned).collect();
        let more = lines.skip(SHOWN_MAX).count();
        if more > 0 {
            shown.push(format!("… and {more} lines more"));
        }
        CaseOutcome::Missing {
            file,
            printed: shown.join("\n"),
        }
    }

    /// Returns true if accepting the text as the snapshot would make this [`CaseOutcome::Same`]. The text of a
    /// run that did not do what was expected of it must not be accepted, nor may it take the place of another
    /// scenario's.
    pub fn is_acceptable(&self) -> bool {
        match self {
            CaseOutcome::Differs(_) | CaseOutcome::Missing { .. } | CaseOutcome::Broken { .. } => {
                true
            }
            CaseOutcome::Same
            | CaseOutcome::Holds
            | CaseOutcome::Unmet { .. }
            | CaseOutcome::Failed { .. }
            | CaseOutcome::OfAnother(_) => false,
        }
    }

    /// Why the text is not accepted though that was asked for, and what to do; `None` if it is, if it is the
    /// snapshot's, or if the problem says all.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            CaseOutcome::Failed { .. } => Some(FAILED_IS_REFUSED),
            CaseOutcome::Unmet { .. } => Some(UNMET_IS_REFUSED),
            CaseOutcome::Same
            | CaseOutcome::Holds
            | CaseOutcome::Differs(_)
            | CaseOutcome::Missing { .. }
            | CaseOutcome::Broken { .. }
            | CaseOutcome::OfAnother(_) => None,
        }
    }

    /// The problems as texts for a person; none if the outcome is [`CaseOutcome::Same`] or
    /// [`CaseOutcome::Holds`].
    pub fn problems(&self) -> Vec<String> {
        match self {
            CaseOutcome::Same | CaseOutcome::Holds => Vec::new(),
            CaseOutcome::Unmet {
                unmet,
                broken,
                failures,
            } => {
                let unmet = unmet.iter().map(ToString::to_string);
                let broken = broken.iter().map(ToString::to_string);
                failed(failures).chain(unmet).chain(broken).collect()
            }
            CaseOutcome::Failed {
                failures,
                expecting,
            } => {
                let remedy = expecting.as_ref().map(|entry| {
                    format!(
                        "if it is to fail, add to the timeline, in the order of time and with what all messages \
                         have:\n  {entry}"
                    )
                });
                failed(failures).chain(remedy).collect()
            }
            CaseOutcome::Differs(difference) => vec![difference.clone()],
            CaseOutcome::Missing { file, printed } => {
                let file = file.display();
                vec![format!(
                    "there is no snapshot {file}; this is printed now:\n{printed}\n"
                )]
            }
            CaseOutcome::Broken { file, reason } => vec![format!("{}: {reason}", file.display())],
            CaseOutcome::OfAnother(problem) => vec![problem.clone()],
        }
    }
}

fn failed(failures: &[String]) -> impl Iterator<Item = String> {
    failures.iter().map(|reason| format!("failed: {reason}"))
}
