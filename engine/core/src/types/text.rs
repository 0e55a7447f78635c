//! The text of lines and words.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use ecow::EcoString;

/// A line or a word: immutable text that is cheap to clone and to split.
///
/// Up to 15 bytes are kept inline; longer texts are shared between clones.
///
/// ```
/// use engine::Text;
/// let line = Text::from("green  blue");
/// let words: Vec<Text> = line.split(" ").collect();
/// assert_eq!(words, ["green", "", "blue"]);
/// ```
#[derive(Clone, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Text(EcoString);

impl Text {
    /// The text as a string slice.
    #[inline]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The bytes outside of the text itself: none of a short one, and of a longer one its bytes, their number and
    /// the number of those who share them.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self.0.len() {
            0..=EcoString::INLINE_LIMIT => 0,
            len => len + 2 * size_of::<usize>(),
        }
    }

    /// Cuts at every `separator` and keeps every piece, empty ones too, as Python's `str.split`
    /// and SQL's `split` do. An empty text is one empty piece.
    ///
    /// The pieces own their text, so that a closure may take a line and return its words.
    ///
    /// # Panics
    ///
    /// Panics if the separator is empty, which fails the batch as Python's `ValueError` would.
    #[inline]
    pub fn split(self, separator: &str) -> impl Iterator<Item = Text> {
        assert!(!separator.is_empty(), "empty separator");
        let mut rest = Some(0..self.0.len());
        std::iter::from_fn(move || {
            let range = rest.take()?;
            let text = &self.0[range.clone()];
            if let Some(at) = find(text, separator) {
                rest = Some(range.start + at + separator.len()..range.end);
                Some(Text::from(&text[..at]))
            } else {
                Some(Text::from(text))
            }
        })
    }
}

/// The first place of the separator; most are one byte long, a blank.
#[inline]
fn find(text: &str, separator: &str) -> Option<usize> {
    match separator.as_bytes() {
        [byte] => find_byte(text.as_bytes(), *byte),
        _ => text.find(separator),
    }
}

/// The first place of a byte. Most words end before a search for longer ones would have begun.
#[inline]
fn find_byte(text: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const NEAR: usize = 2;
    let (words, _) = text.as_chunks::<8>();
    for (index, word) in words.iter().take(NEAR).enumerate() {
        // A byte is zero where the one looked for is; of these the lowest borrows from its own top bit.
        let differs = u64::from_le_bytes(*word) ^ (ONES * u64::from(byte));
        let found = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let near = words.len().min(NEAR) * 8;
    memchr::memchr(byte, &text[near..]).map(|at| near + at)
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl std::borrow::Borrow<str> for Text {
    #[inline]
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Text {
        Text(EcoString::from(text))
    }
}

impl From<String> for Text {
    #[inline]
    fn from(text: String) -> Text {
        Text(EcoString::from(text))
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        is_same(self.as_bytes(), other.as_bytes())
    }
}

/// Compares two texts. Most words are compared by their first and their last eight bytes,
/// which may overlap, without a call.
#[inline]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    match (one.len(), one.first_chunk::<8>(), one.last_chunk::<8>()) {
        (8..=16, first, last) if other.len() == one.len() => {
            first == other.first_chunk() && last == other.last_chunk()
        }
        _ => one == other,
    }
}

impl Hash for Text {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Text {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_split(text: &str, separator: &'static str, pieces: &[&str]) {
        let split: Vec<Text> = Text::from(text).split(separator).collect();
        assert_eq!(split, pieces);
    }

    #[test]
    fn every_piece_is_kept_empty_ones_too() {
        check_split("", " ", &[""]);
        check_split(" blue  green ", " ", &["", "blue", "", "green", ""]);
        check_split("blue", "blue", &["", ""]);
        check_split("blåe ål", "å", &["bl", "e ", "l"]);
        check_split("a::::b", "::", &["a", "", "b"]);
    }

    proptest! {
        #[test]
        fn pieces_are_the_standard_librarys(text in "[aé ]{0,40}") {
            let pieces: Vec<Text> = Text::from(text.as_str()).split(" ").collect();
            prop_assert_eq!(pieces, text.split(' ').collect::<Vec<_>>());
        }

        #[test]
        fn texts_are_the_same_as_their_slices_are(
            one in "[ab]{0,20}",
            other in "[ab]{0,20}",
            at in any::<prop::sample::Index>(),
        ) {
            let text = |text: &str| Text::from(text);
            prop_assert_eq!(text(&one) == text(&other), one == other);
            prop_assert_eq!(text(&one), text(&one));
            if !one.is_empty() {
                let mut changed = one.clone();
                let at = at.index(one.len());
                changed.replace_range(at..=at, "c");
                prop_assert_ne!(text(&one), text(&changed));
            }
        }
    }

    #[test]
    #[should_panic(expected = "empty separator")]
    fn an_empty_separator_is_an_error_as_in_python() {
        check_split("blue", "", &[]);
    }
}
