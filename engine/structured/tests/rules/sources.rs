//! Sources as a reader describes them: the rows of real Spark 3.5.9 for the same files, and refusals.

use engine::{Message, Trigger};
use engine_structured::functions::col;
use engine_structured::{DataFrame, DataStreamReader};

use super::support::{Run, check, session};

/// Files whose rows real Spark has shown: as lines of CSV, and of JSON.
const CSV: [&[&str]; 2] = [
    &["a,b", "1,x", "", "2,y,z", "q,w"],
    &["a,b", "3,\"u\"", "   ", "4"],
];
const JSON: &[&str] = &[
    r#"{"a":1,"b":"x"}"#,
    r#"[{"a":2},{"a":3}]"#,
    "",
    "bad",
    r#"{"a":"q","b":"y"}"#,
];

fn reader(format: &str, schema: &str) -> DataStreamReader {
    session(1).read_stream().format(format).schema(schema)
}

/// The tables that a query on a folder shows when it is given these files at once.
fn shown(reader: DataStreamReader, files: &[&[&str]]) -> Vec<String> {
    let mut run = Run::start(console(&reader.path("inbox").load()), 1_000);
    for file in files {
        run.lines(1_000, file);
    }
    run.wake_until(1_000);
    run.shown()
}

fn console(rows: &DataFrame) -> engine_structured::Query {
    let query = rows.write_stream().console();
    query.expect("the query keeps the rules")
}

#[track_caller]
fn refused(reader: &DataStreamReader, message: &str) {
    let error = reader.clone().load().schema().expect_err("it is refused");
    assert_eq!(error.to_string(), message);
}

#[test]
fn lines_of_csv_are_rows_of_the_schema() {
    let schema = "a INT, b STRING, _corrupt_record STRING";
    check(
        &shown(reader("csv", schema), &CSV),
        &["0: null=b=a,b 1=x=null 2=y=2,y,z null=w=q,w null=b=a,b 3=u=null 4=null=4"],
    );
    check(
        &shown(reader("csv", schema).option("header", "true"), &CSV),
        &["0: 1=x=null 2=y=2,y,z null=w=q,w 3=u=null 4=null=4"],
    );
    let dropping = reader("csv", "a INT, b STRING").option("header", "true");
    check(
        &shown(dropping.option("mode", "DROPMALFORMED"), &CSV),
        &["0: 1=x 3=u"],
    );
}

/// A line is malformed only for the columns that a query has a use for (`spark.sql.csv.parser.columnPruning.enabled`).
#[test]
fn only_the_columns_of_a_query_are_read() {
    let shown = |reader: DataStreamReader, columns: &[&str], files: &[&[&str]]| {
        let rows = reader.path("inbox").load();
        let mut run = Run::start(
            console(&rows.select(columns.iter().map(|it| col(it)))),
            1_000,
        );
        for file in files {
            run.lines(1_000, file);
        }
        run.wake_until(1_000);
        run.shown()
    };
    let csv = reader("csv", "a INT, b STRING").option("header", "true");
    let dropping = csv.option("mode", "DROPMALFORMED");
    check(&shown(dropping, &["b"], &CSV), &["0: x y w u null"]);
    let corrupt = reader("json", "a INT, _corrupt_record STRING, b STRING");
    check(
        &shown(corrupt, &["_corrupt_record", "b"], &[JSON]),
        &["0: null=x null=null null=null bad=null null=y"],
    );
}

#[test]
fn the_column_of_malformed_lines_is_not_read_alone() {
    let rows = reader("csv", "a INT, _corrupt_record STRING");
    let rows = rows.path("inbox").load().select([col("_corrupt_record")]);
    let refused = rows.write_stream().console().expect_err("it is refused");
    assert!(
        refused.to_string().contains("corrupt record column"),
        "{refused}"
    );
}

#[test]
fn files_come_one_by_one_from_either_end() {
    let one = reader("csv", "a INT, b STRING").option("header", "true");
    let one = one.max_files_per_trigger(1);
    check(
        &shown(one.clone(), &CSV),
        &["0: 1=x 2=y null=w", "1: 3=u 4=null"],
    );
    check(
        &shown(one.option("latestFirst", "true"), &CSV),
        &["0: 3=u 4=null", "1: 1=x 2=y null=w"],
    );
}

#[test]
fn lines_of_json_are_objects_or_arrays_of_them() {
    let schema = "a INT, b STRING, _corrupt_record STRING";
    check(
        &shown(reader("json", schema), &[JSON]),
        &[r#"0: 1=x=null 2=null=null 3=null=null null=null=bad null=y={"a":"q","b":"y"}"#],
    );
    let dropping = reader("json", "a INT, b STRING").option("mode", "DROPMALFORMED");
    check(&shown(dropping, &[JSON]), &["0: 1=x 2=null 3=null"]);
}

#[test]
fn a_line_that_does_not_fit_ends_a_query_that_fails_fast() {
    let strict = reader("json", "a INT, b STRING").option("mode", "FAILFAST");
    let mut run = Run::start(console(&strict.path("inbox").load()), 1_000);
    run.lines(1_000, JSON);
    run.wake_until(1_000);
    let progress = run.progress();
    assert!(
        progress[0].contains("MALFORMED_RECORD_IN_PARSING"),
        "{progress:?}"
    );
    assert!(run.is_stopped());
}

#[test]
fn a_socket_says_when_its_lines_have_come() {
    let socket = session(1).read_stream().format("socket");
    let socket = socket.option("host", "localhost").option("port", 9_999);
    let timed = socket.option("includeTimestamp", "true").load();
    let mut run = Run::start(console(&timed), 1_000);
    run.wake_until(1_000);
    run.line(2_500, "a");
    run.wake_until(2_500);
    check(&run.shown(), &["0: ", "1: a=1970-01-01 00:00:02.5"]);
}

#[test]
fn mb_2b_a_rate_begins_with_an_empty_batch_and_goes_on_by_itself() {
    let rate = session(1).read_stream().format("rate");
    let numbers = rate.option("rowsPerSecond", 2).load();
    let mut run = Run::start(console(&numbers), 500);
    run.wake_until(3_000);
    check(
        &run.shown(),
        &[
            "0: ",
            "1: 1970-01-01 00:00:00.5=0 1970-01-01 00:00:01.0=1",
            "2: 1970-01-01 00:00:01.5=2 1970-01-01 00:00:02.0=3",
        ],
    );
    assert_eq!(run.started, [500, 1_500, 2_500]);
}

#[test]
fn messages_of_topics_are_rows_in_the_order_of_their_partitions() {
    let reader = session(2).read_stream().format("kafka");
    let reader = reader.option("kafka.bootstrap.servers", "localhost:9092");
    let reader = reader
        .option("subscribe", "b, a")
        .option("startingOffsets", "earliest");
    let columns = ["topic", "partition", "offset", "timestamp"].map(col);
    let rows = reader.load().select(columns);
    let query = rows.write_stream().trigger(Trigger::AvailableNow).console();
    let mut run = Run::start(query.expect("the query keeps the rules"), 1_000);
    let message = Message {
        partition: 1,
        ..Message::new("x")
    };
    run.line_of(1, 1_000, "y");
    run.line_of(0, 1_000, &message.to_record());
    run.line_of(0, 1_000, "z");
    run.wake_until(1_000);
    let time = "1970-01-01 00:00:01.0";
    check(
        &run.shown(),
        &[&format!("0: a=0=0={time} a=1=0={time} b=0=0={time}")],
    );
    assert!(run.is_stopped());
}

#[test]
fn what_is_mistaken_is_refused_by_name() {
    let reader = || session(1).read_stream();
    let file = || reader().format("csv").option("path", "inbox");
    refused(
        &file(),
        "Schema must be specified when creating a streaming source DataFrame. If some files already exist in the \
         directory, then depending on the file format you may be able to create a static DataFrame on that directory with \
         'spark.read.load(directory)' and infer schema from it.",
    );
    refused(
        &reader().schema("a INT").format("csv"),
        "'path' is not specified.",
    );
    refused(
        &file().schema("a INT").option("maxFilesPerTrigger", 0),
        "Invalid value '0' for option 'maxFilesPerTrigger', must be a positive integer",
    );
    refused(
        &file().schema("a INT").option("cleanSource", "delete"),
        "the option `cleanSource` = 'delete' is not there yet",
    );
    let rate = reader().format("rate-micro-batch");
    refused(
        &rate,
        "Invalid value '0'. The option 'rowsPerBatch' must be positive",
    );
    let rate = rate.option("rowsPerBatch", 2);
    refused(
        &rate.clone().option("startTimestamp", -1),
        "Invalid value '-1'. The option 'startTimestamp' must be non-negative",
    );
    refused(
        &rate.option("numPartitions", "x"),
        "For input string: \"x\"",
    );
    refused(
        &reader().format("socket"),
        "Set a host to read from with option(\"host\", ...).",
    );
    refused(
        &reader().format("rate").schema("a INT"),
        "RateStreamProvider source does not support user-specified schema.",
    );
    refused(
        &reader().format("rate").option("rowsPerSecond", 0),
        "Invalid value '0'. The option 'rowsPerSecond' must be positive",
    );
    let kafka = reader().format("kafka");
    refused(
        &kafka,
        "One of the following options must be specified for Kafka source: subscribe, subscribepattern, assign. See the docs \
         for more details.",
    );
    refused(
        &kafka.clone().option("subscribe", "a"),
        "Option 'kafka.bootstrap.servers' must be specified for configuring Kafka consumer",
    );
    let error = reader()
        .format("csvv")
        .load()
        .schema()
        .expect_err("no format");
    assert_eq!(
        error.help().map(engine::Text::as_str),
        Some("did you mean `csv`?")
    );
}

#[test]
fn a_pattern_chooses_among_the_topics() {
    let session = session(1).with_topics(["orders-eu", "orders-us", "clicks"]);
    let kafka = session.read_stream().format("kafka");
    let kafka = kafka.option("kafka.bootstrap.servers", "localhost:9092");
    let streams = kafka.option("subscribePattern", "orders-.*").streams();
    let streams = streams.expect("a pattern of Java");
    let names: Vec<String> = streams.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["orders-eu", "orders-us"]);
}
