//! What a micro-batch shows (`OM-*`, `SS-*`, `CON-3`).

use std::time::Duration;

use engine::{Machine, StreamSource, Text};
use engine_structured::functions::{col, explode, split};
use engine_structured::{DataFrame, DataStreamWriter, OutputMode, SparkSession, Trigger};

use crate::support::{Run, check, events, seconds, session, word_count, words, words_of};

/// What is shown of batches of these lines.
#[track_caller]
fn check_shown(writer: DataStreamWriter, batches: &[&[&str]], expected: &[&str]) {
    check(&run(writer, batches).shown(), expected);
}

fn run(writer: DataStreamWriter, batches: &[&[&str]]) -> Run {
    let query = writer.console().expect("the query keeps the rules");
    let mut run = Run::start(query, 0);
    for batch in batches {
        run.lines(0, batch);
        run.wake_until(0);
    }
    run
}

fn counts(output_mode: OutputMode) -> DataStreamWriter {
    let counts = words().group_by("word").count();
    counts.write_stream().output_mode(output_mode)
}

#[test]
fn om_1_complete_output_is_the_whole_table() {
    let shown = run(counts(OutputMode::Complete), &[&["b a b"], &["c"], &["a"]]);
    let sorted = shown.shown().into_iter().map(|table| {
        let (batch_id, rows) = table.split_once(": ").expect("a table has a number");
        let mut rows: Vec<&str> = rows.split(' ').collect();
        rows.sort_unstable();
        format!("{batch_id}: {}", rows.join(" "))
    });
    check(
        &sorted.collect::<Vec<_>>(),
        &["0: a=1 b=2", "1: a=1 b=2 c=1", "2: a=2 b=2 c=1"],
    );
}

#[test]
fn om_1_update_output_is_the_touched_words_with_their_totals() {
    check_shown(
        counts(OutputMode::Update),
        &[&["b a b"], &["c"], &["a a", "c"]],
        &["0: a=1 b=2", "1: c=1", "2: a=3 c=2"],
    );
}

#[test]
fn om_1_append_output_without_aggregation_is_the_rows_of_the_batch() {
    check_shown(
        words().write_stream(),
        &[&["b a b"], &["c"]],
        &["0: b a b", "1: c"],
    );
}

#[test]
fn om_1_update_output_without_aggregation_is_the_rows_of_the_batch_too() {
    let writer = words().write_stream().output_mode(OutputMode::Update);
    check_shown(writer, &[&["b a b"], &["b"]], &["0: b a b", "1: b"]);
}

#[test]
fn an_empty_line_is_one_empty_word() {
    check_shown(
        counts(OutputMode::Update),
        &[&["", "a  b"]],
        &["0: =2 a=1 b=1"],
    );
}

fn lines(cores: usize) -> DataFrame {
    session(cores).read_stream().memory("lines")
}

#[test]
fn lines_are_dealt_out_to_the_cores_in_turn() {
    let batch: &[&[&str]] = &[&["1", "2", "3", "4", "5"]];
    check_shown(lines(1).write_stream(), batch, &["0: 1 2 3 4 5"]);
    check_shown(lines(2).write_stream(), batch, &["0: 1 3 5 2 4"]);
    check_shown(lines(3).write_stream(), batch, &["0: 1 4 2 5 3"]);
    check_shown(lines(9).write_stream(), batch, &["0: 1 2 3 4 5"]);
}

#[test]
fn lines_are_dealt_out_across_all_that_came_since_the_last_batch() {
    let query = lines(2)
        .write_stream()
        .console()
        .expect("the query keeps the rules");
    let mut run = Run::start(query, 0);
    run.line(0, "1");
    run.lines(0, &["2", "3"]);
    run.line(0, "4");
    run.wake_until(0);
    check(&run.shown(), &["0: 1 3 2 4"]);
}

/// How many rows of the last batch are shown, and whether there are more.
#[track_caller]
fn check_rows_shown(writer: DataStreamWriter, batches: &[&[&str]], expected: (usize, bool)) {
    let run = run(writer, batches);
    assert_eq!((run.table().rows.len(), run.table().more), expected);
}

#[test]
fn con_3_a_table_with_more_rows_than_are_shown_says_so() {
    let three = |output_mode| counts(output_mode).num_rows(3);
    check_rows_shown(three(OutputMode::Complete), &[&["a b c"]], (3, false));
    check_rows_shown(
        three(OutputMode::Complete),
        &[&["a b c"], &["d"]],
        (3, true),
    );
    check_rows_shown(three(OutputMode::Update), &[&["a b c d"]], (3, true));
    check_rows_shown(
        three(OutputMode::Update),
        &[&["a b c d"], &["d"]],
        (1, false),
    );
    let append = || words().write_stream();
    check_rows_shown(append().num_rows(3), &[&["a b c"]], (3, false));
    check_rows_shown(append().num_rows(3), &[&["a b c d"]], (3, true));
    check_rows_shown(append().num_rows(0), &[&["a"]], (0, true));
    check_rows_shown(append(), &[&[&["word"; 20].join(" ")]], (20, false));
    check_rows_shown(append(), &[&[&["word"; 21].join(" ")]], (20, true));
}

#[test]
fn con_2_cells_are_cut_unless_the_query_says_otherwise() {
    let append = || words().write_stream();
    assert!(run(append(), &[&["a"]]).table().truncate);
    assert!(!run(append().truncate(false), &[&["a"]]).table().truncate);
}

#[test]
fn columns_have_the_names_they_were_given() {
    #[track_caller]
    fn check_columns(table: &DataFrame, output_mode: OutputMode, expected: &[&str]) {
        let writer = table.write_stream().output_mode(output_mode);
        let run = run(writer, &[&["a b"]]);
        let columns: Vec<&str> = run.table().columns.iter().map(Text::as_str).collect();
        assert_eq!(columns, expected);
    }
    let pieces = || split(col("value"), " ");
    check_columns(&lines(1), OutputMode::Append, &["value"]);
    check_columns(
        &words().group_by("word").count(),
        OutputMode::Update,
        &["word", "count"],
    );
    check_columns(
        &lines(1).select([explode(pieces()), pieces(), col("value").alias("line")]),
        OutputMode::Append,
        &["col", "split(value,  , -1)", "line"],
    );
}

#[test]
fn a_generator_repeats_the_other_columns() {
    let table = lines(1).select([
        col("value").alias("line"),
        explode(split(col("value"), ",")),
    ]);
    check_shown(
        table.select([col("col"), col("line")]).write_stream(),
        &[&["a,b", "c"]],
        &["0: a=a,b b=a,b c=c"],
    );
}

#[test]
fn ss_1_a_word_is_in_the_partition_of_its_hash() {
    let lines = SparkSession::local(2, "rules")
        .read_stream()
        .memory("lines");
    let counts = lines.select([explode(split(col("value"), " ")).alias("word")]);
    let counts = counts.group_by("word").count().write_stream();
    check_shown(
        counts.output_mode(OutputMode::Complete),
        &[&["blue green gohawks"], &["gohawks blue"]],
        &["0: green=1 blue=1 gohawks=1", "1: green=1 blue=2 gohawks=2"],
    );
}

/// It took 2.4 GB when each core had a list for each partition.
#[test]
fn ss_1_partitions_without_groups_cost_next_to_nothing() {
    let session = SparkSession::local(1_024, "rules").with_shuffle_partitions(100_000);
    let lines = session.read_stream().memory("lines");
    let counts = || words_of(&lines).group_by("word").count().write_stream();
    let batches: [&[&str]; 2] = [&["blue green gohawks"], &["gohawks blue"]];
    check_shown(
        counts().output_mode(OutputMode::Complete),
        &batches,
        &["0: blue=1 green=1 gohawks=1", "1: blue=2 green=1 gohawks=2"],
    );
    check_shown(
        counts().output_mode(OutputMode::Update),
        &batches,
        &["0: blue=1 green=1 gohawks=1", "1: blue=2 gohawks=2"],
    );
}

#[test]
fn mb_2c_a_query_does_not_connect_again() {
    assert!(!word_count(Trigger::Default).reconnects());
}

#[test]
fn a_query_knows_its_source() {
    let query = words()
        .write_stream()
        .console()
        .expect("the query keeps the rules");
    let source = StreamSource::Receiver {
        name: "lines".to_owned(),
    };
    assert_eq!(query.sources(), [source]);
}

#[test]
fn om_2_all_rows_are_one_group_which_is_shown_also_without_any() {
    for output_mode in [OutputMode::Complete, OutputMode::Update] {
        let lines = session(2).read_stream().socket("localhost", 9999);
        let none: [&str; 0] = [];
        let total = words_of(&lines).group_by(none).count();
        let query = total.write_stream().output_mode(output_mode).console();
        let mut run = Run::start(query.expect("the query keeps the rules"), 0);
        run.wake_until(0);
        run.line(0, "a b");
        run.wake_until(0);
        run.line(0, "a");
        run.wake_until(0);
        check(&run.shown(), &["0: 0", "1: 2", "2: 3"]);
        let columns: Vec<&str> = run.table().columns.iter().map(Text::as_str).collect();
        assert_eq!(columns, ["count"]);
    }
}

#[test]
fn dd_1_a_deduplication_shows_each_row_once() {
    for output_mode in [OutputMode::Append, OutputMode::Update] {
        let writer = words().drop_duplicates(&["word"]).write_stream();
        let batches: [&[&str]; 3] = [&["b a b"], &["a"], &["c b"]];
        check_shown(
            writer.output_mode(output_mode),
            &batches,
            &["0: a b", "1: ", "2: c"],
        );
    }
}

#[test]
fn dd_1_a_deduplication_has_the_columns_of_its_table() {
    let distinct = events(1).drop_duplicates(&["word", "time"]).write_stream();
    let mut run = Run::start(distinct.console().expect("the query keeps the rules"), 0);
    run.lines(0, &["7 a", "8 a", "7 a"]);
    run.wake_until(0);
    let columns: Vec<&str> = run.table().columns.iter().map(Text::as_str).collect();
    assert_eq!(columns, ["time", "word"]);
    let mut seconds: Vec<i64> = run.tables()[0].iter().map(|row| seconds(&row[0])).collect();
    seconds.sort_unstable();
    assert_eq!(seconds, [7, 8]);
}

#[test]
fn dd_1_rows_are_forgotten_when_they_are_final() {
    let events = events(1).with_watermark("time", Duration::from_secs(10));
    let distinct = events.drop_duplicates(&[]).write_stream();
    let mut run = Run::start(distinct.console().expect("the query keeps the rules"), 0);
    for line in ["20 a", "20 a", "31 a", "20 a", "25 a"] {
        run.lines(0, &[line]);
        run.wake_until(0);
    }
    let shown: Vec<Vec<i64>> = run
        .tables()
        .iter()
        .map(|rows| rows.iter().map(|row| seconds(&row[0])).collect())
        .collect();
    // After 20 and after 31 the watermark asks for another micro-batch. Then 20 is late, and 25 is new.
    let none = Vec::new;
    assert_eq!(
        shown,
        [vec![20], none(), none(), vec![31], none(), none(), vec![25]]
    );
}
