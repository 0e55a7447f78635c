//! The forms of `update_state_by_key` and its settings (`USK-5`, `USK-7` to `USK-10`).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use engine::testing::{run_operation, test_operation};
use engine::{DStream, Profile, SparkContext, StreamingContext, Text, Time, UpdateSpec};

type Pair = (i64, i64);

fn sum(values: &[i64], old: Option<i64>) -> i64 {
    values.iter().sum::<i64>() + old.unwrap_or(0)
}

/// The states after each of these batches, on one core.
#[track_caller]
fn check(spec: UpdateSpec<i64, i64, i64>, input: &[&[Pair]], expected: &[&[Pair]]) {
    test_operation(
        input.iter().map(|batch| batch.to_vec()),
        |pairs| pairs.update_state_by_key_with(spec),
        expected.iter().map(|batch| batch.to_vec()),
    );
}

#[test]
fn usk_7_a_function_may_know_the_batch_time_and_the_key() {
    let spec = UpdateSpec::function_at(|time: Time, key: &i64, values: &[i64], old| {
        let is_kept = *key < 10 || time.as_millis() < 3_000;
        is_kept.then(|| sum(values, old) * 10 + key)
    });
    check(
        spec,
        &[&[(1, 1), (10, 1)], &[], &[]],
        &[&[(1, 11), (10, 20)], &[(1, 111), (10, 210)], &[(1, 1_111)]],
    );
}

#[test]
fn usk_7_the_iterator_form_has_every_key_with_its_values_and_its_old_state() {
    let text = |(key, values, old): (i64, Vec<i64>, Option<String>)| {
        let old = old.map(|old| old + " ").unwrap_or_default();
        (key, format!("{old}{values:?}"))
    };
    test_operation(
        [vec![(1, 1), (2, 2), (1, 3)], vec![], vec![(3, 4)]],
        |pairs| {
            let spec = UpdateSpec::iterator(move |keys| keys.map(text));
            pairs
                .update_state_by_key_with(spec)
                .map(|(key, text)| format!("{key} {text}"))
        },
        [
            vec!["1 [1, 3]", "2 [2]"],
            vec!["1 [1, 3] []", "2 [2] []"],
            vec!["1 [1, 3] [] []", "2 [2] [] []", "3 [4]"],
        ]
        .map(|batch| batch.into_iter().map(str::to_owned).collect()),
    );
}

#[test]
fn usk_7_the_iterator_form_sees_a_partition_as_a_whole() {
    let share_of_all = UpdateSpec::iterator(|keys| {
        let sums = keys.map(|(key, values, old)| (key, sum(&values, old)));
        let sums: Vec<Pair> = sums.collect();
        let most = sums.iter().map(|(_, sum)| *sum).max();
        sums.into_iter().filter(move |(_, sum)| Some(*sum) == most)
    });
    check(
        share_of_all,
        &[&[(1, 5), (2, 7)], &[(1, 9)], &[]],
        &[&[(2, 7)], &[(1, 9)], &[(1, 9)]],
    );
}

/// Each batch moves the state of a key to the next one. Of two partitions each has the odd or the even
/// keys, so that it always goes to the other.
fn moved_on(remembers_partitioner: bool) -> Vec<Vec<Pair>> {
    let sc = SparkContext::local(2, "moved").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let spec = UpdateSpec::iterator(|keys| {
        keys.map(|(key, values, old)| (key + 1, sum(&values, old)))
            .collect::<Vec<_>>()
    });
    let spec = spec.remember_partitioner(remembers_partitioner);
    let (sender, receiver) = std::sync::mpsc::channel();
    ssc.queue_stream([vec![(2, 1)], vec![(3, 10)], vec![]])
        .update_state_by_key_with(spec)
        .foreach_rdd(move |states, _| {
            sender.send(states.collect()?)?;
            Ok(())
        });
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = engine::Stepper::start(program, Time::EPOCH);
    (0..3).for_each(|_| stepper.step(&engine::Inline));
    receiver.try_iter().collect()
}

#[test]
fn usk_7_keys_that_the_function_adds_move_to_their_partition_if_the_partitioner_is_not_remembered()
{
    assert_eq!(moved_on(false), [[(3, 1)], [(4, 11)], [(5, 11)]]);
}

#[test]
fn usk_7_else_they_stay_where_they_were_emitted_and_new_values_do_not_find_them() {
    let batches = moved_on(true);
    assert_eq!(batches[0], [(3, 1)]);
    assert_eq!(batches[1], [(4, 1), (4, 10)], "one from either partition");
    assert_eq!(batches[2], [(5, 1), (5, 10)]);
}

#[test]
fn usk_5_of_a_key_that_was_emitted_twice_the_first_state_counts() {
    let twice = UpdateSpec::iterator(|keys| {
        keys.flat_map(|(key, values, old)| [(key, sum(&values, old)), (key, -1)])
    });
    check(
        twice,
        &[&[(1, 5)], &[(1, 2)]],
        &[&[(1, 5), (1, -1)], &[(1, 7), (1, -1)], &[(1, 7), (1, -1)]],
    );
}

#[test]
fn usk_5_the_iterator_form_has_an_initial_state_too() {
    let spec = UpdateSpec::iterator(|keys| keys.map(|(key, values, old)| (key, sum(&values, old))));
    check(
        spec.initial_state(vec![(1, 7), (2, 8), (1, 100)]),
        &[&[(2, 1), (3, 1)]],
        &[&[(1, 7), (2, 9), (3, 1)]],
    );
}

#[test]
fn usk_7_the_number_of_partitions_is_that_of_the_spec() {
    let partitions = |spec: UpdateSpec<i64, i64, i64>| {
        let batches = run_operation(
            [vec![(1, 1)]],
            |pairs| {
                let states = pairs.update_state_by_key_with(spec);
                states.transform(|states, _| {
                    engine::Rdd::of_rows(vec![vec![states.partition_count()]])
                })
            },
            1,
        );
        batches.expect("the program keeps the rules").concat()
    };
    let function = || UpdateSpec::function(|values: &[i64], old| Some(sum(values, old)));
    assert_eq!(
        partitions(function()),
        [1],
        "as many as the cluster has cores"
    );
    assert_eq!(partitions(function().num_partitions(5)), [5]);
    let iterator =
        UpdateSpec::iterator(|keys| keys.map(|(key, values, _)| (key, sum(&values, None))));
    assert_eq!(partitions(iterator.num_partitions(3)), [3]);
}

/// There is no time-out, but the function sees that a key is idle.
#[test]
fn usk_8_idle_batches_are_counted_in_the_state() {
    let spec = UpdateSpec::function(|values: &[i64], idle: Option<i64>| {
        let idle = if values.is_empty() { idle? + 1 } else { 0 };
        (idle <= 2).then_some(idle)
    });
    check(
        spec,
        &[&[(1, 1), (2, 1)], &[(1, 1)], &[], &[]],
        &[
            &[(1, 0), (2, 0)],
            &[(1, 0), (2, 1)],
            &[(1, 1), (2, 2)],
            &[(1, 2)],
            &[],
        ],
    );
}

/// A state that is shared is one state: a change in place shows in the batches before as well.
#[test]
fn usk_10_a_state_that_is_changed_in_place_is_changed_in_the_past_too() {
    let seconds = Duration::from_secs;
    let bump = |values: &[i64], old: Option<Arc<AtomicI64>>| {
        let state = old.unwrap_or_default();
        state.fetch_add(values.iter().sum(), Ordering::Relaxed);
        Some(state)
    };
    test_operation(
        [vec![("a".to_owned(), 1)], vec![("a".to_owned(), 1)]],
        move |pairs: DStream<(String, i64)>| {
            let states = pairs
                .update_state_by_key(bump)
                .window(seconds(2), seconds(2));
            states.map(|(_, state)| state.load(Ordering::Relaxed))
        },
        [vec![2, 2]],
    );
}

#[test]
fn usk_9_values_reach_the_iterator_form_in_the_order_of_arrival_too() {
    let joined = UpdateSpec::iterator(|keys| {
        keys.map(|(key, values, old): (Text, Vec<Text>, Option<Text>)| {
            let all = old.into_iter().chain(values);
            let all: Vec<String> = all.map(|text| text.to_string()).collect();
            (key, Text::from(all.concat()))
        })
    });
    let pair = |key: &str, value: &str| (Text::from(key), Text::from(value));
    test_operation(
        [
            vec![pair("k", "c"), pair("k", "a")],
            vec![pair("k", "b"), pair("k", "a")],
        ],
        |pairs| pairs.update_state_by_key_with(joined),
        [vec![pair("k", "ca")], vec![pair("k", "caba")]],
    );
}
