//! The saved states of a query: changes, snapshots, and how long they are kept.

use engine::{QueryContent, QueryFile, StateChange, StateVersion, Value};
use engine_structured::OutputMode;

use super::batches::windows;
use super::life::{Files, Life, counts, delta, word_count};
use crate::support::check;

/// The changes of all partitions in a version, one line each.
fn changes(files: &Files, version: u64) -> Vec<String> {
    let text = |change: &StateChange| {
        let key = change.key.iter().map(|value| match value {
            Value::String(text) => text.to_string(),
            Value::Struct(window) => format!("{:?}", window.values().next()),
            other => format!("{other:?}"),
        });
        let key: Vec<String> = key.collect();
        match change.value.as_deref() {
            Some([Value::Long(count)]) => format!("{}={count}", key.join(" ")),
            other => format!("{} {other:?}", key.join(" ")),
        }
    };
    let of = |partition| match files.0.get(&delta(partition, version)) {
        Some(Some(QueryContent::States(changes))) => changes.iter().map(text).collect(),
        other => panic!("changes of version {version}, not {other:?}"),
    };
    (0..2)
        .flat_map(|partition: usize| -> Vec<String> { of(partition) })
        .collect()
}

fn snapshot(partition: usize, version: u64) -> QueryFile {
    QueryFile::Snapshot(StateVersion {
        operator: 0,
        partition,
        version,
    })
}

#[test]
fn ss_2_a_version_has_the_changes_of_its_micro_batch_alone() {
    let life = Life::of(word_count(), Files::default()).start(&[]);
    let life = life.files(&["a b c", "b", "d d"]);
    check(&changes(&life.files, 1), &["a=1", "c=1", "b=1"]);
    check(&changes(&life.files, 2), &["b=2"]);
    check(&changes(&life.files, 3), &["d=2"]);
}

#[test]
fn ss_4_a_group_that_is_removed_is_saved_as_one_without_a_value() {
    let life = Life::of(windows(OutputMode::Append), Files::default()).start(&[]);
    let life = life.files(&["10", "25"]);
    let removed = changes(&life.files, 3);
    check(&removed, &["Some(Timestamp(10000000)) None"]);
}

#[test]
fn ss_6_a_micro_batch_that_runs_again_writes_its_version_again() {
    let life = Life::of(word_count(), Files::default()).dying_before("write commits/1");
    let mut files = life.start(&[]).files(&["a", "a"]).files;
    files.damage(delta(0, 2));
    files.damage(delta(1, 2));
    let life = Life::of(word_count(), files)
        .start(&["a", "a"])
        .files(&["a"]);
    check(&life.shown(), &["1: a=2", "2: a=3"]);
    check(&changes(&life.files, 2), &["a=2"]);
}

/// A file a second, so that 60 of them come before the first look at what is saved.
fn minutes(life: Life, minutes: usize) -> Life {
    let words = (0..60 * minutes).map(|number| format!("w{} every", number % 7));
    let words: Vec<String> = words.collect();
    life.files(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn ss_5_each_minute_a_snapshot_is_written_after_more_than_ten_changes() {
    let life = Life::of(word_count(), Files::default()).start(&[]);
    let mut life = minutes(life, 1);
    assert!(
        life.files
            .names("state/0/0")
            .iter()
            .all(|it| !it.ends_with("snapshot"))
    );
    life.now += 1_000;
    life.settle();
    // The first look is a minute after the first micro-batch.
    assert!(life.files.0.contains_key(&snapshot(1, 60)));
    let life = life.files(&["x"; 10]);
    assert_eq!(life.query_wake(), None, "ten changes are not enough");
    let life = life.files(&["x"]);
    assert_eq!(life.query_wake(), Some(121_000));
}

#[test]
fn ss_3_states_are_the_last_snapshot_and_the_changes_since() {
    let life = minutes(Life::of(word_count(), Files::default()).start(&[]), 2);
    let mut files = life.files;
    let last = files
        .names("state/0/0/")
        .into_iter()
        .filter(|it| it.ends_with("snapshot"));
    assert_eq!(last.collect::<Vec<_>>(), ["state/0/0/60.snapshot"]);
    files.0.retain(|file, _| match file {
        QueryFile::Delta(state) => state.version > 60,
        _ => true,
    });
    let before: Vec<String> = (0..120)
        .map(|number| format!("w{} every", number % 7))
        .collect();
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let life = Life::of(word_count(), files.clone())
        .start(&before)
        .files(&["every w0"]);
    let mut shown = life.shown();
    let mut rows: Vec<&str> = shown[0].split(' ').collect();
    rows.sort_unstable();
    assert_eq!(rows, ["120:", "every=121", "w0=19"]);
    // One more that is missing is one too many.
    files.remove(delta(0, 61));
    let life = Life::of(word_count(), files)
        .start(&before)
        .files(&["every w0"]);
    shown = life.said();
    assert!(
        shown[1].contains("Error reading delta file state/0/0/61.delta"),
        "{shown:?}"
    );
}

#[test]
fn ss_5_a_hundred_micro_batches_are_kept() {
    let life = minutes(Life::of(word_count(), Files::default()).start(&[]), 5);
    let logs = |name: &str| {
        let names = life.files.names(name);
        (
            names.len(),
            names[0].clone(),
            names[names.len() - 1].clone(),
        )
    };
    let of = |name: &str, first, last, count| {
        (count, format!("{name}/{first}"), format!("{name}/{last}"))
    };
    assert_eq!(logs("offsets"), of("offsets", 199, 299, 101));
    assert_eq!(logs("commits"), of("commits", 199, 299, 101));
    let versions = life.files.0.keys().filter_map(|file| match file {
        QueryFile::Delta(state) | QueryFile::Snapshot(state) => Some(state.version),
        _ => None,
    });
    // The last look was at version 240: what 140 needs begins with the snapshot of 120.
    assert_eq!(versions.min(), Some(120));
}

#[test]
fn ss_5_a_snapshot_that_cannot_be_written_does_not_end_the_query() {
    let fails = |name: &str| {
        let life = Life::of(word_count(), Files::default())
            .failing(name)
            .start(&[]);
        minutes(life, 2)
    };
    let life = fails("state/0/0/60.snapshot");
    let said = life.said();
    assert!(
        said.iter().any(|line| line.contains("CheckpointFailed")),
        "{said:?}"
    );
    assert_eq!(life.shown().len(), 120);
}

/// Spark's table is another one when it is put together anew, so the order of rows may be.
#[test]
fn ss_3_states_that_were_put_together_have_the_same_groups() {
    let lines: Vec<String> = (0..40)
        .map(|number| format!("w{number} x{}", number % 3))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let complete = || {
        counts()
            .write_stream()
            .output_mode(OutputMode::Complete)
            .num_rows(100)
    };
    let sorted = |life: &Life| {
        let shown = life.shown();
        let mut rows: Vec<String> = shown[shown.len() - 1]
            .split(' ')
            .map(str::to_owned)
            .collect();
        rows.sort_unstable();
        rows
    };
    let whole = Life::of(complete(), Files::default())
        .start(&[])
        .files(&lines);
    let part = Life::of(complete(), Files::default())
        .start(&[])
        .files(&lines[..30]);
    let rest = Life::of(complete(), part.files)
        .start(&lines[..30])
        .files(&lines[30..]);
    assert_eq!(sorted(&whole), sorted(&rest));
}

/// As in Spark 3.5.9: the stores of the first version are new ones, also when a query is started again.
#[test]
fn ss_2_the_first_micro_batch_shows_its_groups_in_the_same_order_when_it_runs_again() {
    let complete = || counts().write_stream().output_mode(OutputMode::Complete);
    for words in [
        "a b",
        "a b c d",
        "a b c d e f g h",
        "a b c d e f g h i j k l",
    ] {
        let life = Life::of(complete(), Files::default()).dying_before("write commits/0");
        let life = life.start(&[words]);
        let again = Life::of(complete(), life.files.clone()).start(&[words]);
        assert_eq!(again.shown(), life.shown());
    }
}
