//! The request to the replaying process: a program, and the lines of each of its batches.

use engine::{Grid, Time};
use scenario::{
    LineFormat, MappedTotals, Pipeline, Program, Scenario, Source, Structured, Trigger, WordQuery,
};
use serde_json::{Map, Value, json};

use crate::input::{Instant, ReplayInput};
use crate::script::{Language, script, settings, variable};

/// A replay of more batches takes too long to wait for: Spark needs some 50 ms for each.
const BATCHES_MAX: usize = 2_000;

/// Spark runs a task for each partition, some milliseconds each.
const PARTITIONS_MAX: usize = 2_000;

/// Why a pipeline cannot be replayed on a real Spark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayed {
    /// Idle keys time out in another batch than they would in Spark.
    #[error("its time-outs are exact, and Spark looks for idle keys in every tenth batch only")]
    ExactTimeouts,
    /// A batch is expected to fail, by a limit that Spark does not have or in words that it does not print; the
    /// failure that ends a query is compared.
    #[error("it expects a failure, and the console of Spark shows none")]
    Fails,
    /// Its driver dies, or has other faults.
    #[error("its driver dies or fails, which that of a replay does not")]
    Faults,
    /// It has executors, of which a replay, in the driver's process, has none.
    #[error("its cluster has executors, and a replay has only the driver's process")]
    Executors,
    /// Its source has files, of which the program that is replayed has none.
    #[error("a query with `source = \"direct\"` reads files, which that of a replay does not")]
    Files,
    /// It reads a topic, of which a replay has no server.
    #[error("a query on a topic reads Kafka, which a replay does not have")]
    Topics,
    /// It reads numbers that are made, of which a replay has none.
    #[error("a query on numbers that a source makes, and a replay has lines alone")]
    Numbers,
    /// Its query is another one than that of the program that is replayed.
    #[error("its `query` is not that of the program that is replayed, which counts words")]
    Query,
    /// It prints the number of lines, too.
    #[error("`count_lines` is not in the program that is replayed")]
    CountedLines,
    /// States are saved at an interval of its own, by which idle keys time out.
    #[error("its `checkpoint_interval` is not in the program that is replayed")]
    CheckpointInterval,
    /// There are too many batches, or triggers, to wait for.
    #[error("it has {0} batches or triggers, and more than {BATCHES_MAX} take too long")]
    TooManyBatches(usize),
    /// A batch has too many partitions.
    #[error("a batch has {0} partitions, and more than {PARTITIONS_MAX} take too long")]
    TooManyPartitions(usize),
}

/// A pipeline's program and its input, ready to be played on a real Spark.
#[derive(Clone, Debug)]
pub struct SparkReplay {
    pub(crate) cores: usize,
    /// The Java class that stands for the program, with its text.
    pub(crate) java: Option<(String, String)>,
    request: Value,
}

impl SparkReplay {
    /// The replay of a pipeline on this input, from the scenario's start on. `number` is its own among
    /// the replays of a call.
    ///
    /// A pipeline of the profile `cookbook` is replayed as `pyspark`. Rows come in Spark's order, also
    /// where the scenario says `order = "arrival"`.
    ///
    /// # Errors
    ///
    /// The reason if it cannot be replayed.
    pub fn new(
        scenario: &Scenario,
        pipeline: &Pipeline,
        number: usize,
        input: &ReplayInput,
    ) -> Result<SparkReplay, NotReplayed> {
        let mut totals = pipeline.program.mapped_totals();
        if totals.any(MappedTotals::has_exact_timeouts) {
            return Err(NotReplayed::ExactTimeouts);
        }
        if scenario.timeline.iter().any(|entry| entry.event.is_fault()) {
            return Err(NotReplayed::Faults);
        }
        if scenario.cluster.executors.is_some() {
            return Err(NotReplayed::Executors);
        }
        if scenario.cluster.checkpoint_interval.is_some() {
            return Err(NotReplayed::CheckpointInterval);
        }
        let is_query = matches!(pipeline.program, Program::Structured(_));
        if let Program::Structured(query) = &pipeline.program {
            check_sources(scenario, query)?;
        }
        if matches!(&pipeline.program, Program::Structured(it) if it.query != WordQuery::Counts) {
            return Err(NotReplayed::Query);
        }
        if pipeline.count_lines {
            return Err(NotReplayed::CountedLines);
        }
        let fails_as_spark = is_query && scenario.cluster.memory.is_none();
        let mut expectations = scenario.expectations(pipeline);
        if !fails_as_spark && expectations.any(|expect| expect.failure.is_some()) {
            return Err(NotReplayed::Fails);
        }
        let mut request = match &pipeline.program {
            Program::Structured(structured) => structured_request(scenario, structured, input)?,
            _ => dstream_request(scenario, input)?,
        };
        let class = format!("Replayed{number}");
        let script = script(scenario, pipeline, &class);
        let cores = scenario.cluster.cores;
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
        request["id"] = json!(number);
        Ok(SparkReplay {
            cores,
            java,
            request,
        })
    }

    /// One line of JSON.
    pub(crate) fn line(&self) -> String {
        format!("{}\n", self.request)
    }
}

fn dstream_request(scenario: &Scenario, input: &ReplayInput) -> Result<Value, NotReplayed> {
    let clock = &scenario.clock;
    let grid = Grid::every(clock.interval);
    let batches = input.batches(grid, clock.start);
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

/// The first batch is there at the first trigger if something arrived at the start. Over a socket it always is,
/// and without a line: what the socket has sent by then is for the batch after it (`MB-2b`).
fn structured_request(
    scenario: &Scenario,
    structured: &Structured,
    input: &ReplayInput,
) -> Result<Value, NotReplayed> {
    let start = scenario.clock.start;
    let sources = scenario.query_sources(structured);
    let names = sources.iter().map(|source| variable(structured, source));
    let names: Vec<String> = names.collect();
    let sockets: Vec<bool> = sources.iter().map(|it| it.kind == Source::Socket).collect();
    let mut instants = input.instants(names.len());
    if sockets.contains(&true) {
        instants.insert(0, Instant::empty(start, names.len()));
    }
    let at_start = instants.first().is_some_and(|first| first.time == start);
    if matches!(structured.trigger, Trigger::Once | Trigger::AvailableNow) {
        instants.truncate(usize::from(at_start));
    }
    let triggers = triggers(structured.trigger, start, input.stop);
    check_sizes(triggers.unwrap_or(instants.len()), None)?;
    let batches = instants.into_iter().map(|it| {
        let is_empty = it.lines.iter().all(Vec::is_empty);
        let lines = names.iter().cloned().zip(it.lines).zip(&sockets);
        // To a source to which nothing comes nothing is added, as that would be something new.
        let lines =
            lines.filter(|((_, lines), is_socket)| !lines.is_empty() || is_empty && **is_socket);
        let lines = lines.map(|((name, lines), _)| (name, Value::from(lines)));
        json!({ "time_ms": it.time.as_millis(), "lines": lines.collect::<Map<_, _>>() })
    });
    let conf = settings(scenario, structured).into_iter();
    let conf = conf.map(|(setting, value)| (setting.to_owned(), Value::from(value)));
    Ok(json!({
        "kind": "structured",
        "conf": conf.collect::<Map<_, _>>(),
        "sources": names,
        "is_refused": structured.refused.is_some(),
        "at_start": at_start,
        "start_ms": start.as_millis(),
        "stop_ms": triggers.map(|_| input.stop.as_millis()),
        "batches": batches.collect::<Vec<Value>>(),
    }))
}

fn check_sources(scenario: &Scenario, structured: &Structured) -> Result<(), NotReplayed> {
    let sources = scenario.query_sources(structured);
    if sources.iter().any(|it| it.format == LineFormat::Kafka) {
        return Err(NotReplayed::Topics);
    }
    let is_made = |format| matches!(format, LineFormat::Rate | LineFormat::RateMicroBatch);
    if sources.iter().any(|it| is_made(it.format)) {
        return Err(NotReplayed::Numbers);
    }
    if sources.iter().any(|it| it.kind == Source::Direct) {
        return Err(NotReplayed::Files);
    }
    Ok(())
}

/// The number of times that a trigger fires by the clock: at the start, and then on its grid (`TRG-2`).
fn triggers(trigger: Trigger, start: Time, stop: Time) -> Option<usize> {
    let Trigger::ProcessingTime(interval) = trigger else {
        return None;
    };
    let interval = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
    let ticks = |time: Time| time.as_millis().checked_div_euclid(interval);
    let later = ticks(stop)?.saturating_sub(ticks(start)?);
    Some(1 + usize::try_from(later).unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Arrival;

    const START: Time = Time::from_millis(2_500);

    /// A query on this source with this trigger, to which lines come at the start and 4 s later; it stops after
    /// 10 s.
    fn query(source: &str, trigger: &str) -> Result<Value, NotReplayed> {
        let text = format!(
            "timeline = [{{ at = '0s', lines = [] }}]\n[clock]\nstart = 1970-01-01T00:00:02.5Z\n\
             [[pipeline]]\nname = 'query'\nmode = 'structured'\nsource = '{source}'\ntrigger = {trigger}"
        );
        let scenario = scenario::parse("query.toml", &text).expect("the text has no mistakes");
        let later = |seconds: i64| Time::from_millis(START.as_millis() + 1_000 * seconds);
        let arrivals = [0, 4].map(|seconds| Arrival {
            time: later(seconds),
            source: 0,
            lines: vec![format!("after {seconds} s")],
        });
        let input = ReplayInput {
            arrivals: arrivals.to_vec(),
            stop: later(10),
        };
        SparkReplay::new(&scenario, &scenario.pipelines[0], 0, &input).map(|replay| replay.request)
    }

    /// The batches of a query on this source with this trigger.
    fn batches(source: &str, trigger: &str) -> Value {
        let request = query(source, trigger).expect("it can be replayed");
        assert_eq!(request["at_start"], true);
        request["batches"].clone()
    }

    #[test]
    fn trg_2_a_trigger_of_processing_time_goes_by_the_clock_until_the_stop()
    -> Result<(), NotReplayed> {
        let request = query("memory", "{ processing_time = '5s' }")?;
        assert_eq!(request["start_ms"], 2_500);
        assert_eq!(request["stop_ms"], 12_500);
        assert_eq!(request["batches"][1]["time_ms"], 6_500);
        Ok(())
    }

    #[test]
    fn trg_2_too_many_triggers_are_not_waited_for() {
        let error = query("memory", "{ processing_time = '1ms' }").map(drop);
        assert_eq!(error, Err(NotReplayed::TooManyBatches(10_001)));
    }

    #[test]
    fn a_pipeline_that_is_expected_to_fail_is_not_replayed() {
        let replay = |settings: &str, mode: &str| {
            let text = format!(
                "timeline = [{{ at = '1s', lines = ['a'] }}, {{ at = '1s', expect = {{ failure = 'it' }} }}]\n\
                 {settings}\n[[pipeline]]\nname = 'counts'\nmode = '{mode}'"
            );
            let scenario = scenario::parse("fails.toml", &text).expect("the text has no mistakes");
            let input = ReplayInput {
                arrivals: Vec::new(),
                stop: START,
            };
            SparkReplay::new(&scenario, &scenario.pipelines[0], 0, &input).map(drop)
        };
        let memory = "[cluster]\nmemory = '1B'";
        assert_eq!(replay(memory, "update_state"), Err(NotReplayed::Fails));
        assert_eq!(replay(memory, "structured"), Err(NotReplayed::Fails));
        assert_eq!(replay("", "structured"), Ok(()), "Spark says why");
    }

    #[test]
    fn trg_1_the_default_trigger_goes_by_the_data() -> Result<(), NotReplayed> {
        let request = query("memory", "'default'")?;
        assert_eq!(request["stop_ms"], Value::Null);
        assert_eq!(request["batches"].as_array().map(Vec::len), Some(2));
        Ok(())
    }

    #[test]
    fn trg_3_what_comes_later_is_not_for_a_query_that_runs_once() {
        let expected = json!([{ "time_ms": 2_500, "lines": { "lines": ["after 0 s"] } }]);
        assert_eq!(batches("memory", "'once'"), expected);
    }

    #[test]
    fn mb_2b_lines_of_a_socket_at_the_start_are_for_batch_1() {
        let all = json!([
            { "time_ms": 2_500, "lines": { "lines": [] } },
            { "time_ms": 2_500, "lines": { "lines": ["after 0 s"] } },
            { "time_ms": 6_500, "lines": { "lines": ["after 4 s"] } },
        ]);
        for trigger in ["'default'", "{ processing_time = '5s' }"] {
            assert_eq!(batches("socket", trigger), all);
        }
        for trigger in ["'once'", "'available_now'"] {
            let first = json!([{ "time_ms": 2_500, "lines": { "lines": [] } }]);
            assert_eq!(batches("socket", trigger), first);
        }
    }
}
