//! A line of JSON as an event, or as a remark.

use engine::{
    BlockId, DriverEvent, Event, Failure, FailureKind, JobId, OutputId, QueryId, StreamId, Text,
    Time,
};
use serde_json::Value;

/// A line that the package `millrace` wrote.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// An event and its time.
    Event(Time, Event),
    /// A remark on the program, which standard error has, too.
    Note(String),
}

/// The meaning of a line that the package `millrace` wrote; `None` if it wrote no such line.
///
/// ```text
/// {"time_ms": 1000, "event": "batch_submitted", "batch_time_ms": 1000, "number": 3, "reason": null}
/// {"time_ms": 1000, "event": "text_printed", "text": "blue\n"}
/// {"time_ms": 1000, "event": "noted", "text": "nothing reads localhost:1"}
/// ```
pub(super) fn parse(line: &str) -> Option<Line> {
    let value: Value = serde_json::from_str(line).ok()?;
    let time = |name: &str| value[name].as_i64().map(Time::from_millis);
    let number = || usize::try_from(value["number"].as_u64()?).ok();
    let reason = || {
        let reason = value["reason"].as_str();
        reason.map(|reason| Failure::new(FailureKind::Function, reason))
    };
    let batch_time = time("batch_time_ms");
    let event = match value["event"].as_str()? {
        "started" => Event::StreamingStarted {
            zero_time: batch_time?,
        },
        "batch_submitted" => Event::BatchSubmitted {
            batch_time: batch_time?,
            records: number()?,
            blocks: Vec::new(),
        },
        "batch_started" => Event::BatchStarted {
            batch_time: batch_time?,
        },
        "operation_started" => Event::OutputOperationStarted {
            batch_time: batch_time?,
            output: OutputId(number()?),
            job: JobId(0),
        },
        "operation_completed" => Event::OutputOperationCompleted {
            batch_time: batch_time?,
            output: OutputId(number()?),
            job: JobId(0),
            failure: reason(),
        },
        "batch_completed" => Event::BatchCompleted {
            batch_time: batch_time?,
        },
        "text_printed" => Event::TextPrinted {
            text: Text::from(value["text"].as_str()?),
        },
        "program_failed" => Event::ProgramFailed { failure: reason()? },
        "driver_crashed" => Event::Driver(DriverEvent::Crashed),
        "driver_recovered" => Event::Driver(DriverEvent::Recovered {
            zero_time: time("zero_time_ms")?,
            checkpoint_time: time("checkpoint_time_ms")?,
            again: times(&value["again_ms"])?,
            lost: blocks(&value["lost"])?,
        }),
        "query_recovered" => Event::Driver(DriverEvent::QueryRecovered {
            query: QueryId(0),
            batch_id: value["batch_id"].as_u64()?,
            again: value["again"].as_bool()?,
            watermark_ms: value["watermark_ms"].as_i64()?,
        }),
        "checkpoint_failed" => Event::Driver(DriverEvent::CheckpointFailed {
            batch_time: batch_time?,
            reason: Text::from(value["reason"].as_str()?),
        }),
        "stopped" => Event::Stopped,
        "noted" => return value["text"].as_str().map(|it| Line::Note(it.to_owned())),
        _ => return None,
    };
    Some(Line::Event(time("time_ms")?, event))
}

fn times(value: &Value) -> Option<Vec<Time>> {
    let times = value.as_array()?.iter();
    times.map(|it| it.as_i64().map(Time::from_millis)).collect()
}

/// Blocks, each as the number of its stream and its own.
fn blocks(value: &Value) -> Option<Vec<BlockId>> {
    let block = |value: &Value| {
        Some(BlockId {
            stream: StreamId(usize::try_from(value[0].as_u64()?).ok()?),
            number: value[1].as_u64()?,
        })
    };
    value.as_array()?.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_event_or_refused() {
        let printed = r#"{"time_ms": 1000, "event": "text_printed", "text": "blue\n"}"#;
        let text = Text::from("blue\n");
        let time = Time::from_millis(1_000);
        let event = Event::TextPrinted { text };
        assert_eq!(parse(printed), Some(Line::Event(time, event)));
        let noted = r#"{"time_ms": 1000, "event": "noted", "text": "it reads nothing"}"#;
        let note = Line::Note("it reads nothing".to_owned());
        assert_eq!(parse(noted), Some(note));
        let crashed = r#"{"time_ms": 1000, "event": "driver_crashed"}"#;
        let event = Event::Driver(DriverEvent::Crashed);
        assert_eq!(parse(crashed), Some(Line::Event(time, event)));
        let recovered = r#"{"time_ms": 1000, "event": "driver_recovered", "zero_time_ms": 0,
            "checkpoint_time_ms": 1000, "again_ms": [1000], "lost": [[0, 2]]}"#;
        let event = Event::Driver(DriverEvent::Recovered {
            zero_time: Time::EPOCH,
            checkpoint_time: time,
            again: vec![time],
            lost: vec![BlockId {
                stream: StreamId(0),
                number: 2,
            }],
        });
        assert_eq!(parse(recovered), Some(Line::Event(time, event)));
        let recovered = r#"{"time_ms": 1000, "event": "query_recovered", "batch_id": 2, "again": true,
            "watermark_ms": 5000}"#;
        let event = Event::Driver(DriverEvent::QueryRecovered {
            query: QueryId(0),
            batch_id: 2,
            again: true,
            watermark_ms: 5_000,
        });
        assert_eq!(parse(recovered), Some(Line::Event(time, event)));
        for other in ["", "{}", "blue", r#"{"time_ms": 1, "event": "slept"}"#] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
