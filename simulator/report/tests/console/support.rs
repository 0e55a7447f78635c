//! Events made by hand, and the console text of them.

use engine::{
    Event, JobId, OutputId, QueryId, Reader, Record, SparkVersion, Table, Text, Time, Value,
};
use report::{Console, Zone};
use scenario::Profile;

/// 2018-06-21T23:00:30Z, the book's first batch.
pub(crate) const FIRST: i64 = 1_529_622_030_000;

/// The records of a batch of the book, and the rows that its program had to print.
pub(crate) type Batch<'a> = (usize, &'a [(&'a str, i64)]);

pub(crate) const STATELESS: [Batch<'_>; 4] = [
    (1, &[("blue", 5), ("green", 3)]),
    (1, &[("gohawks", 1)]),
    (0, &[]),
    (1, &[("green", 2)]),
];

pub(crate) const UPDATE_STATE: [Batch<'_>; 4] = [
    (1, &[("blue", 5), ("green", 3)]),
    (1, &[("blue", 5), ("green", 3), ("gohawks", 1)]),
    (0, &[("blue", 5), ("green", 3), ("gohawks", 1)]),
    (1, &[("blue", 5), ("green", 5), ("gohawks", 1)]),
];

pub(crate) fn second(number: usize) -> Time {
    let millis = i64::try_from(number * 1_000).expect("a few seconds");
    Time::from_millis(FIRST + millis)
}

pub(crate) fn values(counts: &[(&str, i64)]) -> Vec<Value> {
    let pair = |(word, count): &(&str, i64)| ((*word).to_owned(), *count).to_value();
    counts.iter().map(pair).collect()
}

pub(crate) fn submitted(batch_time: Time, records: usize) -> Event {
    Event::BatchSubmitted {
        batch_time,
        records,
        blocks: Vec::new(),
    }
}

pub(crate) fn printed(batch_time: Time, counts: &[(&str, i64)], more: bool) -> Event {
    printed_of(1, batch_time, counts, more)
}

/// A printed batch with `records` input records.
pub(crate) fn printed_of(
    records: usize,
    batch_time: Time,
    counts: &[(&str, i64)],
    more: bool,
) -> Event {
    Event::Printed {
        batch_time,
        output: OutputId(0),
        records,
        rows: values(counts),
        more,
    }
}

/// The events of a program that finishes each batch at once.
pub(crate) fn program(batches: &[Batch<'_>]) -> Vec<Event> {
    let output = OutputId(0);
    let batch = |(number, (records, counts)): (usize, &Batch<'_>)| {
        let batch_time = second(number);
        [
            submitted(batch_time, *records),
            Event::BatchStarted { batch_time },
            Event::OutputOperationStarted {
                batch_time,
                output,
                job: JobId(0),
            },
            printed_of(*records, batch_time, counts, false),
            Event::OutputOperationCompleted {
                batch_time,
                output,
                failure: None,
                job: JobId(0),
            },
            Event::BatchCompleted { batch_time },
        ]
    };
    let zero_time = Time::from_millis(FIRST - 1_000);
    let started = Event::StreamingStarted { zero_time };
    let batches = batches.iter().enumerate().flat_map(batch);
    [started]
        .into_iter()
        .chain(batches)
        .chain([Event::Stopped])
        .collect()
}

pub(crate) fn table(batch_id: u64, counts: &[(&str, i64)], more: bool) -> Event {
    let row =
        |(word, count): &(&str, i64)| vec![Value::String((*word).into()), Value::Long(*count)];
    Event::TableShown {
        batch_id,
        table: Table {
            columns: ["word", "count"].map(Text::from).into(),
            rows: counts.iter().map(row).collect(),
            more,
            truncate: true,
            spark: SparkVersion::V3_5,
        },
        query: QueryId(0),
    }
}

pub(crate) fn console(profile: Profile, zone: &str, events: &[Event]) -> String {
    let zone = Zone::named(zone).expect("the zone exists");
    let mut console = Console::new(profile, zone, Vec::new());
    for event in events {
        console.read(Time::EPOCH, event);
    }
    let bytes = console.finish().expect("a vector takes all bytes");
    String::from_utf8(bytes).expect("console text is text")
}

/// Compares with text in which `=` on a line stands for a rule.
#[track_caller]
pub(crate) fn check(profile: Profile, zone: &str, events: &[Event], expected: &str) {
    let expected = expected.replace("=\n", "-------------------------------------------\n");
    assert_eq!(console(profile, zone, events), expected);
}
