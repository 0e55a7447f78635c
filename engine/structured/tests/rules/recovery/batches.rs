//! The micro-batches of a query that is started again.

use std::time::Duration;

use engine::{Input, Machine, StreamId, Text, Time};
use engine_structured::functions::{col, window};
use engine_structured::{DataStreamWriter, OutputMode, Trigger};

use super::life::{Files, Life, commit, counts, query, word_count};
use crate::support::{check, events_of, session, words_of};

/// Windows of five seconds with a watermark of ten, of one file in a micro-batch.
pub(super) fn windows(output_mode: OutputMode) -> DataStreamWriter {
    let lines = session(2).read_stream().max_files_per_trigger(1);
    let events = events_of(&lines.text("inbox"));
    let counts = events
        .with_watermark("time", Duration::from_secs(10))
        .group_by(window(col("time"), Duration::from_secs(5)))
        .count();
    counts.write_stream().output_mode(output_mode)
}

/// The end of each window and its count.
fn windows_shown(life: &Life) -> Vec<String> {
    let shown = life.shown().into_iter();
    shown
        .map(|table| {
            table
                .replace("{1970-01-01 00:00:", "")
                .replace(", 1970-01-01 00:00:", "-")
        })
        .collect()
}

#[test]
fn mb_1_a_micro_batch_and_its_files_in_order() {
    let life = Life::of(word_count(), Files::default())
        .start(&[])
        .files(&["a b"]);
    check(
        &life.effects,
        &[
            "write metadata",
            "write sources/0/0",
            "write offsets/0",
            "run",
            "write state/0/0/_metadata/schema",
            "write state/0/0/1.delta",
            "write state/0/1/1.delta",
            "states of 1000 ms",
            "show 0: a=1 b=1",
            "write commits/0",
            "done 0",
        ],
    );
}

#[test]
fn mb_1_each_step_waits_until_the_one_before_is_durable() {
    let mut life = Life::of(word_count(), Files::default()).start(&[]);
    life.holds = true;
    let mut life = life.files(&["a"]);
    assert_eq!(
        life.effects.last().map(String::as_str),
        Some("write sources/0/0")
    );
    check(&life.acknowledge(), &["write offsets/0"]);
    life.hand_in(Input::Stored {
        stream: StreamId(0),
        records: [Text::from("b")].into(),
    });
    assert_eq!(life.query.next_wake(), None);
    assert_eq!(life.acknowledge()[0], "run");
    assert_eq!(
        life.effects.last().map(String::as_str),
        Some("write state/0/1/1.delta")
    );
    let after_states = life.acknowledge();
    assert_eq!(
        after_states.last().map(String::as_str),
        Some("write commits/0")
    );
    assert_eq!(life.query.next_wake(), None);
    check(&life.acknowledge(), &["done 0"]);
    assert_eq!(life.query.next_wake(), Some(Time::from_millis(life.now)));
}

/// Dies before an effect of the micro-batch of the second file, and is started again with the files there are.
#[track_caller]
fn check_death(effect: &str, first_life: &[&str], second_life: &[&str]) {
    let life = Life::of(word_count(), Files::default()).dying_before(effect);
    let life = life.start(&[]).files(&["a b", "a"]);
    assert!(life.is_dead, "{effect}");
    check(&life.shown(), first_life);
    let life = Life::of(word_count(), life.files);
    let life = life.start(&["a b", "a"]).files(&["a c"]);
    let mut said = life.said();
    said.retain(|line| !line.starts_with("states"));
    check(&said, second_life);
}

/// The table of restarts: what is there of the last micro-batch, and what runs then.
#[test]
fn src_4_whatever_was_its_last_effect_a_query_goes_on() {
    let (first, second) = ("0: a=1 b=1", "1: a=2");
    let is_new = ["show 1: a=2", "done 1", "show 2: a=3 c=1", "done 2"];
    let anew = |begin: &'static str| [&[begin], is_new.as_slice()].concat();
    check_death(
        "write sources/0/1",
        &[first],
        &anew("go on with 1 anew, watermark 0"),
    );
    check_death(
        "write offsets/1",
        &[first],
        &anew("go on with 1 anew, watermark 0"),
    );
    let again = anew("go on with 1 again, watermark 0");
    let from_0 = [
        "go on with 0 again, watermark 0",
        "show 0: a=1 b=1",
        "done 0",
    ];
    check_death("run", &[], &[&from_0, is_new.as_slice()].concat());
    check_death("write state/0/0/2.delta", &[first], &again);
    check_death("write state/0/1/2.delta", &[first], &again);
    check_death("show 1: a=2", &[first], &again);
    check_death("write commits/1", &[first, second], &again);
    let is_done = [
        "go on with 2 anew, watermark 0",
        "show 2: a=3 c=1",
        "done 2",
    ];
    check_death("done 1", &[first, second], &is_done);
}

#[test]
fn src_4_a_query_without_anything_saved_begins_with_batch_0() {
    let life = Life::of(word_count(), Files::default()).dying_before("write offsets/0");
    let life = life.start(&[]).files(&["a"]);
    let life = Life::of(word_count(), life.files).start(&["a"]);
    check(
        &life.said(),
        &["states of 1000 ms", "show 0: a=1", "done 0"],
    );
}

#[test]
fn src_4_two_ends_that_are_lost_have_only_the_last_micro_batch_run_again() {
    let life = Life::of(word_count(), Files::default()).start(&[]);
    let mut files = life.files(&["a", "a", "a"]).files;
    files.remove(commit(2));
    files.remove(commit(1));
    let life = Life::of(word_count(), files).start(&["a", "a", "a"]);
    check(&life.shown(), &["2: a=3"]);
}

#[test]
fn src_1_a_micro_batch_without_an_end_is_shown_at_each_start() {
    let mut files = Files::default();
    for _ in 0..3 {
        let life = Life::of(word_count(), files).dying_before("write commits/0");
        let life = life.start(&["a a"]);
        check(&life.shown(), &["0: a=2"]);
        files = life.files;
    }
}

#[test]
fn mb_4_no_micro_batch_without_data_runs_before_the_first_with_data() {
    let life = Life::of(windows(OutputMode::Append), Files::default());
    let life = life
        .dying_before("write offsets/1")
        .start(&[])
        .files(&["10\n25"]);
    let life = Life::of(windows(OutputMode::Append), life.files).start(&["10\n25"]);
    check(&life.said(), &["go on with 1 anew, watermark 15000"]);
    let life = life.files(&["26"]);
    check(&windows_shown(&life), &["1: 10-15}=1", "2: "]);
}

#[test]
fn mb_4_one_that_runs_again_may_ask_for_another() {
    let life = Life::of(windows(OutputMode::Append), Files::default());
    let life = life
        .dying_before("write commits/0")
        .start(&[])
        .files(&["10\n25"]);
    let life = Life::of(windows(OutputMode::Append), life.files).start(&["10\n25"]);
    check(&windows_shown(&life), &["0: ", "1: 10-15}=1"]);
}

/// The second of two watermarks is that of the log, so that a row is late as it would have been.
#[test]
fn wm_4_rows_are_late_after_a_restart_as_before() {
    let before = ["25", "40"];
    for is_late in [false, true] {
        let last = if is_late {
            "write offsets/4"
        } else {
            "write offsets/1"
        };
        let life = Life::of(windows(OutputMode::Update), Files::default());
        let life = life.dying_before(last).start(&[]);
        let given = if is_late { &before[..] } else { &before[..1] };
        let life = life.files(given).files(&["never"]);
        assert!(life.is_dead);
        let life = Life::of(windows(OutputMode::Update), life.files);
        let life = life.start(given).files(&["12"]);
        let expected = if is_late { "4: " } else { "1: 10-15}=1" };
        assert_eq!(windows_shown(&life)[0], expected, "{last}");
    }
}

#[test]
fn mb_6_a_micro_batch_that_runs_again_has_the_time_of_its_trigger() {
    let life = Life::of(word_count(), Files::default()).dying_before("write commits/1");
    let life = life.start(&[]).files(&["a", "b"]);
    let life = Life::of(word_count(), life.files).start(&["a", "b", "c"]);
    let times = life
        .said()
        .into_iter()
        .filter(|line| line.starts_with("states"));
    check(
        &times.collect::<Vec<_>>(),
        &["states of 2000 ms", "states of 3000 ms"],
    );
}

#[test]
fn trg_3_once_runs_the_last_micro_batch_again_and_leaves_what_is_new() {
    let life = Life::of(word_count(), Files::default()).dying_before("write commits/1");
    let life = life.start(&[]).files(&["a", "b"]);
    let once = || word_count().trigger(Trigger::Once);
    let life = Life::of(once(), life.files).start(&["a", "b", "c", "d"]);
    check(&life.shown(), &["1: b=1"]);
    assert!(life.query.is_stopped());
    // Its limit to the number of files does not count.
    let life = Life::of(once(), life.files).start(&["a", "b", "c", "d"]);
    check(&life.shown(), &["2: c=1 d=1"]);
}

#[test]
fn trg_4_available_now_works_off_all_files_in_micro_batches_of_their_limit() {
    let life = Life::of(word_count(), Files::default()).dying_before("write commits/1");
    let life = life.start(&[]).files(&["a", "b"]);
    let now = word_count().trigger(Trigger::AvailableNow);
    let life = Life::of(now, life.files).start(&["a", "b", "c", "d"]);
    check(&life.shown(), &["1: b=1", "2: c=1", "3: d=1"]);
    assert!(life.query.is_stopped());
}

#[test]
fn trg_2_an_interval_has_one_file_a_tick_after_a_restart() {
    let every_second = || word_count().trigger(Trigger::ProcessingTime(Duration::from_secs(1)));
    let life = Life::of(every_second(), Files::default())
        .start(&[])
        .files(&["a"]);
    let mut life = Life::of(every_second(), life.files).start(&["a", "b", "c"]);
    check(&life.shown(), &["1: b=1"]);
    life.now += 1_000;
    life.settle();
    check(&life.shown(), &["1: b=1", "2: c=1"]);
}

/// Seen on a real Spark, but for the failure's advice.
#[test]
fn src_2_a_socket_loses_its_lines() {
    let socket = || {
        let lines = session(2).read_stream().socket("localhost", 9999);
        let words = words_of(&lines).group_by("word").count();
        words.write_stream().output_mode(OutputMode::Update)
    };
    let life = Life::of(socket(), Files::default()).dying_before("write commits/2");
    let life = life.start(&[]).files(&["a", "b", "c"]);
    check(&life.shown(), &["0: ", "1: a=1", "2: b=1"]);
    // Batch 2 runs again without its line. The next one ends the query, as the source cannot let go of what it has not.
    let life = Life::of(socket(), life.files).start(&[]);
    check(&life.shown(), &["2: "]);
    let life = life.files(&["c"]);
    let failed = life
        .said()
        .into_iter()
        .find(|line| line.contains("at 0 deleting 2"));
    assert!(
        failed.is_some_and(|line| line.starts_with("batch 3: ")),
        "{:?}",
        life.said()
    );
    assert!(life.query.is_stopped());
    // At the next start the new offsets are there.
    let life = Life::of(socket(), life.files).start(&[]).files(&["d", "a"]);
    check(&life.shown(), &["3: ", "4: d=1", "5: a=2"]);
}

/// Seen on a real Spark.
#[test]
fn mb_2_an_empty_file_has_a_micro_batch() {
    let life = Life::of(word_count(), Files::default())
        .start(&[])
        .files(&["a", "", "a"]);
    check(&life.shown(), &["0: a=1", "1: ", "2: a=2"]);
}

#[test]
fn a_query_without_states_saves_its_input_alone() {
    let lines = || {
        let lines = session(2).read_stream().text("inbox");
        words_of(&lines).write_stream()
    };
    let life = Life::of(lines(), Files::default()).dying_before("write commits/1");
    let life = life.start(&[]).files(&["a b", "c"]);
    assert!(life.files.names("state").is_empty());
    let life = Life::of(lines(), life.files)
        .start(&["a b", "c"])
        .files(&["d"]);
    check(&life.shown(), &["1: c", "2: d"]);
}

#[test]
fn the_memory_of_a_test_has_no_checkpoint() {
    let lines = session(2).read_stream().memory("lines");
    let refused = lines.write_stream().checkpoint().console();
    let error = refused.expect_err("it keeps no lines").to_string();
    assert!(
        error.starts_with("a memory source keeps no lines"),
        "{error}"
    );
    let none = session(2)
        .read_stream()
        .max_files_per_trigger(0)
        .text("inbox");
    let error = none
        .write_stream()
        .console()
        .expect_err("no file, no batch");
    assert_eq!(
        error.to_string(),
        "Invalid value '0' for option 'maxFilesPerTrigger', must be a positive integer"
    );
}

#[test]
fn a_query_without_a_checkpoint_writes_nothing() {
    let life = counts()
        .write_stream()
        .output_mode(OutputMode::Update)
        .console();
    assert!(life.is_ok_and(|query| !query.writes()));
    assert!(query(word_count()).writes());
}

/// Each operator goes on from its own states, and each source where it was.
#[test]
fn ss_1_a_query_with_several_states_goes_on_with_all_of_them() {
    let writer = || {
        let lines = session(2)
            .read_stream()
            .max_files_per_trigger(1)
            .text("inbox");
        let words = words_of(&lines).drop_duplicates(&["word"]);
        let lengths =
            words.group_by(engine_structured::functions::length(col("word")).alias("length"));
        lengths
            .count()
            .write_stream()
            .output_mode(OutputMode::Complete)
    };
    let life = Life::of(writer(), Files::default())
        .start(&[])
        .files(&["a bb", "c a"]);
    check(&life.shown(), &["0: 2=1 1=1", "1: 2=1 1=2"]);
    let names = life.files.names("state/");
    assert!(names.contains(&"state/0/0/2.delta".to_owned()), "{names:?}");
    assert!(names.contains(&"state/1/1/2.delta".to_owned()), "{names:?}");
    let life = Life::of(writer(), life.files)
        .start(&["a bb", "c a"])
        .files(&["c bb dd"]);
    check(&life.shown(), &["2: 2=2 1=2"]);
}
