//! Functions that `java.lang.StrictMath` has from fdlibm 5.3, where the library `libm` has newer ones, whose last digit
//! differs for some numbers.
//!
//! The polynomials and their coefficients are those of fdlibm, which Sun Microsystems has published.

#![expect(
    clippy::excessive_precision,
    clippy::approx_constant,
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "the names and the digits are those of fdlibm"
)]

mod hyperbolic;
mod logarithms;
mod roots;

pub(super) use hyperbolic::{acosh, asinh, cosh, sinh, tanh};
pub(super) use libm::{exp, pow};
pub(super) use logarithms::{log, log1p, log10};
pub(super) use roots::{atan2, cbrt, hypot};

/// The sign, the exponent and the first 20 bits of a number.
fn high(number: f64) -> i32 {
    (number.to_bits() >> 32) as i32
}

/// The last 32 bits of a number.
fn low(number: f64) -> u32 {
    number.to_bits() as u32
}

/// A number with other high bits.
fn with_high(number: f64, high: i32) -> f64 {
    f64::from_bits(u64::from(high.cast_unsigned()) << 32 | u64::from(low(number)))
}

/// The first number with these high bits.
fn of_high(high: i32) -> f64 {
    with_high(0.0, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from `StrictMath` of JDK 17, where newer libraries have another last digit.
    #[test]
    fn last_digits_are_those_of_java() {
        for (value, expected) in [
            (log(5.4), 1.686_398_953_570_228_8),
            (log(0.010_406_464_436_297_171), -4.565_328_085_522_711),
            (log10(0.6), -0.221_848_749_616_356_37),
            (log1p(0.456_884_406_841_721_27), 0.376_300_187_649_653_45),
            (cbrt(-1_078_804_516_189.398_9), -10_256.068_636_903_494),
            (cosh(0.678_232_288_677_639_7), 1.238_952_452_676_304_7),
            (sinh(-85.0), -4.111_506_357_311_456_6e36),
            (tanh(0.329_924_207_287_146_44), 0.318_452_672_132_358_84),
            (
                hypot(-0.438_724_590_812_476_6, 0.669_351_989_954_384_7),
                0.800_319_531_836_796_9,
            ),
            (asinh(5.4), 2.388_011_322_284_649_7),
            (atan2(-1e80, -1.0), -1.570_796_326_794_896_8),
        ] {
            assert_eq!(
                value.to_bits(),
                f64::to_bits(expected),
                "{value:?} {expected:?}"
            );
        }
        assert!(acosh(0.5).is_nan());
        assert_eq!(log(0.0), f64::NEG_INFINITY);
        assert!(log(-1.0).is_nan());
    }
}
