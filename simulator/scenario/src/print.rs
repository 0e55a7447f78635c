//! [`Scenario`] → canonical TOML: the timeline one entry a line, defaults left out.

mod pipeline;
mod toml;

use std::fmt;

use crate::words::{
    AT, BYTES_COPIED, CLOCK_TABLE, CLUSTER_TABLE, CONSOLE_PROFILE, CONSOLE_TABLE, CONTAINS, CORES,
    COUNTERS_TABLE, DESCRIPTION, DURATION, EXPECT_PIPELINE, EXPECT_ROWS, EXPECT_TABLE,
    FUNCTION_CALLS, GENERATE_TABLE, INTERVAL, KEYS, KEYS_TOUCHED, Key, LINES, MEMORY, ORDER,
    ORDERS, PARTITIONS, PIPELINES, PROBES, PROFILES, RATE, ROWS, SHUFFLE_PARTITIONS, SKEW, START,
    STOP, TIMELINE, TIMEZONE, TITLE, WORDS_PER_LINE,
};
use crate::{
    Entry, Expect, ExpectedCounters, Generate, Scenario, TimelineEvent, duration, instant, size,
};

pub(crate) use self::toml::text;
use self::toml::{Items, array};

/// Columns of a line, where an array can be broken.
const COLUMNS: usize = 100;

/// Writes a scenario as canonical TOML.
///
/// [`parse`](crate::parse()) reads back the same scenario, if the scenario is one that `parse` can
/// give: its times do not run backwards, its pipelines have distinct names, and so on.
///
/// ```
/// let text = "timeline = [{ at = '1s', words = { blue = 2 } }]\n[clock]\ninterval = '1000ms'\n\
///             [[pipeline]]\nname = 'counts'\nsteps = [{ print = 5 }]";
/// let scenario = scenario::parse("blue.toml", text)?;
/// assert_eq!(
///     scenario::print(&scenario),
///     r#"timeline = [
///   { at = "1s", lines = ["blue blue"] },
/// ]
///
/// [[pipeline]]
/// name = "counts"
/// steps = [
///   { print = 5 },
/// ]
/// "#,
/// );
/// # Ok::<(), scenario::Mistakes>(())
/// ```
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
    format!("[[{}]]\n{}", TIMELINE.name, entry_items(entry).lines())
}

fn sections(scenario: &Scenario, timeline: String) -> String {
    let sections = [head(scenario), timeline];
    let pipelines = scenario.pipelines.iter().map(|it| {
        format!(
            "[[{}]]\n{}",
            PIPELINES.name,
            pipeline::items(it, scenario.clock.interval).lines()
        )
    });
    let tables = [clock(scenario), console(scenario), cluster(scenario)];
    let all: Vec<String> = sections
        .into_iter()
        .chain(tables)
        .chain(pipelines)
        .collect();
    let present: Vec<&str> = all
        .iter()
        .map(|it| &**it)
        .filter(|it| !it.is_empty())
        .collect();
    present.join("\n")
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}

fn head(scenario: &Scenario) -> String {
    let mut items = Items::default();
    items.set_unless_default(&TITLE, text(&scenario.title));
    if let Some(description) = &scenario.description {
        items.set(&DESCRIPTION, toml::long_text(description));
    }
    items.lines()
}

fn timeline(entries: &[Entry]) -> String {
    let entries: Vec<String> = entries.iter().map(entry).collect();
    format!("{} = [\n{}]\n", TIMELINE.name, entries.concat())
}

fn entry(entry: &Entry) -> String {
    let line = format!("  {},\n", entry_items(entry).inline());
    match &entry.event {
        TimelineEvent::Lines { lines, partitions } if lines.len() > 1 && is_long(&line) => {
            long_lines(entry, lines, *partitions)
        }
        _ => line,
    }
}

fn entry_items(entry: &Entry) -> Items {
    let mut items = Items::default();
    items.set(&AT, text(&duration::print(entry.at)));
    match &entry.event {
        TimelineEvent::Lines { lines, partitions } => {
            items.set(&LINES, array(lines));
            items.set_unless_default(&PARTITIONS, partitions.to_string());
        }
        TimelineEvent::Generate(it) => items.set(&GENERATE_TABLE, generate(it).inline()),
        TimelineEvent::Expect(it) => items.set(&EXPECT_TABLE, expect(it).inline()),
    }
    items
}

fn is_long(line: &str) -> bool {
    line.len() > COLUMNS && line.chars().nth(COLUMNS).is_some()
}

/// An entry with each of its lines on a line of its own.
fn long_lines(entry: &Entry, lines: &[String], partitions: usize) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("    {},\n", text(line)))
        .collect();
    let mut items = Items::default();
    items.set(&AT, text(&duration::print(entry.at)));
    items.set(&LINES, format!("[\n{}  ]", lines.concat()));
    items.set_unless_default(&PARTITIONS, partitions.to_string());
    format!("  {},\n", items.inline())
}

fn generate(generate: &Generate) -> Items {
    let mut items = Items::default();
    items.set(&RATE, generate.rate.to_string());
    items.set(&DURATION, text(&duration::print(generate.duration)));
    items.set_unless_default(&KEYS, generate.keys.to_string());
    items.set_unless_default(&WORDS_PER_LINE, generate.words.to_string());
    items.set_unless_default(&SKEW, format!("{:?}", generate.skew));
    items
}

fn expect(expect: &Expect) -> Items {
    let mut items = Items::default();
    if let Some(pipeline) = &expect.pipeline {
        items.set(&EXPECT_PIPELINE, text(pipeline));
    }
    if let Some(rows) = &expect.rows {
        items.set(&EXPECT_ROWS, array(rows));
    }
    if !expect.contains.is_empty() {
        items.set(&CONTAINS, array(&expect.contains));
    }
    if expect.counters != ExpectedCounters::default() {
        items.set(&COUNTERS_TABLE, counters(&expect.counters).inline());
    }
    items
}

fn counters(counters: &ExpectedCounters) -> Items {
    let counts = [
        (&FUNCTION_CALLS, counters.function_calls),
        (&KEYS_TOUCHED, counters.keys_touched),
        (&PROBES, counters.probes),
        (&BYTES_COPIED, counters.bytes_copied),
    ];
    let mut items = Items::default();
    for (key, count) in counts {
        if let Some(count) = count {
            items.set(key, count.to_string());
        }
    }
    items
}

fn clock(scenario: &Scenario) -> String {
    let clock = &scenario.clock;
    let mut items = Items::default();
    items.set_unless_default(&START, instant::print(clock.start));
    items.set_unless_default(&INTERVAL, text(&duration::print(clock.interval)));
    if let Some(stop) = clock.stop {
        items.set(&STOP, text(&duration::print(stop)));
    }
    items.set_unless_default(&TIMEZONE, text(&clock.timezone));
    section(&CLOCK_TABLE, &items)
}

fn console(scenario: &Scenario) -> String {
    let mut items = Items::default();
    items.set_word(&CONSOLE_PROFILE, &PROFILES, scenario.console.profile);
    items.set_word(&ORDER, &ORDERS, scenario.console.order);
    items.set_unless_default(&ROWS, scenario.console.rows.to_string());
    section(&CONSOLE_TABLE, &items)
}

fn cluster(scenario: &Scenario) -> String {
    let mut items = Items::default();
    items.set_unless_default(&CORES, scenario.cluster.cores.to_string());
    let partitions = scenario.cluster.shuffle_partitions.to_string();
    items.set_unless_default(&SHUFFLE_PARTITIONS, partitions);
    if let Some(bytes) = scenario.cluster.memory {
        items.set(&MEMORY, text(&size::print(bytes)));
    }
    section(&CLUSTER_TABLE, &items)
}

/// A table under its header, or nothing if it has no keys.
fn section(table: &Key, items: &Items) -> String {
    match items.lines() {
        lines if lines.is_empty() => lines,
        lines => format!("[{}]\n{lines}", table.name),
    }
}
