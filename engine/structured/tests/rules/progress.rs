//! The progress of queries (`PRG-*`).

use std::time::Duration;

use engine::render;
use engine::{Event, Inline};
use engine_structured::functions::col;
use engine_structured::functions::window;
use engine_structured::{DataStreamWriter, OutputMode};

use crate::support::{Run, events, session, words, words_of};

/// The JSON of the progress of each micro-batch.
fn progress(run: &Run) -> Vec<String> {
    let json = |event: &Event| match event {
        Event::QueryProgress { progress, .. } => Some(render::progress(
            progress.as_ref().expect("it has not failed"),
        )),
        _ => None,
    };
    run.events().filter_map(json).collect()
}

fn start(writer: DataStreamWriter) -> Run {
    let query = writer.start().expect("the query keeps the rules");
    Run::start(query, 0)
}

#[test]
fn prg_2_the_fields_of_a_progress_stand_in_sparks_order() {
    let lines = session(2).read_stream().socket("localhost", 9999);
    let counts = words_of(&lines).group_by("word").count().write_stream();
    let counts = counts.output_mode(OutputMode::Update).format("noop");
    let mut run = start(counts.query_name("counts"));
    run.wake_until(0);
    run.hold();
    run.lines(2_000, &["a b", "a"]);
    run.wake_until(2_000);
    run.end_batch(2_500, &Inline);
    let [first, second] = <[String; 2]>::try_from(progress(&run)).expect("there were two");
    assert!(
        first.contains(r#""startOffset":null,"endOffset":-1,"#),
        "{first}"
    );
    assert_eq!(
        second,
        r#"{"id":"00000000-0000-0000-0000-000000000001","runId":"00000000-0000-0000-0000-000000000002","#.to_owned()
            + r#""name":"counts","timestamp":"1970-01-01T00:00:02.000Z","batchId":1,"numInputRows":2,"#
            + r#""inputRowsPerSecond":1.0,"processedRowsPerSecond":4.0,"#
            + r#""durationMs":{"addBatch":500,"commitOffsets":0,"getBatch":0,"latestOffset":0,"queryPlanning":0,"#
            + r#""triggerExecution":500,"walCommit":0},"#
            + r#""stateOperators":[{"operatorName":"stateStoreSave","numRowsTotal":2,"numRowsUpdated":2,"#
            + r#""allUpdatesTimeMs":0,"numRowsRemoved":0,"allRemovalsTimeMs":0,"commitTimeMs":0,"#
            + r#""memoryUsedBytes":288,"numRowsDroppedByWatermark":0,"numShufflePartitions":2,"#
            + r#""numStateStoreInstances":2,"customMetrics":{"loadedMapCacheHitCount":4,"loadedMapCacheMissCount":0,"#
            + r#""stateOnCurrentVersionSizeBytes":288}}],"#
            + r#""sources":[{"description":"TextSocketV2[host: localhost, port: 9999]","startOffset":-1,"endOffset":1,"#
            + r#""latestOffset":null,"numInputRows":2,"inputRowsPerSecond":1.0,"processedRowsPerSecond":4.0}],"#
            + r#""sink":{"description":"org.apache.spark.sql.execution.datasources.noop.NoopTable$","numOutputRows":2}}"#
    );
}

#[test]
fn prg_3_a_progress_has_the_watermark_that_the_micro_batch_had() {
    let late = events(2).with_watermark("time", Duration::from_secs(5));
    let counts = late.group_by([window(col("time"), Duration::from_secs(10)), col("word")]);
    let mut run = start(counts.count().write_stream().format("noop"));
    for line in ["1 a", "20 b", "3 c"] {
        run.line(0, line);
        run.wake_until(0);
    }
    let event_times = progress(&run).into_iter().map(|json| {
        let (_, rest) = json
            .split_once(r#""eventTime":"#)
            .expect("it has a watermark");
        rest[..rest.find('}').expect("it ends")].replace("1970-01-01T00:00:", "")
    });
    assert_eq!(
        event_times.collect::<Vec<_>>(),
        [
            r#"{"avg":"01.000Z","max":"01.000Z","min":"01.000Z","watermark":"00.000Z""#,
            r#"{"avg":"20.000Z","max":"20.000Z","min":"20.000Z","watermark":"00.000Z""#,
            r#"{"watermark":"15.000Z""#,
            r#"{"avg":"03.000Z","max":"03.000Z","min":"03.000Z","watermark":"15.000Z""#,
        ]
    );
}

#[test]
fn prg_4_the_first_trigger_has_no_rate() {
    let mut run = start(words().write_stream().format("noop"));
    run.line(0, "a");
    run.wake_until(0);
    let [json] = <[String; 1]>::try_from(progress(&run)).expect("there was one");
    let rates = r#""numInputRows":1,"inputRowsPerSecond":0.0,"processedRowsPerSecond":1000.0"#;
    assert!(json.contains(rates), "{json}");
}
