//! Console text as a snapshot keeps it: every byte asserted, and readable.
//!
//! insta forgives line feeds at the end and rewrites line ends. So the text stands between two marker
//! lines, and what an editor or a tool might change is written as an escape.

use std::fmt::Write;

const START: &str = "==== console ====\n";
const END: &str = "==== end ====";
const END_WITHOUT_LINE_FEED: &str = "\n==== end, without a line feed ====";

/// Why a snapshot is not one of console text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// A marker line is missing.
    #[error("the snapshot does not stand between its marker lines")]
    Markers,
    /// A backslash with something behind it that is no escape.
    #[error("the snapshot has an unknown escape, \\{0}")]
    Escape(String),
}

/// Console text as the content of a snapshot.
///
/// Tabs, carriage returns and other control characters become `\t`, `\r` and `\u{…}`, and a backslash
/// two; a space at the end of a line becomes `\s`.
///
/// ```
/// let content = snapshots::encode("(a\tb, 1) \n\n");
/// assert_eq!(content, "==== console ====\n(a\\tb, 1)\\s\n\n==== end ====");
/// assert_eq!(snapshots::decode(&content).as_deref(), Ok("(a\tb, 1) \n\n"));
/// ```
pub fn encode(text: &str) -> String {
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

/// Line ends that are no control characters, the byte order mark, and what reverses a line's direction.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The console text that a snapshot's content keeps.
///
/// # Errors
///
/// Fails if somebody has changed the marker lines, or an escape, by hand.
pub fn decode(content: &str) -> Result<String, SnapshotError> {
    let body = content.strip_prefix(START).ok_or(SnapshotError::Markers)?;
    let body = body
        .strip_suffix(END_WITHOUT_LINE_FEED)
        .or_else(|| body.strip_suffix(END));
    let mut rest = body.ok_or(SnapshotError::Markers)?;
    let mut text = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, after) = unescape(after).ok_or_else(|| {
            SnapshotError::Escape(
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
    fn the_end_tells_whether_the_last_line_is_ended() {
        assert!(encode("a").ends_with("a\n==== end, without a line feed ===="));
        assert!(encode("a\n").ends_with("a\n==== end ===="));
        assert_eq!(decode(&encode("")).as_deref(), Ok(""));
    }

    #[test]
    fn a_changed_snapshot_is_refused() {
        assert_eq!(decode("a\n"), Err(SnapshotError::Markers));
        assert_eq!(
            decode("==== console ====\n\\x\n==== end ===="),
            Err(SnapshotError::Escape("x".into()))
        );
    }
}
