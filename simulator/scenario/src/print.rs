//! [`Scenario`] → canonical TOML: the timeline one entry a line, defaults left out.

mod cost;
mod messages;
mod metrics;
mod pipeline;
mod query_tables;
mod source_fault;

pub(crate) use pipeline::print_steps;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use engine::{BackPressure, Message};

use crate::keys::{
    ABSENT, AFTER, ALWAYS, ANY_ORDER, AT, BACK_PRESSURE_TABLE, BATCH, BATCHES_MAX, BEFORE,
    BLOCK_INTERVAL, BYTES_COPIED, CHECKPOINT, CHECKPOINT_INTERVAL, CLEAR, CLOCK_JUMP, CLOCK_TABLE,
    CLUSTER_TABLE, CONCURRENT_JOBS, CONSOLE_PROFILE, CONSOLE_TABLE, CONTAINS, CORES, CORRUPT,
    COST_TABLE, COUNTERS_TABLE, CRASH, DELETE, DERIVED, DESCRIPTION, DURATION, Disk, EVENTUALLY,
    EXECUTORS, EXPECT_PIPELINE, EXPECT_ROWS, EXPECT_TABLE, FAIL, FAILURE, FILL, FUNCTION_CALLS,
    GENERATE_TABLE, INITIAL_RATE, INTEGRAL, INTERVAL, INVARIANT_TABLE, KEYS, KEYS_TOUCHED,
    LIMITS_TABLE, LINES, LOSE, MAX_RATE, MEMORY, MIN_RATE, ORDER, OUTPUT_MAX, PARTITION,
    PARTITIONS, PAUSE, PERMUTE, PIPELINES, POINT, PROBES, PROPORTIONAL, Paused, RATE, RECEIVERS,
    REPAIR, REPLICATION, RESTART, RESUME, ROOM, ROWS, SHUFFLE_PARTITIONS, SKEW, SLOW, SPARK, START,
    STOP, STOP_PROCESS, STREAM, TIME_MAX, TIMELINE, TIMES, TIMEZONE, TITLE, WITH, WORDS_PER_LINE,
    WRITE_AHEAD_LOG,
};
use crate::language::{Items, TableKey, long_text, toml_text};
use crate::{
    ClusterFault, Entry, Expect, ExpectedCounters, Fault, FilePoint, Generate, Process, Remote,
    Scenario, SparkVersion, TimelineEvent,
};

/// Columns of a line, where an array can be broken.
const COLUMNS: usize = 100;

/// Writes a scenario as canonical TOML.
///
/// [`parse`](crate::parse()) reads back the same scenario, if the scenario is one that `parse` can
/// give: its times do not run backwards, its pipelines have distinct names, and so on.
pub fn print(scenario: &Scenario) -> String {
    sections(scenario, timeline(&scenario.timeline))
}

/// Writes all of a scenario but its timeline, for a file that grows: append what
/// [`print_entry`] writes, and the file is a scenario after each entry.
///
/// ```
/// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n[[pipeline]]\nname = 'p'\nsteps = [{ print = 5 }]";
/// let scenario = scenario::parse("blue.toml", text)?;
/// let grown = format!("{}\n{}", scenario::print_head(&scenario), scenario::print_entry(&scenario.timeline[0]));
/// assert_eq!(scenario::parse("grown.toml", &grown)?, scenario);
/// # Ok::<(), scenario::Mistakes>(())
/// ```
pub fn print_head(scenario: &Scenario) -> String {
    sections(scenario, String::new())
}

/// Writes one entry as a `[[timeline]]` table, to be appended to what [`print_head`] writes.
pub fn print_entry(entry: &Entry) -> String {
    format!("[[{}]]\n{}", TIMELINE.text.name, entry_items(entry).lines())
}

fn sections(scenario: &Scenario, timeline: String) -> String {
    let pipelines = scenario.pipelines.iter().map(|it| {
        let items = pipeline::items(it, scenario.clock.interval);
        format!("[[{}]]\n{}", PIPELINES.text.name, items.lines())
    });
    let mut sections = vec![
        head(scenario),
        timeline,
        clock(scenario),
        console(scenario),
        cluster(scenario),
        section(&COST_TABLE, &cost::items(&scenario.cost)),
        limits(scenario),
        claims(scenario),
    ];
    sections.extend(scenario.sources.iter().map(query_tables::source));
    sections.extend(scenario.tables.iter().map(query_tables::static_table));
    sections.extend(pipelines);
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

fn head(scenario: &Scenario) -> String {
    let mut items = Items::default();
    items.set_unless_default(&TITLE, &scenario.title);
    if let Some(description) = &scenario.description {
        items.set_toml(&DESCRIPTION, long_text(description));
    }
    items.set_unless_default(&SPARK, &scenario.spark);
    items.lines()
}

fn timeline(entries: &[Entry]) -> String {
    let entries: Vec<String> = entries.iter().map(entry).collect();
    format!("{} = [\n{}]\n", TIMELINE.text.name, entries.concat())
}

fn entry(entry: &Entry) -> String {
    let line = format!("  {entry},\n");
    match &entry.event {
        TimelineEvent::Lines { lines, partitions }
            if lines.len() > 1
                && is_long(&line)
                && !lines.iter().any(|it| Message::is_written_out(it)) =>
        {
            long_lines(entry, lines, *partitions)
        }
        _ => line,
    }
}

/// Prints as an entry of a timeline, on one line.
///
/// ```
/// let text = "timeline = [{ at = '1s', words = { blue = 2 } }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
/// let scenario = scenario::parse("blue.toml", text)?;
/// assert_eq!(scenario.timeline[0].to_string(), "{ at = \"1s\", lines = [\"blue blue\"] }");
/// # Ok::<(), scenario::Mistakes>(())
/// ```
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&entry_items(self).inline())
    }
}

fn entry_items(entry: &Entry) -> Items {
    let mut items = Items::default();
    items.set(&AT, &entry.at);
    items.set_some(&STREAM, entry.stream.as_ref());
    match &entry.event {
        TimelineEvent::Lines { lines, partitions } => {
            messages::set_lines(lines, &mut items);
            items.set_unless_default(&PARTITIONS, partitions);
        }
        TimelineEvent::Generate(it) => items.set_toml(&GENERATE_TABLE, generate(it).inline()),
        TimelineEvent::Fault(it) => fault(*it, entry.at, &mut items),
        TimelineEvent::ChangedRestart(it) => {
            fault(Fault::Restart, entry.at, &mut items);
            let mut with = Items::default();
            for (key, value) in &it.keys {
                with.set_text(key, value.clone());
            }
            items.set_toml(&WITH, with.inline());
        }
        TimelineEvent::SourceFault(it) => source_fault::set(*it, &mut items),
        TimelineEvent::Expect(it) => items.set_toml(&EXPECT_TABLE, expect(it).inline()),
    }
    items
}

fn fault(fault: Fault, at: Duration, items: &mut Items) {
    let of_batch = |items: &mut Items, batch: Duration| {
        items.set_some(&BATCH, Some(&batch).filter(|batch| **batch != at));
    };
    match fault {
        Fault::Crash => items.set(&CRASH, &Process::Driver),
        Fault::CrashIn(point, batch) => {
            items.set(&CRASH, &Process::Driver);
            of_batch(items, batch);
            items.set(&POINT, &point);
        }
        Fault::CrashAt(point) => {
            items.set(&CRASH, &Process::Driver);
            match point {
                FilePoint::Before(file) => items.set(&BEFORE, &file),
                FilePoint::After(file) => items.set(&AFTER, &file),
            }
        }
        Fault::Stop => items.set(&STOP_PROCESS, &Process::Driver),
        Fault::Restart => items.set(&RESTART, &Process::Driver),
        Fault::Slow { batch, time } => {
            of_batch(items, batch);
            items.set(&SLOW, &time);
        }
        Fault::Fail { part, batch, times } => {
            of_batch(items, batch);
            items.set(&FAIL, &part);
            items.set_some(&TIMES, times.as_ref());
        }
        Fault::Delete(files) => items.set(&DELETE, &files),
        Fault::Lose(bytes) => items.set(&LOSE, &bytes),
        Fault::Corrupt(file) => items.set(&CORRUPT, &file),
        Fault::Fill(room) => {
            items.set(&FILL, &Disk::Checkpoint);
            items.set_some(&ROOM, Some(&room).filter(|room| **room > 0));
        }
        Fault::Clear => items.set(&CLEAR, &Disk::Checkpoint),
        Fault::Clock(jump) => items.set(&CLOCK_JUMP, &jump),
        Fault::Permute(permuted) => items.set(&PERMUTE, &permuted),
        Fault::Cluster(fault) => cluster_fault(fault, items),
    }
}

fn cluster_fault(fault: ClusterFault, items: &mut Items) {
    match fault {
        ClusterFault::Crash(remote) => items.set(&CRASH, &Process::Remote(remote)),
        ClusterFault::Restart(executor) => {
            items.set(&RESTART, &Process::Remote(Remote::Executor(executor)));
        }
        ClusterFault::Pause(remote) => items.set(&PAUSE, &Paused::Remote(remote)),
        ClusterFault::Resume(remote) => items.set(&RESUME, &Paused::Remote(remote)),
        ClusterFault::Partition(executor) => items.set(&PARTITION, &executor),
        ClusterFault::Repair(executor) => items.set(&REPAIR, &executor),
    }
}

fn is_long(line: &str) -> bool {
    line.len() > COLUMNS && line.chars().nth(COLUMNS).is_some()
}

/// An entry with each of its lines on a line of its own.
fn long_lines(entry: &Entry, lines: &[String], partitions: usize) -> String {
    let lines = lines
        .iter()
        .map(|line| format!("    {},\n", toml_text(line)));
    let lines: String = lines.collect();
    let mut items = Items::default();
    items.set(&AT, &entry.at);
    items.set_some(&STREAM, entry.stream.as_ref());
    items.set_toml(&LINES, format!("[\n{lines}  ]"));
    items.set_unless_default(&PARTITIONS, &partitions);
    format!("  {},\n", items.inline())
}

fn generate(generate: &Generate) -> Items {
    let mut items = Items::default();
    items.set(&RATE, &generate.rate);
    items.set(&DURATION, &generate.duration);
    items.set_unless_default(&KEYS, &generate.keys);
    items.set_unless_default(&WORDS_PER_LINE, &generate.words);
    items.set_unless_default(&SKEW, &generate.skew);
    items
}

fn expect(expect: &Expect) -> Items {
    let mut items = Items::default();
    items.set_some(&EXPECT_PIPELINE, expect.pipeline.as_ref());
    items.set_some(&EXPECT_ROWS, expect.rows.as_ref());
    items.set_unless_default(&ANY_ORDER, &expect.any_order);
    if !expect.contains.is_empty() {
        items.set(&CONTAINS, &expect.contains);
    }
    if !expect.absent.is_empty() {
        items.set(&ABSENT, &expect.absent);
    }
    items.set_some(&FAILURE, expect.failure.as_ref());
    if expect.counters != ExpectedCounters::default() {
        items.set_toml(&COUNTERS_TABLE, counters(&expect.counters).inline());
    }
    metrics::set(&mut items, &expect.metrics);
    items
}

fn counters(counters: &ExpectedCounters) -> Items {
    let mut items = Items::default();
    items.set_some(&FUNCTION_CALLS, counters.function_calls.as_ref());
    items.set_some(&KEYS_TOUCHED, counters.keys_touched.as_ref());
    items.set_some(&PROBES, counters.probes.as_ref());
    items.set_some(&BYTES_COPIED, counters.bytes_copied.as_ref());
    items
}

fn clock(scenario: &Scenario) -> String {
    let clock = &scenario.clock;
    let mut items = Items::default();
    items.set_unless_default(&START, &clock.start);
    items.set_unless_default(&INTERVAL, &clock.interval);
    items.set_some(&STOP, clock.stop.as_ref());
    items.set_unless_default(&TIMEZONE, &Cow::Owned(clock.timezone.clone()));
    section(&CLOCK_TABLE, &items)
}

fn console(scenario: &Scenario) -> String {
    let mut items = Items::default();
    let profile = scenario.console.profile.on(SparkVersion::V3_5);
    items.set_unless_default(&CONSOLE_PROFILE, &profile);
    items.set_unless_default(&ORDER, &scenario.console.order);
    items.set_unless_default(&ROWS, &scenario.console.rows);
    section(&CONSOLE_TABLE, &items)
}

fn cluster(scenario: &Scenario) -> String {
    let cluster = &scenario.cluster;
    let mut items = Items::default();
    items.set_some(&EXECUTORS, cluster.executors.as_ref());
    items.set_unless_default(&CORES, &cluster.cores);
    items.set_unless_default(&REPLICATION, &cluster.replication);
    items.set_unless_default(&RECEIVERS, &cluster.receivers);
    items.set_unless_default(&SHUFFLE_PARTITIONS, &cluster.shuffle_partitions);
    items.set_some(&MEMORY, cluster.memory.as_ref());
    items.set_some(&CHECKPOINT, cluster.checkpoint.as_ref());
    items.set_unless_default(&WRITE_AHEAD_LOG, &cluster.write_ahead_log);
    items.set_some(&CHECKPOINT_INTERVAL, cluster.checkpoint_interval.as_ref());
    items.set_unless_default(&CONCURRENT_JOBS, &cluster.concurrent_jobs);
    items.set_some(&BLOCK_INTERVAL, cluster.block_interval.as_ref());
    items.set_some(&MAX_RATE, cluster.rates.max_rate.as_ref());
    items.set_some(&INITIAL_RATE, cluster.rates.initial_rate.as_ref());
    if let Some(constants) = &cluster.rates.back_pressure {
        items.set_toml(&BACK_PRESSURE_TABLE, back_pressure(constants).inline());
    }
    section(&CLUSTER_TABLE, &items)
}

fn back_pressure(constants: &BackPressure) -> Items {
    let mut items = Items::default();
    items.set_unless_default(&PROPORTIONAL, &constants.proportional);
    items.set_unless_default(&INTEGRAL, &constants.integral);
    items.set_unless_default(&DERIVED, &constants.derived);
    items.set_unless_default(&MIN_RATE, &constants.min_rate);
    items
}

fn limits(scenario: &Scenario) -> String {
    let mut items = Items::default();
    items.set_unless_default(&TIME_MAX, &scenario.limits.time);
    items.set_unless_default(&BATCHES_MAX, &scenario.limits.batches);
    items.set_unless_default(&OUTPUT_MAX, &scenario.limits.output);
    section(&LIMITS_TABLE, &items)
}

fn claims(scenario: &Scenario) -> String {
    let claims = &scenario.claims;
    let mut items = Items::default();
    items.set_some(&ALWAYS, Some(&claims.always).filter(|it| !it.is_empty()));
    items.set_some(
        &EVENTUALLY,
        Some(&claims.eventually).filter(|it| !it.is_empty()),
    );
    section(&INVARIANT_TABLE, &items)
}

/// A table under its header, or nothing if it has no keys.
fn section(table: &TableKey, items: &Items) -> String {
    match items.lines() {
        lines if lines.is_empty() => lines,
        lines => format!("[{}]\n{lines}", table.text.name),
    }
}
