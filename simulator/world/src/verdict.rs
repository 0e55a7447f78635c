//! What a pipeline did not do that its scenario expects.

use std::fmt;
use std::time::Duration;

use engine::Counters;
use scenario::{Expect, TimelineLines};

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The pipeline.
    pub pipeline: String,
    /// The index of the expectation among the entries of the timeline.
    pub entry: usize,
    /// The expectation's offset on the timeline.
    pub at: Duration,
    /// What was expected.
    pub expected: Expect,
    /// The rows that were printed last, at or before that instant.
    pub actual: Vec<String>,
    /// What the last batch that updated states of keys took.
    pub counters: Counters,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, None)
    }
}

impl Verdict {
    /// The text of the verdict, with the line of its file on which the expectation is written.
    pub fn located(&self, lines: &TimelineLines) -> impl fmt::Display {
        let line = lines.of_entry(self.entry);
        fmt::from_fn(move |f| self.write(f, line))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, line: Option<usize>) -> fmt::Result {
        write!(
            f,
            "pipeline `{}`, expectation at {:?}",
            self.pipeline, self.at
        )?;
        if let Some(line) = line {
            write!(f, " on line {line}")?;
        }
        writeln!(f, " does not hold")?;
        if let Some(rows) = &self.expected.rows {
            writeln!(f, "  expected exactly: {}", list(rows))?;
        }
        if !self.expected.contains.is_empty() {
            writeln!(
                f,
                "  expected among the rows: {}",
                list(&self.expected.contains)
            )?;
        }
        if !self.prints_matter() {
            return self.write_counters(f);
        }
        write!(f, "  printed last: {}", list(&self.actual))?;
        if self.differing_counters().next().is_some() {
            writeln!(f)?;
            self.write_counters(f)?;
        }
        Ok(())
    }

    fn prints_matter(&self) -> bool {
        self.expected.rows.is_some() || !self.expected.contains.is_empty()
    }

    /// One line a counter that is not as expected.
    fn write_counters(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, expected, actual)) in self.differing_counters().enumerate() {
            let separator = if number == 0 { "" } else { "\n" };
            write!(
                f,
                "{separator}  expected of the last batch: {name} = {expected}, and it was {actual}"
            )?;
        }
        Ok(())
    }

    fn differing_counters(&self) -> impl Iterator<Item = (&'static str, u64, u64)> {
        differing_counters(&self.expected, &self.counters)
    }
}

/// The counters that are not as expected: name, expected and actual.
pub(crate) fn differing_counters(
    expect: &Expect,
    actual: &Counters,
) -> impl Iterator<Item = (&'static str, u64, u64)> + use<> {
    let expected = expect.counters;
    let all = [
        (
            "function_calls",
            expected.function_calls,
            actual.function_calls,
        ),
        ("keys_touched", expected.keys_touched, actual.keys_touched),
        ("probes", expected.probes, actual.probes),
        ("bytes_copied", expected.bytes_copied, actual.bytes_copied),
    ];
    all.into_iter().filter_map(|(name, expected, actual)| {
        let expected = expected.filter(|expected| *expected != actual)?;
        Some((name, expected, actual))
    })
}

fn list(rows: &[String]) -> String {
    if rows.is_empty() {
        "no rows".to_owned()
    } else {
        rows.join("  ")
    }
}
