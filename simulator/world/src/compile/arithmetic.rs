//! Sums, differences and products of whole numbers, as the profile's language has them.

use std::panic::resume_unwind;

use scenario::Profile;

/// Two numbers made one.
pub(super) type Operation = fn(i64, i64) -> i64;

/// What whole numbers are put together by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operations {
    pub(super) sum: Operation,
    pub(super) difference: Operation,
    pub(super) product: Operation,
}

/// A `long` of the JVM wraps around. An integer of Python's grows on, as none of ours does: there the
/// batch fails rather than be wrong.
pub(super) fn operations(profile: Profile) -> Operations {
    match profile {
        Profile::Jvm => Operations {
            sum: i64::wrapping_add,
            difference: i64::wrapping_sub,
            product: i64::wrapping_mul,
        },
        Profile::Pyspark | Profile::Cookbook => Operations {
            sum: |x, y| x.checked_add(y).unwrap_or_else(|| refuse(x, '+', y)),
            difference: |x, y| x.checked_sub(y).unwrap_or_else(|| refuse(x, '-', y)),
            product: |x, y| x.checked_mul(y).unwrap_or_else(|| refuse(x, '*', y)),
        },
    }
}

/// Fails the batch without a word on the way: whoever runs it tells.
fn refuse(x: i64, operator: char, y: i64) -> i64 {
    resume_unwind(Box::new(format!(
        "{x} {operator} {y} is beyond 64 bits, in which numbers are kept here: Python's would grow on"
    )))
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    /// What is told of two numbers that have no 64-bit result in Python; on the JVM it is `wrapped`.
    #[track_caller]
    fn check(of: fn(Operations) -> Operation, [x, y]: [i64; 2], wrapped: i64, told: &str) {
        assert_eq!(of(operations(Profile::Jvm))(x, y), wrapped);
        for profile in [Profile::Pyspark, Profile::Cookbook] {
            let panic =
                catch_unwind(|| of(operations(profile))(x, y)).expect_err("there is no result");
            let message = panic.downcast_ref::<String>().expect("it is a text");
            let end = " is beyond 64 bits, in which numbers are kept here: Python's would grow on";
            assert_eq!(message.strip_suffix(end), Some(told));
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
            assert_eq!((operations(profile).sum)(i64::MAX, i64::MIN), -1);
            assert_eq!((operations(profile).difference)(3, 5), -2);
            assert_eq!((operations(profile).product)(-3, 5), -15);
        }
    }
}
