//! Failed batches on the console, with their times as the console shows them.

use engine::{Event, FailedBatch, Failure, FailureKind, JobId, OutputId, QueryId, Reader, Time};
use report::{Console, Zone};
use scenario::Profile;

use crate::support::second;

/// The end of an output operation that failed for what happened in the first batch.
fn failed(output: usize, batch: usize) -> Event {
    let failure = Failure::new(FailureKind::Function, "bad line")
        .in_operator("map")
        .in_batch(FailedBatch::At(second(0)));
    Event::OutputOperationCompleted {
        batch_time: second(batch),
        output: OutputId(output),
        job: JobId(0),
        failure: Some(failure),
    }
}

#[track_caller]
fn check(profile: Profile, events: &[Event], expected: &str) {
    let zone = Zone::named("Asia/Shanghai").expect("the zone exists");
    let mut console = Console::new(profile, zone, Vec::new()).show_failures(true);
    for event in events {
        console.read(Time::EPOCH, event);
    }
    let bytes = console.finish().expect("a vector takes all bytes");
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
}

#[test]
fn job_4_each_failed_batch_has_a_line_with_its_time() {
    let events = [failed(0, 0), failed(1, 0), failed(0, 1), failed(0, 2)];
    check(
        Profile::Pyspark,
        &events,
        "failed: map, batch at 2018-06-22 07:00:30: bad line\n\
         failed: batch at 2018-06-22 07:00:31, for the same reason\n\
         failed: batch at 2018-06-22 07:00:32, for the same reason\n",
    );
    check(
        Profile::Jvm,
        &events[2..],
        "failed: map, batch at 1529622030000 ms, needed at 1529622031000 ms: bad line\n\
         failed: batch at 1529622032000 ms, for the same reason\n",
    );
}

#[test]
fn mb_7_a_micro_batch_is_named_by_its_number() {
    let failure = Failure::new(FailureKind::Overflow, "long overflow").with_key(&"blue");
    let progress = Event::QueryProgress {
        query: QueryId(0),
        batch_id: 3,
        records: 1,
        failure: Some(failure),
        progress: None,
    };
    check(
        Profile::Pyspark,
        &[progress],
        "failed: key \"blue\", batch 3: long overflow\n",
    );
}
