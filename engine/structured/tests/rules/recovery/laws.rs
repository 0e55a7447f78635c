//! A query may die before any of its effects, and again: its result is that of a query that never died, and a micro-batch
//! that is shown by two lives is the same.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_structured::functions::{call, col, text};
use engine_structured::{DataStreamWriter, OutputMode};
use proptest::prelude::*;

use super::life::{Files, Life};
use crate::support::session;

/// Queries whose result does not depend on the cut of their input into micro-batches. No value has a space; in update mode
/// the first one is the key.
const QUERIES: &[(&str, OutputMode)] = &[
    (
        "SELECT k, count(*) AS c, sum(n) AS s, avg(n) AS a FROM ev GROUP BY k",
        OutputMode::Complete,
    ),
    (
        "SELECT DISTINCT k, n FROM ev ORDER BY n, k LIMIT 3",
        OutputMode::Complete,
    ),
    (
        "SELECT k, max(n) AS m, concat_ws(',', sort_array(collect_list(string(n)))) AS ns FROM ev GROUP BY k",
        OutputMode::Update,
    ),
    (
        "SELECT second(window.start) AS w, count(*) AS c FROM ev GROUP BY window(ts, '10 seconds')",
        OutputMode::Append,
    ),
    (
        "SELECT k, second(session_window.start) AS s, count(*) AS c FROM ev GROUP BY k, session_window(ts, '5 seconds')",
        OutputMode::Append,
    ),
    (
        "SELECT second(ts) AS s, k FROM (SELECT DISTINCT ts, k FROM ev)",
        OutputMode::Append,
    ),
    (
        "SELECT a.k, a.n, b.n AS m FROM ev a LEFT JOIN ev b ON a.k = b.k AND a.n < b.n AND b.ts BETWEEN a.ts AND a.ts + \
         INTERVAL 5 SECONDS",
        OutputMode::Append,
    ),
    ("SELECT 1 AS one FROM ev LIMIT 3", OutputMode::Append),
];

/// A query over the lines of files, of which a micro-batch has one.
fn writer(sql: &str, mode: OutputMode) -> DataStreamWriter {
    let spark = session(2).with_shuffle_partitions(2);
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

/// Files whose rows are later than those of the files before, so that none is late, however they are cut.
fn files() -> impl Strategy<Value = Vec<String>> {
    let row = (0_i64..10, "[ab]", 0_i64..4);
    let files = prop::collection::vec(prop::collection::vec(row, 1..4), 1..5);
    files.prop_map(|files| {
        let files = (0..).zip(files).map(|(number, rows)| {
            let lines = rows.into_iter().map(|(second, key, n)| {
                let second = 10 * number + second;
                format!("{second},{key},{n}")
            });
            lines.collect::<Vec<_>>().join("\n")
        });
        files.collect()
    })
}

/// The lives of a query over these files, and of the last one a file that makes all rows final. Each of these places is
/// that of a death among the effects that the rest of the query has.
fn lives(sql: &str, mode: OutputMode, files: &[&str], deaths: &[f64]) -> Vec<Life> {
    let mut lives = Vec::new();
    let mut saved = Files::default();
    for place in deaths {
        let rest = Life::of(writer(sql, mode), saved.clone()).start(files);
        let dies_at = (rest.effects.len() as f64 * place) as usize;
        let life = Life::of(writer(sql, mode), saved);
        let life = life.dying_at(dies_at).start(files);
        saved = life.files.clone();
        lives.push(life);
    }
    let last = Life::of(writer(sql, mode), saved).start(files);
    lives.push(last.files(&["999,a,3"]));
    lives
}

/// The result of a query: its last table, the last row of each key, or all rows, by the output mode. Rows are sorted, as
/// states that are read from files have another order.
///
/// # Panics
///
/// Panics if a micro-batch is shown twice, and not with the same rows.
fn result(mode: OutputMode, lives: &[Life]) -> Vec<String> {
    let mut tables: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for shown in lives.iter().flat_map(Life::shown) {
        let (batch, rows) = shown.split_once(": ").expect("a table has a number");
        let mut rows: Vec<String> = rows.split_whitespace().map(str::to_owned).collect();
        rows.sort();
        let batch = batch.parse().expect("a number");
        let before = tables.insert(batch, rows.clone());
        let is_same = before.is_none_or(|it| it == rows);
        assert!(is_same, "micro-batch {batch} is another one");
    }
    let mut rows: Vec<String> = match mode {
        OutputMode::Complete => tables.into_values().next_back().unwrap_or_default(),
        OutputMode::Append => tables.into_values().flatten().collect(),
        OutputMode::Update => {
            let rows = tables.into_values().flatten();
            let keyed = rows.map(|row| (row.split('=').next().map(str::to_owned), row));
            keyed.collect::<BTreeMap<_, _>>().into_values().collect()
        }
    };
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn src_4_a_query_that_dies_anywhere_has_the_result_of_one_that_does_not(
        (sql, mode) in prop::sample::select(QUERIES),
        files in files(),
        deaths in prop::collection::vec(0.0..1.0, 1..3),
    ) {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let whole = result(mode, &lives(sql, mode, &files, &[]));
        prop_assert_eq!(result(mode, &lives(sql, mode, &files, &deaths)), whole, "{}", sql);
    }
}
