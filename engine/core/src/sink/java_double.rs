//! Double-precision numbers as Java writes them.
//!
//! From `java.lang.Double.toString` and `jdk.internal.math.FloatingDecimal` (JDK 17).

use std::fmt;

use super::shortest::{plain, scientific};

/// A number that displays as `Double.toString` has it: `1.0`, `1.0E10`, `NaN`, `-Infinity`.
///
/// The digits are the fewest that read back as the number, except from 2^53 to 2^63: JDK 17 writes
/// those numbers out and cuts at most two digits, which leaves some with a digit too many. It has a
/// digit too many, or another last one, for a few numbers elsewhere: some powers of two below 1e-7,
/// some numbers above 1e20, some subnormal ones. That is not imitated.
pub(super) struct JavaDouble(pub(super) f64);

impl fmt::Display for JavaDouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        let size = number.abs();
        if number.is_nan() {
            f.write_str("NaN")
        } else if number.is_infinite() {
            f.write_str(if number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            })
        } else if size == 0.0 || (1e-3..1e7).contains(&size) {
            f.write_str(&plain(number))
        } else {
            let sign = if number < 0.0 { "-" } else { "" };
            write!(f, "{sign}{}", with_exponent(size))
        }
    }
}

/// Where one digit would do, Java has the two that are closest.
fn with_exponent(size: f64) -> String {
    let digits = if (WHOLE_MIN..WHOLE_MAX).contains(&size) {
        format!("{:e}", cut_whole(size))
    } else {
        scientific(size)
    };
    if digits.contains('.') {
        digits.replace('e', "E")
    } else {
        format!("{size:.1E}")
    }
}

/// 2^53: below, the digits of a whole number are the fewest that it needs.
const WHOLE_MIN: f64 = 9_007_199_254_740_992.0;

/// 2^63: above, a whole number does not fit Java's `long`.
const WHOLE_MAX: f64 = 9_223_372_036_854_775_808.0;

/// The whole number without the last digits that its precision says nothing of, rounded half up.
fn cut_whole(size: f64) -> u64 {
    let whole = size as u64;
    let spare_bits = whole.ilog2().saturating_sub(54);
    let unit = 10_u64.pow((1_u64 << spare_bits).ilog10());
    (whole + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: f64, expected: &str) {
        assert_eq!(JavaDouble(number).to_string(), expected);
    }

    #[test]
    fn plain_from_a_thousandth_to_ten_million() {
        check(0.0, "0.0");
        check(-0.0, "-0.0");
        check(1.0, "1.0");
        check(0.1 + 0.2, "0.30000000000000004");
        check(0.001, "0.001");
        check(-9_999_999.5, "-9999999.5");
    }

    #[test]
    fn scientific_outside() {
        check(1e7, "1.0E7");
        check(1e10, "1.0E10");
        check(9.99e-4, "9.99E-4");
        check(-1.25e300, "-1.25E300");
        check(5e-324, "4.9E-324");
        check(2e23, "2.0E23");
    }

    #[test]
    fn large_whole_numbers_have_what_jdk_17_leaves_of_them() {
        check(1e16, "1.0E16");
        check(-2.115_049_142_208_215e17, "-2.11504914220821504E17");
        check(9.397_900_335_161_29e17, "9.3979003351612902E17");
        check(4.279_903_861_295_452e18, "4.2799038612954522E18");
    }

    #[test]
    fn not_numbers() {
        check(f64::NAN, "NaN");
        check(f64::INFINITY, "Infinity");
        check(f64::NEG_INFINITY, "-Infinity");
    }
}
