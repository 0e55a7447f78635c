//! Floating-point numbers as Java writes them.
//!
//! From `java.lang.Double.toString`, `Float.toString` and `jdk.internal.math.FloatingDecimal` (JDK 17).

use std::fmt;

use super::shortest::{Number, plain, scientific};

/// Writes a number as `Double.toString` or `Float.toString` has it: `1.0`, `1.0E10`, `NaN`, `-Infinity`.
///
/// The digits are the fewest that read back as the number, except from 2^53 to 2^63, of a `float` from 2^24: JDK 17
/// writes those numbers out and cuts at most two digits, which leaves some with a digit too many. It has a
/// digit too many, or another last one, for a few numbers elsewhere: some powers of two below 1e-7,
/// some numbers above 1e20, some subnormal ones. That is not imitated.
pub(super) fn java_float(number: impl Number, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let exact: f64 = number.into();
    let size = exact.abs();
    if exact.is_nan() {
        f.write_str("NaN")
    } else if exact.is_infinite() {
        f.write_str(if exact > 0.0 { "Infinity" } else { "-Infinity" })
    } else if size == 0.0 || (1e-3..1e7).contains(&size) {
        f.write_str(&plain(number))
    } else {
        f.write_str(&with_exponent(number))
    }
}

/// Of a number that needs one digit alone, Java has the two that are closest.
fn with_exponent<N: Number>(number: N) -> String {
    let exact: f64 = number.into();
    let whole_min = (1_u64 << N::EXACT_BITS) as f64;
    let digits = if (whole_min..WHOLE_MAX).contains(&exact.abs()) {
        let sign = if exact < 0.0 { "-" } else { "" };
        format!("{sign}{:e}", cut_whole(exact.abs(), N::EXACT_BITS))
    } else {
        scientific(number)
    };
    if digits.contains('.') {
        digits.replace('e', "E")
    } else {
        format!("{number:.1E}")
    }
}

/// 2^63: above, a whole number does not fit Java's `long`.
const WHOLE_MAX: f64 = 9_223_372_036_854_775_808.0;

/// The whole number with zeros for the last digits, which a precision of `exact_bits` does not fix, rounded
/// half up.
fn cut_whole(size: f64, exact_bits: u32) -> u64 {
    let whole = size as u64;
    let spare_bits = whole.ilog2().saturating_sub(exact_bits + 1);
    let unit = 10_u64.pow((1_u64 << spare_bits).ilog10());
    (whole + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: impl Number, expected: &str) {
        let text = fmt::from_fn(|f| java_float(number, f)).to_string();
        assert_eq!(text, expected);
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
    fn a_float_is_as_short_as_it_reads_back_and_whole_ones_are_not() {
        check(0.1_f32, "0.1");
        check(1.0_f32 / 3.0, "0.33333334");
        check(9_999_999_f32, "9999999.0");
        check(1e-5_f32, "1.0E-5");
        check(-123_456_789_f32, "-1.23456792E8");
        check(16_777_216_f32, "1.6777216E7");
        check(8_589_934_592_f32, "8.5899346E9");
        check(1_099_511_627_776_f32, "1.09951163E12");
        check(2_f32.powi(63), "9.223372E18");
        check(f32::MAX, "3.4028235E38");
        check(f32::from_bits(1), "1.4E-45");
    }

    #[test]
    fn not_numbers() {
        check(f64::NAN, "NaN");
        check(f64::INFINITY, "Infinity");
        check(f64::NEG_INFINITY, "-Infinity");
    }
}
