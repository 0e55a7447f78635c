//! Python 2.7's hash of a unicode string.
//!
//! From CPython 2.7, `Objects/unicodeobject.c` (`unicode_hash`), 64 bits, a build with wide
//! characters, hash randomisation off: a multiplicative hash in the manner of Fowler, Noll and Vo.

/// `hash(text)` without randomisation.
///
/// ```
/// use engine::order::python2;
/// assert_eq!(python2::hash("a"), 12_416_037_344);
/// ```
pub fn hash(text: &str) -> i64 {
    let Some(first) = text.chars().next() else {
        return 0;
    };
    let start = i64::from(u32::from(first)) << 7;
    let hash = text.chars().fold(start, |hash, code_point| {
        hash.wrapping_mul(1_000_003) ^ i64::from(u32::from(code_point))
    });
    match hash ^ text.chars().count() as i64 {
        // -1 is how C Python reports an error, so no hash may be it.
        -1 => -2,
        hash => hash,
    }
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
