//! Bad input to keyed state: functions that panic, long and empty keys, and more keys than there is memory for.
//! In each case the job fails with words that say where, and the state of before is intact.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::render::Notation;
use engine::testing::Stepper;
use engine::{
    DStream, Event, Inline, RowOrder, SparkContext, State, StateSpec, StreamingContext, Text, Time,
    UpdateSpec,
};

type Pair = (Text, i64);

/// Panics once, at its first call with `here`.
#[derive(Clone, Debug, Default)]
struct Once(Arc<AtomicBool>);

impl Once {
    fn panic(&self, here: bool) {
        assert!(!here || self.0.swap(true, Ordering::Relaxed), "no bread");
    }
}

/// What a program printed and why its jobs failed, batch by batch.
#[derive(Debug, PartialEq)]
struct Told {
    printed: Vec<String>,
    failures: Vec<String>,
}

/// Runs so many batches of a program that is made of pairs.
fn run<const N: usize>(
    sc: &SparkContext,
    input: [&[(&str, i64)]; N],
    batches: usize,
    operation: impl FnOnce(DStream<Pair>) -> DStream<Pair>,
) -> Told {
    let ssc = StreamingContext::new(sc, Duration::from_secs(1));
    let pair = |(key, value): &(&str, i64)| (Text::from(*key), *value);
    let pairs = input.map(|batch| batch.iter().map(pair).collect());
    operation(ssc.queue_stream(pairs)).print_first(1_000);
    let mut stepper = Stepper::new(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..batches).for_each(|_| stepper.step(&Inline));
    let events = || stepper.events().iter();
    let rows = |rows: &[engine::Value]| {
        let mut rows: Vec<String> = rows.iter().map(|row| Notation::Java.text(row)).collect();
        rows.sort();
        rows.join(" ")
    };
    Told {
        printed: events()
            .filter_map(|event| match event {
                Event::Printed { rows: printed, .. } => Some(rows(printed)),
                _ => None,
            })
            .collect(),
        failures: events()
            .filter_map(|event| match event {
                Event::OutputOperationCompleted { failure, .. } => failure.clone(),
                _ => None,
            })
            .map(|failure| failure.to_string())
            .collect(),
    }
}

/// A program whose function fails once: how it is told, and that the next batch has lost nothing, on
/// one core and on several, in either order.
#[track_caller]
fn check_once<const N: usize>(
    input: [&[(&str, i64)]; N],
    operation: impl Fn(DStream<Pair>, Once) -> DStream<Pair>,
    failure: &str,
    (batches, last): (usize, &str),
) {
    for (cores, row_order) in [
        (1, RowOrder::Python),
        (1, RowOrder::Jvm),
        (3, RowOrder::Jvm),
    ] {
        let sc = SparkContext::local(cores, "bad").with_row_order(row_order);
        let told = run(&sc, input, batches, |pairs| {
            operation(pairs, Once::default())
        });
        assert_eq!(told.failures, [failure], "{cores} cores");
        assert_eq!(told.printed.len(), batches - 1, "one batch printed nothing");
        assert_eq!(
            told.printed.last().map(String::as_str),
            Some(last),
            "{cores} cores"
        );
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an update that returns nothing removes the key"
)]
fn sum(values: &[i64], old: Option<i64>) -> Option<i64> {
    Some(values.iter().sum::<i64>() + old.unwrap_or(0))
}

/// An update function that sums up, and fails once where it is told to.
fn update_that_fails(
    pairs: &DStream<Pair>,
    once: Once,
    is_here: impl Fn(&str, &[i64], Option<i64>) -> bool + Send + Sync + 'static,
) -> DStream<Pair> {
    let spec = UpdateSpec::function_at(move |_, key: &Text, values: &[i64], old| {
        once.panic(is_here(key, values, old));
        sum(values, old)
    });
    pairs.update_state_by_key_with(spec)
}

#[test]
fn job_4_an_update_that_panics_on_an_idle_key_names_it() {
    check_once(
        [
            &[("a", 1), ("b", 1), ("c", 1)],
            &[("c", 1), ("d", 1)],
            &[("a", 1)],
        ],
        |pairs, once| {
            let here = |key: &str, values: &[i64], _| key == "b" && values.is_empty();
            update_that_fails(&pairs, once, here)
        },
        "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        (3, "(a,2) (b,1) (c,2) (d,1)"),
    );
}

#[test]
fn job_4_an_update_that_panics_on_a_key_with_values_names_it() {
    check_once(
        [
            &[("a", 1), ("b", 1)],
            &[("a", 5), ("b", 7), ("new", 1)],
            &[("b", 1)],
        ],
        |pairs, once| {
            let here = |_: &str, values: &[i64], old: Option<i64>| values == [7] && old.is_some();
            update_that_fails(&pairs, once, here)
        },
        "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        (3, "(a,6) (b,9) (new,1)"),
    );
}

#[test]
fn job_4_an_update_that_panics_on_a_new_key_names_it() {
    check_once(
        [
            &[("a", 1)],
            &[("a", 1), ("x", 1), ("y", 1), ("z", 1)],
            &[("y", 1)],
        ],
        |pairs, once| {
            let here = |key: &str, _: &[i64], old: Option<i64>| key == "y" && old.is_none();
            update_that_fails(&pairs, once, here)
        },
        "update_state_by_key, key \"y\", batch at 2000 ms: no bread",
        (3, "(a,2) (x,1) (y,2) (z,1)"),
    );
}

#[test]
fn job_4_an_iterator_form_that_panics_names_the_key_at_hand() {
    check_once(
        [&[("a", 1), ("b", 1)], &[("a", 5)], &[("b", 1)]],
        |pairs, once| {
            let spec = UpdateSpec::iterator(move |keys| {
                let once = once.clone();
                let update = move |(key, values, old): (Text, Vec<i64>, Option<i64>)| {
                    once.panic(key == "b" && old.is_some());
                    Some((key, sum(&values, old)?))
                };
                keys.filter_map(update)
            });
            pairs.update_state_by_key_with(spec)
        },
        "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        (3, "(a,6) (b,2)"),
    );
}

#[test]
fn job_4_an_iterator_form_that_panics_between_keys_says_why() {
    let told = run(&SparkContext::local(1, "bad"), [&[("a", 1)]], 1, |pairs| {
        let spec = UpdateSpec::iterator(|keys| {
            let all: Vec<(Text, Vec<i64>, Option<i64>)> = keys.collect();
            assert!(all.is_empty(), "no bread");
            Vec::new()
        });
        pairs.update_state_by_key_with(spec)
    });
    let expected = "update_state_by_key, batch at 1000 ms: no bread";
    assert_eq!(told.failures, [expected]);
}

/// A mapping function that sums up, and fails once where it is told to; its states.
fn map_that_fails(
    pairs: &DStream<Pair>,
    once: Once,
    is_here: impl Fn(&str, Option<i64>, bool) -> bool + Send + Sync + 'static,
) -> DStream<Pair> {
    let function = move |key: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
        once.panic(is_here(key, value, state.exists()));
        if let Some(value) = value {
            state.update(state.get_option().unwrap_or(&0) + value);
        }
    };
    let spec = StateSpec::function(function)
        .timeout(Duration::from_secs(1))
        .exact_timeouts();
    pairs.map_with_state(spec).state_snapshots()
}

#[test]
fn job_4_a_mapping_function_that_panics_names_the_key() {
    check_once(
        [
            &[("a", 1), ("b", 1)],
            &[("new", 1), ("a", 5), ("b", 7)],
            &[("b", 1)],
        ],
        |pairs, once| map_that_fails(&pairs, once, |_, value, exists| value == Some(7) && exists),
        "map_with_state, key \"b\", batch at 2000 ms: no bread",
        (3, "(a,6) (b,9) (new,1)"),
    );
}

#[test]
fn job_4_a_mapping_function_that_panics_on_a_new_key_names_it() {
    check_once(
        [
            &[("a", 1), ("b", 1)],
            &[("a", 5), ("b", 1), ("new", 1)],
            &[("b", 1)],
        ],
        |pairs, once| map_that_fails(&pairs, once, |key, _, exists| key == "new" && !exists),
        "map_with_state, key \"new\", batch at 2000 ms: no bread",
        (3, "(a,6) (b,3) (new,1)"),
    );
}

#[test]
fn job_4_a_call_that_tells_of_a_time_out_and_panics_names_the_key() {
    check_once(
        [
            &[("a", 1), ("b", 1), ("c", 1)],
            &[("a", 1)],
            &[("a", 1)],
            &[("b", 7)],
        ],
        |pairs, once| map_that_fails(&pairs, once, |key, value, _| key == "b" && value.is_none()),
        "map_with_state, key \"b\", batch at 3000 ms: no bread",
        (4, "(a,3) (b,7)"),
    );
}

#[test]
fn mws_7_misuse_of_a_state_that_times_out_names_the_key() {
    let told = run(&SparkContext::local(1, "bad"), [&[("a", 1)]], 3, |pairs| {
        let keep = |_: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
            state.update(value.unwrap_or(0));
        };
        let spec = StateSpec::function(keep).timeout(Duration::from_secs(1));
        pairs
            .map_with_state(spec.exact_timeouts())
            .state_snapshots()
    });
    assert_eq!(told.printed, ["(a,1)", "(a,1)"]);
    assert_eq!(
        told.failures,
        ["map_with_state, key \"a\", batch at 3000 ms: Cannot update the state that is timing out"]
    );
}

/// Sixty keys come and all but one go, which leaves their places; with those of the batch that fails they
/// are so many that the next one tidies up.
#[test]
fn job_4_a_table_that_is_tidied_after_a_batch_failed_has_lost_nothing() {
    let many: Vec<String> = (0..60).map(|key| format!("key-{key}")).collect();
    let all = |value| many.iter().map(move |key| (key.as_str(), value));
    let (come, go): (Vec<_>, Vec<_>) = (all(1).collect(), all(0).skip(1).collect());
    let new: Vec<String> = (0..10).map(|key| format!("new-{key}")).collect();
    let mut fails = vec![("key-0", 1)];
    fails.extend(new.iter().map(|key| (key.as_str(), 1)));
    fails.push(("last", 1));
    let mut sums: Vec<String> = new.iter().map(|key| format!("({key},1)")).collect();
    sums.insert(0, "(key-0,2)".to_owned());
    sums.insert(1, "(last,1)".to_owned());
    for row_order in [RowOrder::Python, RowOrder::Jvm] {
        let sc = SparkContext::local(1, "tidy").with_row_order(row_order);
        let told = run(&sc, [&come, &go, &fails, &[]], 4, |pairs| {
            let once = Once::default();
            let function = move |key: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
                once.panic(key == "last");
                match value {
                    Some(0) => state.remove(),
                    value => state.update(state.get_option().unwrap_or(&0) + value.unwrap_or(0)),
                }
            };
            let spec = StateSpec::function(function);
            pairs.map_with_state(spec).state_snapshots()
        });
        assert_eq!(
            told.failures,
            ["map_with_state, key \"last\", batch at 3000 ms: no bread"]
        );
        assert_eq!(told.printed.last(), Some(&sums.join(" ")), "{row_order:?}");
    }
}

/// Both operators on the same input: all sums after each batch.
#[track_caller]
fn check_both<const N: usize>(input: [&[(&str, i64)]; N], last: &[(&str, i64)]) {
    let rows = last.iter().map(|(key, sum)| format!("({key},{sum})"));
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    let sc = SparkContext::local(2, "odd").with_row_order(RowOrder::Jvm);
    let updated = run(&sc, input, N, |pairs| pairs.update_state_by_key(sum));
    let mapped = run(&sc, input, N, |pairs| {
        map_that_fails(&pairs, Once::default(), |_, _, _| false)
    });
    for told in [updated, mapped] {
        assert_eq!(told.failures, [""; 0]);
        assert!(
            told.printed.last() == Some(&rows.join(" ")),
            "{} rows",
            rows.len()
        );
    }
}

#[test]
fn keys_of_a_megabyte_are_keys() {
    let megabyte = "é".repeat(1 << 19);
    let other = format!("{megabyte}e");
    let (key, other) = (megabyte.as_str(), other.as_str());
    check_both(
        [&[(key, 1), (other, 2), (key, 3)], &[(key, 4)]],
        &[(key, 8), (other, 2)],
    );
}

#[test]
fn the_empty_word_is_a_key_and_so_is_what_replaces_bytes_that_are_no_text() {
    let broken = String::from_utf8_lossy(b"\xff\xfe").into_owned();
    let broken = broken.as_str();
    check_both(
        [
            &[("", 1), (broken, 1), ("\0", 1), ("", 1)],
            &[("", 1), (broken, 1)],
        ],
        &[("", 3), (broken, 2), ("\0", 1)],
    );
}

/// 1,000 keys a batch, none of which comes twice; the third batch is too much.
fn grow(
    memory: u64,
    operation: impl FnOnce(DStream<Pair>) -> DStream<Pair>,
) -> (Vec<usize>, Vec<String>) {
    let keys: Vec<String> = (0..4_000).map(|key| format!("key-{key}")).collect();
    let batch = |number: usize| {
        let keys = keys[number * 1_000..(number + 1) * 1_000].iter();
        keys.map(|key| (key.as_str(), 1)).collect::<Vec<_>>()
    };
    let batches = [batch(0), batch(1), batch(2), batch(3)];
    let sc = SparkContext::local(2, "grow").with_memory(memory);
    let [a, b, c, d] = &batches;
    let told = run(&sc, [a, b, c, d], 4, |pairs| {
        operation(pairs)
            .count()
            .map(|count| (Text::default(), count))
    });
    let counts = told.printed.iter().map(|row| {
        let count = row.trim_start_matches("(,").trim_end_matches(')');
        count.parse().expect("a count is printed")
    });
    (counts.collect(), told.failures)
}

/// A key of 16 bytes, two states of 8, and 24.
#[test]
fn update_state_by_key_fails_before_its_states_pass_the_memory() {
    let (counts, failures) = grow(130_000, |pairs| pairs.update_state_by_key(sum));
    assert_eq!(counts, [1_000, 2_000]);
    let failure = "update_state_by_key, batch at 3000 ms: the states of 3000 keys would take 168000 bytes, \
                   and the memory of the cluster is 130000 bytes; give it more memory, or let keys go";
    assert_eq!(
        failures,
        [failure, failure],
        "the fourth batch needs the third"
    );
    let (counts, failures) = grow(224_000, |pairs| pairs.update_state_by_key(sum));
    assert_eq!(counts, [1_000, 2_000, 3_000, 4_000]);
    assert_eq!(failures, [""; 0]);
}

/// A key of 16 bytes, a state of 8, and 24.
#[test]
fn map_with_state_fails_before_its_states_pass_the_memory() {
    let keep = |_: &Text, _: Option<i64>, state: &mut State<'_, i64>| state.update(1);
    let states = |pairs: DStream<Pair>| {
        pairs
            .map_with_state(StateSpec::function(keep))
            .state_snapshots()
    };
    let (counts, failures) = grow(143_999, states);
    assert_eq!(counts, [1_000, 2_000]);
    assert!(failures[0].contains("the states of 3000 keys would take 144000 bytes"));
    assert_eq!(grow(192_000, states).0, [1_000, 2_000, 3_000, 4_000]);
}

#[test]
fn what_times_out_makes_room() {
    let states = |pairs: DStream<Pair>| map_that_fails(&pairs, Once::default(), |_, _, _| false);
    // Keys stay for two batches: of the batch at hand, and of the one before.
    assert_eq!(grow(96_000, states).0, [1_000, 2_000, 2_000, 2_000]);
    assert_eq!(grow(95_999, states).0, [1_000]);
}

#[test]
fn keys_that_the_iterator_form_lets_go_make_room() {
    let states = |pairs: DStream<Pair>| {
        let fresh = |(key, values, _): (Text, Vec<i64>, Option<i64>)| {
            (!values.is_empty()).then_some((key, 1))
        };
        pairs.update_state_by_key_with(UpdateSpec::iterator(move |keys| keys.filter_map(fresh)))
    };
    assert_eq!(grow(56_000, states).0, [1_000, 1_000, 1_000, 1_000]);
    assert_eq!(grow(55_999, states).1.len(), 4);
}

#[test]
fn a_long_key_counts_with_its_heap() {
    let long = "x".repeat(1 << 20);
    let sc = SparkContext::local(1, "long").with_memory(1 << 20);
    let told = run(&sc, [&[("short", 1)], &[(&long, 1)]], 2, |pairs| {
        pairs.update_state_by_key(sum)
    });
    assert_eq!(told.printed, ["(short,1)"]);
    assert!(told.failures[0].contains("the states of 2 keys would take 1048704 bytes"));
}
