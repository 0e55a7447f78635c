//! Aligns two lists, so that equal items are side by side.

use std::hash::Hash;

use similar::{Algorithm, capture_diff_slices_by_key};

/// One row of two aligned columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aligned<T> {
    /// Two items side by side, which may differ.
    Both(T, T),
    /// An item of the expected text without one beside it.
    Expected(T),
    /// An item of the actual text without one beside it.
    Actual(T),
}

/// Puts items of the same key side by side, as many as possible without changing the order. Between two
/// such rows, the remaining items are paired from the top.
///
/// Myers' algorithm with the usual limits: if almost nothing agrees, it stops early with a longer edit
/// script, so that two texts without anything in common take bounded time.
pub(super) fn align<T: Copy, K: Hash + Eq>(
    expected: &[T],
    actual: &[T],
    key: impl Fn(&T) -> K,
) -> Vec<Aligned<T>> {
    let mut rows = Vec::new();
    for operation in capture_diff_slices_by_key(Algorithm::Myers, expected, actual, key) {
        // An operation is a run of equal, of replaced, or of only inserted or deleted items.
        push_side_by_side(
            &expected[operation.old_range()],
            &actual[operation.new_range()],
            &mut rows,
        );
    }
    rows
}

fn push_side_by_side<T: Copy>(expected: &[T], actual: &[T], rows: &mut Vec<Aligned<T>>) {
    let both = expected.len().min(actual.len());
    for (expected, actual) in expected.iter().zip(actual) {
        rows.push(Aligned::Both(*expected, *actual));
    }
    rows.extend(expected[both..].iter().copied().map(Aligned::Expected));
    rows.extend(actual[both..].iter().copied().map(Aligned::Actual));
}
