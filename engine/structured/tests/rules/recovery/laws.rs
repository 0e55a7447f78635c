//! A query may die before any of its effects: the tables of its micro-batches are the same, whichever life shows them.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_structured::functions::{call, col, text};
use engine_structured::{DataStreamWriter, OutputMode};
use proptest::prelude::*;

use super::life::{Files, Life};
use crate::support::session;

const QUERIES: &[(&str, OutputMode)] = &[
    (
        "SELECT k, count(*) AS c, sum(n) AS s FROM ev GROUP BY k",
        OutputMode::Complete,
    ),
    (
        "SELECT k, max(k) AS m, collect_list(n) AS ns FROM ev GROUP BY k",
        OutputMode::Update,
    ),
    (
        "SELECT window(ts, '10 seconds') AS w, count(*) AS c FROM ev GROUP BY 1",
        OutputMode::Append,
    ),
    (
        "SELECT k, session_window(ts, '5 seconds') AS w, count(*) AS c FROM ev GROUP BY 1, 2",
        OutputMode::Append,
    ),
    ("SELECT DISTINCT k, n FROM ev", OutputMode::Update),
    (
        "SELECT a.k, a.n, b.n AS m FROM ev a JOIN ev b ON a.k = b.k AND a.n < b.n AND b.ts >= a.ts",
        OutputMode::Append,
    ),
];

/// A query over the lines of files, of which a micro-batch has one.
fn writer(sql: &str, mode: OutputMode) -> DataStreamWriter {
    let spark = session(2);
    let lines = spark.read_stream().max_files_per_trigger(1).text("inbox");
    let schema = text("s BIGINT, k STRING, n INT");
    let fields = lines.select([call("from_csv", [col("value"), schema]).alias("f")]);
    let ev = fields.select([
        call("timestamp_seconds", [col("f.s")]).alias("ts"),
        col("f.k").alias("k"),
        col("f.n").alias("n"),
    ]);
    let ev = ev.with_watermark("ts", Duration::from_secs(5));
    ev.create_or_replace_temp_view("ev");
    spark.sql(sql).write_stream().output_mode(mode)
}

/// The table of each micro-batch, and those that are shown twice are the same.
fn tables(lives: &[&Life]) -> BTreeMap<String, String> {
    let mut tables = BTreeMap::new();
    for shown in lives.iter().flat_map(|life| life.shown()) {
        let (batch, table) = shown.split_once(": ").unwrap_or((&shown, ""));
        let before = tables.insert(batch.to_owned(), table.to_owned());
        assert!(
            before.is_none_or(|it| it == table),
            "batch {batch} is another one"
        );
    }
    tables
}

fn files() -> impl Strategy<Value = Vec<String>> {
    let line =
        (0_i64..60, "[ab]", 0_i64..4).prop_map(|(second, key, n)| format!("{second},{key},{n}"));
    let lines = prop::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n"));
    prop::collection::vec(lines, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn src_4_a_query_that_dies_anywhere_shows_the_tables_of_one_that_does_not(
        files in files(),
        place in 0.0..1.0,
    ) {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        for (sql, mode) in QUERIES {
            let whole = Life::of(writer(sql, *mode), Files::default()).start(&files);
            let dies_at = (whole.effects.len() as f64 * place) as usize;
            let first = Life::of(writer(sql, *mode), Files::default());
            let first = first.dying_at(dies_at).start(&files);
            let second = Life::of(writer(sql, *mode), first.files.clone()).start(&files);
            prop_assert_eq!(tables(&[&first, &second]), tables(&[&whole]), "{} dies at {}", sql, dies_at);
        }
    }
}
