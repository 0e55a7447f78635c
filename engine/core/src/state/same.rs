//! Comparison of an updated state with the previous one.

use std::any::{Any, TypeId};

use crate::{Text, Time};

/// Returns true if the updated state is known to be the previous one, bit by bit, so that they are
/// the same to all code. States of a type that is not listed are taken for changed: its `==`, if it has one, may
/// leave something out.
///
/// | a state of | is compared |
/// |---|---|
/// | an integer, float, `bool`, `char`, `String`, [`Text`] or [`Time`] | yes |
/// | an `Option` of one of these, or two to four of the same one in a tuple | yes |
/// | two or three of `i64`, `f64`, `Text` and `Time`, mixed, in a tuple | yes |
/// | any other type | no |
///
/// States have no trait of their own, as [`Data`](crate::Data) is implemented for every type; so this asks
/// which type `S` is. The compiler knows, and leaves one comparison or none.
#[inline]
pub(crate) fn is_same<S: 'static>(updated: &S, previous: &S) -> bool {
    macro_rules! compare {
        ($type:ty, $is_same:expr) => {
            if TypeId::of::<S>() == TypeId::of::<$type>() {
                return compare_as::<$type>(updated, previous, $is_same);
            }
        };
    }
    macro_rules! compare_tuple {
        ($($type:ty, $part:tt);+) => {
            compare!(($($type),+), |one, other| $(is_same(&one.$part, &other.$part))&&+);
        };
    }
    macro_rules! compare_alone {
        ($($type:ty),+; $is_same:expr) => {$(
            compare!($type, $is_same);
            compare!(Option<$type>, |one, other| match (one, other) {
                (Some(one), Some(other)) => is_same(one, other),
                _ => one.is_none() && other.is_none(),
            });
            compare_tuple!($type, 0; $type, 1);
            compare_tuple!($type, 0; $type, 1; $type, 2);
            compare_tuple!($type, 0; $type, 1; $type, 2; $type, 3);
        )+};
    }
    macro_rules! compare_mixed {
        ($first:ty; $($second:ty),+) => {$(
            compare_tuple!($first, 0; $second, 1);
            compare_tuple!($first, 0; $second, 1; i64, 2);
            compare_tuple!($first, 0; $second, 1; f64, 2);
            compare_tuple!($first, 0; $second, 1; Text, 2);
            compare_tuple!($first, 0; $second, 1; Time, 2);
        )+};
    }
    compare_alone!(i64, Text, i32, u64, u32, usize, bool, String, Time; |one, other| one == other);
    compare_alone!(f64, f32; |one, other| one.to_bits() == other.to_bits());
    compare_alone!(char, i8, i16, i128, isize, u8, u16, u128; |one, other| one == other);
    compare_mixed!(i64; i64, f64, Text, Time);
    compare_mixed!(f64; i64, f64, Text, Time);
    compare_mixed!(Text; i64, f64, Text, Time);
    compare_mixed!(Time; i64, f64, Text, Time);
    false
}

/// Compares two values of type `T`.
#[inline]
fn compare_as<T: 'static>(one: &dyn Any, other: &dyn Any, is_same: fn(&T, &T) -> bool) -> bool {
    let one = one.downcast_ref();
    let other = other.downcast_ref();
    one.is_some_and(|one| other.is_some_and(|other| is_same(one, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A type whose values are compared.
    #[track_caller]
    fn check<S: Clone + 'static>(value: &S, other: &S) {
        assert!(is_same(&value.clone(), value), "the same as its clone");
        assert!(!is_same(value, other), "not the same as another");
    }

    #[test]
    fn numbers_and_texts_are_compared_bit_by_bit() {
        check(&1_i64, &2);
        check(&1_u8, &2);
        check(&'a', &'b');
        check(&f64::NAN, &0.0);
        check(&0.0_f64, &-0.0);
        check(&0.0_f32, &-0.0);
        check(&Text::from("a"), &Text::from("b"));
        check(&"a".to_owned(), &"b".to_owned());
    }

    #[test]
    fn options_and_tuples_are_compared_part_by_part() {
        check(&Some(0.0), &Some(-0.0));
        check(&Some(1_i64), &None);
        check(&None, &Some(1_i64));
        check(&(0.0, 1_i64), &(-0.0, 1));
        check(&(1_i64, Time::EPOCH), &(1, Time::from_millis(1)));
        check(&(0.0, 0.0, 1_i64), &(0.0, -0.0, 1));
        check(&(true, true, true, true), &(true, true, true, false));
    }

    #[test]
    fn equal_values_of_a_users_type_may_differ() {
        #[derive(PartialEq)]
        struct Lax;
        assert!(Lax == Lax && !is_same(&Lax, &Lax));
    }
}
