//! How many pipelines there were of each kind, and what to do about them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use super::verdict::{Finding, Verdict};
use crate::exit::Exit;
use crate::terminal::shell_word;

/// Counts verdicts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<Finding, usize>,
    acceptable: BTreeSet<PathBuf>,
    worst: Option<Exit>,
}

impl Tally {
    /// Counts a verdict about something in this file.
    pub(super) fn add(&mut self, verdict: &Verdict, file: &Path) {
        *self.counts.entry(verdict.finding).or_default() += 1;
        self.worst = self.worst.max(Some(verdict.exit));
        if verdict.finding.is_acceptable() {
            self.acceptable.insert(file.to_owned());
        }
    }

    /// The exit code of the worst verdict.
    pub(super) fn exit(&self) -> Exit {
        self.worst.unwrap_or(Exit::Success)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.iter();
        let counts: Vec<String> = counts
            .map(|(finding, count)| format!("{count} {}", finding.word()))
            .collect();
        f.write_str(&counts.join(", "))?;
        if self.acceptable.is_empty() {
            return Ok(());
        }
        f.write_str("\nif what is printed now is right: millrace test --bless")?;
        let mut files = self.acceptable.iter();
        files.try_for_each(|file| write!(f, " {}", shell_word(file.as_os_str())))
    }
}
