//! The format of console text in a snapshot, which keeps every byte and can be read.
//!
//! insta ignores line feeds at the end of a snapshot and rewrites line ends. So the text stands between two
//! marker lines, and characters that an editor or a tool might change are written as escapes.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

const START: &str = "==== console ====\n";
const END: &str = "==== end ====";
const END_WITHOUT_LINE_FEED: &str = "\n==== end, without a line feed ====";

/// A mistake in the content of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// A marker line is missing.
    #[error("the snapshot does not stand between its marker lines")]
    Markers,
    /// A backslash is followed by something that is not an escape.
    #[error(
        "the snapshot has an unknown escape on line {line}, \\{escape}; a backslash of the console is written as two"
    )]
    Escape {
        /// The line of the file, from 1.
        line: usize,
        /// The text after the backslash.
        escape: String,
    },
    /// The file is not UTF-8.
    #[error("the snapshot is not UTF-8 from line {line} on")]
    NotUtf8 {
        /// The line of the file, from 1.
        line: usize,
    },
}

/// Returns console text as the content of a snapshot.
///
/// Tabs, carriage returns and other control characters become `\t`, `\r` and `\u{…}`, a backslash becomes
/// two, and a space at the end of a line becomes `\s`.
pub(crate) fn encode(text: &str) -> String {
    let mut content = String::from(START);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => content.push('\n'),
            '\\' => content.push_str("\\\\"),
            '\t' => content.push_str("\\t"),
            '\r' => content.push_str("\\r"),
            ' ' if characters.peek().is_none_or(|next| *next == '\n') => content.push_str("\\s"),
            character if character.is_control() || is_unseen(character) => {
                let written = write!(content, "\\u{{{:x}}}", u32::from(character));
                written.expect("writing to a string does not fail");
            }
            character => content.push(character),
        }
    }
    content.push_str(if text.is_empty() || text.ends_with('\n') {
        END
    } else {
        END_WITHOUT_LINE_FEED
    });
    content
}

/// Line ends that are not control characters, the byte order mark, and marks that reverse the direction of
/// a line.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The console text of a snapshot file, as it is written there.
#[derive(Clone, Debug)]
pub(crate) struct EncodedText {
    /// The whole file.
    file: String,
    /// The part of it between the marker lines.
    body: Range<usize>,
}

impl EncodedText {
    /// Finds the text in a snapshot file, whose content begins at this byte.
    ///
    /// # Errors
    ///
    /// Fails if the marker lines were changed by hand.
    pub(crate) fn find(file: String, content: usize) -> Result<EncodedText, FormatError> {
        let end = file.trim_end_matches('\n').len().max(content);
        let body = file[content..end]
            .strip_prefix(START)
            .ok_or(FormatError::Markers)?;
        let length = body
            .strip_suffix(END_WITHOUT_LINE_FEED)
            .or_else(|| body.strip_suffix(END))
            .ok_or(FormatError::Markers)?
            .len();
        let start = content + START.len();
        Ok(EncodedText {
            body: start..start + length,
            file,
        })
    }

    fn body(&self) -> &str {
        &self.file[self.body.clone()]
    }

    /// The console text.
    ///
    /// # Errors
    ///
    /// Fails with the first escape that is none.
    pub(crate) fn decode(&self) -> Result<String, FormatError> {
        let mut rest = self.body();
        let mut text = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('\\') {
            text.push_str(before);
            let Some((character, after)) = unescape(after) else {
                let at = self.body.end - after.len();
                return Err(FormatError::Escape {
                    line: self.file[..at].matches('\n').count() + 1,
                    escape: after.chars().take_while(|it| *it != '\n').take(8).collect(),
                });
            };
            text.push(character);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Compares console text with that of a snapshot while it is written, and keeps none of it.
#[derive(Debug)]
pub(crate) struct TextComparison<'a> {
    expected: &'a str,
    /// Bytes of the snapshot that have been compared. They may end within a character.
    compared: usize,
    /// The rest of a character that was an escape and is begun.
    begun: Vec<u8>,
    is_alike: bool,
}

impl<'a> TextComparison<'a> {
    /// A comparison with this snapshot; without one every text differs.
    pub(crate) fn with(expected: Option<&'a EncodedText>) -> TextComparison<'a> {
        TextComparison {
            expected: expected.map_or("", EncodedText::body),
            compared: 0,
            begun: Vec::new(),
            is_alike: expected.is_some(),
        }
    }

    /// Returns true if the texts are the same, now that all of it is written.
    pub(crate) fn is_same(&self) -> bool {
        self.is_alike && self.compared == self.expected.len() && self.begun.is_empty()
    }

    /// Compares the next bytes; `None` if they differ.
    fn compare(&mut self, mut actual: &[u8]) -> Option<()> {
        while !actual.is_empty() {
            let begun = self.begun.len().min(actual.len());
            if begun > 0 {
                actual = actual.strip_prefix(&self.begun[..begun])?;
                self.begun.drain(..begun);
                continue;
            }
            let rest = &self.expected.as_bytes()[self.compared..];
            // No further than is compared now, so that no byte is looked at twice.
            let near = &rest[..rest.len().min(actual.len())];
            let plain = near.iter().position(|byte| *byte == b'\\');
            let plain = plain.unwrap_or(near.len());
            if plain > 0 {
                actual = actual.strip_prefix(&near[..plain])?;
                self.compared += plain;
                continue;
            }
            let escaped = self.expected[self.compared..].strip_prefix('\\')?;
            let (character, after) = unescape(escaped)?;
            self.begun.extend(character.to_string().bytes());
            self.compared = self.expected.len() - after.len();
        }
        Some(())
    }
}

impl Write for TextComparison<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_alike = self.is_alike && self.compare(bytes).is_some();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The character of the escape that the text begins with, and what follows it.
fn unescape(text: &str) -> Option<(char, &str)> {
    for (escape, character) in [("\\", '\\'), ("t", '\t'), ("r", '\r'), ("s", ' ')] {
        if let Some(rest) = text.strip_prefix(escape) {
            return Some((character, rest));
        }
    }
    let (digits, rest) = text.strip_prefix("u{")?.split_once('}')?;
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(content: &str) -> Result<String, FormatError> {
        EncodedText::find(content.to_owned(), 0)?.decode()
    }

    /// Returns true if a text is found to be that of a snapshot, written in pieces of this many bytes.
    fn is_same(expected: &str, actual: &str, piece: usize) -> bool {
        let encoded = EncodedText::find(encode(expected), 0).expect("it has its marker lines");
        let mut comparison = TextComparison::with(Some(&encoded));
        let mut pieces = actual.as_bytes().chunks(piece);
        let written = pieces.try_for_each(|piece| comparison.write_all(piece));
        written.is_ok() && comparison.is_same()
    }

    proptest! {
        #[test]
        fn a_snapshot_keeps_every_byte(text in "(\\PC|[ \t\r\n\\\\=end\u{0}\u{b}\u{85}\u{2028}])*") {
            prop_assert_eq!(decode(&encode(&text)), Ok(text));
        }

        #[test]
        fn a_text_is_compared_as_it_is_written(
            expected in "(\\PC|[ \t\r\n\\\\\u{85}\u{2028}]){0,8}",
            actual in "(\\PC|[ \t\r\n\\\\\u{85}\u{2028}]){0,8}",
            piece in 1..9_usize,
        ) {
            prop_assert!(is_same(&expected, &expected, piece));
            prop_assert_eq!(is_same(&expected, &actual, piece), expected == actual);
            prop_assert_eq!(is_same(&format!("{expected}{actual}"), &expected, piece), actual.is_empty());
            prop_assert_eq!(is_same(&expected, &format!("{expected}{actual}"), piece), actual.is_empty());
        }

        #[test]
        fn nothing_in_a_snapshot_depends_on_what_tools_rewrite(text in "[ab \t\r\n]*") {
            let content = encode(&text);
            prop_assert!(!content.contains(['\r', '\t']));
            prop_assert!(content.lines().all(|line| !line.ends_with(' ')));
            prop_assert!(!content.ends_with('\n'));
        }
    }

    #[test]
    fn control_characters_and_spaces_at_the_end_of_a_line_are_escapes() {
        assert_eq!(
            encode("(a\tb, 1) \n\n"),
            "==== console ====\n(a\\tb, 1)\\s\n\n==== end ===="
        );
    }

    #[test]
    fn the_end_marker_shows_a_missing_line_feed() {
        assert!(encode("a").ends_with("a\n==== end, without a line feed ===="));
        assert!(encode("a\n").ends_with("a\n==== end ===="));
        assert_eq!(decode(&encode("")).as_deref(), Ok(""));
    }

    #[test]
    fn a_changed_snapshot_is_refused() {
        for text in ["a\n", "", "==== console ====\n", "==== console ====\n\n"] {
            assert_eq!(decode(text), Err(FormatError::Markers));
        }
        assert_eq!(
            decode("==== console ====\n\\x\n==== end ===="),
            Err(FormatError::Escape {
                line: 2,
                escape: "x".into()
            })
        );
    }
}
