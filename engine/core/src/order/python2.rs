//! Python 2.7's hash of a unicode string.
//!
//! From CPython 2.7, `Objects/unicodeobject.c` (`unicode_hash`), 64 bits, a build with wide
//! characters, hash randomisation off: a multiplicative hash in the manner of Fowler, Noll and Vo.

use super::portable_hash::no_error;

/// `hash(text)` without randomisation.
///
/// ```
/// use engine::order::python2;
/// assert_eq!(python2::hash("a"), 12_416_037_344);
/// ```
pub fn hash(text: &str) -> i64 {
    hash_units(text.chars().map(u32::from))
}

/// The hash of the code points of a text, or of bytes (`string_hash`, of Python 2's `str`).
pub(super) fn hash_units(units: impl Iterator<Item = u32> + Clone) -> i64 {
    let Some(first) = units.clone().next() else {
        return 0;
    };
    let (hash, count) = units.fold((i64::from(first) << 7, 0), |(hash, count), unit| {
        (hash.wrapping_mul(1_000_003) ^ i64::from(unit), count + 1)
    });
    no_error(hash ^ count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::partition;

    #[track_caller]
    fn check(text: &str, expected: i64) {
        assert_eq!(hash(text), expected, "the hash of {text:?}");
    }

    #[test]
    fn known_hashes() {
        check("", 0);
        check("a", 12_416_037_344);
        check("hello", 840_651_671_246_116_861);
    }

    #[test]
    fn the_books_words_fall_where_it_printed_them() {
        let of = |word| partition(hash(word), 2);
        assert_eq!(["blue", "green", "gohawks"].map(of), [0, 0, 1]);
    }
}
