//! Pipelines on a timeline of their own, batch by batch.

use std::fmt::{self, Display};
use std::time::Duration;

use serde_json::{Value, json};

use crate::json::JSON_FORMAT;
use crate::{Digest, Estimate, Table, quantity};

/// So many batches are shown; the others are in the sums.
const SHOWN_BATCHES: usize = 40;

/// How long the batches of some pipelines took, all of them on one timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineResults {
    /// The scenario.
    pub name: String,
    /// The seed of what it generates.
    pub seed: u64,
    /// The cores of the scenario's cluster, and so the partitions of a state.
    pub cores: usize,
    /// How many worker threads ran the tasks.
    pub workers: usize,
    /// How long all rounds should take, in whole milliseconds.
    pub time: Duration,
    /// How many records each batch has.
    pub records: Vec<usize>,
    /// The words of all batches ([`Yardstick::words`](crate::Yardstick::words)).
    pub words: Digest,
    /// The pipelines, which took turns.
    pub pipelines: Vec<PipelineTimings>,
    /// Of each round, the seconds of the plain loop on all batches ([`Yardstick`](crate::Yardstick)), which
    /// took its turn.
    pub plain: Vec<f64>,
}

/// How long the batches of one pipeline took.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineTimings {
    /// The pipeline.
    pub name: String,
    /// Of each round, the seconds of each batch.
    pub rounds: Vec<Vec<f64>>,
}

impl PipelineTimings {
    /// How long a batch takes, from 0.
    fn of_batch(&self, index: usize) -> Option<Estimate> {
        let rounds = self.rounds.iter();
        let seconds: Vec<f64> = rounds
            .filter_map(|round| round.get(index))
            .copied()
            .collect();
        Estimate::of(&seconds)
    }

    /// Of each round, how long all batches took together.
    pub(crate) fn sums(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.iter().sum()).collect()
    }
}

impl TimelineResults {
    /// All results as one object.
    ///
    /// | key | holds |
    /// |---|---|
    /// | `format` | 1; another number is another shape |
    /// | `scenario`, `seed`, `cores`, `workers`, `time_ms` | what was run, and the settings |
    /// | `words` | a checksum of the words of all batches |
    /// | `plain_loop` | of the plain loop on the same lines: `seconds`, as `{median, low, high}`, and `rounds`, in seconds |
    /// | `pipelines` | an object for each: its `name`; of a whole run `seconds` and `of_plain_loop`, each `{median, low, high}`, and `rounds`, in seconds; and `batches` |
    /// | `pipelines[].batches` | `number`, `records`, `seconds` as `{median, low, high}`, and `is_checkpoint` of every tenth |
    ///
    /// A run with a baseline adds `changes`, as [`Changes::to_json`](crate::Changes::to_json) says, and
    /// `not_compared`, the names of what only one of the runs has; without one they are null.
    ///
    /// Where too little was measured for an interval, `low` and `high` are null.
    ///
    /// Several runs, each in a process of its own, are an object with `format` and with `runs`, a list of
    /// such objects.
    pub fn to_json(&self) -> Value {
        let pipelines = self.pipelines.iter().map(|pipeline| {
            let batches = self.records.iter().enumerate().map(|(index, records)| {
                json!({
                    "number": index + 1,
                    "records": records,
                    "seconds": pipeline.of_batch(index).map(estimate),
                    "is_checkpoint": is_checkpoint(index),
                })
            });
            let sums = pipeline.sums();
            json!({
                "name": pipeline.name,
                "seconds": Estimate::of(&sums).map(estimate),
                "of_plain_loop": Estimate::of_ratio(&sums, &self.plain).map(estimate),
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
            "words": self.words.checksum,
            "plain_loop": {
                "seconds": Estimate::of(&self.plain).map(estimate),
                "rounds": self.plain,
            },
            "pipelines": pipelines.collect::<Vec<_>>(),
        })
    }

    /// The pipeline of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&PipelineTimings> {
        self.pipelines.iter().find(|pipeline| pipeline.name == name)
    }

    fn row(&self, index: usize) -> Vec<String> {
        let mark = if is_checkpoint(index) { "^" } else { "" };
        let mut row = vec![
            format!("{}{mark}", index + 1),
            quantity::count(self.records[index]),
        ];
        let cells = self
            .pipelines
            .iter()
            .map(|pipeline| cell(pipeline.of_batch(index)));
        row.extend(cells);
        row
    }

    /// How each pipeline stands to the first one, over all batches.
    fn ratios(&self) -> String {
        let Some((first, others)) = self.pipelines.split_first() else {
            return String::new();
        };
        let sentences = others.iter().filter_map(|other| {
            let ratio = Estimate::of_ratio(&first.sums(), &other.sums())?;
            let (first, other) = (&first.name, &other.name);
            Some(format!(
                "{first} takes {} times as long as {other}\n",
                quantity::between(&ratio)
            ))
        });
        sentences.collect()
    }
}

impl Display for TimelineResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounds = self
            .pipelines
            .first()
            .map_or(0, |pipeline| pipeline.rounds.len());
        writeln!(
            f,
            "{}: the median of {rounds} rounds, ± the farther end of its 95 % interval; ^ is every tenth \
             batch:\nSpark checkpoints, and keys time out\n",
            self.name
        )?;
        let names = self.pipelines.iter().map(|pipeline| pipeline.name.clone());
        let head = ["batch".to_owned(), "records".to_owned()]
            .into_iter()
            .chain(names);
        let mut table = Table::new(head);
        let shown = self.records.len().min(SHOWN_BATCHES);
        for index in 0..shown {
            table.add(self.row(index));
        }
        let mut sums = vec!["all".to_owned(), quantity::count(self.records.iter().sum())];
        sums.extend(
            self.pipelines
                .iter()
                .map(|pipeline| cell(Estimate::of(&pipeline.sums()))),
        );
        if shown < self.records.len() {
            table.add([format!("… {}", self.records.len() - shown)]);
        }
        table.add(sums);
        write!(f, "{table}\n{}", self.ratios())
    }
}

fn is_checkpoint(index: usize) -> bool {
    (index + 1).is_multiple_of(10)
}

fn cell(estimate: Option<Estimate>) -> String {
    estimate
        .map(|estimate| quantity::estimated_seconds(&estimate))
        .unwrap_or_default()
}

fn estimate(estimate: Estimate) -> Value {
    let interval = estimate.interval;
    json!({
        "median": estimate.median,
        "low": interval.map(|interval| interval.low),
        "high": interval.map(|interval| interval.high),
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::timeline_results;

    #[test]
    fn batches_stand_below_each_other_and_every_tenth_is_marked() {
        insta::assert_snapshot!("timeline", timeline_results(11));
    }

    #[test]
    fn of_many_batches_the_first_are_shown() {
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
