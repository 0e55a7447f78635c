//! What comes of comparing Spark's console with ours.

use std::collections::BTreeMap;
use std::fmt;

use oracle::Answer;
use report::{blocks, diff};

use super::sorted::sorted;
use crate::exit::Exit;

/// In a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// The two are the same, byte for byte.
    Same,
    /// They are not.
    Differs,
    /// Spark ended the program with an error.
    Failed,
    /// The pipeline cannot be replayed.
    Skipped,
}

impl Finding {
    /// The word for it, part of the interface of `--json`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Finding::Same => "same",
            Finding::Differs => "differs",
            Finding::Failed => "failed",
            Finding::Skipped => "skipped",
        }
    }
}

/// What is found, with what there is to say.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) finding: Finding,
    /// In a few words, behind the name.
    pub(super) note: Option<String>,
    /// What is wrong, below the name.
    pub(super) complaints: Vec<String>,
    /// How many batches Spark printed.
    pub(super) batches: usize,
}

impl Comparison {
    /// Nothing was compared.
    pub(super) fn skipped(reason: String) -> Comparison {
        Comparison {
            finding: Finding::Skipped,
            note: Some(reason),
            complaints: Vec::new(),
            batches: 0,
        }
    }

    /// Whether it is shown to a person who asked for quiet.
    pub(super) fn is_worth_a_word(&self) -> bool {
        self.finding != Finding::Same
    }
}

/// Compares what Spark printed with our text; rows in any order if that is all that Spark promises.
pub(super) fn compare(answer: &Answer, ours: &str, any_order: bool) -> Comparison {
    let (finding, complaint) = match answer {
        Answer::Failed(error) => (Finding::Failed, Some(format!("Spark says: {error}"))),
        Answer::Console(spark) if any_order => differing(&sorted(spark), &sorted(ours)),
        Answer::Console(spark) => differing(spark, ours),
    };
    let batches = match answer {
        Answer::Failed(_) => 0,
        Answer::Console(spark) => blocks(spark).count(),
    };
    Comparison {
        finding,
        note: None,
        complaints: complaint.into_iter().collect(),
        batches,
    }
}

fn differing(spark: &str, ours: &str) -> (Finding, Option<String>) {
    match diff(spark, ours) {
        None => (Finding::Same, None),
        Some(difference) => {
            let text = format!("expected is Spark's, actual is ours\n{difference}");
            (Finding::Differs, Some(text))
        }
    }
}

/// How many pipelines there were of each kind, and how many batches in all.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<Finding, usize>,
    batches: usize,
}

impl Tally {
    pub(super) fn add(&mut self, comparison: &Comparison) {
        *self.counts.entry(comparison.finding).or_default() += 1;
        self.batches += comparison.batches;
    }

    /// A call that compared nothing has not verified anything.
    pub(super) fn exit(&self) -> Exit {
        let has = |finding: Finding| self.counts.contains_key(&finding);
        if has(Finding::Differs) || has(Finding::Failed) {
            Exit::Differs
        } else if has(Finding::Same) {
            Exit::Success
        } else {
            Exit::NothingMatched
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.iter();
        let counts: Vec<String> = counts
            .map(|(finding, count)| format!("{count} {}", finding.word()))
            .collect();
        f.write_str(&counts.join(", "))?;
        if self.batches > 0 {
            write!(f, "; batches compared: {}", self.batches)?;
        }
        Ok(())
    }
}
