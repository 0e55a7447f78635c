//! The object of an event.

use std::fmt::{self, Write};

use engine::{Counters, Failure, OutputId, StateOwner, Table, TableWrite, Text, Time, Value};
use serde_json::{Value as JsonValue, json};

use super::value::array;

/// Writes an object field by field: to make a map first takes several times as long.
pub(super) struct ObjectWriter<'a> {
    text: &'a mut String,
}

impl ObjectWriter<'_> {
    /// Writes at the end of a text.
    pub(super) fn of(text: &mut String) -> ObjectWriter<'_> {
        ObjectWriter { text }
    }

    pub(super) fn begin(&mut self, time: Time, scenario: Option<&JsonValue>, pipeline: &JsonValue) {
        self.write(format_args!("{{\"time_ms\":{}", time.as_millis()));
        if let Some(scenario) = scenario {
            self.field("scenario", scenario);
        }
        self.field("pipeline", pipeline);
    }

    pub(super) fn event(&mut self, name: &str) {
        self.write(format_args!(",\"event\":\"{name}\""));
    }

    pub(super) fn batch_event(&mut self, name: &str, batch_time: Time) {
        self.event(name);
        self.field("batch_time_ms", &batch_time.as_millis());
    }

    pub(super) fn output_event(&mut self, name: &str, batch_time: Time, output: OutputId) {
        self.batch_event(name, batch_time);
        self.field("output", &output.0);
    }

    pub(super) fn micro_batch_event(&mut self, name: &str, batch_id: u64) {
        self.event(name);
        self.field("batch_id", &batch_id);
    }

    pub(super) fn states(&mut self, batch_time: Time, owner: StateOwner, counters: &Counters) {
        let output = match owner {
            StateOwner::Output(output) => output,
            StateOwner::Query { query, .. } => OutputId(query.0),
        };
        self.output_event("state_updated", batch_time, output);
        for (name, count) in counters.by_name() {
            self.field(name, &count);
        }
    }

    pub(super) fn printed(
        &mut self,
        batch_time: Time,
        output: OutputId,
        rows: &[Value],
        more: bool,
    ) {
        self.output_event("printed", batch_time, output);
        self.field("rows", &array(rows));
        self.field("more", &more);
    }

    pub(super) fn text_printed(&mut self, text: &Text) {
        self.event("text_printed");
        self.field("text", &json!(text.as_str()));
    }

    pub(super) fn saved(&mut self, batch_time: Time, name: &Text, lines: &[Text]) {
        self.batch_event("saved", batch_time);
        self.field("name", &json!(name.as_str()));
        let lines: JsonValue = lines.iter().map(Text::as_str).collect();
        self.field("lines", &lines);
    }

    pub(super) fn failure(&mut self, failure: Option<&Failure>) {
        self.field("failure", &json!(failure.map(ToString::to_string)));
    }

    pub(super) fn table_shown(&mut self, batch_id: u64, table: &Table) {
        self.micro_batch_event("table_shown", batch_id);
        let columns: JsonValue = table.columns.iter().map(Text::as_str).collect();
        let rows: JsonValue = table.rows.iter().map(array).collect();
        self.field("columns", &columns);
        self.field("rows", &rows);
        self.field("more", &table.more);
        self.field("truncate", &table.truncate);
    }

    pub(super) fn table_written(&mut self, batch_id: u64, write: &TableWrite) {
        self.micro_batch_event("table_written", batch_id);
        self.field("format", &json!(write.format.as_str()));
        self.field("mode", &json!(write.mode.as_str()));
        let options = write.options.iter();
        let options = options.map(|(name, value)| (name.to_string(), json!(value.as_str())));
        self.field("options", &JsonValue::Object(options.collect()));
        let columns = write.columns.iter().map(|it| it.name.as_str());
        self.field("columns", &columns.collect::<JsonValue>());
        let rows: JsonValue = write.rows.iter().map(array).collect();
        self.field("rows", &rows);
    }

    /// Writes a field whose value displays as JSON: a JSON value, an integer or a truth value.
    pub(super) fn field(&mut self, name: &str, value: &dyn fmt::Display) {
        self.write(format_args!(",\"{name}\":{value}"));
    }

    pub(super) fn end(&mut self) {
        self.text.push_str("}\n");
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        let written = self.text.write_fmt(text);
        written.expect("a `String` takes all that is written to it");
    }
}
