//! Which states are known to be what they were.

use std::any::Any;

use crate::Text;

/// Whether one value is known to be the other, bit by bit. Of types that are not listed here it is not:
/// what their `==` says, if they have one, may not be all that a user's function sees.
///
/// The compiler knows the type, and leaves one comparison or none.
#[inline]
pub(crate) fn is_same<T: 'static>(one: &T, other: &T) -> bool {
    let (one, other): (&dyn Any, &dyn Any) = (one, other);
    macro_rules! of_type {
        ($($type:ty: $is_same:expr),* $(,)?) => {
            $(if let (Some(one), Some(other)) = (one.downcast_ref::<$type>(), other.downcast_ref::<$type>()) {
                let is_same: fn(&$type, &$type) -> bool = $is_same;
                return is_same(one, other);
            })*
        };
    }
    of_type! {
        i64: PartialEq::eq,
        i32: PartialEq::eq,
        u64: PartialEq::eq,
        u32: PartialEq::eq,
        usize: PartialEq::eq,
        bool: PartialEq::eq,
        f64: |one, other| one.to_bits() == other.to_bits(),
        Text: PartialEq::eq,
        (i64, i64): PartialEq::eq,
        (f64, i64): |one, other| is_same(&one.0, &other.0) && one.1 == other.1,
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_compared_bit_by_bit() {
        assert!(is_same(&1_i64, &1) && !is_same(&1_i64, &2));
        assert!(is_same(&f64::NAN, &f64::NAN) && !is_same(&0.0, &-0.0));
        assert!(
            is_same(&Text::from("a"), &Text::from("a")) && !is_same(&Text::from("a"), &"b".into())
        );
        assert!(is_same(&(0.0, 1_i64), &(0.0, 1)) && !is_same(&(0.0, 1_i64), &(-0.0, 1)));
    }

    #[test]
    fn what_a_users_type_takes_for_equal_may_differ() {
        #[derive(PartialEq)]
        struct Lax;
        assert!(Lax == Lax && !is_same(&Lax, &Lax));
    }
}
