//! Operators on two streams, on partitions and on windows of all records, each against its plain twin.

use std::collections::BTreeMap;

use engine::{DStream, Inline, OuterPair, Profile};
use proptest::prelude::*;

use crate::laws::{
    Batch, Cluster, Pair, batches, clusters, groups, rows, run, seconds, sorted, windows,
};

/// The pairs of even keys, and all pairs with their values negated: two streams of one.
fn even(pairs: &DStream<Pair>) -> DStream<Pair> {
    pairs.filter(|pair| pair.0 % 2 == 0)
}

fn negated(pairs: &DStream<Pair>) -> DStream<Pair> {
    pairs
        .filter(|pair| pair.1 < 50)
        .map(|(key, value)| (key, -value))
}

type Groups = BTreeMap<i64, (Vec<i64>, Vec<i64>)>;

/// The values of each key in both of the streams above.
fn both(batch: &Batch<Pair>) -> Groups {
    let pairs = rows(batch);
    let mut both = Groups::new();
    for (key, value) in &pairs {
        if key % 2 == 0 {
            both.entry(*key).or_default().0.push(*value);
        }
        if *value < 50 {
            both.entry(*key).or_default().1.push(-value);
        }
    }
    both
}

/// The values of one side, or that there are none, if that is a row too.
fn values(values: &[i64], is_outer: bool) -> Vec<Option<i64>> {
    if values.is_empty() && is_outer {
        return vec![None];
    }
    values.iter().copied().map(Some).collect()
}

type JoinedPair = (i64, OuterPair<i64, i64>);
type Joined = Vec<JoinedPair>;

type Join = fn(&DStream<Pair>, &DStream<Pair>) -> DStream<JoinedPair>;

/// The join of both streams, with the keys that the left or the right one alone has if it is outer there.
fn joined(batch: &Batch<Pair>, outer_left: bool, outer_right: bool) -> Joined {
    let mut joined = Joined::new();
    for (key, (left, right)) in both(batch) {
        for v in values(&left, outer_right) {
            for w in values(&right, outer_left) {
                joined.push((key, (v, w)));
            }
        }
    }
    joined
}

fn counts(batches: &[Batch<Pair>], length: usize) -> Vec<Vec<Pair>> {
    let of_window = |window: Vec<Pair>| {
        let groups = groups(&window).into_iter();
        groups
            .map(|(key, values)| (key, values.len() as i64))
            .collect()
    };
    windows(batches, length, 1)
        .into_iter()
        .map(of_window)
        .collect()
}

/// The result of each window, or none where the window is empty and none of before is kept.
fn of_windows(
    batches: &[Batch<Pair>],
    length: usize,
    stays: bool,
    of_window: impl Fn(&[Pair]) -> i64,
) -> Vec<Vec<i64>> {
    let mut had_records = false;
    let windows = windows(batches, length, 1).into_iter();
    windows
        .map(|window| {
            had_records |= !window.is_empty();
            let is_there = !window.is_empty() || (stays && had_records);
            is_there.then(|| of_window(&window)).into_iter().collect()
        })
        .collect()
}

/// True if a window is computed from the one before: `PySpark` does so only where it pays.
fn is_inverse(cluster: Cluster, length: usize) -> bool {
    cluster.profile == Profile::Jvm || length >= 5
}

proptest! {
    #[test]
    fn joins_are_all_pairs_of_values_of_a_key(batches in batches(), cluster in clusters()) {
        let run = |operation: Join| {
            sorted(run(cluster, &Inline, &batches, |pairs| operation(&even(&pairs), &negated(&pairs))))
        };
        let expected = |left, right| {
            sorted(batches.iter().map(|batch| joined(batch, left, right)).collect())
        };
        let inner = run(|a, b| a.join(b).map_values(|(v, w)| (Some(v), Some(w))));
        prop_assert_eq!(inner, expected(false, false));
        let left = run(|a, b| a.left_outer_join(b).map_values(|(v, w)| (Some(v), w)));
        prop_assert_eq!(left, expected(true, false));
        let right = run(|a, b| a.right_outer_join(b).map_values(|(v, w)| (v, Some(w))));
        prop_assert_eq!(right, expected(false, true));
        let full = run(DStream::full_outer_join);
        prop_assert_eq!(full, expected(true, true));
    }

    #[test]
    fn cogroup_has_all_values_of_a_key_in_their_order(
        batches in batches(),
        cluster in clusters(),
        partitions in 1_usize..5,
    ) {
        let groups = run(cluster, &Inline, &batches, |pairs| {
            even(&pairs).num_partitions(partitions).cogroup(&negated(&pairs))
        });
        let expected: Vec<Vec<_>> =
            batches.iter().map(|batch| both(batch).into_iter().collect()).collect();
        prop_assert_eq!(sorted(groups), expected);
    }

    #[test]
    fn combined_values_are_those_of_the_key_in_their_order(
        batches in batches(),
        cluster in clusters(),
        partitions in 1_usize..5,
    ) {
        let append = |mut values: Vec<i64>, more: Vec<i64>| {
            values.extend(more);
            Ok(values)
        };
        let combined = run(cluster, &Inline, &batches, |pairs| {
            pairs.num_partitions(partitions).combine_by_key(
                |value| Ok(vec![value]),
                move |values, value| append(values, vec![value]),
                append,
            )
        });
        let expected: Vec<Vec<_>> =
            batches.iter().map(|batch| groups(&rows(batch)).into_iter().collect()).collect();
        prop_assert_eq!(sorted(combined), expected);
    }

    #[test]
    fn repartition_keeps_every_row(
        batches in batches(),
        cluster in clusters(),
        partitions in 1_usize..5,
    ) {
        let glom = run(cluster, &Inline, &batches, |pairs| pairs.repartition(partitions).glom());
        prop_assert!(glom.iter().all(|batch| batch.len() == partitions));
        let moved: Vec<Vec<Pair>> = glom.into_iter().map(|batch| batch.concat()).collect();
        prop_assert_eq!(sorted(moved), sorted(batches.iter().map(rows).collect()));
    }

    #[test]
    fn windows_of_all_records_are_counted_and_reduced(
        batches in batches(),
        cluster in clusters(),
        length in 1_usize..7,
    ) {
        let (window, slide) = (seconds(length), seconds(1));
        let stays = is_inverse(cluster, length);
        let counts = run(cluster, &Inline, &batches, |pairs| pairs.count_by_window(window, slide));
        prop_assert_eq!(counts, of_windows(&batches, length, stays, |rows| rows.len() as i64));
        let sum = |rows: &[Pair]| rows.iter().map(|row| row.1).sum();
        let sums = run(cluster, &Inline, &batches, |pairs| {
            pairs.map(|row| row.1).reduce_by_window(|x, y| x + y, window, slide)
        });
        prop_assert_eq!(sums, of_windows(&batches, length, false, sum));
        let sums = run(cluster, &Inline, &batches, |pairs| {
            let values = pairs.map(|row| row.1);
            values.reduce_by_window_inverse(|x, y| x + y, |x, y| x - y, window, slide)
        });
        prop_assert_eq!(sums, of_windows(&batches, length, stays, sum));
    }

    #[test]
    fn windows_by_value_and_by_key_have_what_is_in_the_window(
        batches in batches(),
        cluster in clusters(),
        length in 1_usize..7,
        partitions in 1_usize..5,
    ) {
        let (window, slide) = (seconds(length), seconds(1));
        let by_value = run(cluster, &Inline, &batches, |pairs| {
            let keys = pairs.map(|pair| pair.0).num_partitions(partitions);
            keys.count_by_value_and_window(window, slide)
        });
        prop_assert_eq!(sorted(by_value), counts(&batches, length));
        let by_key = run(cluster, &Inline, &batches, |pairs| {
            let groups = pairs.num_partitions(partitions).group_by_key_and_window(window, slide);
            // A key that left stays with no values, where a window is computed from the one before.
            groups.filter(|group| !group.1.is_empty())
        });
        let expected = windows(&batches, length, 1).into_iter();
        let expected: Vec<Vec<_>> =
            expected.map(|window| groups(&window).into_iter().collect()).collect();
        prop_assert_eq!(sorted(by_key), expected);
    }
}
