//! A query that is another one when it is started again.

use std::time::Duration;

use engine::{DataType, QueryContent, SourceOffset};
use engine_structured::functions::{col, explode, split, window};
use engine_structured::{DataStreamWriter, OutputMode};

use super::batches::windows;
use super::life::{Files, Life, counts, offsets, query, word_count};
use crate::support::{check, events_of, session, words_of};

const LINES: [&str; 2] = ["a b", "a"];

/// The files of a word count that has run two micro-batches.
fn two_batches() -> Files {
    let life = Life::of(word_count(), Files::default());
    life.start(&[]).files(&LINES).files
}

/// A word count on this folder and this number of shuffle partitions.
fn count_of(folder: &str, partitions: usize, name: &str) -> DataStreamWriter {
    let session = session(2).with_shuffle_partitions(partitions);
    let lines = session.read_stream().max_files_per_trigger(1).text(folder);
    let words = lines.select([explode(split(col("value"), " ")).alias(name)]);
    let counts = words.group_by(name).count().write_stream();
    counts.output_mode(OutputMode::Update)
}

#[test]
fn mb_8_the_number_of_shuffle_partitions_stays_that_of_the_first_run() {
    let life = Life::of(count_of("inbox", 7, "word"), two_batches());
    let life = life.start(&LINES).files(&["b"]);
    check(&life.shown(), &["2: b=2"]);
    assert!(life.files.names("state/0/2").is_empty());
    let Some(Some(QueryContent::Offsets(saved))) = life.files.0.get(&offsets(2)) else {
        panic!("the input of batch 2 was saved");
    };
    assert_eq!(saved.shuffle_partitions, 2);
}

#[test]
fn mb_9_the_number_of_sources_has_to_be_the_same() {
    let mut files = two_batches();
    let Some(Some(QueryContent::Offsets(saved))) = files.0.get_mut(&offsets(1)) else {
        panic!("the input of batch 1 was saved");
    };
    saved.sources.push(Some(SourceOffset::Number(0)));
    let error = query(word_count())
        .recover(&files)
        .expect_err("it had two sources");
    assert_eq!(
        error.to_string(),
        "There are [2] sources in the checkpoint offsets and now there are [1] sources requested by the query. Cannot \
         continue."
    );
}

/// Seen on a real Spark.
#[test]
fn src_2_a_query_goes_on_with_the_folder_that_it_has_read() {
    let other = query(count_of("elsewhere", 2, "word"));
    let error = other
        .recover(&two_batches())
        .expect_err("it has read another one");
    let expected =
        "Wrong basePath elsewhere for the root path: inbox: the query has read inbox before";
    assert!(error.to_string().starts_with(expected), "{error}");
}

/// Seen on a real Spark: the query begins a micro-batch, and its first task fails.
#[test]
fn ss_7_states_of_other_types_fail_the_next_micro_batch() {
    let numbers = {
        let lines = session(2).read_stream().text("inbox");
        let number = col("value").cast(DataType::Long).alias("number");
        lines.select([number]).group_by("number").count()
    };
    let numbers = numbers.write_stream().output_mode(OutputMode::Update);
    let life = Life::of(numbers, two_batches()).start(&LINES).files(&["3"]);
    let said = life.said();
    let expected = "batch 2: Provided schema doesn't match to the schema for existing state! The states that were saved \
                    have the key (STRING) and the value (BIGINT), and this query has (BIGINT) and (BIGINT)";
    assert!(said[1].starts_with(expected), "{said:?}");
    assert!(life.files.0.contains_key(&offsets(2)));
}

#[test]
fn ss_7_names_may_change() {
    let life = Life::of(count_of("inbox", 2, "letter"), two_batches());
    let life = life.start(&LINES).files(&["b"]);
    check(&life.shown(), &["2: b=2"]);
}

#[test]
fn om_1_the_output_mode_may_change() {
    let complete = counts().write_stream().output_mode(OutputMode::Complete);
    let life = Life::of(complete, two_batches())
        .start(&LINES)
        .files(&["c"]);
    check(&life.shown(), &["2: a=2 c=1 b=1"]);
}

/// Seen on a real Spark.
#[test]
fn src_3_a_longer_delay_leaves_the_watermark_where_it_is() {
    let longer = || {
        let lines = session(2).read_stream().max_files_per_trigger(1);
        let counts = events_of(&lines.text("inbox"))
            .with_watermark("time", Duration::from_secs(30))
            .group_by(window(col("time"), Duration::from_secs(5)));
        let counts = counts.count().write_stream();
        counts.output_mode(OutputMode::Append)
    };
    let life = Life::of(windows(OutputMode::Append), Files::default());
    let files = life.start(&[]).files(&["25"]).files;
    let life = Life::of(longer(), files)
        .start(&["25"])
        .files(&["40", "50"]);
    let said = life.said();
    assert_eq!(said[0], "go on with 2 anew, watermark 15000");
    let shown = life.shown();
    assert_eq!(
        shown.len(),
        3,
        "one for each file, and one as the watermark is 20: {shown:?}"
    );
}

#[test]
fn a_query_without_an_aggregation_takes_no_notice_of_states() {
    let lines = session(2).read_stream().text("inbox").write_stream();
    let life = Life::of(lines, two_batches()).start(&LINES).files(&["c d"]);
    check(&life.shown(), &["2: c d"]);
}

/// Seen on a real Spark.
#[test]
fn ss_7_a_deduplication_takes_words_that_were_counted_as_seen() {
    let lines = session(2)
        .read_stream()
        .max_files_per_trigger(1)
        .text("inbox");
    let distinct = words_of(&lines).drop_duplicates(&["word"]).write_stream();
    let life = Life::of(distinct, two_batches())
        .start(&LINES)
        .files(&["b c", "c d"]);
    check(&life.shown(), &["2: c", "3: d"]);
}

#[test]
fn ss_7_a_count_does_not_go_on_from_words_that_were_seen() {
    let lines = session(2).read_stream().text("inbox");
    let distinct = words_of(&lines).drop_duplicates(&["word"]).write_stream();
    let files = Life::of(distinct, Files::default())
        .start(&[])
        .files(&LINES)
        .files;
    let life = Life::of(word_count(), files).start(&LINES).files(&["b"]);
    let said = life.said();
    assert!(
        said[1].contains("the key (STRING) and the value (STRING), and this query has"),
        "{said:?}"
    );
}
