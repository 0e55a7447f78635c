//! State that only data and time-outs touch (`MWS-*`), and the order in which Spark reads it
//! (`MAP-*`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::testing::Stepper;
use engine::{
    Event, Inline, MapWithStateDStream, RowOrder, SparkContext, State, StateSpec, StreamingContext,
    Text, Time, Workers, sink,
};
use proptest::prelude::*;

use crate::support::Threads;

/// What a record tells the function to do.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Adds to the state.
    Add(i64),
    /// Looks, and changes nothing.
    Look,
    /// Removes the state.
    Remove,
    /// Panics.
    Fail,
}

use Deed::{Add, Fail, Look, Remove};

/// A row a call: the key with its state after the call, `!` if it timed out, `-` without state.
fn obey(key: &Text, deed: Option<Deed>, state: &mut State<'_, i64>) -> Text {
    match deed {
        Some(Add(n)) => state.update(state.get_option().unwrap_or(&0) + n),
        Some(Look) => {}
        Some(Remove) => state.remove(),
        Some(Fail) => panic!("{key} fails"),
        None => {
            assert!(state.is_timing_out());
            return format!("{key}{}!", state.get()).into();
        }
    }
    match state.get_option() {
        Some(state) => format!("{key}{state}").into(),
        None => format!("{key}-").into(),
    }
}

/// The settings of a program.
#[derive(Clone, Debug)]
struct Setting {
    row_order: RowOrder,
    cores: usize,
    timeout: Option<u64>,
    initial: Vec<(Text, i64)>,
}

const PLAIN: Setting = Setting {
    row_order: RowOrder::Python,
    cores: 1,
    timeout: None,
    initial: Vec::new(),
};

type Batch = Vec<(Text, Deed)>;

/// What is printed of each batch: the mapped rows, then the state.
fn printed(setting: &Setting, workers: &dyn Workers, batches: &[Batch]) -> Vec<(String, String)> {
    let (mut stepper, _) = program(setting, batches);
    for _ in batches {
        stepper.step(workers);
    }
    assert_eq!(stepper.failure(), None);
    blocks(&stepper)
}

fn program(
    setting: &Setting,
    batches: &[Batch],
) -> (Stepper, MapWithStateDStream<Text, i64, Text>) {
    let sc = SparkContext::local(setting.cores, "state").with_row_order(setting.row_order);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let records = ssc.queue_stream(batches.to_vec());
    let mut spec = StateSpec::function(obey).initial_state(setting.initial.clone());
    if let Some(seconds) = setting.timeout {
        spec = spec.timeout(Duration::from_secs(seconds));
    }
    let states = records.map_with_state(spec);
    states.print_first(1_000);
    states.state_snapshots().print_first(1_000);
    let program = ssc.build().expect("the program keeps the rules");
    (Stepper::new(program, Time::EPOCH), states)
}

fn blocks(stepper: &Stepper) -> Vec<(String, String)> {
    let rows = stepper.events().iter().filter_map(|event| match event {
        Event::Printed { rows, .. } => Some(
            rows.iter()
                .map(sink::java_text)
                .collect::<Vec<_>>()
                .join(" "),
        ),
        _ => None,
    });
    let rows: Vec<String> = rows.collect();
    let pairs = rows.chunks(2);
    pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

fn rows_of(event: &Event) -> Option<String> {
    match event {
        Event::Printed { rows, .. } => {
            let rows: Vec<String> = rows.iter().map(sink::java_text).collect();
            Some(rows.join(" "))
        }
        _ => None,
    }
}

/// `a` and what follows, for each key of a batch.
fn batch(deeds: &[(&str, Deed)]) -> Batch {
    let deeds = deeds.iter();
    deeds.map(|(key, deed)| (Text::from(*key), *deed)).collect()
}

/// One more for each letter.
fn letters(letters: &str) -> Batch {
    let letters = letters.chars();
    letters
        .map(|letter| (Text::from(letter.to_string()), Add(1)))
        .collect()
}

#[track_caller]
fn check(setting: &Setting, batches: &[Batch], expected: &[(&str, &str)]) {
    let printed = printed(setting, &Inline, batches);
    let printed: Vec<(&str, &str)> = printed.iter().map(|(m, s)| (&**m, &**s)).collect();
    assert_eq!(printed, expected);
}

/// The long form knows the time of the batch, and has a row only for what it has something to tell of.
#[test]
fn mws_1_a_function_may_know_the_time_and_tell_nothing() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("aab"), letters("b")]);
    let twice = |time: Time, key: &Text, _: Option<Deed>, state: &mut State<'_, i64>| {
        let sum = state.get_option().unwrap_or(&0) + 1;
        state.update(sum);
        (sum == 2).then(|| Text::from(format!("{key} at {time}")))
    };
    let spec = StateSpec::function_at(twice).num_partitions(3);
    records.map_with_state(spec).print();
    let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    let printed: Vec<String> = stepper.events().iter().filter_map(rows_of).collect();
    assert_eq!(printed, ["a at 1000 ms", "b at 2000 ms"]);
}

#[test]
fn mws_2_the_function_is_called_for_each_record_in_order() {
    check(
        &PLAIN,
        &[letters("aba"), letters("ba")],
        &[("a1 b1 a2", "(a,2) (b,1)"), ("b2 a3", "(a,3) (b,2)")],
    );
}

#[test]
fn mws_3_keys_without_data_are_left_alone() {
    check(
        &PLAIN,
        &[letters("ab"), letters("b"), letters("")],
        &[
            ("a1 b1", "(a,1) (b,1)"),
            ("b2", "(a,1) (b,2)"),
            ("", "(a,1) (b,2)"),
        ],
    );
}

/// Spark's own suite: batches `abc ab a - - a a …`, three seconds idle.
#[test]
fn mws_4_idle_keys_are_told_and_removed_in_every_tenth_batch() {
    let input = ["abc", "ab", "a", "", "", "a", "a", "a", "a", "a", "a"];
    let setting = Setting {
        timeout: Some(3),
        ..PLAIN
    };
    let printed = printed(&setting, &Inline, &input.map(letters));
    let mapped: Vec<&str> = printed.iter().map(|(mapped, _)| &**mapped).collect();
    let expected = [
        "a1 b1 c1",
        "a2 b2",
        "a3",
        "",
        "",
        "a4",
        "a5",
        "a6",
        "a7",
        "a8 b2! c1!",
        "a9",
    ];
    assert_eq!(mapped, expected);
    assert_eq!(printed[8].1, "(a,7) (b,2) (c,1)");
    assert_eq!(printed[9].1, "(a,8)");
}

#[test]
fn mws_4_a_key_that_was_idle_for_just_the_timeout_stays() {
    for (seconds, rest) in [(9, "(a,1)"), (8, "")] {
        let setting = Setting {
            timeout: Some(seconds),
            ..PLAIN
        };
        let mut input = vec![letters("a")];
        input.resize(10, Batch::new());
        let printed = printed(&setting, &Inline, &input);
        assert_eq!(printed[9].1, rest, "{seconds} s");
    }
}

#[test]
fn mws_5_data_in_the_batch_of_the_scan_saves_a_key() {
    let setting = Setting {
        timeout: Some(1),
        ..PLAIN
    };
    let mut input = vec![letters("ab")];
    input.resize(9, Batch::new());
    input.push(letters("a"));
    let printed = printed(&setting, &Inline, &input);
    assert_eq!(printed[9], ("a2 b1!".to_owned(), "(a,2)".to_owned()));
}

/// `p` is looked at 3 s before the scan, which refreshes it, though nothing is changed.
#[test]
fn mws_6_data_refreshes_a_key_even_if_the_function_changes_nothing() {
    let setting = Setting {
        timeout: Some(3),
        ..PLAIN
    };
    let mut input = vec![letters("pq")];
    input.resize(20, Batch::new());
    input[6] = batch(&[("p", Look), ("new", Look)]);
    let printed = printed(&setting, &Inline, &input);
    assert_eq!(printed[6].0, "p1 new-");
    assert_eq!(printed[9], ("q1!".to_owned(), "(p,1)".to_owned()));
    assert_eq!(printed[19], ("p1!".to_owned(), String::new()));
}

#[test]
fn mws_8_a_key_without_state_may_be_removed() {
    check(
        &PLAIN,
        &[batch(&[("a", Remove), ("b", Add(1))])],
        &[("a- b1", "(b,1)")],
    );
}

#[test]
fn mws_9_a_removed_key_starts_anew_also_in_the_same_batch() {
    check(
        &PLAIN,
        &[
            batch(&[("a", Add(5)), ("a", Remove), ("a", Look), ("a", Add(1))]),
            batch(&[("a", Remove)]),
            batch(&[("a", Add(2))]),
        ],
        &[("a5 a- a- a1", "(a,1)"), ("a-", ""), ("a2", "(a,2)")],
    );
}

#[test]
fn mws_10_initial_state_is_as_old_as_the_first_batch() {
    let initial = vec![("a".into(), 7), ("b".into(), 8), ("a".into(), 9)];
    for (seconds, scan) in [(9, "(a,9) (b,8)"), (8, "")] {
        let setting = Setting {
            timeout: Some(seconds),
            initial: initial.clone(),
            ..PLAIN
        };
        let printed = printed(&setting, &Inline, &vec![Batch::new(); 10]);
        assert_eq!(printed[0], (String::new(), "(a,9) (b,8)".to_owned()));
        assert_eq!(printed[9].1, scan, "{seconds} s");
    }
}

#[test]
fn mws_12_a_batch_without_records_has_a_result() {
    check(
        &PLAIN,
        &[Batch::new(), letters("a"), Batch::new()],
        &[("", ""), ("a1", "(a,1)"), ("", "(a,1)")],
    );
}

/// The function fails once, on the last record of the second batch; what the first try did to other
/// keys, also in other partitions, is undone before the batch is tried again.
#[test]
fn job_4_a_batch_whose_function_panics_changes_nothing() {
    for cores in [1, 4] {
        let has_failed = AtomicBool::new(false);
        let sc = SparkContext::local(cores, "state");
        let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
        let second = batch(&[("a", Add(1)), ("b", Remove), ("new", Add(1)), ("b", Fail)]);
        let records = ssc.queue_stream([letters("ab"), second, letters("a")]);
        let function = move |key: &Text, deed: Option<Deed>, state: &mut State<'_, i64>| {
            let fails = matches!(deed, Some(Fail)) && !has_failed.swap(true, Ordering::Relaxed);
            let deed = if fails { Fail } else { deed.unwrap_or(Look) };
            let deed = if matches!(deed, Fail) && !fails {
                Look
            } else {
                deed
            };
            obey(key, Some(deed), state)
        };
        let states = records.map_with_state(StateSpec::function(function));
        states.state_snapshots().print();
        let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
        (0..2).for_each(|_| stepper.step(&Inline));
        let failure = stepper.failure().map(ToString::to_string);
        assert!(failure.is_some_and(|failure| failure.contains("b fails")));
        stepper.step(&Inline);
        let last = stepper.events().iter().rev().find_map(rows_of);
        assert_eq!(last.as_deref().map(sorted), Some(sorted("(a,3) (new,1)")));
    }
}

/// Places of removed keys are given up once they are most of the table, which nobody notices.
#[test]
fn map_6_the_order_outlives_tidying_up() {
    for row_order in [RowOrder::Python, RowOrder::Jvm] {
        let setting = Setting { row_order, ..PLAIN };
        let keys: Vec<String> = (0..200).map(|key| format!("key-{key}")).collect();
        let all = |deed| keys.iter().map(move |key| (Text::from(key.as_str()), deed));
        let removed = all(Remove).filter(|(key, _)| !key.ends_with('7')).collect();
        let touched = batch(&[("key-107", Add(1)), ("key-1", Add(1))]);
        let input = [all(Add(1)).collect(), removed, Batch::new(), touched];
        let printed = printed(&setting, &Inline, &input);
        assert_eq!(printed[1].1.split(' ').count(), 20);
        assert_eq!(printed[2].1, printed[1].1);
        let last = printed[3]
            .1
            .replace("(key-107,2)", "(key-107,1)")
            .replace(" (key-1,1)", "");
        assert_eq!(sorted(&last), sorted(&printed[1].1));
        assert!(printed[3].1.ends_with("(key-1,1)") || row_order == RowOrder::Jvm);
    }
}

#[test]
fn map_4_the_chain_is_flattened_in_batch_20_after_the_first_partition_was_read() {
    // On one core the first partition is all there is, and batch 20 prints the chain as it was.
    let setting = Setting {
        row_order: RowOrder::Jvm,
        ..PLAIN
    };
    let mut input = vec![letters("z"), letters("a")];
    input.resize(21, Batch::new());
    let printed = printed(&setting, &Inline, &input);
    let snapshots: Vec<&str> = printed.iter().map(|(_, state)| &**state).collect();
    // z came a batch before a; in one table a's slot is before z's.
    assert_eq!(snapshots[18], "(z,1) (a,1)");
    assert_eq!(snapshots[19], "(z,1) (a,1)");
    assert_eq!(snapshots[20], "(a,1) (z,1)");
}

#[test]
fn mws_11_windows_over_snapshots_see_the_states_of_their_batches() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("ab"), letters("a"), batch(&[("a", Remove)])]);
    let seconds = Duration::from_secs;
    let states = records.map_with_state(StateSpec::function(obey));
    let snapshots = states.state_snapshots();
    snapshots.window(seconds(3), seconds(3)).print_first(100);
    let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..3).for_each(|_| stepper.step(&Inline));
    let rows = stepper.events().iter().find_map(rows_of);
    assert_eq!(rows.as_deref(), Some("(a,1) (b,1) (a,2) (b,1) (b,1)"));
}

/// The same, key by key, in a plain map: states with the batch of their last touch.
fn model(setting: &Setting, batches: &[Batch]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut states: BTreeMap<Text, (i64, u64)> = BTreeMap::new();
    for (key, state) in &setting.initial {
        states.insert(key.clone(), (*state, 1));
    }
    let mut number = 0;
    let mut next = |batch: &Batch| {
        number += 1;
        let mut mapped = Vec::new();
        for (key, deed) in batch {
            let before = states.get(key).map(|(state, _)| *state);
            let after = match deed {
                Add(n) => Some(before.unwrap_or(0) + n),
                Look | Fail => before,
                Remove => None,
            };
            mapped.push(after.map_or(format!("{key}-"), |state| format!("{key}{state}")));
            match after {
                Some(state) if matches!(deed, Add(_)) || setting.timeout.is_some() => {
                    states.insert(key.clone(), (state, number));
                }
                Some(_) => {}
                None => drop(states.remove(key)),
            }
        }
        if let (Some(timeout), true) = (setting.timeout, number % 10 == 0) {
            states.retain(|key, (state, touched)| {
                let stays = number - *touched <= timeout;
                if !stays {
                    mapped.push(format!("{key}{state}!"));
                }
                stays
            });
        }
        mapped.sort();
        let states = states.iter();
        let states = states.map(|(key, (state, _))| format!("({key},{state})"));
        (mapped, states.collect())
    };
    batches.iter().map(&mut next).collect()
}

fn deeds() -> impl Strategy<Value = Deed> {
    prop_oneof![4 => (1_i64..9).prop_map(Add), 1 => Just(Look), 1 => Just(Remove)]
}

fn runs() -> impl Strategy<Value = (Setting, Vec<Batch>)> {
    let orders = vec![RowOrder::Python, RowOrder::Python2, RowOrder::Jvm];
    let key = || (0_u8..12).prop_map(|key| Text::from(format!("k{key}")));
    let setting = (
        proptest::sample::select(orders),
        1_usize..5,
        proptest::option::of(1_u64..12),
        proptest::collection::vec((key(), 1_i64..9), 0..4),
    )
        .prop_map(|(row_order, cores, timeout, initial)| Setting {
            row_order,
            cores,
            timeout,
            initial,
        });
    let batches =
        proptest::collection::vec(proptest::collection::vec((key(), deeds()), 0..5), 1..45);
    (setting, batches)
}

fn sorted(rows: &str) -> Vec<String> {
    let mut rows: Vec<String> = rows.split_whitespace().map(str::to_owned).collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn mws_3_the_state_equals_a_plain_map((setting, batches) in runs()) {
        let printed = printed(&setting, &Inline, &batches);
        for (printed, model) in printed.iter().zip(model(&setting, &batches)) {
            let mut states = model.1;
            states.sort();
            prop_assert_eq!(sorted(&printed.0), model.0);
            prop_assert_eq!(sorted(&printed.1), states);
        }
    }

    #[test]
    fn plan_4_many_workers_give_the_same_state_as_one((setting, batches) in runs()) {
        let one = printed(&setting, &Inline, &batches);
        prop_assert_eq!(printed(&setting, &Threads(3), &batches), one);
    }
}
