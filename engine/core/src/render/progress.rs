//! The progress of a query as JSON.

use std::fmt::Write;
use std::time::Duration;

use super::Notation;
use crate::progress::{
    EventTimeProgress, SourceProgress, StateOperatorProgress, StreamingQueryProgress,
};
use crate::{CivilTime, SparkVersion, Text, Time, Value};

/// The text of `StreamingQueryProgress.json`, in one line (`PRG-2`): all fields in Spark's order, but for event times that
/// are not there.
pub fn progress(progress: &StreamingQueryProgress) -> String {
    let mut json = Object::begin();
    json.text("id", Some(&progress.id));
    json.text("runId", Some(&progress.run_id));
    json.text("name", progress.name.as_ref());
    json.field("timestamp", &quoted(&instant(progress.timestamp)));
    json.field("batchId", &progress.batch_id);
    if progress.spark == SparkVersion::V4 {
        json.field(
            "batchDuration",
            &millis(progress.durations.trigger_execution),
        );
    }
    rates(progress.num_input_rows(), progress, &mut json);
    json.field("durationMs", &durations(progress));
    if let Some(event_time) = progress.event_time {
        json.field("eventTime", &of_event_time(event_time));
    }
    json.field(
        "stateOperators",
        &list(&progress.state_operators, of_states),
    );
    let source = |source: &SourceProgress| of_source(source, progress);
    json.field("sources", &list(&progress.sources, source));
    let mut sink = Object::begin();
    sink.text("description", Some(&progress.sink.description));
    let rows = progress.sink.num_output_rows.map(|rows| rows.to_string());
    sink.field("numOutputRows", &rows.as_deref().unwrap_or("-1"));
    json.field("sink", &sink.end());
    if !progress.observed_metrics.is_empty() {
        let mut observed = Object::begin();
        for metrics in &progress.observed_metrics {
            observed.field(&metrics.name, &metrics.json);
        }
        json.field("observedMetrics", &observed.end());
    }
    json.end()
}

/// The rows that came in, and how many in a second of the time since the last trigger and of the time of this one
/// (`PRG-4`).
fn rates(rows: u64, progress: &StreamingQueryProgress, json: &mut Object) {
    json.field("numInputRows", &rows);
    let per_second = |millis: f64| rows as f64 / millis * 1_000.0;
    // On a real clock two triggers are never at one instant.
    let interval = progress.interval.map(|it| it.as_millis().max(1));
    let input = interval.map_or(0.0, |it| per_second(it as f64));
    let duration = progress.durations.trigger_execution.as_millis().max(1);
    for (name, rate) in [
        ("inputRowsPerSecond", input),
        ("processedRowsPerSecond", per_second(duration as f64)),
    ] {
        json.field(name, &Notation::Sql.text(&Value::Double(rate.into())));
    }
}

fn durations(progress: &StreamingQueryProgress) -> String {
    let durations = progress.durations;
    let mut json = Object::begin();
    json.field("addBatch", &millis(durations.add_batch));
    json.field("commitOffsets", &millis(durations.commit_offsets));
    json.field("getBatch", &0);
    json.field("latestOffset", &0);
    json.field("queryPlanning", &0);
    json.field("triggerExecution", &millis(durations.trigger_execution));
    json.field("walCommit", &millis(durations.wal_commit));
    json.end()
}

fn of_event_time(event_time: EventTimeProgress) -> String {
    let mut json = Object::begin();
    if let Some(rows) = event_time.rows {
        json.field("avg", &quoted(&instant(rows.avg)));
        json.field("max", &quoted(&instant(rows.max)));
        json.field("min", &quoted(&instant(rows.min)));
    }
    json.field("watermark", &quoted(&instant(event_time.watermark)));
    json.end()
}

fn of_states(states: &StateOperatorProgress) -> String {
    let mut json = Object::begin();
    json.text("operatorName", Some(&states.operator_name));
    json.field("numRowsTotal", &states.num_rows_total);
    json.field("numRowsUpdated", &states.num_rows_updated);
    json.field("allUpdatesTimeMs", &0);
    json.field("numRowsRemoved", &states.num_rows_removed);
    json.field("allRemovalsTimeMs", &0);
    json.field("commitTimeMs", &0);
    json.field("memoryUsedBytes", &states.memory_used_bytes);
    json.field(
        "numRowsDroppedByWatermark",
        &states.num_rows_dropped_by_watermark,
    );
    json.field("numShufflePartitions", &states.num_shuffle_partitions);
    json.field("numStateStoreInstances", &states.num_state_store_instances);
    let mut metrics = Object::begin();
    for (name, count) in &states.custom_metrics {
        metrics.field(name, count);
    }
    json.field("customMetrics", &metrics.end());
    json.end()
}

fn of_source(source: &SourceProgress, progress: &StreamingQueryProgress) -> String {
    let mut json = Object::begin();
    json.text("description", Some(&source.description));
    for (name, offset) in [
        ("startOffset", &source.start_offset),
        ("endOffset", &source.end_offset),
        ("latestOffset", &source.latest_offset),
    ] {
        json.field(name, &offset.as_deref().unwrap_or("null"));
    }
    rates(source.num_input_rows, progress, &mut json);
    json.end()
}

fn list<T>(items: &[T], of: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(of).collect();
    format!("[{}]", items.join(","))
}

fn millis(duration: Duration) -> u128 {
    duration.as_millis()
}

/// A point in time in UTC, with milliseconds.
fn instant(time: Time) -> String {
    let local = CivilTime::of_micros(time.as_millis().saturating_mul(1_000));
    let date = local.date;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year,
        date.month,
        date.day,
        local.hour,
        local.minute,
        local.second,
        time.as_millis().rem_euclid(1_000)
    )
}

/// An object that is being written.
struct Object(String);

impl Object {
    fn begin() -> Object {
        Object("{".to_owned())
    }

    fn field(&mut self, name: &str, value: &dyn std::fmt::Display) {
        let separator = if self.0.len() > 1 { "," } else { "" };
        let _ = write!(self.0, "{separator}{}:{value}", quoted(name));
    }

    fn text(&mut self, name: &str, text: Option<&Text>) {
        let text = text.map_or_else(|| "null".to_owned(), |text| quoted(text));
        self.field(name, &text);
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
