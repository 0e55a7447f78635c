//! The fewest digits that read back as a number, chosen as Java and Python choose them.
//!
//! Rust's own `{:?}` and `{:e}` give as few digits, but of two candidates that are equally near it
//! takes the greater one, and the others the even one (`{:.n}` does so too).

use std::fmt::{Debug, Display, LowerExp, UpperExp};
use std::str::FromStr;

/// A number of 32 or 64 bits.
pub(super) trait Number:
    Copy + PartialEq + Debug + Display + LowerExp + UpperExp + FromStr + Into<f64>
{
    /// The bits of a whole number that is exact.
    const EXACT_BITS: u32;
}

impl Number for f32 {
    const EXACT_BITS: u32 = f32::MANTISSA_DIGITS;
}

impl Number for f64 {
    const EXACT_BITS: u32 = f64::MANTISSA_DIGITS;
}

/// `number`, which is finite, without an exponent and with one digit after the point at least.
pub(super) fn plain(number: impl Number) -> String {
    let greater = format!("{number:?}");
    let decimals = decimals(&greater);
    even_if_equal(number, format!("{number:.decimals$}"), greater)
}

/// `number`, which is finite, with an exponent: `5e-324`, `1.25e300`.
pub(super) fn scientific(number: impl Number) -> String {
    let greater = format!("{number:e}");
    let decimals = greater.split('e').next().map_or(0, decimals);
    even_if_equal(number, format!("{number:.decimals$e}"), greater)
}

fn decimals(digits: &str) -> usize {
    digits
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len())
}

/// The nearest text of so few digits, unless it reads back as another number: beside a power of two
/// the nearest may be too far on the side where numbers are closer together.
fn even_if_equal(number: impl Number, nearest: String, greater: String) -> String {
    if nearest.parse().ok() == Some(number) {
        nearest
    } else {
        greater
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(number: f64, in_plain: &str, in_scientific: &str) {
        assert_eq!(plain(number), in_plain);
        assert_eq!(scientific(number), in_scientific);
    }

    #[test]
    fn whole_numbers_keep_a_zero_in_plain() {
        check(0.0, "0.0", "0e0");
        check(-120.0, "-120.0", "-1.2e2");
    }

    #[test]
    fn of_two_equally_near_the_even_one_is_taken() {
        check(
            6_555_917_543_521_657.0 / 4.0,
            "1638979385880414.2",
            "1.6389793858804142e15",
        );
        check(
            6_555_917_543_521_659.0 / 4.0,
            "1638979385880414.8",
            "1.6389793858804148e15",
        );
    }

    #[test]
    fn a_number_of_32_bits_needs_fewer_digits() {
        assert_eq!(plain(0.1_f32), "0.1");
        assert_eq!(plain(1.0_f32 / 3.0), "0.33333334");
        assert_eq!(scientific(f32::MAX), "3.4028235e38");
    }

    #[test]
    fn beside_a_power_of_two_the_nearest_may_be_another_number() {
        assert_eq!(scientific(2_f64.powi(-44)), "5.684341886080802e-14");
    }

    proptest! {
        #[test]
        fn a_number_is_read_back(number in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL) {
            prop_assert_eq!(scientific(number).parse(), Ok(number));
        }

        #[test]
        fn a_plain_number_is_read_back(number in -1e15..1e15) {
            prop_assert_eq!(plain(number).parse(), Ok(number));
        }
    }
}
