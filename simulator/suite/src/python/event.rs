//! A line of JSON as an event.

use engine::{Event, Failure, FailureKind, JobId, OutputId, Text, Time};
use serde_json::Value;

/// The time and the event of a line that the package `millrace` wrote; `None` if it wrote no such line.
///
/// ```text
/// {"time_ms": 1000, "event": "batch_submitted", "batch_time_ms": 1000, "number": 3, "reason": null}
/// {"time_ms": 1000, "event": "text_printed", "text": "blue\n"}
/// ```
pub(super) fn parse(line: &str) -> Option<(Time, Event)> {
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
        "stopped" => Event::Stopped,
        _ => return None,
    };
    Some((time("time_ms")?, event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_event_or_refused() {
        let printed = r#"{"time_ms": 1000, "event": "text_printed", "text": "blue\n"}"#;
        let text = Text::from("blue\n");
        let time = Time::from_millis(1_000);
        assert_eq!(parse(printed), Some((time, Event::TextPrinted { text })));
        for other in ["", "{}", "blue", r#"{"time_ms": 1, "event": "slept"}"#] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
