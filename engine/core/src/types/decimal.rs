//! Numbers with a fixed number of decimal digits (`org.apache.spark.sql.types.Decimal`).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A `DECIMAL(precision,scale)`: a whole number of up to 38 digits, divided by a power of ten.
///
/// Decimals are equal if their numbers and scales are, as those of a column are equal by their numbers, and as
/// `java.math.BigDecimal`s are: by another scale the JVM places the same number elsewhere. To Python they are one key
/// ([`PythonKey`](crate::PythonKey)). Their order is that of the numbers, and of equal ones that of the scales.
/// Displays without an exponent.
///
/// ```
/// use engine::Decimal;
/// let price = Decimal::new(110, 10, 2).ok_or("too many digits")?;
/// assert_eq!(price.to_string(), "1.10");
/// assert_eq!(Some(price), Decimal::new(110, 3, 2));
/// assert_ne!(Some(price), Decimal::new(11, 2, 1));
/// assert_eq!(Decimal::new(1_000, 3, 1), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Decimal {
    // The unscaled number in halves: a field of 128 bits would be aligned to 16 bytes, and take half as
    // much room again in every `Value`.
    high: i64,
    low: u64,
    precision: u8,
    scale: u8,
}

impl Decimal {
    /// Digits at most.
    pub const PRECISION_MAX: u8 = 38;

    /// Digits of a decimal that Spark keeps in 64 bits, and hashes as such.
    const LONG_PRECISION_MAX: u8 = 18;

    /// `unscaled` divided by ten to the power of `scale`; `None` if it has more than `precision` digits.
    ///
    /// # Panics
    ///
    /// Panics if `precision` is more than 38, or `scale` more than `precision`: there is no such type.
    pub fn new(unscaled: i128, precision: u8, scale: u8) -> Option<Decimal> {
        assert!(
            precision <= Decimal::PRECISION_MAX && scale <= precision,
            "DECIMAL({precision},{scale}) is not a type"
        );
        (unscaled.unsigned_abs() < 10_u128.pow(u32::from(precision))).then_some(Decimal {
            high: (unscaled >> 64) as i64,
            low: unscaled as u64,
            precision,
            scale,
        })
    }

    /// The number times ten to the power of its scale.
    pub fn unscaled(self) -> i128 {
        i128::from(self.high) << 64 | i128::from(self.low)
    }

    /// Digits at most.
    pub fn precision(self) -> u8 {
        self.precision
    }

    /// Digits after the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The unscaled number, of a type whose numbers all fit into 64 bits.
    pub fn unscaled_long(self) -> Option<i64> {
        (self.precision <= Decimal::LONG_PRECISION_MAX).then_some(self.low.cast_signed())
    }

    /// The unscaled number in as few bytes as it needs, big end first (`java.math.BigInteger.toByteArray`).
    pub fn unscaled_bytes(self) -> Vec<u8> {
        let bytes = self.unscaled().to_be_bytes();
        // A byte that only repeats the sign of the next one says nothing.
        let is_spare = |pair: &&[u8; 2]| pair[0] == (pair[1].cast_signed() >> 7).cast_unsigned();
        let spare = bytes.array_windows().take_while(is_spare).count();
        bytes[spare..].to_vec()
    }

    /// As [`java.math.BigDecimal.toString`] and Python's `str(Decimal)` have it: with an exponent, if the
    /// point stands far before the digits.
    ///
    /// [`java.math.BigDecimal.toString`]: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/math/BigDecimal.html
    pub fn scientific(self) -> String {
        let digits = self.unscaled().unsigned_abs().to_string();
        let exponent = digits.len() as i32 - 1 - i32::from(self.scale);
        if exponent >= -6 {
            return self.to_string();
        }
        let sign = if self.high < 0 { "-" } else { "" };
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{exponent}")
    }

    /// The same number without zeros at the end of its fraction.
    pub(crate) fn without_trailing_zeros(self) -> Decimal {
        let mut unscaled = self.unscaled();
        let mut scale = self.scale;
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Decimal {
            high: (unscaled >> 64) as i64,
            low: unscaled as u64,
            scale,
            ..self
        }
    }

    /// The number rounded down, and what is above it in units of 10^-38.
    fn parts(self) -> (i128, i128) {
        let one = 10_i128.pow(u32::from(self.scale));
        let unit = 10_i128.pow(u32::from(Decimal::PRECISION_MAX - self.scale));
        let unscaled = self.unscaled();
        (unscaled.div_euclid(one), unscaled.rem_euclid(one) * unit)
    }
}

/// A `DECIMAL(20,0)`, the type that Spark has for unsigned numbers of 64 bits.
impl From<u64> for Decimal {
    fn from(number: u64) -> Decimal {
        Decimal {
            high: 0,
            low: number,
            precision: 20,
            scale: 0,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.high < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>1$}", self.unscaled().unsigned_abs(), scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self}, {}, {})", self.precision, self.scale)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.unscaled() == other.unscaled() && self.scale == other.scale
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.unscaled().hash(state);
        self.scale.hash(state);
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let numbers = self.parts().cmp(&other.parts());
        numbers.then(self.scale.cmp(&other.scale))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(unscaled: i128, precision: u8, scale: u8) -> Decimal {
        Decimal::new(unscaled, precision, scale).expect("so few digits fit")
    }

    #[track_caller]
    fn check_text(decimal: Decimal, plain: &str, scientific: &str) {
        assert_eq!(decimal.to_string(), plain);
        assert_eq!(decimal.scientific(), scientific);
    }

    #[test]
    fn a_number_of_more_digits_than_the_type_has_is_none() {
        assert_eq!(Decimal::new(100, 2, 0), None);
        assert_eq!(Decimal::new(i128::MAX, 38, 0), None);
        assert_eq!(decimal(-99, 2, 0).unscaled(), -99);
        let widest = 10_i128.pow(38) - 1;
        assert_eq!(decimal(-widest, 38, 38).unscaled(), -widest);
    }

    #[test]
    #[should_panic(expected = "DECIMAL(2,3) is not a type")]
    fn a_scale_is_at_most_the_precision() {
        let _ = Decimal::new(1, 2, 3);
    }

    /// As `BigDecimal` and Python's `Decimal` print them.
    #[test]
    fn texts_have_an_exponent_where_java_and_python_write_one() {
        check_text(decimal(0, 3, 2), "0.00", "0.00");
        check_text(decimal(-5, 10, 2), "-0.05", "-0.05");
        check_text(decimal(-110, 10, 2), "-1.10", "-1.10");
        check_text(decimal(7, 10, 0), "7", "7");
        check_text(decimal(1, 8, 6), "0.000001", "0.000001");
        check_text(decimal(1, 8, 8), "0.00000001", "1E-8");
        check_text(decimal(-123, 10, 10), "-0.0000000123", "-1.23E-8");
        check_text(decimal(0, 8, 8), "0.00000000", "0E-8");
    }

    #[test]
    fn unscaled_numbers_have_the_bytes_of_a_big_integer() {
        let bytes = |unscaled| decimal(unscaled, 20, 0).unscaled_bytes();
        assert_eq!(bytes(0), [0]);
        assert_eq!(bytes(-1), [0xff]);
        assert_eq!(bytes(-128), [0x80]);
        assert_eq!(bytes(255), [0, 0xff]);
        assert_eq!(bytes(-256), [0xff, 0]);
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_numbers(
            (one, one_scale) in (-99_999_i128..=99_999, 0..=5_u8),
            (other, other_scale) in (-99_999_i128..=99_999, 0..=5_u8),
        ) {
            let scaled = |number, scale| number * 10_i128.pow(5 - u32::from(scale));
            let order = scaled(one, one_scale).cmp(&scaled(other, other_scale));
            let order = order.then(one_scale.cmp(&other_scale));
            let (one, other) = (decimal(one, 5, one_scale), decimal(other, 5, other_scale));
            prop_assert_eq!(one.cmp(&other), order);
            prop_assert_eq!(one == other, order == Ordering::Equal);
            let same_number = one.without_trailing_zeros() == other.without_trailing_zeros();
            prop_assert_eq!(same_number, one.parts() == other.parts());
        }
    }
}
