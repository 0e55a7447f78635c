//! The journal as JSON lines, for other programs.

mod cluster;
mod object;
mod value;

use std::io::{self, Write};

use engine::{DriverEvent, Event, Reader, Time};
use serde_json::Value as JsonValue;

use self::object::ObjectWriter;
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
/// | `table_written` | `batch_id`, `format`, `mode`, `options`, `columns`, `rows` |
/// | `text_printed` | `text` |
/// | `program_failed` | `failure` |
/// | `executor_added`, `executor_lost` | `executor`, and of one that is lost `is_timeout` |
/// | `receiver_started`, `receiver_stopped` | `stream`, and of one that has started `executor` |
/// | `records_lost` | `stream`, `records` |
/// | `task_run_again` | `batch_time_ms`, `task`, `executor` |
/// | `blocks_not_found` | `batch_time_ms`, `blocks` |
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
/// use engine::{DriverEvent, Event, Reader, Time};
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
            let mut object = ObjectWriter::of(text);
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
        Event::Driver(event) => write_driver_event(event, object),
        Event::Cluster(event) => cluster::write(event, object),
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
        } => object.printed(*batch_time, *output, rows, *more),
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
        } => object.table_shown(*batch_id, table),
        Event::TableWritten {
            batch_id, write, ..
        } => object.table_written(*batch_id, write),
        Event::Saved {
            batch_time,
            name,
            lines,
            ..
        } => object.saved(*batch_time, name, lines),
        Event::TextPrinted { text } => object.text_printed(text),
        Event::ProgramFailed { failure } => {
            object.event("program_failed");
            object.failure(Some(failure));
        }
        Event::Stopped => object.event("stopped"),
    }
}

fn write_driver_event(event: &DriverEvent, object: &mut ObjectWriter<'_>) {
    match event {
        DriverEvent::Recovered {
            zero_time,
            checkpoint_time,
            again,
            lost,
        } => {
            object.event("driver_recovered");
            object.field("zero_time_ms", &zero_time.as_millis());
            object.field("checkpoint_time_ms", &checkpoint_time.as_millis());
            let again: Vec<i64> = again.iter().map(|time| time.as_millis()).collect();
            object.field("again_ms", &JsonValue::from(again));
            let lost: Vec<String> = lost.iter().map(ToString::to_string).collect();
            object.field("lost", &JsonValue::from(lost));
        }
        DriverEvent::QueryRecovered {
            batch_id,
            again,
            watermark_ms,
            ..
        } => {
            object.micro_batch_event("query_recovered", *batch_id);
            object.field("again", again);
            object.field("watermark_ms", watermark_ms);
        }
        DriverEvent::Crashed => object.event("driver_crashed"),
        DriverEvent::ResultsLeft { files } => {
            object.event("results_left");
            let files: Vec<String> = files.iter().map(ToString::to_string).collect();
            object.field("files", &JsonValue::from(files));
        }
        DriverEvent::NotRecovered { failure } => {
            object.event("driver_not_recovered");
            object.failure(Some(failure));
        }
        DriverEvent::CheckpointFailed { batch_time, reason } => {
            object.batch_event("checkpoint_failed", *batch_time);
            object.field("reason", &JsonValue::from(reason.as_str()));
        }
        DriverEvent::BlockRejected {
            block,
            records,
            reason,
        } => {
            object.event("block_rejected");
            object.field("block", &JsonValue::from(block.to_string()));
            object.field("records", records);
            object.field("reason", &JsonValue::from(reason.as_str()));
        }
    }
}

#[cfg(test)]
mod tests;
