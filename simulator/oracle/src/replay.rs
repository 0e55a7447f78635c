//! What the replaying process is asked: a program, and the lines of each of its batches.

use engine::{Grid, Time};
use scenario::{Order, Pipeline, Program, Scenario, Source, Structured, Trigger};
use serde_json::{Value, json};

use crate::input::{Arrival, batches, instants};
use crate::script::{Language, Script, script};

/// A replay of more batches takes too long to wait for: Spark needs some 50 ms for each.
const BATCHES_MAX: usize = 2_000;

/// Spark runs a task for each partition, some milliseconds each.
const PARTITIONS_MAX: usize = 2_000;

/// Why a pipeline cannot be replayed on a real Spark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayed {
    /// Its micro-batches are cut by Spark's own clock, which nobody can set.
    #[error("its trigger `processing_time` goes by Spark's own clock")]
    WallClock,
    /// Its rows come in an order of ours.
    #[error("its rows come in the order of arrival, which Spark does not keep")]
    Arrival,
    /// There are too many batches to wait for.
    #[error("it has {0} batches, and more than {BATCHES_MAX} take too long")]
    TooManyBatches(usize),
    /// A batch has too many partitions.
    #[error("a batch has {0} partitions, and more than {PARTITIONS_MAX} take too long")]
    TooManyPartitions(usize),
}

/// A pipeline's program and its input, ready to be played on a real Spark.
#[derive(Clone, Debug)]
pub struct Replay {
    pub(crate) cores: usize,
    /// The Java class that stands for the program, with its text.
    pub(crate) java: Option<(String, String)>,
    request: Value,
}

impl Replay {
    /// The replay of a pipeline to which these lines arrive, from the scenario's start to `stop`.
    /// `number` tells it from the other replays of a call.
    ///
    /// A pipeline of the profile `cookbook` is replayed as `pyspark`.
    ///
    /// # Errors
    ///
    /// The reason if it cannot be replayed.
    pub fn new(
        scenario: &Scenario,
        pipeline: &Pipeline,
        number: usize,
        (arrivals, stop): (&[Arrival], Time),
    ) -> Result<Replay, NotReplayed> {
        if scenario.console.order == Order::Arrival {
            return Err(NotReplayed::Arrival);
        }
        let class = format!("Replayed{number}");
        let script = script(scenario, pipeline, &class);
        let request = match &pipeline.program {
            Program::Structured(structured) => {
                structured_request(scenario, structured, instants(arrivals, stop))?
            }
            _ => dstream_request(scenario, arrivals, stop)?,
        };
        Ok(Replay::of(request, script, class, scenario.cluster.cores).numbered(number))
    }

    fn of(mut request: Value, script: Script, class: String, cores: usize) -> Replay {
        request["cores"] = json!(cores);
        let java = match script.language {
            Language::Python => {
                request["program"] = json!(script.body);
                None
            }
            Language::Java => {
                request["class"] = json!(class);
                Some((class, script.text))
            }
        };
        Replay {
            cores,
            java,
            request,
        }
    }

    fn numbered(mut self, number: usize) -> Replay {
        self.request["id"] = json!(number);
        self
    }

    /// One line of JSON.
    pub(crate) fn line(&self) -> String {
        format!("{}\n", self.request)
    }
}

fn dstream_request(
    scenario: &Scenario,
    arrivals: &[Arrival],
    stop: Time,
) -> Result<Value, NotReplayed> {
    let clock = &scenario.clock;
    let grid = Grid::every(clock.interval);
    let batches = batches(arrivals, grid, (clock.start, stop));
    check_sizes(batches.len(), batches.iter().map(Vec::len).max())?;
    let first = grid.after(clock.start).unwrap_or(clock.start);
    Ok(json!({
        "kind": "dstream",
        "class": null,
        "timezone": clock.timezone,
        "start_ms": clock.start.as_millis(),
        "first_ms": first.as_millis(),
        "interval_ms": clock.interval.as_millis() as u64,
        "batches": batches,
    }))
}

/// The first batch is there at the first trigger if something arrived at the start, or if the source is
/// a socket: that counts as having something new before anything came (`MB-2b`).
fn structured_request(
    scenario: &Scenario,
    structured: &Structured,
    mut instants: Vec<(Time, Vec<String>)>,
) -> Result<Value, NotReplayed> {
    if let Trigger::ProcessingTime(_) = structured.trigger {
        return Err(NotReplayed::WallClock);
    }
    let start = scenario.clock.start;
    let starts_with_lines = instants.first().is_some_and(|(time, _)| *time == start);
    if structured.source == Source::Socket && !starts_with_lines {
        instants.insert(0, (start, Vec::new()));
    }
    let at_start = instants.first().is_some_and(|(time, _)| *time == start);
    if structured.trigger != Trigger::Default {
        instants.truncate(usize::from(at_start));
    }
    check_sizes(instants.len(), None)?;
    let batches: Vec<Vec<String>> = instants.into_iter().map(|(_, lines)| lines).collect();
    Ok(json!({
        "kind": "structured",
        "timezone": scenario.clock.timezone,
        "shuffle_partitions": scenario.cluster.shuffle_partitions,
        "at_start": at_start,
        "batches": batches,
    }))
}

fn check_sizes(batches: usize, partitions: Option<usize>) -> Result<(), NotReplayed> {
    let partitions = partitions.unwrap_or_default();
    if batches > BATCHES_MAX {
        Err(NotReplayed::TooManyBatches(batches))
    } else if partitions > PARTITIONS_MAX {
        Err(NotReplayed::TooManyPartitions(partitions))
    } else {
        Ok(())
    }
}
