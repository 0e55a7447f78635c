//! More keys than there is memory for: a batch fails before its states pass the limit.

use engine::{DStream, SparkContext, State, StateSpec, Text, UpdateSpec};

use super::{Once, Pair, map_that_fails, run, sum};

/// The outcome of a program whose state grows.
struct Growth {
    /// The number of keys after each batch that did not fail.
    keys: Vec<usize>,
    failures: Vec<String>,
}

/// Runs four batches of 1,000 keys each, none of which comes twice.
fn grow(memory: u64, operation: impl FnOnce(DStream<Pair>) -> DStream<Pair>) -> Growth {
    let keys: Vec<String> = (0..4_000).map(|key| format!("key-{key}")).collect();
    let pairs: Vec<(&str, i64)> = keys.iter().map(|key| (key.as_str(), 1)).collect();
    let batches = [0, 1, 2, 3].map(|batch| &pairs[batch * 1_000..(batch + 1) * 1_000]);
    let sc = SparkContext::local(2, "grow").with_memory(memory);
    let outcome = run(&sc, batches, 4, |pairs| {
        let keys = operation(pairs).count();
        keys.map(|count| (Text::default(), count))
    });
    let count = |row: &String| {
        let count = row.trim_start_matches("(,").trim_end_matches(')');
        count.parse().expect("a count is printed")
    };
    Growth {
        keys: outcome.printed.iter().map(count).collect(),
        failures: outcome.failures,
    }
}

/// A key takes 16 bytes, two states of 8, and 24.
#[test]
fn update_state_by_key_fails_before_its_states_pass_the_memory() {
    let growth = grow(130_000, |pairs| pairs.update_state_by_key(sum));
    assert_eq!(growth.keys, [1_000, 2_000]);
    let failure = "update_state_by_key, batch at 3000 ms: the states of 3000 keys would take 168000 bytes, \
                   and the memory of the cluster is 130000 bytes; give it more memory, or let keys go";
    assert_eq!(
        growth.failures,
        [failure, failure],
        "the fourth batch needs the third"
    );
    let growth = grow(224_000, |pairs| pairs.update_state_by_key(sum));
    assert_eq!(growth.keys, [1_000, 2_000, 3_000, 4_000]);
    assert_eq!(growth.failures, [""; 0]);
}

/// A key takes 16 bytes, a state of 8, and 24.
#[test]
fn map_with_state_fails_before_its_states_pass_the_memory() {
    let keep = |_: &Text, _: Option<i64>, state: &mut State<'_, i64>| state.update(1);
    let states = |pairs: DStream<Pair>| {
        let states = pairs.map_with_state(StateSpec::function(keep));
        states.state_snapshots()
    };
    let growth = grow(143_999, states);
    assert_eq!(growth.keys, [1_000, 2_000]);
    assert!(growth.failures[0].contains("the states of 3000 keys would take 144000 bytes"));
    assert_eq!(grow(192_000, states).keys, [1_000, 2_000, 3_000, 4_000]);
}

#[test]
fn keys_that_time_out_make_room() {
    let states = |pairs: DStream<Pair>| map_that_fails(&pairs, Once::default(), |_, _, _| false);
    // Keys stay for two batches: of the current one, and of the one before.
    assert_eq!(grow(96_000, states).keys, [1_000, 2_000, 2_000, 2_000]);
    assert_eq!(grow(95_999, states).keys, [1_000]);
}

#[test]
fn keys_that_the_iterator_form_drops_make_room() {
    let states = |pairs: DStream<Pair>| {
        let fresh = |(key, values, _): (Text, Vec<i64>, Option<i64>)| {
            (!values.is_empty()).then_some((key, 1))
        };
        pairs.update_state_by_key_with(UpdateSpec::iterator(move |keys| keys.filter_map(fresh)))
    };
    assert_eq!(grow(56_000, states).keys, [1_000, 1_000, 1_000, 1_000]);
    assert_eq!(grow(55_999, states).failures.len(), 4);
}

#[test]
fn a_long_key_counts_with_its_heap() {
    let long = "x".repeat(1 << 20);
    let sc = SparkContext::local(1, "long").with_memory(1 << 20);
    let outcome = run(&sc, [&[("short", 1)], &[(&long, 1)]], 2, |pairs| {
        pairs.update_state_by_key(sum)
    });
    assert_eq!(outcome.printed, ["(short,1)"]);
    assert!(outcome.failures[0].contains("the states of 2 keys would take 1048704 bytes"));
}
