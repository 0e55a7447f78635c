//! State that only data and time-outs change (`MWS-*`), and the order in which Spark reads it
//! (`MAP-*`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use engine::Stepper;
use engine::render::Notation;
use engine::{
    Event, Inline, Profile, SparkContext, State, StateSpec, StreamingContext, Text, Time, Workers,
};

mod model;
mod order;
mod timeouts;

/// The value of a record: what the function does with the state.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Adds to the state.
    Add(i64),
    /// Reads, and changes nothing.
    Look,
    /// Removes the state.
    Remove,
    /// Panics.
    Fail,
}

use Action::{Add, Fail, Look, Remove};

/// The function: does as the record says. Its row is the key with its state after the call, with `!` if it
/// timed out, or `-` without state.
fn act(key: &Text, action: Option<Action>, state: &mut State<'_, i64>) -> Text {
    match action {
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
    profile: Profile,
    cores: usize,
    timeout: Option<u64>,
    exact_timeouts: bool,
    partitions: Option<usize>,
    memory: Option<u64>,
    initial: Vec<(Text, i64)>,
}

const PLAIN: Setting = Setting {
    profile: Profile::Pyspark,
    cores: 1,
    timeout: None,
    exact_timeouts: false,
    partitions: None,
    memory: None,
    initial: Vec::new(),
};

type Batch = Vec<(Text, Action)>;

/// The rows of each batch: the mapped ones, then the states.
fn printed(setting: &Setting, workers: &dyn Workers, batches: &[Batch]) -> Vec<(String, String)> {
    let mut stepper = program(setting, batches);
    for _ in batches {
        stepper.step(workers);
    }
    assert_eq!(stepper.failure(), None);
    printed_of(&stepper)
}

fn program(setting: &Setting, batches: &[Batch]) -> Stepper {
    let mut sc = SparkContext::local(setting.cores, "state").with_profile(setting.profile);
    if let Some(bytes) = setting.memory {
        sc = sc.with_memory(bytes);
    }
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let records = ssc.queue_stream(batches.to_vec());
    let mut spec = StateSpec::function(act).initial_state(setting.initial.clone());
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
    Stepper::start(program, Time::EPOCH)
}

/// The rows of each batch: the mapped ones, then the states.
fn printed_of(stepper: &Stepper) -> Vec<(String, String)> {
    let rows: Vec<String> = stepper.events().filter_map(rows_of).collect();
    rows.chunks(2)
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

fn batch(actions: &[(&str, Action)]) -> Batch {
    let record = |(key, action): &(&str, Action)| (Text::from(*key), *action);
    actions.iter().map(record).collect()
}

/// One more for each letter.
fn letters(letters: &str) -> Batch {
    let record = |letter: char| (Text::from(letter.to_string()), Add(1));
    letters.chars().map(record).collect()
}

#[track_caller]
fn check(setting: &Setting, batches: &[Batch], expected: &[(&str, &str)]) {
    let printed = printed(setting, &Inline, batches);
    let printed: Vec<(&str, &str)> = printed.iter().map(|(m, s)| (&**m, &**s)).collect();
    assert_eq!(printed, expected);
}

#[test]
fn mws_1_a_function_may_know_the_time_and_return_no_row() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("aab"), letters("b")]);
    let twice = |time: Time, key: &Text, _: Option<Action>, state: &mut State<'_, i64>| {
        let sum = state.get_option().unwrap_or(&0) + 1;
        state.update(sum);
        (sum == 2).then(|| Text::from(format!("{key} at {time}")))
    };
    let spec = StateSpec::function_at(twice).num_partitions(3);
    records.map_with_state(spec).print();
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    let printed: Vec<String> = stepper.events().filter_map(rows_of).collect();
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
    for profile in [Profile::Pyspark, Profile::Jvm] {
        let actions = [("a", Remove), ("b", Add(1)), ("c", Remove), ("a", Add(1))];
        let setting = Setting { profile, ..PLAIN };
        let mut stepper = program(&setting, &[batch(&actions)]);
        stepper.step(&Inline);
        let keys_touched = stepper.events().find_map(|event| match event {
            Event::StateUpdated { counters, .. } => Some(counters.keys_touched),
            _ => None,
        });
        assert_eq!(keys_touched, Some(2), "{profile:?}");
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

/// A state that is shared is one state: a change in place, without an update, shows in snapshots of the
/// batches before as well.
#[test]
fn mws_13_a_state_that_is_changed_in_place_is_changed_in_the_past_too() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("a"), letters("a")]);
    let bump = |_: &Text, _: Option<Action>, state: &mut State<'_, Arc<AtomicI64>>| {
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
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    let rows = stepper.events().find_map(rows_of);
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
        let function = move |key: &Text, action: Option<Action>, state: &mut State<'_, i64>| {
            let action = match action {
                Some(Fail) if has_failed.swap(true, Ordering::Relaxed) => Some(Look),
                action => action,
            };
            act(key, action, state)
        };
        let states = records.map_with_state(StateSpec::function(function));
        states.state_snapshots().print();
        let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
        (0..2).for_each(|_| stepper.step(&Inline));
        let failure = stepper.failure().map(ToString::to_string);
        assert!(failure.is_some_and(|failure| failure.contains("b fails")));
        stepper.step(&Inline);
        let last = stepper.events().rev().find_map(rows_of);
        assert_eq!(last.as_deref().map(sorted), Some(sorted("(a,3) (new,1)")));
    }
}

#[test]
fn mws_11_windows_over_snapshots_see_the_states_of_their_batches() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "state"), Duration::from_secs(1));
    let records = ssc.queue_stream([letters("ab"), letters("a"), batch(&[("a", Remove)])]);
    let seconds = Duration::from_secs;
    let states = records.map_with_state(StateSpec::function(act));
    let snapshots = states.state_snapshots();
    snapshots.window(seconds(3), seconds(3)).print_first(100);
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..3).for_each(|_| stepper.step(&Inline));
    let rows = stepper.events().find_map(rows_of);
    assert_eq!(rows.as_deref(), Some("(a,1) (b,1) (a,2) (b,1) (b,1)"));
}

fn sorted(rows: &str) -> Vec<String> {
    let mut rows: Vec<String> = rows.split_whitespace().map(str::to_owned).collect();
    rows.sort();
    rows
}
