//! What holds for any lines, however they are batched: the query against its plain twin.

use std::collections::{BTreeMap, BTreeSet};

use engine::testing::ScopedThreads;
use engine::{Counters, DataType, Inline, Row, Text, Value, Workers};
use engine_structured::{GroupStateTimeout, OutputMode, Query};
use proptest::prelude::*;

use crate::support::{Run, session, words_of};

/// A micro-batch: its lines, at least one.
type Batch = Vec<String>;

/// Few words, so that they meet, some of them empty.
fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let line = proptest::collection::vec("[ab]{0,2}", 1..5).prop_map(|words| words.join(" "));
    proptest::collection::vec(proptest::collection::vec(line, 1..6), 1..8)
}

fn word_count(cores: usize, output_mode: OutputMode) -> Query {
    let lines = session(cores).read_stream().memory("lines");
    let counts = words_of(&lines).group_by("word").count().write_stream();
    let query = counts.output_mode(output_mode).num_rows(usize::MAX);
    query.console().expect("the query keeps the rules")
}

/// The same count by a function of each group and its state.
fn counted_groups(cores: usize) -> Query {
    let lines = session(cores).read_stream().memory("lines");
    let words = words_of(&lines).group_by("word");
    let count = ("count", DataType::Long);
    let counts = words.map_groups_with_state(
        &[("word", DataType::String), count.clone()],
        &[count],
        GroupStateTimeout::None,
        |key, rows, state| {
            let before = match state.get() {
                Some([Value::Long(count)]) => *count,
                _ => 0,
            };
            let count = Value::Long(before + rows.len() as i64);
            state.update(vec![count.clone()]);
            Ok(vec![key[0].clone(), count])
        },
    );
    let writer = counts.write_stream().output_mode(OutputMode::Update);
    writer
        .num_rows(usize::MAX)
        .console()
        .expect("the query keeps the rules")
}

/// The table of each of these micro-batches.
fn tables(query: Query, workers: &dyn Workers, batches: &[Batch]) -> Vec<Vec<Row>> {
    play(query, workers, batches).tables()
}

/// A query that was given these micro-batches.
fn play(query: Query, workers: &dyn Workers, batches: &[Batch]) -> Run {
    let mut run = Run::start(query, 0);
    run.hold();
    run.wake_until(0);
    for batch in batches {
        run.lines(0, &batch.iter().map(String::as_str).collect::<Vec<_>>());
        run.wake_until(0);
        run.end_batch(0, workers);
    }
    run
}

/// The slow twin: what a micro-batch takes.
fn counters(batch: &Batch) -> Counters {
    let words: Vec<&str> = batch.iter().flat_map(|line| line.split(' ')).collect();
    let keys = words.iter().collect::<BTreeSet<_>>().len() as u64;
    Counters {
        function_calls: keys,
        keys_touched: keys,
        probes: words.len() as u64,
        states_set: keys,
        ..Counters::default()
    }
}

/// A table as a map, whose words are there once.
fn counts(table: &[Row]) -> BTreeMap<Text, i64> {
    let counts: BTreeMap<Text, i64> = table
        .iter()
        .map(|row| match row.as_slice() {
            [Value::String(word), Value::Long(count)] => (word.clone(), *count),
            other => panic!("a word and its count, not {other:?}"),
        })
        .collect();
    assert_eq!(counts.len(), table.len(), "a word is there once");
    counts
}

fn words(batch: &Batch) -> impl Iterator<Item = Text> {
    batch
        .iter()
        .flat_map(|line| line.split(' '))
        .map(Text::from)
}

/// All words of these batches, counted from scratch.
fn recounted(batches: &[Batch]) -> BTreeMap<Text, i64> {
    let mut counts = BTreeMap::new();
    batches
        .iter()
        .flat_map(words)
        .for_each(|word| *counts.entry(word).or_insert(0) += 1);
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fgs_1_a_count_in_states_equals_that_of_an_aggregation(cores in 1_usize..4, batches in batches()) {
        let aggregated = tables(word_count(cores, OutputMode::Update), &Inline, &batches);
        let workers = ScopedThreads(3);
        let of_groups = tables(counted_groups(cores), &workers, &batches);
        for (one, other) in aggregated.iter().zip(&of_groups) {
            prop_assert_eq!(counts(one), counts(other));
        }
    }

    #[test]
    fn om_1_complete_output_equals_recomputation(cores in 1_usize..4, batches in batches()) {
        let tables = tables(word_count(cores, OutputMode::Complete), &Inline, &batches);
        for (table, end) in tables.iter().zip(1..) {
            prop_assert_eq!(counts(table), recounted(&batches[..end]));
        }
    }

    #[test]
    fn om_1_update_output_is_what_complete_output_has_of_the_touched_words(
        cores in 1_usize..4,
        batches in batches(),
    ) {
        let tables = tables(word_count(cores, OutputMode::Update), &Inline, &batches);
        for (table, end) in tables.iter().zip(1..) {
            let touched: BTreeSet<Text> = words(&batches[end - 1]).collect();
            let mut totals = recounted(&batches[..end]);
            totals.retain(|word, _| touched.contains(word));
            prop_assert_eq!(counts(table), totals);
        }
    }

    #[test]
    fn om_1_append_output_has_every_row_once(cores in 1_usize..4, batches in batches()) {
        let lines = session(cores).read_stream().memory("lines");
        let query = words_of(&lines).write_stream().num_rows(usize::MAX).console();
        let tables = tables(query.expect("the query keeps the rules"), &Inline, &batches);
        for (mut table, batch) in tables.into_iter().zip(&batches) {
            let mut rows: Vec<Row> = words(batch).map(|word| vec![Value::String(word)]).collect();
            table.sort();
            rows.sort();
            prop_assert_eq!(table, rows);
        }
    }

    #[test]
    fn ss_1_many_workers_show_the_same_rows_as_one(cores in 1_usize..4, batches in batches()) {
        for output_mode in [OutputMode::Complete, OutputMode::Update] {
            let one = tables(word_count(cores, output_mode), &Inline, &batches);
            let many = tables(word_count(cores, output_mode), &ScopedThreads(3), &batches);
            prop_assert_eq!(many, one);
        }
    }

    #[test]
    fn counters_are_those_of_a_slow_twin_with_any_workers(
        cores in 1_usize..4,
        workers in 1_usize..4,
        batches in batches(),
    ) {
        for output_mode in [OutputMode::Complete, OutputMode::Update] {
            let run = play(word_count(cores, output_mode), &ScopedThreads(workers), &batches);
            let taken: Vec<Counters> = run.counters().into_iter().map(|(_, taken)| taken).collect();
            let twin: Vec<Counters> = batches.iter().map(counters).collect();
            prop_assert_eq!(taken, twin);
        }
    }

    #[test]
    fn ss_2_the_final_counts_do_not_depend_on_the_batches(
        cores in 1_usize..4,
        batches in batches(),
    ) {
        let piecewise = tables(word_count(cores, OutputMode::Complete), &Inline, &batches);
        let at_once = tables(word_count(cores, OutputMode::Complete), &Inline, &[batches.concat()]);
        prop_assert_eq!(counts(&piecewise[batches.len() - 1]), counts(&at_once[0]));
    }
}
