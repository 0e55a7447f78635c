//! Sums, differences and products of whole numbers, as the profile's language has them.

use engine::{Failure, FailureKind};
use scenario::Profile;

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
    match profile {
        Profile::Jvm => Operations {
            sum: |x, y| Ok(x.wrapping_add(y)),
            difference: |x, y| Ok(x.wrapping_sub(y)),
            product: |x, y| Ok(x.wrapping_mul(y)),
        },
        Profile::Pyspark | Profile::Cookbook => Operations {
            sum: |x, y| x.checked_add(y).ok_or_else(|| beyond(x, '+', y)),
            difference: |x, y| x.checked_sub(y).ok_or_else(|| beyond(x, '-', y)),
            product: |x, y| x.checked_mul(y).ok_or_else(|| beyond(x, '*', y)),
        },
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
    fn within_64_bits_all_profiles_agree() {
        for profile in [Profile::Pyspark, Profile::Jvm, Profile::Cookbook] {
            assert_eq!((operations(profile).sum)(i64::MAX, i64::MIN), Ok(-1));
            assert_eq!((operations(profile).difference)(3, 5), Ok(-2));
            assert_eq!((operations(profile).product)(-3, 5), Ok(-15));
        }
    }
}
