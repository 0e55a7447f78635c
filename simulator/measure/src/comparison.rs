//! The comparison of a run with a baseline, as text and as JSON.

use std::fmt;

use serde_json::Value;

use crate::benchmark::Benchmark;
use crate::json::{high, low};
use crate::table::TextTable;
use crate::{Estimate, LimitOutcome, quantity};

/// The fewest runs of each side that give an interval, and so an outcome.
const RUNS_MIN: usize = 6;

/// The changes since a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineComparison {
    /// True if pipelines of a scenario are compared, and not subjects of a sweep.
    pub(crate) is_of_scenario: bool,
    pub(crate) compared: Vec<ComparedBenchmark>,
    /// The names of the benchmarks of one side alone.
    pub(crate) not_compared: Vec<String>,
    /// The number of runs of the baseline.
    pub(crate) baseline_runs: usize,
    /// The number of runs that are compared with it.
    pub(crate) runs: usize,
    /// The ratio that no change may exceed, if there is a limit.
    pub(crate) limit: Option<f64>,
}

/// A benchmark that both sides have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComparedBenchmark {
    pub(crate) benchmark: Benchmark,
    pub(crate) change: Estimate,
}

impl BaselineComparison {
    /// True if the whole interval of a change is above the limit.
    pub fn exceeds(&self) -> bool {
        let outcomes = self.compared.iter().map(|it| self.outcome(it.change));
        outcomes.max() == Some(Some(LimitOutcome::Exceeds))
    }

    /// All changes as a list: the benchmark, which is `contender`, `keys`, `words` and `active_share`, or
    /// for a scenario `pipeline`; `ratio`, `low`, `high`; and with a limit the `verdict`: `holds`, `no
    /// verdict` or `exceeds`.
    pub fn to_json(&self) -> Value {
        let changes = self
            .compared
            .iter()
            .map(|ComparedBenchmark { benchmark, change }| {
                let mut json = benchmark.json.clone();
                json["ratio"] = change.median.into();
                json["low"] = low(change.interval).into();
                json["high"] = high(change.interval).into();
                json["verdict"] = self.outcome(*change).map(|it| it.to_string()).into();
                json
            });
        changes.collect()
    }

    /// The names of the benchmarks that only one side has.
    pub fn not_compared(&self) -> &[String] {
        &self.not_compared
    }

    fn outcome(&self, change: Estimate) -> Option<LimitOutcome> {
        self.limit.map(|limit| change.compare(limit))
    }

    /// A warning, if both sides are single runs: their intervals show too little, and a verdict may be wrong.
    pub fn warning(&self) -> Option<String> {
        let is_single = self.baseline_runs == 1 && self.runs == 1;
        is_single.then(|| {
            format!(
                "Each side is a single run, and one process differs from the next by more than its rounds show: \
                 believe what {RUNS_MIN} or more --runs of each side say."
            )
        })
    }

    /// A remark on the number of runs.
    fn about_runs(&self) -> String {
        if let Some(warning) = self.warning() {
            return format!("\n{warning}\n");
        }
        let has_intervals = self.compared.iter().all(|it| it.change.interval.is_some());
        let advice = if has_intervals {
            String::new()
        } else {
            format!("So few runs give no verdict: {RUNS_MIN} or more on each side do.\n")
        };
        format!(
            "\nRuns: {} of the baseline, {} of these. Each counts as one value, the median of its rounds.\n{advice}",
            self.baseline_runs, self.runs
        )
    }

    fn table(&self) -> TextTable {
        let sizes: &[&str] = if self.is_of_scenario {
            &[]
        } else {
            &["keys", "words", "share"]
        };
        let columns = [""]
            .iter()
            .chain(sizes)
            .chain(&["change", "from", "to", ""]);
        let mut table = TextTable::new(columns.copied());
        for ComparedBenchmark { benchmark, change } in &self.compared {
            let sizes = benchmark.sizes.iter().cloned().map(Some);
            let change = [
                Some(quantity::change(change.median)),
                low(change.interval).map(quantity::change),
                high(change.interval).map(quantity::change),
                self.outcome(*change).map(|outcome| outcome.to_string()),
            ];
            table.add(benchmark.name.as_str(), sizes.chain(change));
        }
        table
    }
}

impl fmt::Display for BaselineComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = if self.is_of_scenario {
            "Time of all batches"
        } else {
            "Time per batch"
        };
        writeln!(
            f,
            "{times} since the baseline, each in proportion to the plain loop of its run (99 % interval)"
        )?;
        if let Some(limit) = self.limit {
            let growth = quantity::share(limit - 1.0);
            writeln!(f, "None may have grown by more than {growth}")?;
        }
        write!(f, "\n{}{}", self.table(), self.about_runs())?;
        if self.not_compared.is_empty() {
            return Ok(());
        }
        let names = self.not_compared.join("; ");
        writeln!(f, "\nNot compared, as only one of the runs has it: {names}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_runs_have_an_interval() {
        let interval = |runs: usize| {
            let change = Estimate::of_change(&vec![1.0; runs], &vec![2.0; runs]);
            change.and_then(|change| change.interval)
        };
        assert_eq!(interval(RUNS_MIN - 1), None);
        assert!(interval(RUNS_MIN).is_some());
    }
}
