//! An expectation of a scenario that did not hold.

use std::fmt;
use std::time::Duration;

use engine::Counters;
use scenario::Expect;

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct UnmetExpectation {
    /// The pipeline.
    pub pipeline: String,
    /// The index of the expectation among the entries of the timeline.
    pub entry: usize,
    /// The line of the scenario file on which it is written, if that is known.
    pub line: Option<usize>,
    /// The expectation's offset on the timeline.
    pub at: Duration,
    /// The expectation.
    pub expected: Expect,
    /// The rows that were printed last, at or before that instant.
    pub actual: Vec<String>,
    /// The message of the last failure, at or before that instant.
    pub failure: Option<String>,
    /// The counters of the last batch that updated states of keys.
    pub counters: Counters,
    /// The delays and rates that are not as expected, each as a text.
    pub metrics: Vec<String>,
}

impl fmt::Display for UnmetExpectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pipeline `{}`, expectation at {:?}",
            self.pipeline, self.at
        )?;
        if let Some(line) = self.line {
            write!(f, " on line {line}")?;
        }
        write!(f, " does not hold")?;
        if let Some(rows) = &self.expected.rows {
            let order = if self.expected.any_order {
                ", in any order"
            } else {
                ""
            };
            write!(f, "\n  expected exactly{order}: {}", list(rows))?;
        }
        if !self.expected.contains.is_empty() {
            let rows = list(&self.expected.contains);
            write!(f, "\n  expected among the rows: {rows}")?;
        }
        if !self.expected.absent.is_empty() {
            let rows = list(&self.expected.absent);
            write!(f, "\n  expected none of the rows: {rows}")?;
        }
        if self.is_about_rows() {
            write!(f, "\n  printed last: {}", list(&self.actual))?;
        }
        if let Some(part) = &self.expected.failure {
            let last = self.failure.as_deref().unwrap_or("no job");
            write!(f, "\n  expected a failure: {part}\n  failed last: {last}")?;
        }
        for counter in differing_counters(&self.expected, &self.counters) {
            write!(f, "\n  expected of the last batch: {counter}")?;
        }
        for metric in &self.metrics {
            write!(f, "\n  expected {metric}")?;
        }
        Ok(())
    }
}

impl UnmetExpectation {
    fn is_about_rows(&self) -> bool {
        let expected = &self.expected;
        expected.rows.is_some() || !(expected.contains.is_empty() && expected.absent.is_empty())
    }
}

/// The counters that are not as expected, each as `probes = 3, and it was 4`.
pub(crate) fn differing_counters(expect: &Expect, actual: &Counters) -> Vec<String> {
    let expected = expect.counters;
    let expected = [
        expected.function_calls,
        expected.keys_touched,
        expected.probes,
        expected.bytes_copied,
    ];
    let counters = actual.by_name().into_iter().zip(expected);
    counters
        .filter_map(|((name, actual), expected)| {
            let expected = expected.filter(|expected| *expected != actual)?;
            Some(format!("{name} = {expected}, and it was {actual}"))
        })
        .collect()
}

fn list(rows: &[String]) -> String {
    if rows.is_empty() {
        "no rows".to_owned()
    } else {
        rows.join("  ")
    }
}
