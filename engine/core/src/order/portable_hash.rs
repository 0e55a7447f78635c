//! PySpark's hash of any value, by which a Python program's keys are placed.
//!
//! From `pyspark.rdd.portable_hash` (Spark 3.5.9) and the `hash` of CPython: of 3.11 `Python/pyhash.c` and
//! `Objects/longobject.c`, of 2.7 `_Py_HashDouble` in `Objects/object.c`, `string_hash` and `long_hash`.

use super::{python, python2};
use crate::types::calendar::{CivilDate, CivilTime};
use crate::types::{Decimal, Value};

/// The Python whose `hash` is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Python {
    /// Python 3.11 with `PYTHONHASHSEED=0`.
    Three,
    /// Python 2.7 without randomisation.
    Two,
}

impl Python {
    /// `portable_hash(value)`.
    ///
    /// A struct is a tuple in Python. A time is hashed as Python 3 does a `datetime`, by the clock in UTC, and an
    /// interval as the number of its months or microseconds.
    ///
    /// ```
    /// use engine::Record;
    /// use engine::order::Python;
    /// assert_eq!(Python::Three.hash(&("blue", 5).to_value()), 6_274_083_705_663_695_143);
    /// assert_eq!(Python::Three.hash(&1.0.to_value()), Python::Three.hash(&true.to_value()));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics with Python's message if the value is a list or a dict.
    pub fn hash(self, value: &Value) -> i64 {
        match value {
            Value::Null => 0,
            Value::Boolean(truth) => i64::from(*truth),
            Value::Byte(number) => self.hash_integer((*number).into()),
            Value::Short(number) => self.hash_integer((*number).into()),
            Value::Integer(number) => self.hash_integer((*number).into()),
            Value::Long(number) => self.hash_integer(*number),
            Value::Float(number) => self.hash_float(number.0.into()),
            Value::Double(number) => self.hash_float(number.0),
            Value::Decimal(decimal) => hash_decimal(*decimal),
            Value::String(text) => self.hash_text(text),
            Value::Binary(bytes) => self.hash_bytes(bytes),
            Value::Date(days) => self.hash_bytes(&date_state(CivilDate::of_days((*days).into()))),
            Value::Timestamp(micros) | Value::TimestampNtz(micros) => {
                self.hash_bytes(&time_state(CivilTime::of_micros(*micros)))
            }
            Value::YearMonthInterval { months, .. } => self.hash_integer((*months).into()),
            Value::DayTimeInterval { micros, .. } => self.hash_integer(*micros),
            Value::Tuple(values) => hash_tuple(values.iter().map(|value| self.hash(value))),
            Value::Struct(fields) => hash_tuple(fields.values().map(|value| self.hash(value))),
            Value::Array(_) => panic!("unhashable type: 'list'"),
            Value::Map(_) => panic!("unhashable type: 'dict'"),
        }
    }

    /// `hash(str)`, of `unicode` in Python 2.
    pub(crate) fn hash_text(self, text: &str) -> i64 {
        match self {
            Python::Three => python::hash(text),
            Python::Two => python2::hash(text),
        }
    }

    /// `hash(bytes)`, of `str` in Python 2.
    fn hash_bytes(self, bytes: &[u8]) -> i64 {
        match self {
            Python::Three => python::hash_bytes(bytes),
            Python::Two => python2::hash_units(bytes.iter().copied().map(u32::from)),
        }
    }

    /// `hash(int)`: Python 3 reduces modulo the Mersenne prime 2^61 - 1, Python 2 keeps all bits.
    pub(crate) fn hash_integer(self, integer: i64) -> i64 {
        no_error(match self {
            Python::Three => integer % MODULUS,
            Python::Two => integer,
        })
    }

    /// `hash(float)`, which is that of the integer if it is one. Python 3 hashes each `nan` by where it lies in
    /// memory; here it is 0, as in Python 2.
    pub(crate) fn hash_float(self, number: f64) -> i64 {
        if number.is_nan() {
            return 0;
        }
        if number.is_infinite() {
            return match self {
                Python::Two if number < 0.0 => -271_828,
                _ => 314_159 * number.signum() as i64,
            };
        }
        no_error(match self {
            Python::Three => hash_fraction(number),
            Python::Two if number.fract() == 0.0 => hash_whole_2(number),
            Python::Two => hash_fraction_2(number),
        })
    }
}

/// 2^61 - 1, the modulus of Python 3's numbers on 64 bits.
const MODULUS: i64 = (1 << 61) - 1;

/// `portable_hash(tuple)`, given the hashes of its items: 63 bits of the old `tuplehash`. Python's integers do
/// not wrap, but PySpark masks them after each step.
pub(crate) fn hash_tuple(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    let length = items.len() as i64;
    let hash = items.fold(0x34_5678_i64, |hash, item| {
        (hash ^ item).wrapping_mul(1_000_003) & i64::MAX
    });
    hash ^ length
}

/// -1 is how C Python reports an error, so no hash is -1.
pub(super) fn no_error(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// The number modulo 2^61 - 1, by which a power of two is a rotation of 61 bits (`_Py_HashDouble`).
fn hash_fraction(number: f64) -> i64 {
    let (mantissa, exponent) = parts(number);
    let shift = exponent.rem_euclid(61) as u32;
    // Below 2^53, the mantissa is its own remainder.
    let rotated = (mantissa << shift | mantissa >> (61 - shift)) & MODULUS as u64;
    rotated as i64 * number.signum() as i64
}

/// Python 2's hash of a whole number: itself, and of one of more than 64 bits the remainder by 2^64 - 1, by
/// which a power of two is a rotation.
fn hash_whole_2(number: f64) -> i64 {
    let (mantissa, exponent) = parts(number);
    let size = match exponent {
        0.. => mantissa.rotate_left(exponent as u32 % 64),
        _ => mantissa.checked_shr(exponent.unsigned_abs()).unwrap_or(0),
    };
    size.cast_signed().wrapping_mul(number.signum() as i64)
}

/// Python 2's hash of a number with a fraction: its first 62 bits in halves, and the exponent.
fn hash_fraction_2(number: f64) -> i64 {
    const HALF: f64 = 2_147_483_648.0;
    let (mantissa, exponent) = parts(number);
    let bits = 64 - mantissa.leading_zeros() as i32;
    let high = (mantissa as f64 / 2_f64.powi(bits)).copysign(number) * HALF;
    let low = high.fract() * HALF;
    high as i64 + low as i64 + i64::from((exponent + bits) << 15)
}

/// The size of a finite number as a mantissa of up to 53 bits times two to the power of an exponent.
fn parts(number: f64) -> (u64, i32) {
    const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = number.abs().to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    match (bits >> FRACTION_BITS) as i32 {
        0 => (fraction, -1_074),
        exponent => (fraction | 1 << FRACTION_BITS, exponent - 1_075),
    }
}

/// `hash(Decimal)`: the number modulo 2^61 - 1, where dividing by ten is a multiplication by its inverse.
fn hash_decimal(decimal: Decimal) -> i64 {
    /// Ten times this is 1 modulo 2^61 - 1.
    const TENTH: u128 = 2_075_258_708_292_324_556;
    let modulus = MODULUS as u128;
    let unscaled = decimal.unscaled().unsigned_abs() % modulus;
    let hash = (0..decimal.scale()).fold(unscaled, |hash, _| hash * TENTH % modulus);
    no_error(hash as i64 * decimal.unscaled().signum() as i64)
}

/// The bytes of a pickled `date`, by which it is hashed.
fn date_state(date: CivilDate) -> [u8; 4] {
    let [.., high, low] = date.year.to_be_bytes();
    [high, low, date.month, date.day]
}

/// The bytes of a pickled `datetime`, by which it is hashed.
fn time_state(time: CivilTime) -> [u8; 10] {
    let [year_high, year_low, month, day] = date_state(time.date);
    let [_, high, middle, low] = time.microsecond.to_be_bytes();
    let [hour, minute, second] = [time.hour, time.minute, time.second];
    [
        year_high, year_low, month, day, hour, minute, second, high, middle, low,
    ]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::types::{Record, Struct};

    /// Compares with what CPython 3.11 and 2.7 answered.
    #[track_caller]
    fn check(value: &impl Record, three: i64, two: i64) {
        let value = value.to_value();
        assert_eq!(Python::Three.hash(&value), three, "Python 3: {value:?}");
        assert_eq!(Python::Two.hash(&value), two, "Python 2: {value:?}");
    }

    #[test]
    fn integers_and_constants() {
        check(&None::<i64>, 0, 0);
        check(&true, 1, 1);
        check(&-1_i8, -2, -2);
        check(&MODULUS, 0, MODULUS);
        check(&i64::MIN, -4, i64::MIN);
        assert_eq!(Python::Three.hash(&(1_u64 << 63).to_value()), 4);
        assert_eq!(Python::Three.hash(&u64::MAX.to_value()), 7);
    }

    #[test]
    fn floats_hash_as_the_integers_that_they_equal() {
        check(&1.0, 1, 1);
        check(&-1.0, -2, -2);
        check(&-0.0, 0, 0);
        check(&1e16, 10_000_000_000_000_000, 10_000_000_000_000_000);
        check(&2_f64.powi(61), 1, 1 << 61);
        check(&-(2_f64.powi(61)), -2, -(1 << 61));
        check(&2_f64.powi(63), 4, i64::MIN);
        check(
            &1.5e19,
            1_164_941_944_717_836_294,
            -3_446_744_073_709_551_616,
        );
        check(&1e300, 1_224_995_262_755_759_164, 8_474_648_701_417_850_880);
        check(
            &-1e300,
            -1_224_995_262_755_759_164,
            -8_474_648_701_417_850_880,
        );
    }

    #[test]
    fn floats_with_a_fraction() {
        check(&0.5, 1_152_921_504_606_846_976, 1_073_741_824);
        check(&0.1, 230_584_300_921_369_408, 2_576_882_278);
        check(&-0.1, -230_584_300_921_369_408, -2_577_078_886);
        check(&5e-324, 16_777_216, 1_038_581_760);
        check(&f64::INFINITY, 314_159, 314_159);
        check(&f64::NEG_INFINITY, -314_159, -271_828);
    }

    #[test]
    fn texts_bytes_and_times() {
        let bytes = |bytes: &[u8]| Value::Binary(Arc::from(bytes));
        check(
            &"blue",
            3_071_481_503_862_483_422,
            1_318_951_168_267_673_760,
        );
        check(&bytes(b""), 0, 0);
        check(
            &bytes(b"abc"),
            -4_594_863_902_769_663_758,
            1_453_079_729_188_098_211,
        );
        check(
            &bytes(b"\xff\0"),
            7_217_110_220_190_950_386,
            32_640_195_839_293_759,
        );
        let date = Value::Date(19_782);
        assert_eq!(Python::Three.hash(&date), 7_258_198_328_644_207_850);
        let time = Value::TimestampNtz(1_529_622_030_250_000);
        assert_eq!(Python::Three.hash(&time), 144_414_484_939_643_570);
    }

    #[test]
    fn decimals_hash_as_fractions_of_integers() {
        let check = |unscaled, scale, expected| {
            let decimal = Decimal::new(unscaled, 38, scale).expect("so few digits fit");
            assert_eq!(Python::Three.hash(&Value::Decimal(decimal)), expected);
        };
        check(110, 2, 2_075_258_708_292_324_557);
        check(-110, 2, -2_075_258_708_292_324_557);
        check(100, 0, 100);
        check(1, 8, 1_342_379_919_478_955_440);
        check(
            -12_345_678_901_234_567_890_123_456_789_012,
            2,
            -2_277_931_620_204_000_125,
        );
    }

    #[test]
    fn tuples_hash_by_the_rule_of_pyspark() {
        check(&Value::Tuple(Vec::new().into()), 3_430_008, 3_430_008);
        check(&(1,), 3_430_019_290_026, 3_430_019_290_026);
        check(&(-1,), 9_223_368_606_834_485_779, 9_223_368_606_834_485_779);
        check(
            &("blue", 5),
            6_274_083_705_663_695_143,
            7_263_990_105_234_611_429,
        );
        check(
            &(None::<i64>, true, 1.5),
            8_619_004_385_832_793_069,
            5_161_850_522_349_188_658,
        );
        let three =
            |value: &dyn Record, hash| assert_eq!(Python::Three.hash(&value.to_value()), hash);
        three(&(("a", 1), "b"), 571_002_798_581_740_386);
        three(&("a", "b", "c", "d"), 8_783_425_355_421_773_203);
        let row = Struct::from_iter([("a", 1.to_value()), ("b", "x".to_value())]);
        three(&Value::Struct(row), 625_947_646_032_077_850);
    }

    #[test]
    #[should_panic(expected = "unhashable type: 'list'")]
    fn lists_have_no_hash() {
        Python::Three.hash(&vec![1].to_value());
    }
}
