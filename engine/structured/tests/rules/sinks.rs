//! The sinks of queries: what each is given, and what it refuses.

use std::sync::{Arc, Mutex};

use engine::{Event, Failure, FailureKind, Inline, Row, Text, Time, Value};
use engine_structured::functions::col;
use engine_structured::{
    DataFrame, DataStreamWriter, ForeachWriter, OutputMode, Query, SparkSession,
};

use crate::support::{Run, check, session, words, words_of};

/// Runs micro-batches of these lines.
fn run(query: Query, batches: &[&str]) -> Run {
    let mut run = Run::start(query, 0);
    for line in batches {
        run.line(0, line);
        run.wake_until(0);
    }
    run
}

fn started(writer: DataStreamWriter) -> Query {
    writer.start().expect("the query keeps the rules")
}

#[track_caller]
fn check_refused(writer: DataStreamWriter, expected: &str) {
    let refused = writer.start().map(drop).expect_err("the query is refused");
    assert_eq!(refused.to_string(), expected);
}

/// The rows of a table without streams, as one text.
fn rows(table: &DataFrame) -> String {
    let rows = table
        .collect(Time::EPOCH, &Inline)
        .expect("the table has rows");
    let row = |row: &Row| format!("{row:?}");
    rows.iter().map(row).collect::<Vec<_>>().join(" ")
}

fn words_on(session: &SparkSession) -> DataFrame {
    words_of(&session.read_stream().memory("lines"))
}

#[test]
fn a_memory_sink_is_a_table_of_its_session() {
    let session = session(2);
    let counts = words_on(&session).group_by("word").count().write_stream();
    let complete = counts.output_mode(OutputMode::Complete).format("memory");
    let query = started(complete.query_name("counts"));
    let so_far = session.sql("SELECT word FROM counts ORDER BY word");
    assert_eq!(
        so_far.collect(Time::EPOCH, &Inline).expect("it is there"),
        Vec::<Row>::new()
    );
    run(query, &["a b", "c"]);
    assert_eq!(
        rows(&so_far),
        "[String(\"a\")] [String(\"b\")] [String(\"c\")]"
    );
    let every = words_on(&session).write_stream().format("memory");
    run(started(every.query_name("words")), &["a b", "a"]);
    assert_eq!(
        rows(&session.sql("SELECT count(*) FROM words")),
        "[Long(3)]"
    );
    check_refused(
        words().write_stream().format("memory"),
        "queryName must be specified for memory sink.",
    );
}

#[test]
fn foreach_batch_has_the_rows_of_a_micro_batch_as_a_table() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let query = words().write_stream().foreach_batch(move |batch, id| {
        let long = batch.filter(col("word").gt(engine_structured::functions::text("a")));
        kept.lock()
            .expect("no test panics")
            .push(format!("{id}: {}", rows(&long)));
        Ok(())
    });
    run(query.expect("the query keeps the rules"), &["a b", "c"]);
    assert_eq!(
        *seen.lock().expect("no test panics"),
        ["0: [String(\"b\")]", "1: [String(\"c\")]"]
    );
}

#[test]
fn mb_7_a_function_that_fails_or_panics_ends_the_query() {
    let failing = words()
        .write_stream()
        .foreach_batch(|_, _| Err(Failure::new(FailureKind::Spark, "the database is down")));
    let failed = run(failing.expect("the query keeps the rules"), &["a"]);
    check(
        &failed.progress(),
        &["batch 0 failed: batch 0: the database is down", "Stopped"],
    );
    let panicking = words()
        .write_stream()
        .foreach_batch(|_, _| panic!("no such index"));
    let failed = run(panicking.expect("the query keeps the rules"), &["a"]);
    assert!(failed.is_stopped());
}

/// A writer that writes down what it is asked for.
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, text: String) {
        self.0.lock().expect("no test panics").push(text);
    }
}

impl ForeachWriter for Log {
    fn open(&mut self, partition: usize, epoch: u64) -> Result<bool, Failure> {
        self.add(format!("open {partition} {epoch}"));
        Ok(epoch != 1)
    }

    fn process(&mut self, row: &Row) -> Result<(), Failure> {
        if row[0] == Value::String("bad".into()) {
            return Err(Failure::new(FailureKind::Spark, "a bad word"));
        }
        self.add(format!("{row:?}"));
        Ok(())
    }

    fn close(&mut self, failure: Option<&Failure>) {
        let failure = failure.map(|it| it.message().clone());
        self.add(format!("close {}", failure.unwrap_or_default()));
    }
}

#[test]
fn a_foreach_writer_is_opened_and_closed_for_each_partition() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&log);
    let lines = session(1).read_stream().memory("lines");
    let counts = words_of(&lines).group_by("word").count().write_stream();
    let counts = counts.output_mode(OutputMode::Update);
    let query = counts.foreach(move || Log(Arc::clone(&kept)));
    let run = run(
        query.expect("the query keeps the rules"),
        &["a", "b", "bad"],
    );
    assert!(run.is_stopped());
    let log = log.lock().expect("no test panics").join(", ");
    assert_eq!(
        log,
        "open 0 0, [String(\"a\"), Long(1)], close , open 1 0, close , \
         open 0 1, close , open 1 1, close , \
         open 0 2, close a bad word, open 1 2, close "
    );
}

#[test]
fn rows_for_a_place_that_is_not_here_are_recorded() {
    let value = words().select([col("word").alias("value")]);
    let writer = value
        .write_stream()
        .format("kafka")
        .option("topic", "words");
    let secret = writer.clone().option("kafka.ssl.key.password", "x");
    let run = run(started(secret), &["a b"]);
    let written = run.events().find_map(|event| match event {
        Event::TableWritten { write, .. } => Some(write),
        _ => None,
    });
    let written = written.expect("rows were written");
    let options = "kafka.ssl.key.password=*********(redacted), topic=words";
    assert_eq!(written.title(), format!("kafka, append, {options}"));
    assert_eq!(
        written.rows,
        ["a", "b"].map(|it| vec![Value::String(Text::from(it))])
    );
}

#[test]
fn a_kafka_sink_takes_messages_alone() {
    let kafka = |table: &DataFrame| table.write_stream().format("kafka");
    check_refused(
        kafka(&words()),
        "topic option required when no 'topic' attribute is present. Use the topic option for setting a topic.",
    );
    check_refused(
        kafka(&words()).option("topic", "t"),
        "Required attribute 'value' not found",
    );
    let counts = words().group_by("word").count();
    let counts = counts.select([col("count").alias("value")]).write_stream();
    check_refused(
        counts
            .output_mode(OutputMode::Update)
            .format("kafka")
            .option("topic", "t"),
        "value attribute unsupported type bigint. value must be a(n) string or binary",
    );
}

#[test]
fn om_1_files_take_rows_that_do_not_change() {
    for format in ["json", "csv", "text", "parquet"] {
        let writer = words().write_stream().format(format);
        check_refused(writer.clone(), "'path' is not specified.");
        check_refused(
            writer.option("path", "out").output_mode(OutputMode::Update),
            &format!("Data source {format} does not support Update output mode."),
        );
    }
}

#[test]
fn files_are_in_folders_by_columns_that_there_are() {
    let writer = words().write_stream().format("json").option("path", "out");
    check_refused(
        writer.clone().partition_by(&["city"]),
        "Partition column city not found in existing columns (word).",
    );
    let counted = words()
        .select([col("word"), col("word").alias("n")])
        .write_stream();
    started(
        counted
            .format("json")
            .option("path", "out")
            .partition_by(&["n"]),
    );
    check_refused(
        words()
            .write_stream()
            .format("json")
            .option("path", "out")
            .option("colour", "red"),
        "the JSON option `colour` = 'red' is not supported here: leave it out",
    );
}
