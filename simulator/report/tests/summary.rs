//! The summary, as a person sees it.

use engine::{
    Event, Failure, FailureKind, JobId, OutputId, QueryId, Reader, Record, SparkVersion, Table,
    Time,
};
use insta::assert_snapshot;
use report::{Summary, Zone};

fn summary(events: &[(i64, Event)]) -> String {
    let mut summary = Summary::new(Zone::UTC, Vec::new());
    for (millis, event) in events {
        summary.read(Time::from_millis(*millis), event);
    }
    let bytes = summary.finish().expect("a vector takes all bytes");
    String::from_utf8(bytes).expect("a summary is text")
}

/// A batch of one output operation, from its submission to its end.
fn batch(millis: i64, started: i64, ended: i64, failure: Option<&str>) -> Vec<(i64, Event)> {
    let batch_time = Time::from_millis(millis);
    let output = OutputId(0);
    let printed = Event::Printed {
        batch_time,
        output,
        rows: vec![1_i64.to_value(), 2_i64.to_value()],
        more: millis == 1_000,
        records: 1,
    };
    let completed = Event::OutputOperationCompleted {
        batch_time,
        output,
        failure: failure.map(|message| Failure::new(FailureKind::Panic, message)),
        job: JobId(0),
    };
    vec![
        (
            millis,
            Event::BatchSubmitted {
                batch_time,
                records: 12,
                blocks: Vec::new(),
            },
        ),
        (started, Event::BatchStarted { batch_time }),
        (
            started,
            Event::OutputOperationStarted {
                batch_time,
                output,
                job: JobId(0),
            },
        ),
        (ended, printed),
        (ended, completed),
        (ended, Event::BatchCompleted { batch_time }),
    ]
}

#[test]
fn met_2_total_delay_is_scheduling_delay_and_processing_time() {
    let mut events = batch(1_000, 1_000, 2_500, None);
    events.extend(batch(2_000, 2_500, 3_250, Some("boom")));
    events.extend(batch(
        1_529_622_030_250,
        1_529_622_030_250,
        1_529_622_030_251,
        None,
    ));
    let mut waiting = batch(1_529_622_031_000, 0, 0, None);
    events.push(waiting.swap_remove(0));
    assert_snapshot!(summary(&events));
}

#[test]
fn micro_batches_have_a_number_and_no_delays() {
    let table = Table {
        columns: ["value".into()].into(),
        rows: vec![vec![1_i64.to_value()]; 20],
        more: true,
        truncate: true,
        spark: SparkVersion::V3_5,
    };
    let progress = |batch_id, failure: Option<&str>| Event::QueryProgress {
        batch_id,
        records: 3,
        failure: failure.map(|message| Failure::new(FailureKind::Panic, message)),
        query: QueryId(0),
        progress: None,
    };
    assert_snapshot!(summary(&[
        (
            0,
            Event::TableShown {
                batch_id: 0,
                table,
                query: QueryId(0)
            }
        ),
        (0, progress(0, None)),
        (1, progress(1, Some("boom"))),
        (1, Event::Stopped),
    ]));
}

#[test]
fn nothing_is_no_table() {
    assert_eq!(summary(&[(0, Event::Stopped)]), "");
}
