//! Refusals of plans, with their words.

use super::*;
use crate::functions::{col, explode, split, timestamp_seconds, window};
use crate::{DataFrame, SparkSession};

fn lines() -> DataFrame {
    SparkSession::local(2, "analysis")
        .read_stream()
        .memory("lines")
}

fn words() -> DataFrame {
    lines().select([explode(split(col("value"), " ")).alias("word")])
}

/// Events with a time and a word.
fn events() -> DataFrame {
    let fields = lines().select([split(col("value"), " ").alias("f")]);
    let seconds = col("f").get_item(0).cast(DataType::Long);
    fields.select([
        timestamp_seconds(seconds).alias("time"),
        col("f").get_item(1).alias("word"),
    ])
}

fn watermarked() -> DataFrame {
    events().with_watermark("time", TEN_SECONDS)
}

fn tumbling(column: &str) -> Column {
    window(col(column), TEN_SECONDS)
}

const TEN_SECONDS: Duration = Duration::from_secs(10);

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a case reads best with its result in place"
)]
fn check(table: &DataFrame, output_mode: OutputMode, expected: Result<(), AnalysisError>) {
    let query = table.write_stream().output_mode(output_mode).console();
    assert_eq!(query.map(|_| ()), expected);
}

#[track_caller]
fn check_refused(table: &DataFrame, text: &str) {
    let refused = table.write_stream().console().err();
    assert_eq!(
        refused.map(|error| error.to_string()).as_deref(),
        Some(text)
    );
}

#[test]
fn om_3_complete_output_needs_an_aggregation() {
    let refused = Err(AnalysisError::CompleteWithoutAggregation);
    check(&words(), OutputMode::Complete, refused);
    check(
        &words().group_by("word").count(),
        OutputMode::Complete,
        Ok(()),
    );
}

#[test]
fn om_3_append_output_of_an_aggregation_needs_a_watermark() {
    let refused = Err(AnalysisError::AppendWithAggregation);
    check(
        &words().group_by("word").count(),
        OutputMode::Append,
        refused,
    );
    check(&words(), OutputMode::Append, Ok(()));
}

#[test]
fn om_3_append_output_needs_the_watermark_on_a_column_of_the_key() {
    let check = |table: DataFrame, keys: Vec<Column>, expected| {
        check(&table.group_by(keys).count(), OutputMode::Append, expected);
    };
    check(watermarked(), vec![tumbling("time"), col("word")], Ok(()));
    check(watermarked(), vec![col("word"), col("TIME")], Ok(()));
    let renamed = watermarked().select([col("time").alias("t"), col("word")]);
    check(renamed, vec![tumbling("t").alias("w")], Ok(()));
    let refused = || Err(AnalysisError::AppendWithAggregation);
    check(watermarked(), vec![col("word")], refused());
    check(events(), vec![tumbling("time"), col("word")], refused());
    let again = timestamp_seconds(col("time").cast(DataType::Long));
    let computed = window(again, TEN_SECONDS);
    check(watermarked(), vec![computed], refused());
}

#[test]
fn om_3_a_second_watermark_is_refused() {
    let again = watermarked().with_watermark("time", TEN_SECONDS);
    check(
        &again,
        OutputMode::Append,
        Err(AnalysisError::SecondWatermark),
    );
    let counts = watermarked().group_by("time").count();
    let after = counts.with_watermark("time", TEN_SECONDS);
    let refused = Err(AnalysisError::WatermarkAfterAggregation);
    check(&after, OutputMode::Append, refused);
}

#[test]
fn wm_9_at_most_one_column_of_a_key_has_the_watermark() {
    let both = watermarked().group_by([tumbling("time"), col("time")]);
    let refused = Err(AnalysisError::EventTimeColumns);
    check(&both.count(), OutputMode::Append, refused);
    let twice = watermarked().group_by(["time", "time"]).count();
    check(&twice, OutputMode::Append, Ok(()));
}

#[test]
fn windows_are_over_times_and_one_in_a_select() {
    check_refused(
        &events().group_by(tumbling("word")).count(),
        "`window` takes TIMESTAMP, not STRING",
    );
    check_refused(
        &events().with_watermark("word", TEN_SECONDS),
        "`with_watermark` takes TIMESTAMP, not STRING",
    );
    let text = "a window is at least one microsecond long, and at most 292,000 years";
    for length in [Duration::ZERO, Duration::from_nanos(999), Duration::MAX] {
        check_refused(&events().select([window(col("time"), length)]), text);
    }
    let other = window(col("time"), Duration::from_secs(1));
    check_refused(
        &events().select([tumbling("time"), other]),
        "multiple time windows would result in a cartesian product of rows",
    );
    let same = events().select([tumbling("time"), tumbling("time").alias("w")]);
    check(&same, OutputMode::Append, Ok(()));
}

#[test]
fn a_key_has_no_generator() {
    let generator = explode(split(col("value"), " "));
    let text = "a generator is not supported inside another expression";
    check_refused(&lines().group_by(generator).count(), text);
}

#[test]
fn om_3_update_output_is_always_allowed() {
    check(&words(), OutputMode::Update, Ok(()));
    check(
        &words().group_by("word").count(),
        OutputMode::Update,
        Ok(()),
    );
    check(&lines(), OutputMode::Update, Ok(()));
}

#[test]
fn names_are_found_whatever_their_case() {
    let counts = lines().select([col("VALUE")]).group_by("Value").count();
    check(&counts, OutputMode::Complete, Ok(()));
}

#[test]
fn an_unknown_name_is_refused() {
    let text = "there is no column `word`; the table has `value`";
    check_refused(&lines().select([col("word")]), text);
    check_refused(&lines().group_by("word").count(), text);
    let text = "there is no column `value`; the table has `word`, `line`";
    let table = lines().select([col("value").alias("word"), col("value").alias("line")]);
    check_refused(&table.select([col("value")]), text);
}

#[test]
fn a_name_that_two_columns_have_is_refused() {
    let table = lines().select([
        col("value"),
        explode(split(col("value"), " ")).alias("Value"),
    ]);
    let text = "reference `value` is ambiguous: more than one column has this name";
    check_refused(&table.group_by("value").count(), text);
}

#[test]
fn a_function_is_refused_what_it_does_not_take() {
    let pieces = || split(col("value"), " ");
    check_refused(
        &lines().select([explode(col("value"))]),
        "`explode` takes ARRAY, not STRING",
    );
    check_refused(
        &lines().select([split(pieces(), " ")]),
        "`split` takes STRING, not ARRAY<STRING>",
    );
    check_refused(
        &lines().select([pieces().cast(DataType::Long)]),
        "a cast of ARRAY<STRING> to BIGINT is not supported",
    );
    check_refused(
        &lines().select([col("value").get_item(0)]),
        "`get_item` takes ARRAY, not STRING",
    );
    check_refused(
        &lines().select([timestamp_seconds(col("value"))]),
        "`timestamp_seconds` takes BIGINT, not STRING",
    );
    check_refused(
        &lines()
            .select([pieces().alias("words")])
            .group_by("words")
            .count(),
        "`group_by` takes STRING, INT, BIGINT, TIMESTAMP or STRUCT, not ARRAY<STRING>",
    );
}

#[test]
fn one_generator_in_a_select_is_allowed_and_none_inside_an_expression() {
    let generator = || explode(split(col("value"), " "));
    check_refused(
        &lines().select([generator(), col("value"), generator()]),
        "only one generator is allowed per select clause",
    );
    let nested = "a generator is not supported inside another expression";
    check_refused(&lines().select([split(generator(), "a")]), nested);
    check_refused(&lines().select([explode(generator())]), nested);
}

#[test]
fn a_separator_that_is_a_regular_expression_is_refused() {
    for separator in ["", ".", "a|b", "\\s", "[ ]"] {
        let query = lines().select([split(col("value"), separator)]);
        let refused = Err(AnalysisError::Separator(separator.to_owned()));
        check(&query, OutputMode::Append, refused);
    }
}

#[test]
fn nothing_may_follow_an_aggregation() {
    let counts = words().group_by("word").count();
    let again = counts.group_by("word").count();
    check(
        &again,
        OutputMode::Complete,
        Err(AnalysisError::SecondAggregation),
    );
    let selected = counts.select([col("word")]);
    check(
        &selected,
        OutputMode::Complete,
        Err(AnalysisError::SelectAfterAggregation),
    );
}

#[test]
fn a_cluster_has_cores_and_a_shuffle_partitions() {
    let no_cores = SparkSession::local(0, "none").read_stream().memory("lines");
    check_refused(&no_cores, "the number of cores must be at least 1");
    let many = SparkSession::local(1_000_000, "many")
        .read_stream()
        .memory("lines");
    check_refused(
        &many,
        "the number of cores must be at most 1024, not 1000000",
    );
    let session = SparkSession::local(1, "many").with_shuffle_partitions(usize::MAX);
    check_refused(
        &session.read_stream().memory("lines"),
        &format!(
            "the number of shuffle partitions must be at most 100000, not {}",
            usize::MAX
        ),
    );
    let session = SparkSession::local(1, "none").with_shuffle_partitions(0);
    let text = "the number of shuffle partitions must be at least 1";
    check_refused(&session.read_stream().memory("lines"), text);
}

#[test]
fn dd_1_a_deduplication_is_by_all_columns_and_has_no_complete_mode() {
    let distinct = events().drop_duplicates(&["word", "time"]);
    check(&distinct, OutputMode::Append, Ok(()));
    check(
        &distinct,
        OutputMode::Complete,
        Err(AnalysisError::CompleteWithoutAggregation),
    );
    let some = events().drop_duplicates(&["word"]);
    let text = "a deduplication by some columns is not supported; name all of them: time, word";
    check_refused(&some, text);
    let unknown = events().drop_duplicates(&["name"]);
    check_refused(
        &unknown,
        "there is no column `name`; the table has `time`, `word`",
    );
    let text = "an aggregation after a deduplication is not supported";
    check_refused(&distinct.group_by("word").count(), text);
    let text = "a select after a deduplication is not supported";
    check_refused(&distinct.select([col("word")]), text);
}
