//! The lines of events.

use engine::{Failure, FailureKind, JobId, OutputId, QueryId, SparkVersion, Struct, Table, Value};

use super::*;

const BATCH_TIME: Time = Time::from_millis(1_000);
const OUTPUT: OutputId = OutputId(0);

#[track_caller]
fn check(event: &Event, expected: &str) {
    let mut json = Json::new("p", Vec::new());
    json.read(Time::from_millis(7), event);
    let bytes = json.finish().expect("a vector takes all bytes");
    let text = String::from_utf8(bytes).expect("JSON is text");
    let head = "{\"time_ms\":7,\"pipeline\":\"p\",\"event\":";
    assert_eq!(text, format!("{head}{expected}}}\n"));
}

#[test]
fn met_1_every_event_of_a_batch_has_its_line() {
    let batch_time = BATCH_TIME;
    let output = OUTPUT;
    let zero_time = Time::from_millis(-5);
    check(
        &Event::StreamingStarted { zero_time },
        r#""streaming_started","zero_time_ms":-5"#,
    );
    check(
        &Event::BatchSubmitted {
            batch_time,
            records: 3,
            blocks: Vec::new(),
        },
        r#""batch_submitted","batch_time_ms":1000,"records":3"#,
    );
    check(
        &Event::BatchStarted { batch_time },
        r#""batch_started","batch_time_ms":1000"#,
    );
    check(
        &Event::OutputOperationStarted {
            batch_time,
            output,
            job: JobId(0),
        },
        r#""output_operation_started","batch_time_ms":1000,"output":0"#,
    );
    check(
        &Event::BatchCompleted { batch_time },
        r#""batch_completed","batch_time_ms":1000"#,
    );
    check(&Event::Stopped, r#""stopped""#);
}

#[test]
fn job_4_a_failure_is_text_or_null() {
    let completed = |failure: Option<&str>| Event::OutputOperationCompleted {
        batch_time: BATCH_TIME,
        output: OUTPUT,
        failure: failure.map(|message| Failure::new(FailureKind::Panic, message)),
        job: JobId(0),
    };
    let head = r#""output_operation_completed","batch_time_ms":1000,"output":0"#;
    check(&completed(None), &format!(r#"{head},"failure":null"#));
    check(
        &completed(Some("a \"quoted\"\nreason")),
        &format!(r#"{head},"failure":"a \"quoted\"\n  reason""#),
    );
    check(
        &Event::QueryProgress {
            batch_id: 4,
            records: 2,
            failure: None,
            query: QueryId(0),
            progress: None,
        },
        r#""query_progress","batch_id":4,"records":2,"failure":null"#,
    );
}

#[test]
fn rows_keep_their_values() {
    let pair = Value::Tuple(vec![Value::String("it's".into()), Value::Long(i64::MIN)].into());
    let list = [Value::Null, Value::Boolean(true), Value::Double(1.5.into())];
    let list = Value::Array(list.into_iter().collect());
    check(
        &Event::Printed {
            batch_time: BATCH_TIME,
            output: OUTPUT,
            rows: vec![pair, list],
            more: true,
            records: 1,
        },
        r#""printed","batch_time_ms":1000,"output":0,"rows":[["it's",-9223372036854775808],[null,true,1.5]],"more":true"#,
    );
}

#[test]
fn times_are_texts_in_utc() {
    let [start, end] = [1_529_622_000_000_000, 1_529_622_000_500_000].map(Value::Timestamp);
    let window = Struct::from_iter([("start", start), ("end", end)]);
    check(
        &Event::Printed {
            batch_time: BATCH_TIME,
            output: OUTPUT,
            rows: vec![Value::Struct(window)],
            more: false,
            records: 1,
        },
        r#""printed","batch_time_ms":1000,"output":0,"rows":[["2018-06-21T23:00:00Z","2018-06-21T23:00:00.5Z"]],"more":false"#,
    );
}

#[test]
fn numbers_that_json_has_no_word_for_are_texts() {
    let row = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
    let row = row.map(|number| Value::Double(number.into()));
    check(
        &Event::TableShown {
            batch_id: 0,
            table: Table {
                columns: ["a", "b", "c", "d"].map(Into::into).into(),
                rows: vec![row.to_vec()],
                more: false,
                truncate: true,
                spark: SparkVersion::V3_5,
            },
            query: QueryId(0),
        },
        r#""table_shown","batch_id":0,"columns":["a","b","c","d"],"rows":[["NaN","Infinity","-Infinity",-0.0]],"more":false,"truncate":true"#,
    );
}
