//! The format of console text in a snapshot, which keeps every byte and can be read.
//!
//! insta ignores line feeds at the end of a snapshot and rewrites line ends. So the text stands between two
//! marker lines, and characters that an editor or a tool might change are written as escapes.

use std::fmt::Write;

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
    #[error("the snapshot has an unknown escape, \\{0}")]
    Escape(String),
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

/// Returns the console text in the content of a snapshot.
///
/// # Errors
///
/// Fails if the marker lines or an escape were changed by hand.
pub(crate) fn decode(content: &str) -> Result<String, FormatError> {
    let body = content.strip_prefix(START).ok_or(FormatError::Markers)?;
    let body = body
        .strip_suffix(END_WITHOUT_LINE_FEED)
        .or_else(|| body.strip_suffix(END));
    let mut rest = body.ok_or(FormatError::Markers)?;
    let mut text = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, after) = unescape(after).ok_or_else(|| {
            FormatError::Escape(
                after
                    .chars()
                    .take_while(|next| *next != '\n')
                    .take(8)
                    .collect(),
            )
        })?;
        text.push(character);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
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

    proptest! {
        #[test]
        fn a_snapshot_keeps_every_byte(text in "(\\PC|[ \t\r\n\\\\=end\u{0}\u{b}\u{85}\u{2028}])*") {
            prop_assert_eq!(decode(&encode(&text)), Ok(text));
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
        assert_eq!(decode("a\n"), Err(FormatError::Markers));
        assert_eq!(
            decode("==== console ====\n\\x\n==== end ===="),
            Err(FormatError::Escape("x".into()))
        );
    }
}
