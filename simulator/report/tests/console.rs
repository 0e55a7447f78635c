//! Console text, byte for byte, from events made by hand.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use engine::{Event, JobId, OutputId, QueryId, Reader, Record, Struct, Table, Text, Time, Value};
use report::{Console, Zone};
use scenario::Profile;

/// 2018-06-21T23:00:30Z, the book's first batch.
const FIRST: i64 = 1_529_622_030_000;

/// The records of a batch of the book, and the rows that its program had to print.
type Batch<'a> = (usize, &'a [(&'a str, i64)]);

const STATELESS: [Batch<'_>; 4] = [
    (1, &[("blue", 5), ("green", 3)]),
    (1, &[("gohawks", 1)]),
    (0, &[]),
    (1, &[("green", 2)]),
];

const UPDATE_STATE: [Batch<'_>; 4] = [
    (1, &[("blue", 5), ("green", 3)]),
    (1, &[("blue", 5), ("green", 3), ("gohawks", 1)]),
    (0, &[("blue", 5), ("green", 3), ("gohawks", 1)]),
    (1, &[("blue", 5), ("green", 5), ("gohawks", 1)]),
];

fn second(number: usize) -> Time {
    let millis = i64::try_from(number * 1_000).expect("a few seconds");
    Time::from_millis(FIRST + millis)
}

fn values(counts: &[(&str, i64)]) -> Vec<Value> {
    let pair = |(word, count): &(&str, i64)| ((*word).to_owned(), *count).to_value();
    counts.iter().map(pair).collect()
}

fn submitted(batch_time: Time, records: usize) -> Event {
    Event::BatchSubmitted {
        batch_time,
        records,
        blocks: Vec::new(),
    }
}

fn printed(batch_time: Time, counts: &[(&str, i64)], more: bool) -> Event {
    printed_of(1, batch_time, counts, more)
}

/// A printed batch with `records` input records.
fn printed_of(records: usize, batch_time: Time, counts: &[(&str, i64)], more: bool) -> Event {
    Event::Printed {
        batch_time,
        output: OutputId(0),
        records,
        rows: values(counts),
        more,
    }
}

/// The events of a program that finishes each batch at once.
fn program(batches: &[Batch<'_>]) -> Vec<Event> {
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

fn table(batch_id: u64, counts: &[(&str, i64)], more: bool) -> Event {
    let row =
        |(word, count): &(&str, i64)| vec![Value::String((*word).into()), Value::Long(*count)];
    Event::TableShown {
        batch_id,
        table: Table {
            columns: ["word", "count"].map(Text::from).into(),
            rows: counts.iter().map(row).collect(),
            more,
            truncate: true,
        },
        query: QueryId(0),
    }
}

fn console(profile: Profile, zone: &str, events: &[Event]) -> String {
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
fn check(profile: Profile, zone: &str, events: &[Event], expected: &str) {
    let expected = expected.replace("=\n", "-------------------------------------------\n");
    assert_eq!(console(profile, zone, events), expected);
}

#[test]
fn the_books_stateless_transcript() {
    check(
        Profile::Cookbook,
        "UTC",
        &program(&STATELESS),
        "\
=
Time: 2018-06-21 23:00:30
=
(u'blue', 5)
(u'green', 3)
=
Time: 2018-06-21 23:00:31
=
(u'gohawks', 1)
=
Time: 2018-06-21 23:00:32
=
=
Time: 2018-06-21 23:00:33
=
(u'green', 2)
=
",
    );
}

#[test]
fn the_books_stateful_transcript_has_an_empty_batch_where_nothing_came() {
    check(
        Profile::Cookbook,
        "UTC",
        &program(&UPDATE_STATE),
        "\
=
Time: 2018-06-21 23:00:30
=
(u'blue', 5)
(u'green', 3)
=
Time: 2018-06-21 23:00:31
=
(u'blue', 5)
(u'green', 3)
(u'gohawks', 1)
=
Time: 2018-06-21 23:00:32
=
=
Time: 2018-06-21 23:00:33
=
(u'blue', 5)
(u'green', 5)
(u'gohawks', 1)
=
",
    );
}

#[test]
fn con_1_the_books_structured_transcript_is_the_same_in_every_profile() {
    let events = [
        table(0, &[("green", 3), ("blue", 5)], false),
        Event::QueryProgress {
            batch_id: 0,
            records: 1,
            failure: None,
            query: QueryId(0),
        },
        table(1, &[("green", 5), ("blue", 5), ("gohawks", 1)], false),
        Event::Stopped,
    ];
    for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
        check(
            profile,
            "UTC",
            &events,
            "\
=
Batch: 0
=
+-----+-----+
| word|count|
+-----+-----+
|green|    3|
| blue|    5|
+-----+-----+

=
Batch: 1
=
+-------+-----+
|   word|count|
+-------+-----+
|  green|    5|
|   blue|    5|
|gohawks|    1|
+-------+-----+

",
        );
    }
}

#[test]
fn out_3_pyspark_prints_local_times_and_python_3_rows() {
    check(
        Profile::Pyspark,
        "UTC",
        &program(&STATELESS),
        "\
=
Time: 2018-06-21 23:00:30
=
('blue', 5)
('green', 3)

=
Time: 2018-06-21 23:00:31
=
('gohawks', 1)

=
Time: 2018-06-21 23:00:32
=

=
Time: 2018-06-21 23:00:33
=
('green', 2)

",
    );
}

#[test]
fn out_1_jvm_prints_milliseconds_and_rows_by_to_string() {
    check(
        Profile::Jvm,
        "Asia/Shanghai",
        &program(&STATELESS),
        "\
=
Time: 1529622030000 ms
=
(blue,5)
(green,3)

=
Time: 1529622031000 ms
=
(gohawks,1)

=
Time: 1529622032000 ms
=

=
Time: 1529622033000 ms
=
(green,2)

",
    );
}

#[test]
fn out_2_spark_prints_state_though_nothing_came() {
    let text = console(Profile::Pyspark, "UTC", &program(&UPDATE_STATE));
    assert!(text.contains(":32\n-------------------------------------------\n('blue', 5)\n"));
}

#[test]
fn out_1_dots_stand_for_more_rows() {
    let events = [printed(second(0), &[("blue", 5)], true)];
    check(
        Profile::Pyspark,
        "Asia/Kolkata",
        &events,
        "=\nTime: 2018-06-22 04:30:30\n=\n('blue', 5)\n...\n\n",
    );
    check(
        Profile::Cookbook,
        "UTC",
        &events,
        "=\nTime: 2018-06-21 23:00:30\n=\n(u'blue', 5)\n...\n=\n",
    );
}

#[test]
fn con_3_a_line_stands_for_more_rows() {
    check(
        Profile::Jvm,
        "UTC",
        &[table(7, &[("blue", 5)], true), table(8, &[], true)],
        "\
=
Batch: 7
=
+----+-----+
|word|count|
+----+-----+
|blue|    5|
+----+-----+
only showing top 1 row

=
Batch: 8
=
+----+-----+
|word|count|
+----+-----+
+----+-----+
only showing top 0 rows

",
    );
}

#[test]
fn con_5_an_empty_table_is_a_header() {
    check(
        Profile::Pyspark,
        "UTC",
        &[table(0, &[], false)],
        "=\nBatch: 0\n=\n+----+-----+\n|word|count|\n+----+-----+\n+----+-----+\n\n",
    );
}

#[test]
fn out_3_a_batch_off_the_second_shows_microseconds() {
    check(
        Profile::Pyspark,
        "America/New_York",
        &[printed(Time::from_millis(FIRST + 250), &[], false)],
        "=\nTime: 2018-06-21 19:00:30.250000\n=\n\n",
    );
}

#[test]
fn nothing_printed_is_no_text_and_no_closing_rule() {
    let events = [
        submitted(second(0), 0),
        Event::BatchCompleted {
            batch_time: second(0),
        },
        Event::Stopped,
    ];
    for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
        check(profile, "UTC", &events, "");
    }
}

#[test]
fn job_2_a_batch_that_waits_behind_another_is_empty_when_its_turn_comes() {
    let events = [
        printed(second(0), &[("a", 1)], false),
        printed_of(0, second(1), &[("a", 1)], false),
    ];
    check(
        Profile::Cookbook,
        "UTC",
        &events,
        "=\nTime: 2018-06-21 23:00:30\n=\n(u'a', 1)\n=\nTime: 2018-06-21 23:00:31\n=\n=\n",
    );
}

/// Notes every call, and breaks at the given one.
#[derive(Clone, Debug, Default)]
struct Pipe {
    calls: Rc<RefCell<Vec<String>>>,
    breaks_at: Option<usize>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut calls = self.calls.borrow_mut();
        calls.push(String::from_utf8_lossy(bytes).into_owned());
        if self.breaks_at == Some(calls.len()) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.calls.borrow_mut().push("flush".to_owned());
        Ok(())
    }
}

#[test]
fn a_broken_pipe_ends_the_writing_and_not_the_program() {
    let pipe = Pipe {
        breaks_at: Some(1),
        ..Pipe::default()
    };
    let calls = Rc::clone(&pipe.calls);
    let mut console = Console::new(Profile::Cookbook, Zone::UTC, pipe).flush_each_batch(true);
    for event in program(&STATELESS) {
        console.read(Time::EPOCH, &event);
    }
    let error = console.finish().expect_err("the pipe is broken");
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(calls.borrow().len(), 1);
}

#[test]
fn each_batch_is_flushed_as_it_is_printed() {
    let pipe = Pipe::default();
    let mut console = Console::new(Profile::Jvm, Zone::UTC, pipe.clone()).flush_each_batch(true);
    for event in program(&STATELESS) {
        console.read(Time::EPOCH, &event);
    }
    let calls = pipe.calls.borrow();
    assert_eq!(calls.len(), 8);
    assert!(calls[0].ends_with("(green,3)\n\n"), "{:?}", calls[0]);
    assert_eq!(calls[1], "flush");
}

#[test]
fn a_long_run_is_written_in_large_pieces() {
    let pipe = Pipe::default();
    let mut console = Console::new(Profile::Pyspark, Zone::UTC, pipe.clone());
    for number in 0..1_000 {
        console.read(Time::EPOCH, &printed(second(number), &[], false));
    }
    assert!(console.finish().is_ok());
    assert_eq!(pipe.calls.borrow().len(), 3);
}

#[test]
fn con_4_times_in_a_table_are_local() {
    let [start, end] = [1_529_622_000_000_000, 1_529_622_010_500_000].map(Value::Timestamp);
    let window = Struct::from_iter([("start", start), ("end", end)]);
    let table = Table {
        columns: ["window", "count"].map(Text::from).into(),
        rows: vec![vec![Value::Struct(window), Value::Long(1)]],
        more: false,
        truncate: false,
    };
    let shown = Event::TableShown {
        batch_id: 0,
        table,
        query: QueryId(0),
    };
    let local = |zone, window: &str| {
        let console = console(Profile::Pyspark, zone, std::slice::from_ref(&shown));
        let row = console.lines().find(|line| line.contains('{'));
        assert_eq!(row, Some(format!("|{window}|1    |").as_str()));
    };
    local("UTC", "{2018-06-21 23:00:00, 2018-06-21 23:00:10.5}");
    local(
        "Asia/Kolkata",
        "{2018-06-22 04:30:00, 2018-06-22 04:30:10.5}",
    );
}
