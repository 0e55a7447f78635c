//! Sums, differences and products of whole numbers, as the profile's language has them.

use std::time::Duration;

use engine::{Failure, FailureKind};
use scenario::{Profile, Reducer};

/// Makes one number of two.
pub(super) type Operation = fn(i64, i64) -> Result<i64, Failure>;

/// The operations on whole numbers of a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operations {
    pub(super) sum: Operation,
    pub(super) difference: Operation,
    pub(super) product: Operation,
}

/// A `long` of the JVM wraps around. Python's integers have no bound, and ours have 64 bits: there the
/// batch fails rather than be wrong.
pub(super) fn operations(profile: Profile) -> Operations {
    if profile.is_jvm() {
        Operations {
            sum: |x, y| Ok(x.wrapping_add(y)),
            difference: |x, y| Ok(x.wrapping_sub(y)),
            product: |x, y| Ok(x.wrapping_mul(y)),
        }
    } else {
        Operations {
            sum: |x, y| x.checked_add(y).ok_or_else(|| beyond(x, '+', y)),
            difference: |x, y| x.checked_sub(y).ok_or_else(|| beyond(x, '-', y)),
            product: |x, y| x.checked_mul(y).ok_or_else(|| beyond(x, '*', y)),
        }
    }
}

/// The function by which a reducer makes one number of two.
pub(super) fn reduction(reducer: Reducer, profile: Profile) -> Operation {
    match reducer {
        Reducer::Sum => operations(profile).sum,
        Reducer::Max => |x, y| Ok(x.max(y)),
        Reducer::Min => |x, y| Ok(x.min(y)),
    }
}

/// The largest magnitude of numbers, one of each batch of a window, that can be reduced in any groups: then it
/// makes no difference in which, and none fails.
pub(super) fn associative_up_to(reducer: Reducer, profile: Profile, window: Duration) -> u64 {
    match reducer {
        Reducer::Sum if !profile.is_jvm() => {
            // A batch takes a millisecond at least.
            let batches = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
            i64::MAX.unsigned_abs() / batches.max(1)
        }
        Reducer::Sum | Reducer::Max | Reducer::Min => u64::MAX,
    }
}

/// An operation as the function of a step: its failures have the name that the language has for the step.
pub(super) fn in_step(
    step: &'static str,
    operation: Operation,
) -> impl Fn(i64, i64) -> Result<i64, Failure> + Send + Sync + 'static {
    move |x, y| operation(x, y).map_err(|failure| failure.in_operator(step))
}

/// The largest magnitude of numbers of which any number can be reduced in any order: then it makes no difference
/// in which, and none fails.
pub(super) fn unordered_up_to(reducer: Reducer, profile: Profile) -> u64 {
    match reducer {
        Reducer::Sum if !profile.is_jvm() => {
            // No window has 2^40 records.
            i64::MAX.unsigned_abs() >> 40
        }
        Reducer::Sum | Reducer::Max | Reducer::Min => u64::MAX,
    }
}

fn beyond(x: i64, operator: char, y: i64) -> Failure {
    let message = format!(
        "{x} {operator} {y} is beyond 64 bits, in which numbers are kept here: Python's would grow on"
    );
    Failure::new(FailureKind::Overflow, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the results for two numbers that have no 64-bit result: on the JVM the wrapped one, in
    /// Python a failure that names them.
    #[track_caller]
    fn check(of: fn(Operations) -> Operation, [x, y]: [i64; 2], wrapped: i64, named: &str) {
        assert_eq!(of(operations(Profile::Jvm))(x, y), Ok(wrapped));
        for profile in [Profile::Pyspark, Profile::Cookbook] {
            let failure = of(operations(profile))(x, y).expect_err("there is no result");
            assert_eq!(failure.kind(), FailureKind::Overflow);
            let end = " is beyond 64 bits, in which numbers are kept here: Python's would grow on";
            assert_eq!(failure.message().strip_suffix(end), Some(named));
        }
    }

    #[test]
    fn beyond_64_bits_the_jvm_wraps_around_and_for_python_there_is_no_result() {
        check(
            |it| it.sum,
            [i64::MAX, 1],
            i64::MIN,
            "9223372036854775807 + 1",
        );
        check(
            |it| it.difference,
            [i64::MIN, 1],
            i64::MAX,
            "-9223372036854775808 - 1",
        );
        check(
            |it| it.product,
            [i64::MAX, 2],
            -2,
            "9223372036854775807 * 2",
        );
    }

    #[test]
    fn sums_of_python_are_associative_as_far_as_none_in_a_window_can_overflow() {
        let window = Duration::from_secs(3);
        let limits = |reducer, profile| {
            let by_batch = associative_up_to(reducer, profile, window);
            [by_batch, unordered_up_to(reducer, profile)]
        };
        for profile in [Profile::Pyspark, Profile::Cookbook] {
            let [by_batch, by_record] = limits(Reducer::Sum, profile);
            assert_eq!(by_batch, i64::MAX.unsigned_abs() / 3_000);
            assert_eq!(by_record, (1 << 23) - 1);
        }
        assert_eq!(limits(Reducer::Sum, Profile::Jvm), [u64::MAX; 2]);
        assert_eq!(limits(Reducer::Max, Profile::Pyspark), [u64::MAX; 2]);
        assert_eq!(limits(Reducer::Min, Profile::Cookbook), [u64::MAX; 2]);
    }

    #[test]
    fn within_64_bits_all_profiles_agree() {
        for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
            assert_eq!((operations(profile).sum)(i64::MAX, i64::MIN), Ok(-1));
            assert_eq!((operations(profile).difference)(3, 5), Ok(-2));
            assert_eq!((operations(profile).product)(-3, 5), Ok(-15));
        }
    }
}
