//! A query stepped by hand, whose micro-batches end when a test says so, and its journal.

use engine::render::Notation;
use engine::testing::Held;
use engine::{
    Counters, DataType, Event, Inline, Input, Machine, Outbox, Records, Row, StreamId, Table, Text,
    Time, Value, Workers, drive,
};
use engine_structured::functions::{col, explode, split, timestamp_seconds};
use engine_structured::{DataFrame, OutputMode, Query, SparkSession, Trigger};

/// The words of the lines of `memory`, with two cores and two shuffle partitions.
pub(crate) fn words() -> DataFrame {
    words_of(&session(2).read_stream().memory("lines"))
}

/// A cluster with so many cores and two shuffle partitions.
pub(crate) fn session(cores: usize) -> SparkSession {
    SparkSession::local(cores, "rules").with_shuffle_partitions(2)
}

/// The words of these lines.
pub(crate) fn words_of(lines: &DataFrame) -> DataFrame {
    lines.select([explode(split(col("value"), " ")).alias("word")])
}

/// Events with a time and a word: a line is a second since the epoch and a word.
pub(crate) fn events(cores: usize) -> DataFrame {
    events_on(&session(cores))
}

/// Events in this session.
pub(crate) fn events_on(session: &SparkSession) -> DataFrame {
    events_of(&session.read_stream().memory("lines"))
}

/// Events of these lines.
pub(crate) fn events_of(lines: &DataFrame) -> DataFrame {
    let fields = lines.select([split(col("value"), " ").alias("f")]);
    let seconds = col("f").get_item(0).cast(DataType::Long);
    fields.select([
        timestamp_seconds(seconds).alias("time"),
        col("f").get_item(1).alias("word"),
    ])
}

/// The second of a time, or of the start of a window.
pub(crate) fn seconds(time: &Value) -> i64 {
    match time {
        Value::Timestamp(micros) => micros / 1_000_000,
        Value::Struct(window) => window.values().next().map_or(0, seconds),
        other => panic!("a time or a window, not {other:?}"),
    }
}

/// The running word count, complete, with this trigger.
pub(crate) fn word_count(trigger: Trigger) -> Query {
    let counts = words().group_by("word").count().write_stream();
    let query = counts.output_mode(OutputMode::Complete).trigger(trigger);
    query.console().expect("the query keeps the rules")
}

/// A query in progress and its journal.
pub(crate) struct Run {
    query: Query,
    now: i64,
    surroundings: Held,
    /// Whether a micro-batch runs until a test ends it.
    holds: bool,
    /// The times at which micro-batches were started.
    pub(crate) started: Vec<i64>,
}

impl Run {
    /// A query that is started at `start_ms`, whose micro-batches take no time.
    pub(crate) fn start(query: Query, start_ms: i64) -> Run {
        let mut run = Run {
            query,
            now: start_ms,
            surroundings: Held::default(),
            holds: false,
            started: Vec::new(),
        };
        run.hand_in(start_ms, Input::Started);
        run
    }

    /// From now on a micro-batch runs until a test ends it.
    pub(crate) fn hold(&mut self) {
        self.holds = true;
    }

    fn hand_in(&mut self, now_ms: i64, input: Input) {
        self.now = now_ms;
        let running = self.surroundings.jobs.len();
        let now = Time::from_millis(now_ms);
        let outbox = &mut Outbox::new();
        drive(&mut self.query, now, input, outbox, &mut self.surroundings);
        if self.surroundings.jobs.len() > running {
            self.started.push(now_ms);
        }
        assert!(
            self.surroundings.jobs.len() <= 1,
            "one micro-batch runs at a time"
        );
        if !self.holds && !self.surroundings.jobs.is_empty() {
            self.end_batch(now_ms, &Inline);
        }
    }

    /// Ends the micro-batch that runs, which had these workers.
    pub(crate) fn end_batch(&mut self, now_ms: i64, workers: &dyn Workers) {
        let job = self.surroundings.jobs.pop().expect("a micro-batch runs");
        self.hand_in(now_ms, Input::JobFinished(job.run(workers)));
    }

    /// A line comes in.
    pub(crate) fn line(&mut self, now_ms: i64, line: &str) {
        let record = Text::from(line);
        let stream = StreamId(0);
        self.hand_in(now_ms, Input::Received { stream, record });
    }

    /// A line of one of several streams comes in.
    pub(crate) fn line_of(&mut self, stream: usize, now_ms: i64, line: &str) {
        let (stream, record) = (StreamId(stream), Text::from(line));
        self.hand_in(now_ms, Input::Received { stream, record });
    }

    /// Lines come in together.
    pub(crate) fn lines(&mut self, now_ms: i64, lines: &[&str]) {
        let records = lines.iter().map(|&line| Text::from(line)).collect();
        let stream = StreamId(0);
        self.hand_in(now_ms, Input::Stored { stream, records });
    }

    /// Records of a stream come in together.
    pub(crate) fn records_of(&mut self, stream: StreamId, now_ms: i64, records: Records) {
        self.hand_in(now_ms, Input::Stored { stream, records });
    }

    /// Lines of these seconds come in together, and are worked off.
    pub(crate) fn seconds(&mut self, seconds: &[i64]) {
        let lines: Vec<String> = seconds.iter().map(i64::to_string).collect();
        self.lines(
            self.now,
            &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        self.wake_until(self.now);
    }

    /// Wakes the query whenever it asks, up to `end_ms`, and never at a time that is gone.
    pub(crate) fn wake_until(&mut self, end_ms: i64) {
        while let Some(time) = self.next_wake().filter(|&time| time <= end_ms) {
            self.hand_in(time.max(self.now), Input::Woken);
        }
    }

    pub(crate) fn next_wake(&self) -> Option<i64> {
        self.query.next_wake().map(Time::as_millis)
    }

    pub(crate) fn stop(&mut self, now_ms: i64) {
        self.hand_in(now_ms, Input::StopRequested);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.query.is_stopped()
    }

    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        let entries = self.surroundings.journal.entries().iter();
        entries.map(|entry| &entry.event)
    }

    /// The tables that were shown, one line each.
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = |event: &Event| match event {
            Event::TableShown {
                batch_id, table, ..
            } => {
                let dots = if table.more { "..." } else { "" };
                Some(format!("{batch_id}: {}{dots}", row_texts(table).join(" ")))
            }
            _ => None,
        };
        self.events().filter_map(shown).collect()
    }

    /// The last table that was shown.
    pub(crate) fn table(&self) -> &Table {
        let table = self.events().rev().find_map(|event| match event {
            Event::TableShown { table, .. } => Some(table),
            _ => None,
        });
        table.expect("a table was shown")
    }

    /// The rows of all tables that were shown.
    pub(crate) fn tables(&self) -> Vec<Vec<Row>> {
        let rows = |event: &Event| match event {
            Event::TableShown { table, .. } => Some(table.rows.clone()),
            _ => None,
        };
        self.events().filter_map(rows).collect()
    }

    /// The start of each micro-batch that changed counts, and the cost.
    pub(crate) fn counters(&self) -> Vec<(i64, Counters)> {
        let updated = |event: &Event| match event {
            Event::StateUpdated {
                batch_time,
                counters,
                ..
            } => Some((batch_time.as_millis(), *counters)),
            _ => None,
        };
        self.events().filter_map(updated).collect()
    }

    /// The events besides tables and counters, one line each.
    pub(crate) fn progress(&self) -> Vec<String> {
        let progress = |event: &Event| match event {
            Event::TableShown { .. } | Event::StateUpdated { .. } => None,
            Event::QueryProgress {
                batch_id,
                records,
                failure: None,
                ..
            } => Some(format!("batch {batch_id}, records {records}")),
            Event::QueryProgress {
                batch_id,
                failure: Some(failure),
                ..
            } => Some(format!("batch {batch_id} failed: {failure}")),
            other => Some(format!("{other:?}")),
        };
        self.events().filter_map(progress).collect()
    }
}

fn row_texts(table: &Table) -> Vec<String> {
    let cells = |row: &Row| {
        row.iter()
            .map(|row| Notation::Java.text(row))
            .collect::<Vec<_>>()
    };
    table.rows.iter().map(|row| cells(row).join("=")).collect()
}

/// Compares lines, and shows both sides whole if they differ.
#[track_caller]
pub(crate) fn check(lines: &[String], expected: &[&str]) {
    assert_eq!(
        lines, expected,
        "the output (left) differs from what was expected (right)"
    );
}
