//! Python 3's hash of a string, as Spark's workers compute it.
//!
//! From CPython 3.11: `Python/pyhash.c` (`SipHash` with one and three rounds; 3.10 and older ran
//! two and four) and `Objects/unicodeobject.c` (`unicode_hash`, over the string's buffer rather
//! than over UTF-8). `pyspark.rdd.portable_hash` is this hash where `PYTHONHASHSEED` is 0, as Spark
//! sets it, which makes the key zero.

use super::portable_hash::no_error;

/// `hash(text)` with `PYTHONHASHSEED=0`.
///
/// ```
/// use engine::order::python;
/// assert_eq!(python::hash("blue"), 3_071_481_503_862_483_422);
/// assert_eq!(python::hash(""), 0);
/// ```
pub fn hash(text: &str) -> i64 {
    if text.is_empty() {
        return 0;
    }
    // Python keeps a string of ASCII alone as it is.
    let hash = match sip_hash_1_3(text.as_bytes()) {
        (hash, true) => hash,
        (_, false) => sip_hash_1_3(&wide_buffer(text)).0,
    };
    no_error(hash.cast_signed())
}

/// `hash(bytes)` with `PYTHONHASHSEED=0`.
pub(super) fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    no_error(sip_hash_1_3(bytes).0.cast_signed())
}

/// A string that is not all ASCII as Python keeps it (PEP 393): every code point in one, two or four
/// bytes, little end first, by what the largest of them needs.
#[cold]
fn wide_buffer(text: &str) -> Vec<u8> {
    match text.chars().max().map_or(0, u32::from) {
        0..0x100 => text.chars().map(|code_point| code_point as u8).collect(),
        0x100..0x1_0000 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => text
            .chars()
            .flat_map(|code_point| u32::from(code_point).to_le_bytes())
            .collect(),
    }
}

/// `SipHash`-1-3 with a key of zeros: one round a word of eight bytes, three to finish. And whether all
/// bytes are ASCII, as it looks at each.
fn sip_hash_1_3(bytes: &[u8]) -> (u64, bool) {
    const NOT_ASCII: u64 = 0x8080_8080_8080_8080;
    let mut state = Sip::with_zero_key();
    let mut seen = 0;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        seen |= word;
        state.absorb(word);
    }
    let last = left_over(bytes, rest);
    seen |= last;
    (state.finish(last, bytes.len()), seen & NOT_ASCII == 0)
}

/// The bytes past the last whole word as the low bytes of a word. Bytes that were written one by one
/// cannot be read as a word at once, so of a longer text the last whole eight are read.
fn left_over(bytes: &[u8], rest: &[u8]) -> u64 {
    match bytes.last_chunk::<8>() {
        Some(tail) if !rest.is_empty() => u64::from_le_bytes(*tail) >> (64 - 8 * rest.len()),
        Some(_) => 0,
        None => rest
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// `SipHash`'s four words of state, as Aumasson and Bernstein name them.
struct Sip {
    v0: u64,
    v1: u64,
    v2: u64,
    v3: u64,
}

impl Sip {
    /// The constants spell "somepseudorandomlygeneratedbytes".
    fn with_zero_key() -> Sip {
        Sip {
            v0: 0x736f_6d65_7073_6575,
            v1: 0x646f_7261_6e64_6f6d,
            v2: 0x6c79_6765_6e65_7261,
            v3: 0x7465_6462_7974_6573,
        }
    }

    fn absorb(&mut self, word: u64) {
        self.v3 ^= word;
        self.round();
        self.v0 ^= word;
    }

    /// The last word holds the bytes that are left over and, on top, the length modulo 256.
    fn finish(mut self, left_over: u64, length: usize) -> u64 {
        self.absorb(left_over | (length as u64) << 56);
        self.v2 ^= 0xff;
        self.round();
        self.round();
        self.round();
        self.v0 ^ self.v1 ^ self.v2 ^ self.v3
    }

    fn round(&mut self) {
        self.v0 = self.v0.wrapping_add(self.v1);
        self.v2 = self.v2.wrapping_add(self.v3);
        self.v1 = self.v1.rotate_left(13) ^ self.v0;
        self.v3 = self.v3.rotate_left(16) ^ self.v2;
        self.v0 = self.v0.rotate_left(32).wrapping_add(self.v3);
        self.v2 = self.v2.wrapping_add(self.v1);
        self.v1 = self.v1.rotate_left(17) ^ self.v2;
        self.v3 = self.v3.rotate_left(21) ^ self.v0;
        self.v2 = self.v2.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors::check;
    use proptest::prelude::*;
    use std::hash::{DefaultHasher, Hasher};

    #[test]
    fn texts_hash_as_in_python_3_11() {
        check("python", hash);
    }

    #[test]
    fn the_largest_code_point_widens_the_buffer() {
        assert_eq!(wide_buffer("eé"), [0x65, 0xe9]);
        assert_eq!(wide_buffer("éω"), [0xe9, 0x00, 0xc9, 0x03]);
        assert_eq!(wide_buffer("é😀"), [0xe9, 0, 0, 0, 0x00, 0xf6, 0x01, 0]);
    }

    proptest! {
        /// The standard library's hasher is `SipHash`-1-3 with a key of zeros too.
        #[test]
        fn sip_hash_is_the_standard_librarys(
            bytes in prop_oneof![any::<Vec<u8>>(), prop::collection::vec(0..0x80_u8, 0..40)],
        ) {
            let mut twin = DefaultHasher::new();
            twin.write(&bytes);
            let (hash, is_ascii) = sip_hash_1_3(&bytes);
            prop_assert_eq!(hash, twin.finish());
            prop_assert_eq!(is_ascii, bytes.is_ascii());
        }
    }
}
