//! The timeline of a scenario, as players of Python programs take it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::{Records, SparkVersion, Text, Time};
use scenario::{Cost, Entry, Fault, Mistakes, Scenario, TimelineEvent};
use serde_json::{Value, json};
use simulator::{Arrivals, InOrder, socket_lines};

use crate::read::{ReadError, read_text};

/// The end of the name of a file that has the JSON of a timeline.
const JSON: &str = "json";

/// A timeline with all its lines, those that are drawn from the seed too, in the order of time. An expectation is an
/// entry without lines, too: the run reaches it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramTimeline {
    /// Virtual time when the program starts.
    pub start: Time,
    /// The end of the run, if the scenario has one.
    pub stop: Option<Time>,
    /// IANA name of the time zone.
    pub timezone: String,
    /// The cores of a program that names no master.
    pub cores: usize,
    /// The state partitions of a query whose program does not say.
    pub shuffle_partitions: usize,
    /// The longest virtual time.
    pub time_max: Duration,
    /// The most batches of a stream.
    pub batches_max: u64,
    /// The most bytes of text that the program prints.
    pub output_max: u64,
    /// The most bytes of text that it writes to standard error.
    pub error_max: u64,
    /// The lines that arrive, and the instants that the run reaches.
    pub entries: Vec<ProgramEntry>,
    /// The faults of the driver, each at its offset from the start.
    pub faults: Vec<(Duration, Fault)>,
}

/// Lines that arrive together, as sockets cut them.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramEntry {
    /// The time at which they arrive.
    pub time: Time,
    /// The name of the source that takes them; every source if absent.
    pub stream: Option<String>,
    /// The lines.
    pub lines: Records,
}

/// A timeline that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// The file is no scenario file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The scenario is for another version of Spark than programs see.
    #[error("failed to read {}: a program sees Spark 3.5; leave out `spark`", .0.display())]
    Version(PathBuf),
    /// The scenario is for a cluster of executors, on which no program is played.
    #[error("failed to read {}: a program is not played on executors yet; leave out `executors`", .0.display())]
    Executors(PathBuf),
    /// The scenario has costs, concurrent jobs or receivers that cut blocks, which programs do not have.
    #[error(
        "failed to read {}: the work of a program takes no time, its jobs run one by one, and lines are blocks as they \
         are; leave out `[cost]`, `concurrent_jobs` and `block_interval`", .0.display()
    )]
    Cost(PathBuf),
    /// The file is one of JSON, and not as this program writes it.
    #[error("failed to read {}: it is no timeline that `millrace` has written; name a scenario file", .0.display())]
    Json(PathBuf),
}

impl TimelineError {
    /// All that is known of it, for a person, as [`ReadError::explain`] has it.
    pub fn explain(&self, has_colour: bool) -> String {
        match self {
            TimelineError::Read(error) => error.explain(has_colour),
            TimelineError::Version(_)
            | TimelineError::Executors(_)
            | TimelineError::Cost(_)
            | TimelineError::Json(_) => {
                format!("error: {self}")
            }
        }
    }
}

impl ProgramEntry {
    /// Lines that are sent over a socket, where a line may have line ends within.
    pub fn new(time: Time, stream: Option<String>, lines: &[String]) -> ProgramEntry {
        let lines = lines.iter().flat_map(|line| socket_lines(line));
        ProgramEntry {
            time,
            stream,
            lines: lines.collect(),
        }
    }
}

impl ProgramTimeline {
    /// The timeline of a scenario.
    pub fn of(scenario: &Scenario, seed: u64) -> ProgramTimeline {
        let start = scenario.clock.start;
        let schedule = InOrder { seed };
        let lines =
            Arrivals::by_entry(scenario, &schedule).map(|(time, entry, lines)| ProgramEntry {
                time,
                stream: entry.stream.clone(),
                lines,
            });
        let reached = scenario.timeline.iter().filter_map(|entry| {
            let has_lines = match &entry.event {
                TimelineEvent::Fault(_)
                | TimelineEvent::SourceFault(_)
                | TimelineEvent::ChangedRestart(_)
                | TimelineEvent::Expect(_) => false,
                TimelineEvent::Lines { lines, .. } => !lines.is_empty(),
                TimelineEvent::Generate(_) => true,
            };
            let time = start.checked_add(entry.at).filter(|_| !has_lines)?;
            Some(ProgramEntry::new(time, entry.stream.clone(), &[]))
        });
        let mut entries: Vec<ProgramEntry> = lines.chain(reached).collect();
        entries.sort_by_key(|entry| entry.time);
        let stop = scenario.clock.stop;
        ProgramTimeline {
            start,
            stop: stop.and_then(|stop| start.checked_add(stop)),
            timezone: scenario.clock.timezone.clone(),
            cores: scenario.cluster.cores,
            shuffle_partitions: scenario.cluster.shuffle_partitions,
            time_max: scenario.limits.time,
            batches_max: scenario.limits.batches,
            output_max: scenario.limits.output,
            error_max: scenario.limits.output,
            entries,
            faults: faults(&scenario.timeline).collect(),
        }
    }

    /// Reads a scenario file, which needs no pipeline, or the JSON of a timeline in a file whose name ends so.
    ///
    /// # Errors
    ///
    /// Fails with all mistakes of a scenario file, and if the file cannot be read.
    pub fn read(file: &Path, seed: u64) -> Result<ProgramTimeline, TimelineError> {
        let text = read_text(file)?;
        if file.extension().is_some_and(|extension| extension == JSON) {
            let timeline = ProgramTimeline::parse_json(&text);
            return timeline.ok_or_else(|| TimelineError::Json(file.to_owned()));
        }
        let scenario = scenario::parse_timeline(&file.display().to_string(), &text);
        let scenario = scenario.map_err(ReadError::Mistakes)?;
        if scenario.spark != SparkVersion::V3_5 {
            return Err(TimelineError::Version(file.to_owned()));
        }
        if scenario.cluster.executors.is_some() {
            return Err(TimelineError::Executors(file.to_owned()));
        }
        if scenario.cost != Cost::default()
            || scenario.cluster.concurrent_jobs != 1
            || scenario.cluster.block_interval.is_some()
        {
            return Err(TimelineError::Cost(file.to_owned()));
        }
        Ok(ProgramTimeline::of(&scenario, seed))
    }

    /// The timeline as JSON. It has no limit of standard output, which counts where the output is read.
    ///
    /// ```text
    /// {"start_ms": 0, "stop_ms": 4000, "timezone": "UTC", "cores": 2, "shuffle_partitions": 200, "limit_ms": 60000,
    ///  "batches_max": 1000, "error_max": 100000, "entries": [{"at_ms": 1000, "stream": "localhost:9999", "lines": ["blue green"]}],
    ///  "faults": "timeline = [\n{ at = \"2s\", crash = \"driver\" },\n]"}
    /// ```
    pub fn to_json(&self) -> Value {
        let entries = self.entries.iter().map(|entry| {
            let lines: Vec<&str> = entry.lines.iter().map(|line| &**line).collect();
            json!({ "at_ms": entry.time.as_millis(), "stream": entry.stream, "lines": lines })
        });
        json!({
            "start_ms": self.start.as_millis(),
            "stop_ms": self.stop.map(Time::as_millis),
            "timezone": self.timezone,
            "cores": self.cores,
            "shuffle_partitions": self.shuffle_partitions,
            "limit_ms": self.time_max.as_millis() as u64,
            "batches_max": self.batches_max,
            "error_max": self.error_max,
            "entries": entries.collect::<Vec<Value>>(),
            "faults": print_faults(&self.faults),
        })
    }

    /// The timeline of what [`to_json`](ProgramTimeline::to_json) gives; `None` of any other text.
    fn parse_json(text: &str) -> Option<ProgramTimeline> {
        let value: Value = serde_json::from_str(text).ok()?;
        let time = |value: &Value| value.as_i64().map(Time::from_millis);
        let entry = |value: &Value| {
            let lines = value["lines"].as_array()?.iter();
            let lines: Option<Vec<Text>> = lines.map(|it| it.as_str().map(Text::from)).collect();
            Some(ProgramEntry {
                time: time(&value["at_ms"])?,
                stream: value["stream"].as_str().map(str::to_owned),
                lines: lines?.into(),
            })
        };
        let entries: Option<Vec<ProgramEntry>> =
            value["entries"].as_array()?.iter().map(entry).collect();
        Some(ProgramTimeline {
            start: time(&value["start_ms"])?,
            stop: time(&value["stop_ms"]),
            timezone: value["timezone"].as_str()?.to_owned(),
            cores: usize::try_from(value["cores"].as_u64()?).ok()?,
            shuffle_partitions: usize::try_from(value["shuffle_partitions"].as_u64()?).ok()?,
            time_max: Duration::from_millis(value["limit_ms"].as_u64()?),
            batches_max: value["batches_max"].as_u64()?,
            output_max: u64::MAX,
            error_max: value["error_max"].as_u64()?,
            entries: entries?,
            faults: parse_faults(value["faults"].as_str()?).ok()?,
        })
    }
}

fn faults(entries: &[Entry]) -> impl Iterator<Item = (Duration, Fault)> {
    entries.iter().filter_map(|entry| match entry.event {
        TimelineEvent::Fault(fault) => Some((entry.at, fault)),
        _ => None,
    })
}

/// Faults as the timeline of a scenario file; nothing of none.
fn print_faults(faults: &[(Duration, Fault)]) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let entry = |&(at, fault): &(Duration, Fault)| {
        let entry = Entry {
            at,
            stream: None,
            event: TimelineEvent::Fault(fault),
        };
        format!("{entry},\n")
    };
    let entries: String = faults.iter().map(entry).collect();
    format!("timeline = [\n{entries}]")
}

/// The faults of a timeline, each at its offset from the start; none of an empty text.
///
/// # Errors
///
/// Fails with all mistakes of the text.
///
/// ```
/// use scenario::Fault;
/// use std::time::Duration;
/// let faults = suite::parse_faults("timeline = [{ at = '2s', crash = 'driver' }]")?;
/// assert_eq!(faults, [(Duration::from_secs(2), Fault::Crash)]);
/// # Ok::<(), scenario::Mistakes>(())
/// ```
pub fn parse_faults(text: &str) -> Result<Vec<(Duration, Fault)>, Mistakes> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let scenario = scenario::parse_timeline("faults", text)?;
    Ok(faults(&scenario.timeline).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> ProgramTimeline {
        let text = "timeline = [\n\
            { at = '1s', stream = 'localhost:9999', lines = [\"a\\nb\", 'c'], partitions = 2 },\n\
            { at = '2s', generate = { rate = 1, duration = '1s', keys = 1 }, expect = { rows = [] } },\n\
            { at = '2500ms', crash = 'driver', point = 'output', batch = '3s' },\n\
            { at = '3s', restart = 'driver' },\n\
            { at = '4s', lines = [] }]\n\
            [cluster]\nshuffle_partitions = 3\n[[pipeline]]\nname = 'p'\nprogram = 'p.py'";
        let scenario = scenario::parse("p.toml", text).expect("it has no mistakes");
        ProgramTimeline::of(&scenario, 0)
    }

    #[test]
    fn lines_are_cut_and_drawn_and_go_to_their_streams() {
        let timeline = drawn().to_json();
        let entries = json!([
            { "at_ms": 1_000, "stream": "localhost:9999", "lines": ["a"] },
            { "at_ms": 1_000, "stream": "localhost:9999", "lines": ["b", "c"] },
            { "at_ms": 2_000, "stream": null, "lines": ["key-0"] },
            { "at_ms": 2_000, "stream": null, "lines": [] },
            { "at_ms": 2_500, "stream": null, "lines": [] },
            { "at_ms": 3_000, "stream": null, "lines": [] },
            { "at_ms": 4_000, "stream": null, "lines": [] },
        ]);
        assert_eq!(timeline["entries"], entries);
        assert_eq!(timeline["stop_ms"], Value::Null);
    }

    #[test]
    fn faults_of_the_source_are_played_before_the_program() {
        let text = "timeline = [\n\
            { at = '1s', pause = 'source' },\n\
            { at = '1s', stream = 'localhost:9999', lines = ['a', 'b'] },\n\
            { at = '2s', resume = 'source' },\n\
            { at = '3s', duplicate = 'lines', next = 1 },\n\
            { at = '3s', stream = 'localhost:9999', lines = ['c', 'd'] }]\n\
            [[pipeline]]\nname = 'p'\nprogram = 'p.py'";
        let scenario = scenario::parse("p.toml", text).expect("it has no mistakes");
        let entries = ProgramTimeline::of(&scenario, 0).entries.into_iter();
        let lines = entries.filter(|entry| !entry.lines.is_empty());
        let lines: Vec<(i64, Vec<String>)> = lines
            .map(|entry| {
                let lines = entry.lines.iter().map(ToString::to_string);
                (entry.time.as_millis(), lines.collect())
            })
            .collect();
        let expected = [(2_000, vec!["a", "b"]), (3_000, vec!["c", "c", "d"])];
        let expected = expected.map(|(time, lines)| {
            let lines = lines.into_iter().map(str::to_owned).collect();
            (time, lines)
        });
        assert_eq!(lines, expected);
    }

    #[test]
    fn faults_alone_have_no_lines_that_could_be_disturbed() {
        let alone = parse_faults("timeline = [{ at = '1s', pause = 'source' }]");
        let mistakes = alone.expect_err("no line comes");
        assert!(mistakes.to_string().contains("1 mistake"), "{mistakes}");
    }

    #[test]
    fn json_says_all_but_the_limit_of_output() {
        let mut timeline = drawn();
        timeline.stop = Some(Time::from_millis(4_000));
        let read = ProgramTimeline::parse_json(&timeline.to_json().to_string());
        timeline.output_max = u64::MAX;
        assert_eq!(read, Some(timeline));
        assert_eq!(ProgramTimeline::parse_json("{}"), None);
    }
}
