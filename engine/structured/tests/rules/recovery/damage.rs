//! Files of a checkpoint that are lost or damaged: a query never falls back on an older one.

use engine::{QueryContent, QueryFile};
use engine_structured::QueryRecoverError;

use super::life::{Files, Life, commit, delta, entry, offsets, query, word_count};
use crate::support::check;

const LINES: [&str; 4] = ["a b", "a", "b", "c"];

/// The files of a query that has run four micro-batches.
fn four_batches() -> Files {
    let life = Life::of(word_count(), Files::default());
    life.start(&[]).files(&LINES).files
}

/// The error of a start after this was done to the files.
#[track_caller]
fn refused(harm: impl FnOnce(&mut Files)) -> QueryRecoverError {
    let mut files = four_batches();
    harm(&mut files);
    let refused = query(word_count()).recover(&files);
    refused.expect_err("it cannot go on")
}

#[track_caller]
fn check_refused(expected: &str, harm: impl FnOnce(&mut Files)) {
    let error = refused(harm).to_string();
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn src_4_the_micro_batch_before_the_last_has_to_be_there() {
    check_refused("batch 2 doesn't exist", |files| files.remove(offsets(2)));
    check_refused("offsets/2: it is damaged", |files| files.damage(offsets(2)));
}

#[test]
fn src_4_a_damaged_last_entry_ends_the_query() {
    let harms: [(&str, QueryFile); 3] = [
        (
            "offsets/3: it is damaged at byte 10: a query does not",
            offsets(3),
        ),
        (
            "commits/3: it is damaged at byte 10: a query does not",
            commit(3),
        ),
        (
            "sources/0/3: it is damaged at byte 10: a query does not",
            entry(3),
        ),
    ];
    for (expected, file) in harms {
        check_refused(expected, |files| files.damage(file));
    }
}

#[test]
fn src_4_older_entries_are_not_read() {
    let mut files = four_batches();
    files.remove(offsets(1));
    files.damage(offsets(0));
    files.damage(commit(2));
    let life = Life::of(word_count(), files).start(&LINES).files(&["a"]);
    check(&life.shown(), &["4: a=3"]);
}

#[test]
fn the_query_that_a_folder_is_of_can_be_lost_but_not_damaged() {
    let error = refused(|files| files.damage(QueryFile::Metadata));
    assert!(matches!(error, QueryRecoverError::Metadata(_)));
    assert!(
        error.to_string().starts_with("metadata: it is damaged"),
        "{error}"
    );
    let mut files = four_batches();
    files.remove(QueryFile::Metadata);
    let life = Life::of(word_count(), files).start(&LINES);
    let content = life.files.0.get(&QueryFile::Metadata);
    assert_eq!(
        content,
        Some(&Some(QueryContent::Metadata(
            "00000000-0000-0000-0000-000000000001".into()
        )))
    );
}

/// Seen on a real Spark: the last offsets are lost, but the end of that micro-batch is there.
#[test]
fn src_4_lost_offsets_of_a_micro_batch_that_ended_show_the_one_before_again_and_end_the_query() {
    let mut files = four_batches();
    files.remove(offsets(3));
    let life = Life::of(word_count(), files).start(&LINES);
    check(&life.shown(), &["2: b=2"]);
    let failed = life
        .said()
        .into_iter()
        .find(|line| line.contains("CONCURRENT"));
    let failed = failed.expect("the query has failed");
    let expected = "batch 2: [CONCURRENT_STREAM_LOG_UPDATE] Concurrent update to the log. Multiple streaming jobs detected \
                    for 2";
    assert!(failed.starts_with(expected), "{failed}");
}

/// Seen on a real Spark: all offsets are lost, and the ends of the micro-batches are there.
#[test]
fn src_4_without_offsets_all_that_the_source_has_found_is_read_again() {
    let mut files = four_batches();
    files
        .0
        .retain(|file, _| !matches!(file, QueryFile::Offsets { .. }));
    let life = Life::of(word_count(), files).start(&LINES);
    check(&life.shown(), &["0: a=2 c=1 b=2"]);
    let said = life.said();
    assert!(
        said.iter().any(|line| line.contains("detected for 0")),
        "{said:?}"
    );
}

#[test]
fn src_4_lost_ends_have_the_last_micro_batch_run_again() {
    let mut files = four_batches();
    for batch in 0..4 {
        files.remove(commit(batch));
    }
    let life = Life::of(word_count(), files).start(&LINES);
    check(&life.shown(), &["3: c=1"]);
}

/// Seen on a real Spark: the source reads the entry of the last micro-batch also when that is done.
#[test]
fn src_2_the_files_of_the_last_micro_batch_have_to_be_in_the_log() {
    check_refused("batch 3 doesn't exist", |files| files.remove(entry(3)));
    let hole = "sources/0/1 doesn't exist (latestId: 3)";
    check_refused(hole, |files| files.remove(entry(1)));
    check_refused("sources/0/1: it is damaged", |files| files.damage(entry(1)));
    check_refused("batch 3 doesn't exist", |files| {
        files
            .0
            .retain(|file, _| !matches!(file, QueryFile::Source { .. }));
    });
}

#[test]
fn src_2_a_file_that_is_gone_is_lost_without_a_word() {
    let mut files = four_batches();
    files.remove(commit(3));
    let life = Life::of(word_count(), files).start(&LINES[..3]);
    check(&life.shown(), &["3: "]);
}

/// Seen on a real Spark: the query begins a micro-batch, and its first task fails.
#[test]
fn ss_3_lost_changes_fail_the_next_micro_batch() {
    for harm in [Files::remove, Files::damage] {
        let mut files = four_batches();
        harm(&mut files, delta(1, 2));
        let life = Life::of(word_count(), files).start(&LINES);
        check(&life.said(), &["go on with 4 anew, watermark 0"]);
        let life = life.files(&["a"]);
        let said = life.said();
        let expected = "batch 4: Error reading delta file state/0/1/2.delta: state/0/1/2.delta";
        assert!(said[1].starts_with(expected), "{said:?}");
        assert_eq!(said[2], "Stopped");
        assert_eq!(
            life.files.names("offsets").last().map(String::as_str),
            Some("offsets/4")
        );
        assert!(life.shown().is_empty());
    }
}

#[test]
fn mb_7_what_cannot_be_written_ends_the_query() {
    for name in [
        "metadata",
        "sources/0/1",
        "offsets/1",
        "state/0/1/2.delta",
        "commits/1",
    ] {
        let life = Life::of(word_count(), Files::default()).failing(name);
        let life = life.start(&[]).files(&["a", "b"]);
        let said = life.said().join("\n");
        assert!(
            said.contains(&format!("{name} was not written: the disk is full")),
            "{said}"
        );
        assert!(said.ends_with("Stopped"), "{said}");
        let shows_b = life.shown().contains(&"1: b=1".to_owned());
        assert_eq!(shows_b, name == "commits/1", "{name}");
        // It goes on when the disk is well again.
        let again = Life::of(word_count(), life.files).start(&["a", "b"]);
        let again = again.files(&["a"]);
        let last = if name == "metadata" {
            "0: a=1"
        } else {
            "2: a=2"
        };
        assert!(
            again.shown().contains(&last.to_owned()),
            "{name}: {:?}",
            again.shown()
        );
    }
}
