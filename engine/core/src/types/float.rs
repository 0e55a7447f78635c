//! Floating-point numbers that are equal, ordered and hashed as Spark groups by them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $number:ty, $bits:ty, $nan:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
        pub struct $name(pub $number);

        impl $name {
            /// The bits of the number, in which `-0.0` is `0.0` and there is one `NaN`: those that Java gives
            /// for a column that Spark has normalized to group by it (`NormalizeFloatingNumbers`).
            pub fn bits(self) -> $bits {
                if self.0.is_nan() {
                    return $nan;
                }
                // Of the two zeros, the sum with a positive one is positive.
                (self.0 + 0.0).to_bits()
            }
        }

        impl From<$number> for $name {
            fn from(number: $number) -> $name {
                $name(number)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &$name) -> bool {
                self.bits() == other.bits()
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.bits().hash(state);
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &$name) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &$name) -> Ordering {
                // The one `NaN` has no sign, so it comes after all numbers in IEEE 754's total order.
                <$number>::from_bits(self.bits()).total_cmp(&<$number>::from_bits(other.bits()))
            }
        }
    };
}

number! {
    /// A number of 64 bits, Spark's `DOUBLE`, which can be grouped by.
    ///
    /// As in Spark SQL, `NaN` is equal to itself and greater than all other numbers, and `-0.0` is `0.0`.
    ///
    /// ```
    /// use engine::Double;
    /// assert_eq!(Double(f64::NAN), Double(f64::NAN));
    /// assert_eq!(Double(-0.0), Double(0.0));
    /// assert!(Double(f64::NAN) > Double(f64::INFINITY));
    /// ```
    Double, f64, u64, 0x7ff8_0000_0000_0000
}

number! {
    /// A number of 32 bits, Spark's `FLOAT`, equal and ordered as a [`Double`] is.
    Float, f32, u32, 0x7fc0_0000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn there_is_one_zero_and_one_nan() {
        let odd_nan = f64::from_bits(0xfff0_0000_0000_0001);
        assert_eq!(Double(odd_nan), Double(f64::NAN));
        assert_eq!(Float(-f32::NAN), Float(f32::NAN));
        assert_eq!(Double(-0.0).bits(), 0);
        assert_eq!(Float(-0.0).bits(), 0);
    }

    proptest! {
        #[test]
        fn numbers_have_their_own_order_and_nan_is_the_greatest(one: f64, other: f64) {
            let order = Double(one).cmp(&Double(other));
            prop_assert_eq!(order, one.partial_cmp(&other).unwrap_or(one.is_nan().cmp(&other.is_nan())));
            prop_assert_eq!(order == Ordering::Equal, Double(one) == Double(other));
        }
    }
}
