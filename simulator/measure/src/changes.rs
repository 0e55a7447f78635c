//! What has changed since a baseline, and the verdicts.

use std::fmt;

use serde_json::Value;

use crate::runs::RUNS_MIN;
use crate::{Change, Table, Verdict, quantity};

/// What has changed since the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Which times these are.
    pub(crate) title: &'static str,
    /// The head of the columns that name what has changed.
    pub(crate) head: &'static [&'static str],
    pub(crate) all: Vec<Changed>,
    /// What only one of the runs has.
    pub(crate) not_compared: Vec<String>,
    /// How many runs the baseline has, and how many are compared with it.
    pub(crate) runs: [usize; 2],
    /// The ratio that nothing may exceed, if there is a limit.
    pub(crate) limit: Option<f64>,
}

/// Something that was measured in both runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Changed {
    /// What it is, a cell below each of the head.
    pub(crate) cells: Vec<String>,
    /// The same as an object.
    pub(crate) names: Value,
    pub(crate) change: Change,
}

/// What only one of two runs has, that of the first run before that of the second.
pub(crate) fn in_one_alone<T: Clone + PartialEq>(then: &[T], now: &[T]) -> Vec<T> {
    let gone = then.iter().filter(|it| !now.contains(it));
    let new = now.iter().filter(|it| !then.contains(it));
    gone.chain(new).cloned().collect()
}

impl Changes {
    /// Whether the whole interval of something lies above the limit.
    pub fn exceed(&self) -> bool {
        let verdicts = self
            .all
            .iter()
            .filter_map(|changed| self.verdict(&changed.change));
        verdicts.max() == Some(Verdict::Exceeds)
    }

    /// All changes as a list: what has changed, which is `contender`, `keys`, `words` and
    /// `active_share`, or of a scenario `pipeline`; `ratio`, `low`, `high`; and the `verdict` if there is
    /// a limit: `holds`, `no verdict` or `exceeds`.
    pub fn to_json(&self) -> Value {
        let changes = self.all.iter().map(|changed| {
            let change = changed.change;
            let mut json = changed.names.clone();
            json["ratio"] = change.ratio.into();
            json["low"] = change.interval.map(|interval| interval.low).into();
            json["high"] = change.interval.map(|interval| interval.high).into();
            let verdict = self.verdict(&change);
            json["verdict"] = verdict.map(|verdict| verdict.to_string()).into();
            json
        });
        changes.collect()
    }

    /// What could not be compared, as only one of the runs has it.
    pub fn not_compared(&self) -> &[String] {
        &self.not_compared
    }

    fn verdict(&self, change: &Change) -> Option<Verdict> {
        self.limit.map(|limit| change.verdict(limit))
    }

    /// How many runs there are, if not one of each, and what is to be done if they are too few.
    fn about_runs(&self) -> String {
        let [then, now] = self.runs;
        if then.max(now) == 1 {
            return String::new();
        }
        let advice = if self
            .all
            .iter()
            .all(|changed| changed.change.interval.is_some())
        {
            String::new()
        } else {
            format!("So few runs give no verdict: {RUNS_MIN} or more on each side do.\n")
        };
        format!(
            "\nRuns: {then} of the baseline, {now} of these. Each counts as one value, the median of its rounds.\n\
             {advice}"
        )
    }

    fn row(&self, changed: &Changed) -> Vec<String> {
        let change = changed.change;
        let end = |end: Option<f64>| end.map(quantity::change).unwrap_or_default();
        let verdict = self.verdict(&change);
        let mut row = changed.cells.clone();
        row.extend([
            quantity::change(change.ratio),
            end(change.interval.map(|interval| interval.low)),
            end(change.interval.map(|interval| interval.high)),
            verdict
                .map(|verdict| verdict.to_string())
                .unwrap_or_default(),
        ]);
        row
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.head.iter().copied();
        let mut table = Table::new(head.chain(["change", "from", "to", ""]));
        for changed in &self.all {
            table.add(self.row(changed));
        }
        writeln!(
            f,
            "{} since the baseline, each in proportion to the plain loop of its run (99 % interval)",
            self.title
        )?;
        if let Some(limit) = self.limit {
            writeln!(
                f,
                "None may have grown by more than {}",
                quantity::share(limit - 1.0)
            )?;
        }
        writeln!(f)?;
        write!(f, "{table}{}", self.about_runs())?;
        if self.not_compared.is_empty() {
            return Ok(());
        }
        let names = self.not_compared.join("; ");
        writeln!(f, "\nNot compared, as only one of the runs has it: {names}")
    }
}
