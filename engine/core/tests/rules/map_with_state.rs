//! State that only data and time-outs touch (`MWS-*`), and the order in which Spark reads it
//! (`MAP-*`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use engine::render::Notation;
use engine::testing::Stepper;
use engine::{
    Event, Inline, MapWithStateDStream, Rdd, RowOrder, SparkContext, State, StateSpec,
    StreamingContext, Text, Time, Workers,
};

mod model;
mod timeouts;

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
    exact_timeouts: bool,
    partitions: Option<usize>,
    memory: Option<u64>,
    initial: Vec<(Text, i64)>,
}

const PLAIN: Setting = Setting {
    row_order: RowOrder::Python,
    cores: 1,
    timeout: None,
    exact_timeouts: false,
    partitions: None,
    memory: None,
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
    let mut sc = SparkContext::local(setting.cores, "state").with_row_order(setting.row_order);
    if let Some(bytes) = setting.memory {
        sc = sc.with_memory(bytes);
    }
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let records = ssc.queue_stream(batches.to_vec());
    let mut spec = StateSpec::function(obey).initial_state(setting.initial.clone());
    if let Some(seconds) = setting.timeout {
        spec = spec.timeout(Duration::from_secs(seconds));
    }
    if let Some(partitions) = setting.partitions {
        spec = spec.num_partitions(partitions);
    }
    if setting.exact_timeouts {
        spec = spec.exact_timeouts();
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
                .map(|row| Notation::Java.text(row))
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
            let rows: Vec<String> = rows.iter().map(|row| Notation::Java.text(row)).collect();
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

#[test]
fn mws_8_a_key_without_state_may_be_removed() {
    check(
        &PLAIN,
        &[batch(&[("a", Remove), ("b", Add(1))])],
        &[("a- b1", "(b,1)")],
    );
}

/// Of one of the keys that are removed a later record sets the state.
#[test]
fn mws_8_to_remove_a_key_without_state_counts_the_same_in_every_language() {
    for row_order in [RowOrder::Python, RowOrder::Jvm] {
        let deeds = [("a", Remove), ("b", Add(1)), ("c", Remove), ("a", Add(1))];
        let setting = Setting { row_order, ..PLAIN };
        let (mut stepper, _) = program(&setting, &[batch(&deeds)]);
        stepper.step(&Inline);
        let touched = stepper.events().iter().find_map(|event| match event {
            Event::StateUpdated { counters, .. } => Some(counters.keys_touched),
            _ => None,
        });
        assert_eq!(touched, Some(2), "{row_order:?}");
    }
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
fn mws_12_a_batch_without_records_has_a_result() {
    check(
        &PLAIN,
        &[Batch::new(), letters("a"), Batch::new()],
        &[("", ""), ("a1", "(a,1)"), ("", "(a,1)")],
    );
}

/// A state that is shared is one state: what a function changes in place, without an update, is
/// changed in the batches before as well, for whoever looks back.
#[test]
fn mws_13_a_state_that_is_changed_in_place_is_changed_in_the_past_too() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("a"), letters("a")]);
    let bump = |_: &Text, _: Option<Deed>, state: &mut State<'_, Arc<AtomicI64>>| {
        if !state.exists() {
            state.update(Arc::default());
        }
        state.get().fetch_add(1, Ordering::Relaxed);
    };
    let states = records.map_with_state(StateSpec::function(bump));
    let snapshots = states.state_snapshots();
    let seconds = Duration::from_secs;
    let both = snapshots.window(seconds(2), seconds(2));
    both.map(|(_, state)| state.load(Ordering::Relaxed)).print();
    let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    let rows = stepper.events().iter().find_map(rows_of);
    assert_eq!(rows.as_deref(), Some("2 2"), "and not 1 2");
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

/// The snapshots that are printed of batches 19 to 21: z came a batch before a, and in one table a's slot is
/// before z's. On one core the first partition is all there is.
#[track_caller]
fn check_flattened(
    outputs: impl FnOnce(&MapWithStateDStream<Text, i64, Text>),
    expected: [&str; 3],
) {
    let sc = SparkContext::local(1, "state").with_row_order(RowOrder::Jvm);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let records = ssc.queue_stream([letters("z"), letters("a")]);
    outputs(&records.map_with_state(StateSpec::function(obey)));
    let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..18).for_each(|_| stepper.step(&Inline));
    let snapshots = expected.map(|_| {
        stepper.step(&Inline);
        stepper.events().iter().rev().find_map(rows_of)
    });
    assert_eq!(
        snapshots.each_ref().map(Option::as_deref),
        expected.map(Some)
    );
}

#[test]
fn map_4_the_chain_is_flattened_in_batch_20_after_the_first_partition_was_read() {
    check_flattened(
        |states| states.state_snapshots().print(),
        ["(z,1) (a,1)", "(z,1) (a,1)", "(a,1) (z,1)"],
    );
}

#[test]
fn map_4_of_two_outputs_the_first_has_the_chain_flattened() {
    check_flattened(
        |states| {
            states.print();
            states.state_snapshots().print();
        },
        ["(z,1) (a,1)", "(a,1) (z,1)", "(a,1) (z,1)"],
    );
}

#[test]
fn map_4_whatever_reads_rows_is_a_job() {
    type Reading = fn(&Rdd<(Text, i64)>);
    let readings: [Reading; 7] = [
        |rdd| drop(rdd.collect()),
        |rdd| assert_eq!(rdd.count(), 2),
        |rdd| assert!(!rdd.is_empty()),
        |rdd| drop(rdd.take(5)),
        |rdd| rdd.for_each(|(_, total)| assert_eq!(total, 1)),
        |rdd| assert_eq!(rdd.fold(0, |sum, (_, total)| sum + total), 2),
        |rdd| assert_eq!(rdd.fold_pairs(0, |sum, _, total| sum + total), 2),
    ];
    for read in readings {
        check_flattened(
            move |states| {
                let read_before = move |rdd: Rdd<(Text, i64)>, _: Time| {
                    read(&rdd);
                    rdd
                };
                states.state_snapshots().transform(read_before).print();
            },
            ["(z,1) (a,1)", "(a,1) (z,1)", "(a,1) (z,1)"],
        );
    }
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

fn sorted(rows: &str) -> Vec<String> {
    let mut rows: Vec<String> = rows.split_whitespace().map(str::to_owned).collect();
    rows.sort();
    rows
}
