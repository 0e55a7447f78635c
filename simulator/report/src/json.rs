//! The journal as JSON lines, for other programs.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use engine::render::{Notation, timestamp_text};
use engine::{Counters, Event, Failure, OutputId, Reader, StateOwner, Table, Text, Time, Value};
use serde_json::{Value as JsonValue, json};

use crate::text_writer::TextWriter;

/// Writes every event as a JSON object on a line of its own.
///
/// Each object begins with `time_ms` (milliseconds since the epoch), `pipeline` and `event` (the
/// event's name in snake case); the fields of the event follow, always all of them and always in
/// this order:
///
/// | event | fields |
/// |---|---|
/// | `streaming_started` | `zero_time_ms` |
/// | `batch_submitted` | `batch_time_ms`, `records` |
/// | `batch_started`, `batch_completed` | `batch_time_ms` |
/// | `output_operation_started` | `batch_time_ms`, `output` |
/// | `state_updated` | `batch_time_ms`, `output`, `function_calls`, `keys_touched`, `probes`, `bytes_copied` |
/// | `output_operation_completed` | `batch_time_ms`, `output`, `failure` (text or null) |
/// | `printed` | `batch_time_ms`, `output`, `rows`, `more` |
/// | `query_progress` | `batch_id`, `records`, `failure` (text or null) |
/// | `table_shown` | `batch_id`, `columns`, `rows`, `more`, `truncate` |
/// | `stopped` | |
///
/// The batch time of a structured query's `state_updated` is the start of the micro-batch, its output the
/// number of the query.
///
/// Tuples and lists are arrays. A point in time is a text in UTC, `"2018-06-21T23:00:00Z"`. A
/// floating-point number that JSON has no word for is a text, as Spark's `to_json` writes it: `"NaN"`,
/// `"Infinity"`, `"-Infinity"`.
///
/// ```
/// use engine::{Event, Reader, Time};
/// use report::Json;
///
/// let mut json = Json::new("stateless", Vec::new());
/// json.read(Time::from_millis(2_000), &Event::BatchSubmitted { batch_time: Time::from_millis(1_000), records: 3, blocks: Vec::new() });
/// assert_eq!(
///     String::from_utf8(json.finish()?)?,
///     "{\"time_ms\":2000,\"pipeline\":\"stateless\",\"event\":\"batch_submitted\",\"batch_time_ms\":1000,\"records\":3}\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Json<W> {
    scenario: Option<JsonValue>,
    pipeline: JsonValue,
    writer: TextWriter<W>,
}

impl<W: Write> Json<W> {
    /// The journal of this pipeline.
    pub fn new(pipeline: &str, writer: W) -> Json<W> {
        Json {
            scenario: None,
            pipeline: pipeline.into(),
            writer: TextWriter::new(writer),
        }
    }

    /// The same, with the name of its scenario as `scenario` in every line, before `pipeline`.
    pub fn of_scenario(self, scenario: &str) -> Json<W> {
        Json {
            scenario: Some(scenario.into()),
            ..self
        }
    }

    /// Sets whether each line is written and flushed at once. Default: false.
    pub fn flush_each_event(mut self, flush: bool) -> Json<W> {
        self.writer.flush_each(flush);
        self
    }

    /// Writes the rest and returns the writer.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.writer.finish()
    }
}

impl<W: Write> Reader for Json<W> {
    fn read(&mut self, time: Time, event: &Event) {
        self.writer.append(|text| {
            let mut object = ObjectWriter { text };
            object.begin(time, self.scenario.as_ref(), &self.pipeline);
            write_event(event, &mut object);
            object.end();
        });
    }
}

/// Writes the name and the fields of an event. The match has one arm for each event, so that a new
/// one does not compile without its fields.
fn write_event(event: &Event, object: &mut ObjectWriter<'_>) {
    match event {
        Event::StreamingStarted { zero_time } => {
            object.event("streaming_started");
            object.field("zero_time_ms", &zero_time.as_millis());
        }
        Event::BatchSubmitted {
            batch_time,
            records,
            ..
        } => {
            object.batch_event("batch_submitted", *batch_time);
            object.field("records", records);
        }
        Event::BatchStarted { batch_time } => object.batch_event("batch_started", *batch_time),
        Event::BatchCompleted { batch_time } => object.batch_event("batch_completed", *batch_time),
        Event::OutputOperationStarted {
            batch_time, output, ..
        } => object.output_event("output_operation_started", *batch_time, *output),
        Event::OutputOperationCompleted {
            batch_time,
            output,
            failure,
            ..
        } => {
            object.output_event("output_operation_completed", *batch_time, *output);
            object.failure(failure.as_ref());
        }
        Event::StateUpdated {
            batch_time,
            owner,
            counters,
        } => object.states(*batch_time, *owner, counters),
        Event::Printed {
            batch_time,
            output,
            rows,
            more,
            ..
        } => {
            object.output_event("printed", *batch_time, *output);
            object.field("rows", &array(rows));
            object.field("more", more);
        }
        Event::QueryProgress {
            batch_id,
            records,
            failure,
            ..
        } => {
            object.micro_batch_event("query_progress", *batch_id);
            object.field("records", records);
            object.failure(failure.as_ref());
        }
        Event::TableShown {
            batch_id, table, ..
        } => {
            object.micro_batch_event("table_shown", *batch_id);
            object.table(table);
        }
        Event::Stopped => object.event("stopped"),
    }
}

/// Writes an object field by field: to make a map first takes several times as long.
struct ObjectWriter<'a> {
    text: &'a mut String,
}

impl ObjectWriter<'_> {
    fn begin(&mut self, time: Time, scenario: Option<&JsonValue>, pipeline: &JsonValue) {
        self.write(format_args!("{{\"time_ms\":{}", time.as_millis()));
        if let Some(scenario) = scenario {
            self.field("scenario", scenario);
        }
        self.field("pipeline", pipeline);
    }

    fn event(&mut self, name: &str) {
        self.write(format_args!(",\"event\":\"{name}\""));
    }

    fn batch_event(&mut self, name: &str, batch_time: Time) {
        self.event(name);
        self.field("batch_time_ms", &batch_time.as_millis());
    }

    fn output_event(&mut self, name: &str, batch_time: Time, output: OutputId) {
        self.batch_event(name, batch_time);
        self.field("output", &output.0);
    }

    fn micro_batch_event(&mut self, name: &str, batch_id: u64) {
        self.event(name);
        self.field("batch_id", &batch_id);
    }

    fn states(&mut self, batch_time: Time, owner: StateOwner, counters: &Counters) {
        let output = match owner {
            StateOwner::Output(output) => output,
            StateOwner::Query { query, .. } => OutputId(query.0),
        };
        self.output_event("state_updated", batch_time, output);
        for (name, count) in counters.by_name() {
            self.field(name, &count);
        }
    }

    fn failure(&mut self, failure: Option<&Failure>) {
        self.field("failure", &json!(failure.map(ToString::to_string)));
    }

    fn table(&mut self, table: &Table) {
        let columns: JsonValue = table.columns.iter().map(Text::as_str).collect();
        let rows: JsonValue = table.rows.iter().map(array).collect();
        self.field("columns", &columns);
        self.field("rows", &rows);
        self.field("more", &table.more);
        self.field("truncate", &table.truncate);
    }

    /// Writes a field whose value displays as JSON: a JSON value, an integer or a truth value.
    fn field(&mut self, name: &str, value: &dyn fmt::Display) {
        self.write(format_args!(",\"{name}\":{value}"));
    }

    fn end(&mut self) {
        self.text.push_str("}\n");
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        let written = self.text.write_fmt(text);
        written.expect("a `String` takes all that is written to it");
    }
}

fn array<'a>(values: impl IntoIterator<Item = &'a Value>) -> JsonValue {
    values.into_iter().map(json_value).collect()
}

/// Numbers are numbers, rows arrays, a map is an array of pairs, and all else a text.
fn json_value(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Boolean(truth) => json!(truth),
        Value::Byte(number) => json!(number),
        Value::Short(number) => json!(number),
        Value::Integer(number) => json!(number),
        Value::Long(number) => json!(number),
        Value::Float(number) => json_number(number.0.into()),
        Value::Double(number) => json_number(number.0),
        Value::String(text) => json!(text.as_str()),
        Value::Timestamp(micros) => json!(timestamp_text(*micros).replace(' ', "T") + "Z"),
        Value::TimestampNtz(micros) => json!(timestamp_text(*micros).replace(' ', "T")),
        Value::Decimal(_)
        | Value::Binary(_)
        | Value::Date(_)
        | Value::YearMonthInterval { .. }
        | Value::DayTimeInterval { .. } => json!(Notation::Sql.text(value)),
        Value::Tuple(values) | Value::Array(values) => array(values),
        Value::Struct(fields) => array(fields.values()),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| array([key, value]))
            .collect(),
    }
}

/// JSON has no word for some numbers.
fn json_number(number: f64) -> JsonValue {
    match number {
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        _ if number.is_nan() => json!("NaN"),
        _ => json!(number),
    }
}

#[cfg(test)]
mod tests {
    use engine::{FailureKind, JobId, QueryId, Struct};

    use super::*;

    const BATCH_TIME: Time = Time::from_millis(1_000);
    const OUTPUT: OutputId = OutputId(0);

    #[track_caller]
    fn check(event: &Event, expected: &str) {
        let mut json = Json::new("p", Vec::new());
        json.read(Time::from_millis(7), event);
        let bytes = json.finish().expect("a vector takes all bytes");
        let text = String::from_utf8(bytes).expect("JSON is text");
        let head = "{\"time_ms\":7,\"pipeline\":\"p\",\"event\":";
        assert_eq!(text, format!("{head}{expected}}}\n"));
    }

    #[test]
    fn met_1_every_event_of_a_batch_has_its_line() {
        let batch_time = BATCH_TIME;
        let output = OUTPUT;
        let zero_time = Time::from_millis(-5);
        check(
            &Event::StreamingStarted { zero_time },
            r#""streaming_started","zero_time_ms":-5"#,
        );
        check(
            &Event::BatchSubmitted {
                batch_time,
                records: 3,
                blocks: Vec::new(),
            },
            r#""batch_submitted","batch_time_ms":1000,"records":3"#,
        );
        check(
            &Event::BatchStarted { batch_time },
            r#""batch_started","batch_time_ms":1000"#,
        );
        check(
            &Event::OutputOperationStarted {
                batch_time,
                output,
                job: JobId(0),
            },
            r#""output_operation_started","batch_time_ms":1000,"output":0"#,
        );
        check(
            &Event::BatchCompleted { batch_time },
            r#""batch_completed","batch_time_ms":1000"#,
        );
        check(&Event::Stopped, r#""stopped""#);
    }

    #[test]
    fn job_4_a_failure_is_text_or_null() {
        let completed = |failure: Option<&str>| Event::OutputOperationCompleted {
            batch_time: BATCH_TIME,
            output: OUTPUT,
            failure: failure.map(|message| Failure::new(FailureKind::Panic, message)),
            job: JobId(0),
        };
        let head = r#""output_operation_completed","batch_time_ms":1000,"output":0"#;
        check(&completed(None), &format!(r#"{head},"failure":null"#));
        check(
            &completed(Some("a \"quoted\"\nreason")),
            &format!(r#"{head},"failure":"a \"quoted\"\nreason""#),
        );
        check(
            &Event::QueryProgress {
                batch_id: 4,
                records: 2,
                failure: None,
                query: QueryId(0),
            },
            r#""query_progress","batch_id":4,"records":2,"failure":null"#,
        );
    }

    #[test]
    fn rows_keep_their_values() {
        let pair = Value::Tuple(vec![Value::String("it's".into()), Value::Long(i64::MIN)]);
        let list = Value::Array(vec![
            Value::Null,
            Value::Boolean(true),
            Value::Double(1.5.into()),
        ]);
        check(
            &Event::Printed {
                batch_time: BATCH_TIME,
                output: OUTPUT,
                rows: vec![pair, list],
                more: true,
                records: 1,
            },
            r#""printed","batch_time_ms":1000,"output":0,"rows":[["it's",-9223372036854775808],[null,true,1.5]],"more":true"#,
        );
    }

    #[test]
    fn times_are_texts_in_utc() {
        let [start, end] = [1_529_622_000_000_000, 1_529_622_000_500_000].map(Value::Timestamp);
        let window = Struct::from_iter([("start", start), ("end", end)]);
        check(
            &Event::Printed {
                batch_time: BATCH_TIME,
                output: OUTPUT,
                rows: vec![Value::Struct(window)],
                more: false,
                records: 1,
            },
            r#""printed","batch_time_ms":1000,"output":0,"rows":[["2018-06-21T23:00:00Z","2018-06-21T23:00:00.5Z"]],"more":false"#,
        );
    }

    #[test]
    fn numbers_that_json_has_no_word_for_are_texts() {
        let row = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
        let row = row.map(|number| Value::Double(number.into()));
        check(
            &Event::TableShown {
                batch_id: 0,
                table: Table {
                    columns: ["a", "b", "c", "d"].map(Into::into).into(),
                    rows: vec![row.to_vec()],
                    more: false,
                    truncate: true,
                },
                query: QueryId(0),
            },
            r#""table_shown","batch_id":0,"columns":["a","b","c","d"],"rows":[["NaN","Infinity","-Infinity",-0.0]],"more":false,"truncate":true"#,
        );
    }
}
