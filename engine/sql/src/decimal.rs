//! Arithmetic of decimals (`org.apache.spark.sql.types.Decimal`, `java.math.BigDecimal`).

use std::cmp::Ordering;
use std::fmt;

use engine::{DataType, Decimal};
use num_bigint::{BigInt, Sign};

/// The digits of a type: `DECIMAL(precision,scale)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digits {
    /// Digits at most.
    pub(crate) precision: u8,
    /// Digits after the point.
    pub(crate) scale: u8,
}

/// The number that stands for one with too many digits (`java.math.RoundingMode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// The nearest; of two the one further from zero.
    HalfUp,
    /// The nearest; of two the even one.
    HalfEven,
    /// The next smaller.
    Floor,
    /// The next greater.
    Ceiling,
    /// The next one towards zero.
    Down,
}

/// A decimal number of any number of digits: a whole number divided by a power of ten (`java.math.BigDecimal`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BigDecimal {
    unscaled: BigInt,
    scale: i32,
}

/// Digits that Spark keeps of a product (`Decimal.MATH_CONTEXT`).
const PRODUCT_DIGITS: usize = 39;

/// Digits after the point that Spark keeps of a quotient.
const QUOTIENT_SCALE: i32 = 39;

/// The decimal type with room for both; `None` if there is none, or one is no decimal type.
pub(crate) fn wider_decimal(one: &DataType, other: &DataType) -> Option<DataType> {
    let (
        DataType::Decimal { precision, scale },
        DataType::Decimal {
            precision: other_precision,
            scale: other_scale,
        },
    ) = (one, other)
    else {
        return None;
    };
    let whole = (precision - scale).max(other_precision - other_scale);
    let scale = *scale.max(other_scale);
    let precision = whole + scale;
    (precision <= Decimal::PRECISION_MAX).then_some(DataType::Decimal { precision, scale })
}

fn power_of_ten(exponent: i32) -> BigInt {
    BigInt::from(10).pow(exponent.unsigned_abs())
}

impl BigDecimal {
    /// `unscaled` divided by ten to the power of `scale`, which may be negative.
    pub(crate) fn new(unscaled: impl Into<BigInt>, scale: i32) -> BigDecimal {
        BigDecimal {
            unscaled: unscaled.into(),
            scale,
        }
    }

    /// The number that Java writes this finite number as (`BigDecimal.valueOf`).
    pub(crate) fn from_float_text(text: &str) -> Option<BigDecimal> {
        let (digits, exponent) = match text.split_once('E') {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let unscaled: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        Some(BigDecimal { unscaled, scale })
    }

    /// True of 0.
    pub(crate) fn is_zero(&self) -> bool {
        self.unscaled.sign() == Sign::NoSign
    }

    /// True of a number below 0.
    pub(crate) fn is_negative(&self) -> bool {
        self.unscaled.sign() == Sign::Minus
    }

    /// The number with this many digits after the point; a negative scale rounds to tens, hundreds and so on.
    #[must_use]
    pub(crate) fn with_scale(&self, scale: i32, rounding: Rounding) -> BigDecimal {
        let unscaled = match scale.saturating_sub(self.scale) {
            0 => self.unscaled.clone(),
            up @ 1.. => &self.unscaled * power_of_ten(up),
            // No digit is left of a number that is far smaller than the last one.
            down if i64::from(down.unsigned_abs()) > self.digits() as i64 + 1 => {
                divided(&BigInt::from(self.sign()), &BigInt::from(100), rounding)
            }
            down => divided(&self.unscaled, &power_of_ten(down), rounding),
        };
        BigDecimal { unscaled, scale }
    }

    /// The same number, if it has no more digits after the point than this, and else with this many.
    #[must_use]
    pub(crate) fn shortened(&self, scale: i32, rounding: Rounding) -> BigDecimal {
        if scale >= self.scale {
            return self.clone();
        }
        self.with_scale(scale, rounding)
    }

    fn sign(&self) -> i8 {
        match self.unscaled.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }

    /// The number of its digits.
    fn digits(&self) -> usize {
        self.unscaled.magnitude().to_string().len()
    }

    /// The number as one of this type; `None` if it has too many digits before the point.
    pub(crate) fn to_decimal(&self, digits: Digits) -> Option<Decimal> {
        let rounded = self.with_scale(i32::from(digits.scale), Rounding::HalfUp);
        let unscaled = i128::try_from(&rounded.unscaled).ok()?;
        Decimal::new(unscaled, digits.precision, digits.scale)
    }

    /// The whole part, of which the low 64 bits are kept (`BigDecimal.longValue`).
    pub(crate) fn to_long_wrapping(&self) -> i64 {
        let whole = self.with_scale(0, Rounding::Down).unscaled;
        let low = whole.magnitude().iter_u64_digits().next().unwrap_or(0);
        let long = low.cast_signed();
        if whole.sign() == Sign::Minus {
            long.wrapping_neg()
        } else {
            long
        }
    }

    /// The nearest number of 64 bits (`BigDecimal.doubleValue`).
    pub(crate) fn to_f64(&self) -> f64 {
        // Text is read back correctly rounded, and has an exponent of any size.
        let text = format!("{}e{}", self.unscaled, -i64::from(self.scale));
        text.parse().unwrap_or(f64::NAN)
    }

    /// The nearest number of 32 bits (`BigDecimal.floatValue`).
    pub(crate) fn to_f32(&self) -> f32 {
        let text = format!("{}e{}", self.unscaled, -i64::from(self.scale));
        text.parse().unwrap_or(f32::NAN)
    }

    /// The sum.
    #[must_use]
    pub(crate) fn plus(&self, other: &BigDecimal) -> BigDecimal {
        let (one, other, scale) = aligned(self, other);
        BigDecimal::new(one + other, scale)
    }

    /// The difference.
    #[must_use]
    pub(crate) fn minus(&self, other: &BigDecimal) -> BigDecimal {
        let (one, other, scale) = aligned(self, other);
        BigDecimal::new(one - other, scale)
    }

    /// The product, of which Spark keeps 39 digits.
    #[must_use]
    pub(crate) fn times(&self, other: &BigDecimal) -> BigDecimal {
        let product = BigDecimal::new(&self.unscaled * &other.unscaled, self.scale + other.scale);
        match product.digits().saturating_sub(PRODUCT_DIGITS) {
            0 => product,
            spare => product.with_scale(product.scale - spare as i32, Rounding::Down),
        }
    }

    /// The quotient, of which Spark keeps 39 digits after the point; `None` of a division by zero.
    pub(crate) fn divided_by(&self, other: &BigDecimal) -> Option<BigDecimal> {
        if other.is_zero() {
            return None;
        }
        let shift = QUOTIENT_SCALE - self.scale + other.scale;
        let mut dividend = self.unscaled.clone();
        let mut divisor = other.unscaled.clone();
        if shift >= 0 {
            dividend *= power_of_ten(shift);
        } else {
            divisor *= power_of_ten(shift);
        }
        Some(BigDecimal::new(dividend / divisor, QUOTIENT_SCALE))
    }

    /// The whole part of the quotient, and the rest, which has the sign of the dividend; `None` of a division by zero.
    pub(crate) fn divided_whole(&self, other: &BigDecimal) -> Option<(BigDecimal, BigDecimal)> {
        if other.is_zero() {
            return None;
        }
        let (one, other, scale) = aligned(self, other);
        let whole = BigDecimal::new(&one / &other, 0);
        Some((whole, BigDecimal::new(one % other, scale)))
    }
}

/// The unscaled numbers at the greater one of both scales.
fn aligned(one: &BigDecimal, other: &BigDecimal) -> (BigInt, BigInt, i32) {
    let scale = one.scale.max(other.scale);
    let at_scale = |it: &BigDecimal| &it.unscaled * power_of_ten(scale - it.scale);
    (at_scale(one), at_scale(other), scale)
}

fn divided(dividend: &BigInt, divisor: &BigInt, rounding: Rounding) -> BigInt {
    let quotient = dividend / divisor;
    let rest = dividend % divisor;
    if rest.sign() == Sign::NoSign {
        return quotient;
    }
    let half = (rest.magnitude() * 2_u32).cmp(divisor.magnitude());
    let is_away = match rounding {
        Rounding::Down => false,
        Rounding::Floor => rest.sign() == Sign::Minus,
        Rounding::Ceiling => rest.sign() == Sign::Plus,
        Rounding::HalfUp => half != Ordering::Less,
        Rounding::HalfEven => {
            half == Ordering::Greater || half == Ordering::Equal && quotient.bit(0)
        }
    };
    match (is_away, rest.sign()) {
        (false, _) => quotient,
        (true, Sign::Minus) => quotient - 1,
        (true, _) => quotient + 1,
    }
}

impl From<Decimal> for BigDecimal {
    fn from(decimal: Decimal) -> BigDecimal {
        BigDecimal::new(decimal.unscaled(), i32::from(decimal.scale()))
    }
}

/// Without an exponent (`BigDecimal.toPlainString`).
impl fmt::Display for BigDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.unscaled.magnitude().to_string();
        if self.scale <= 0 {
            let zeros = if self.is_zero() {
                0
            } else {
                self.scale.unsigned_abs() as usize
            };
            return write!(f, "{sign}{digits}{}", "0".repeat(zeros));
        }
        let scale = self.scale.unsigned_abs() as usize;
        let digits = format!("{digits:0>0$}", scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

/// The sum of decimals that need no rounding, if it fits into 128 bits.
pub(crate) fn sum_of_fitting(one: Decimal, other: Decimal, digits: Digits) -> Option<Decimal> {
    let at_scale = |it: Decimal| {
        let up = digits.scale.checked_sub(it.scale())?;
        it.unscaled()
            .checked_mul(10_i128.checked_pow(u32::from(up))?)
    };
    let sum = at_scale(one)?.checked_add(at_scale(other)?)?;
    Decimal::new(sum, digits.precision, digits.scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(unscaled: i128, scale: i32) -> BigDecimal {
        BigDecimal::new(unscaled, scale)
    }

    #[track_caller]
    fn check_rounding(unscaled: i128, rounding: Rounding, expected: &str) {
        let rounded = number(unscaled, 1).with_scale(0, rounding);
        assert_eq!(rounded.to_string(), expected, "{unscaled} {rounding:?}");
    }

    #[test]
    fn a_number_is_rounded_as_java_does() {
        for (unscaled, half_up, half_even, floor, ceiling) in [
            (25, "3", "2", "2", "3"),
            (35, "4", "4", "3", "4"),
            (-25, "-3", "-2", "-3", "-2"),
            (24, "2", "2", "2", "3"),
            (-1, "0", "0", "-1", "0"),
        ] {
            check_rounding(unscaled, Rounding::HalfUp, half_up);
            check_rounding(unscaled, Rounding::HalfEven, half_even);
            check_rounding(unscaled, Rounding::Floor, floor);
            check_rounding(unscaled, Rounding::Ceiling, ceiling);
        }
        let tens = number(12_345, 1).with_scale(-3, Rounding::HalfUp);
        assert_eq!(tens.to_string(), "1000");
        assert_eq!(
            number(1, 300).with_scale(2, Rounding::Ceiling).to_string(),
            "0.01"
        );
    }

    #[test]
    fn a_quotient_has_39_digits_after_the_point_and_a_product_39_in_all() {
        let third = number(1, 0)
            .divided_by(&number(3, 0))
            .map(|it| it.to_string());
        assert_eq!(third, Some(format!("0.{}", "3".repeat(39))));
        assert_eq!(number(1, 0).divided_by(&number(0, 5)), None);
        let nines = number(99_999_999_999_999_999_999, 0);
        assert_eq!(
            nines.times(&nines).to_string(),
            "9999999999999999999800000000000000000000"
        );
    }

    #[test]
    fn a_whole_part_keeps_its_low_64_bits() {
        let quotient = number(99_999_999_999_999_999_999, 0).divided_whole(&number(3, 0));
        let long = quotient.map(|(whole, _)| whole.to_long_wrapping());
        assert_eq!(long, Some(-3_560_154_814_085_769_899));
    }

    #[test]
    fn java_texts_of_doubles_are_read() {
        let read = |text| BigDecimal::from_float_text(text).map(|it| it.to_string());
        assert_eq!(read("1.0E-3").as_deref(), Some("0.0010"));
        assert_eq!(read("-1.25E2").as_deref(), Some("-125"));
        assert_eq!(read("NaN"), None);
    }

    proptest! {
        #[test]
        fn sums_and_rests_are_those_of_whole_numbers(
            one in -1_000_000_i128..1_000_000,
            other in 1_i128..1_000,
            scale in 0..6,
        ) {
            let (left, right) = (number(one, scale), number(other, scale));
            prop_assert_eq!(left.plus(&right), number(one + other, scale));
            prop_assert_eq!(left.minus(&right), number(one - other, scale));
            let divided = left.divided_whole(&right);
            prop_assert_eq!(divided, Some((number(one / other, 0), number(one % other, scale))));
        }
    }
}
