//! The results of a scenario: times of its pipelines, batch by batch.

use std::fmt::{self, Display};
use std::iter;
use std::time::Duration;

use serde_json::{Value, json};

use crate::json::JSON_FORMAT;
use crate::results::is_checkpoint;
use crate::table::TextTable;
use crate::{Checksum, Estimate, quantity};

/// The most batches that are shown; the sums are of all.
const SHOWN_BATCHES: usize = 40;

/// The times of the batches of several pipelines on one timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineResults {
    /// The scenario.
    pub name: String,
    /// The seed of its generated lines.
    pub seed: u64,
    /// The cores of the scenario's cluster, and so the partitions of a state.
    pub cores: usize,
    /// The number of worker threads.
    pub workers: usize,
    /// The time for all rounds, in whole milliseconds.
    pub time: Duration,
    /// The number of records of each batch.
    pub records: Vec<usize>,
    /// The words of all batches ([`Reference::words`](crate::Reference::words)).
    pub words: Checksum,
    /// The pipelines, which took turns.
    pub pipelines: Vec<PipelineTimings>,
    /// The seconds of the plain loop for all batches, by round ([`Reference`](crate::Reference)).
    pub plain: Vec<f64>,
}

/// The times of the batches of one pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineTimings {
    /// The pipeline.
    pub name: String,
    /// The seconds of each batch, by round.
    pub rounds: Vec<Vec<f64>>,
}

impl PipelineTimings {
    /// The time of a batch, numbered from 0.
    fn of_batch(&self, index: usize) -> Option<Estimate> {
        let seconds = self.rounds.iter().filter_map(|round| round.get(index));
        Estimate::of(&seconds.copied().collect::<Vec<_>>())
    }

    /// The time of all batches together, by round.
    fn sums(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.iter().sum()).collect()
    }
}

impl TimelineResults {
    /// All results as one object.
    ///
    /// | key | value |
    /// |---|---|
    /// | `format` | 1; another number is another format |
    /// | `scenario`, `seed`, `cores`, `workers`, `time_ms` | the scenario and the settings |
    /// | `words` | a checksum of the words of all batches |
    /// | `plain_loop` | of the plain loop on the same lines: `seconds`, as `{median, low, high}`, and `rounds`, in seconds |
    /// | `pipelines` | an object for each: its `name`; of a whole run `seconds` and `of_plain_loop`, each `{median, low, high}`, and `rounds`, in seconds; and `batches` |
    /// | `pipelines[].batches` | `number`, `records`, `seconds` as `{median, low, high}`, and `is_checkpoint` of every tenth |
    ///
    /// Intervals, a baseline and several runs are as in [`Results::to_json`](crate::Results::to_json).
    pub fn to_json(&self) -> Value {
        let pipelines = self.pipelines.iter().map(|pipeline| {
            let batches = self.records.iter().enumerate().map(|(index, records)| {
                json!({
                    "number": index + 1,
                    "records": records,
                    "seconds": pipeline.of_batch(index).map(Estimate::to_json),
                    "is_checkpoint": is_checkpoint(index + 1),
                })
            });
            let sums = pipeline.sums();
            json!({
                "name": pipeline.name,
                "seconds": Estimate::of(&sums).map(Estimate::to_json),
                "of_plain_loop": Estimate::of_ratio(&sums, &self.plain).map(Estimate::to_json),
                "rounds": sums,
                "batches": batches.collect::<Vec<_>>(),
            })
        });
        json!({
            "format": JSON_FORMAT,
            "scenario": self.name,
            "seed": self.seed,
            "cores": self.cores,
            "workers": self.workers,
            "time_ms": self.time.as_millis() as u64,
            "words": self.words.sum,
            "plain_loop": {
                "seconds": Estimate::of(&self.plain).map(Estimate::to_json),
                "rounds": self.plain,
            },
            "pipelines": pipelines.collect::<Vec<_>>(),
        })
    }

    fn table(&self) -> TextTable {
        let names = self.pipelines.iter().map(|pipeline| pipeline.name.as_str());
        let mut table = TextTable::new(["batch", "records"].into_iter().chain(names));
        for (index, records) in self.records.iter().enumerate().take(SHOWN_BATCHES) {
            let mark = if is_checkpoint(index + 1) { "^" } else { "" };
            let cells = self.cells(*records, |pipeline| pipeline.of_batch(index));
            table.add(format!("{}{mark}", index + 1), cells);
        }
        if SHOWN_BATCHES < self.records.len() {
            let left_out = self.records.len() - SHOWN_BATCHES;
            table.add(format!("… {left_out}"), []);
        }
        let sum = |pipeline: &PipelineTimings| Estimate::of(&pipeline.sums());
        table.add("all", self.cells(self.records.iter().sum(), sum));
        table
    }

    /// The number of records, and an estimate for each pipeline.
    fn cells(
        &self,
        records: usize,
        estimate: impl Fn(&PipelineTimings) -> Option<Estimate>,
    ) -> impl Iterator<Item = Option<String>> {
        let estimates = self.pipelines.iter().map(estimate);
        let estimates = estimates.map(|estimate| estimate.map(quantity::estimated_seconds));
        iter::once(Some(quantity::count(records))).chain(estimates)
    }

    /// The time of the first pipeline in proportion to that of each other one.
    fn ratios(&self) -> String {
        let Some((first, others)) = self.pipelines.split_first() else {
            return String::new();
        };
        let sentences = others.iter().filter_map(|other| {
            let ratio = Estimate::of_ratio(&first.sums(), &other.sums())?;
            let ratio = quantity::with_interval(ratio);
            Some(format!(
                "{} takes {ratio} times as long as {}\n",
                first.name, other.name
            ))
        });
        sentences.collect()
    }
}

impl Display for TimelineResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.pipelines.first();
        let rounds = first.map_or(0, |pipeline| pipeline.rounds.len());
        writeln!(
            f,
            "{}: the median of {rounds} rounds, ± the farther end of its 95 % interval; ^ is every tenth \
             batch:\nSpark checkpoints, and keys time out\n",
            self.name
        )?;
        write!(f, "{}\n{}", self.table(), self.ratios())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::timeline_results;

    #[test]
    fn each_batch_has_a_row_and_every_tenth_is_marked() {
        insta::assert_snapshot!("timeline", timeline_results(11));
    }

    #[test]
    fn only_the_first_of_many_batches_are_shown() {
        let text = timeline_results(1_000).to_string();
        assert!(text.contains("\n40^ ") && !text.contains("\n41 "), "{text}");
        assert!(text.contains("\n… 960\n"), "{text}");
    }

    #[test]
    fn all_batches_are_in_the_json() {
        let json = timeline_results(50).to_json();
        let batches = json["pipelines"][1]["batches"].as_array().map(Vec::len);
        assert_eq!(batches, Some(50));
        assert_eq!(json["pipelines"][0]["batches"][9]["is_checkpoint"], true);
    }
}
