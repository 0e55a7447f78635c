//! Functions that panic: the failure names the key, and the next batch has lost nothing (`JOB-4`, `MWS-7`).

use std::time::Duration;

use engine::{DStream, Profile, SparkContext, State, StateSpec, Text, UpdateSpec};

use super::{Batch, Once, Pair, map_that_fails, run, sum};

/// A program whose function fails once.
struct FailsOnce<'a, const N: usize> {
    input: [Batch<'a>; N],
    failure: &'a str,
    /// All rows that are printed of the last batch.
    last_rows: &'a str,
}

impl<const N: usize> FailsOnce<'_, N> {
    /// Runs it on one core and on several, in either row order.
    #[track_caller]
    fn check(&self, operation: impl Fn(DStream<Pair>, Once) -> DStream<Pair>) {
        for (cores, profile) in [(1, Profile::Pyspark), (1, Profile::Jvm), (3, Profile::Jvm)] {
            let sc = SparkContext::local(cores, "bad").with_profile(profile);
            let outcome = run(&sc, self.input, N, |pairs| {
                operation(pairs, Once::default())
            });
            assert_eq!(outcome.failures, [self.failure], "{cores} cores");
            assert_eq!(outcome.printed.len(), N - 1, "one batch printed nothing");
            let last_rows = outcome.printed.last().map(String::as_str);
            assert_eq!(last_rows, Some(self.last_rows), "{cores} cores");
        }
    }
}

/// An update function that sums up, and fails once where `is_here` says so, given the key, the values and the
/// old state.
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
    FailsOnce {
        input: [
            &[("a", 1), ("b", 1), ("c", 1)],
            &[("c", 1), ("d", 1)],
            &[("a", 1)],
        ],
        failure: "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        last_rows: "(a,2) (b,1) (c,2) (d,1)",
    }
    .check(|pairs, once| {
        update_that_fails(&pairs, once, |key, values, _| {
            key == "b" && values.is_empty()
        })
    });
}

#[test]
fn job_4_an_update_that_panics_on_a_key_with_values_names_it() {
    FailsOnce {
        input: [
            &[("a", 1), ("b", 1)],
            &[("a", 5), ("b", 7), ("new", 1)],
            &[("b", 1)],
        ],
        failure: "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        last_rows: "(a,6) (b,9) (new,1)",
    }
    .check(|pairs, once| {
        update_that_fails(&pairs, once, |_, values, old| {
            values == [7] && old.is_some()
        })
    });
}

#[test]
fn job_4_an_update_that_panics_on_a_new_key_names_it() {
    FailsOnce {
        input: [
            &[("a", 1)],
            &[("a", 1), ("x", 1), ("y", 1), ("z", 1)],
            &[("y", 1)],
        ],
        failure: "update_state_by_key, key \"y\", batch at 2000 ms: no bread",
        last_rows: "(a,2) (x,1) (y,2) (z,1)",
    }
    .check(|pairs, once| {
        update_that_fails(&pairs, once, |key, _, old| key == "y" && old.is_none())
    });
}

#[test]
fn job_4_an_iterator_form_that_panics_names_the_current_key() {
    FailsOnce {
        input: [&[("a", 1), ("b", 1)], &[("a", 5)], &[("b", 1)]],
        failure: "update_state_by_key, key \"b\", batch at 2000 ms: no bread",
        last_rows: "(a,6) (b,2)",
    }
    .check(|pairs, once| {
        let spec = UpdateSpec::iterator(move |keys| {
            let once = once.clone();
            keys.filter_map(move |(key, values, old): (Text, Vec<i64>, Option<i64>)| {
                once.panic(key == "b" && old.is_some());
                Some((key, sum(&values, old)?))
            })
        });
        pairs.update_state_by_key_with(spec)
    });
}

#[test]
fn job_4_an_iterator_form_that_panics_between_keys_says_why() {
    let sc = SparkContext::local(1, "bad");
    let outcome = run(&sc, [&[("a", 1)]], 1, |pairs| {
        let spec = UpdateSpec::iterator(|keys| {
            let all: Vec<(Text, Vec<i64>, Option<i64>)> = keys.collect();
            assert!(all.is_empty(), "no bread");
            Vec::new()
        });
        pairs.update_state_by_key_with(spec)
    });
    let expected = "update_state_by_key, batch at 1000 ms: no bread";
    assert_eq!(outcome.failures, [expected]);
}

#[test]
fn job_4_a_mapping_function_that_panics_names_the_key() {
    FailsOnce {
        input: [
            &[("a", 1), ("b", 1)],
            &[("new", 1), ("a", 5), ("b", 7)],
            &[("b", 1)],
        ],
        failure: "map_with_state, key \"b\", batch at 2000 ms: no bread",
        last_rows: "(a,6) (b,9) (new,1)",
    }
    .check(|pairs, once| {
        map_that_fails(&pairs, once, |_, value, exists| value == Some(7) && exists)
    });
}

#[test]
fn job_4_a_mapping_function_that_panics_on_a_new_key_names_it() {
    FailsOnce {
        input: [
            &[("a", 1), ("b", 1)],
            &[("a", 5), ("b", 1), ("new", 1)],
            &[("b", 1)],
        ],
        failure: "map_with_state, key \"new\", batch at 2000 ms: no bread",
        last_rows: "(a,6) (b,3) (new,1)",
    }
    .check(|pairs, once| map_that_fails(&pairs, once, |key, _, exists| key == "new" && !exists));
}

#[test]
fn job_4_a_call_of_a_time_out_that_panics_names_the_key() {
    FailsOnce {
        input: [
            &[("a", 1), ("b", 1), ("c", 1)],
            &[("a", 1)],
            &[("a", 1)],
            &[("b", 7)],
        ],
        failure: "map_with_state, key \"b\", batch at 3000 ms: no bread",
        last_rows: "(a,3) (b,7)",
    }
    .check(|pairs, once| {
        map_that_fails(&pairs, once, |key, value, _| key == "b" && value.is_none())
    });
}

#[test]
fn mws_7_misuse_of_a_state_that_times_out_names_the_key() {
    let sc = SparkContext::local(1, "bad");
    let outcome = run(&sc, [&[("a", 1)]], 3, |pairs| {
        let keep = |_: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
            state.update(value.unwrap_or(0));
        };
        let spec = StateSpec::function(keep).timeout(Duration::from_secs(1));
        let states = pairs.map_with_state(spec.exact_timeouts());
        states.state_snapshots()
    });
    assert_eq!(outcome.printed, ["(a,1)", "(a,1)"]);
    assert_eq!(
        outcome.failures,
        ["map_with_state, key \"a\", batch at 3000 ms: Cannot update the state that is timing out"]
    );
}

/// Sixty keys come and all but one go, which leaves their slots. With those of the batch that fails there are
/// so many that the next batch compacts the table.
#[test]
fn job_4_a_table_that_is_compacted_after_a_batch_failed_has_lost_nothing() {
    let many: Vec<String> = (0..60).map(|key| format!("key-{key}")).collect();
    let all = |value| many.iter().map(move |key| (key.as_str(), value));
    let come: Vec<(&str, i64)> = all(1).collect();
    let go: Vec<(&str, i64)> = all(0).skip(1).collect();
    let new: Vec<String> = (0..10).map(|key| format!("new-{key}")).collect();
    let mut fails = vec![("key-0", 1)];
    fails.extend(new.iter().map(|key| (key.as_str(), 1)));
    fails.push(("last", 1));
    let mut sums = vec!["(key-0,2)".to_owned(), "(last,1)".to_owned()];
    sums.extend(new.iter().map(|key| format!("({key},1)")));
    for profile in [Profile::Pyspark, Profile::Jvm] {
        let sc = SparkContext::local(1, "compact").with_profile(profile);
        let outcome = run(&sc, [&come, &go, &fails, &[]], 4, |pairs| {
            let once = Once::default();
            let function = move |key: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
                once.panic(key == "last");
                match value {
                    Some(0) => state.remove(),
                    value => state.update(state.get_option().unwrap_or(&0) + value.unwrap_or(0)),
                }
            };
            let states = pairs.map_with_state(StateSpec::function(function));
            states.state_snapshots()
        });
        assert_eq!(
            outcome.failures,
            ["map_with_state, key \"last\", batch at 3000 ms: no bread"]
        );
        let last_rows = outcome.printed.last();
        assert_eq!(last_rows, Some(&sums.join(" ")), "{profile:?}");
    }
}
