//! What stands beside what in two columns.

use std::hash::Hash;

use similar::{Algorithm, capture_diff_slices_by_key};

/// One place in two columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair<T> {
    /// Two that belong together; they may differ.
    Both(T, T),
    /// One that has no partner in the actual text.
    Expected(T),
    /// One that has no partner in the expected text.
    Actual(T),
}

/// Puts what has the same key side by side, as much of it as keeps its order. What is left between
/// two such places is paired from the top.
///
/// Myers' algorithm with the usual limits: where almost nothing agrees it gives up early and takes
/// longer scripts, so that two texts that have nothing in common are aligned in no time.
pub(super) fn align<T: Copy, K: Hash + Eq>(
    expected: &[T],
    actual: &[T],
    key: impl Fn(&T) -> K,
) -> Vec<Pair<T>> {
    let mut pairs = Vec::new();
    for operation in capture_diff_slices_by_key(Algorithm::Myers, expected, actual, key) {
        beside(
            &expected[operation.old_range()],
            &actual[operation.new_range()],
            &mut pairs,
        );
    }
    pairs
}

fn beside<T: Copy>(expected: &[T], actual: &[T], pairs: &mut Vec<Pair<T>>) {
    let both = expected.len().min(actual.len());
    let (expected_pairs, expected_rest) = expected.split_at(both);
    let (actual_pairs, actual_rest) = actual.split_at(both);
    let zipped = expected_pairs.iter().zip(actual_pairs);
    pairs.extend(zipped.map(|(expected, actual)| Pair::Both(*expected, *actual)));
    pairs.extend(expected_rest.iter().map(|line| Pair::Expected(*line)));
    pairs.extend(actual_rest.iter().map(|line| Pair::Actual(*line)));
}
