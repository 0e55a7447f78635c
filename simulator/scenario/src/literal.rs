//! Places within a text as they are in the file, where it is written with quotes and escapes.

use std::ops::Range;

/// The place in a literal of TOML, with its quotes, of bytes of the text that it stands for.
pub(crate) fn place_in_literal(raw: &str, span: Range<usize>) -> Range<usize> {
    let pieces = pieces(raw);
    let mut before = 0;
    let mut found: Option<Range<usize>> = None;
    for piece in pieces {
        let after = before + piece.bytes;
        let is_inside =
            piece.bytes > 0 && before < span.end.max(span.start + 1) && after > span.start;
        if is_inside {
            let start = found.map_or(piece.raw.start, |found| found.start);
            found = Some(start..piece.raw.end);
        }
        before = after;
    }
    // The end of the text is at its closing quotes.
    let end = raw.len() - closing(raw).min(raw.len());
    found.unwrap_or(end..raw.len())
}

/// A part of a literal that stands for some bytes of its text.
struct Piece {
    raw: Range<usize>,
    bytes: usize,
}

/// The number of quotes at the end of a literal.
fn closing(raw: &str) -> usize {
    if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
        3
    } else {
        1
    }
}

fn pieces(raw: &str) -> Vec<Piece> {
    let quotes = closing(raw);
    let end = raw.len().saturating_sub(quotes);
    let mut at = quotes;
    if quotes == 3 {
        // The line end behind the opening quotes is not in the text.
        let rest = raw.get(at..).unwrap_or_default();
        at += ["\r\n", "\n"]
            .into_iter()
            .find(|it| rest.starts_with(it))
            .map_or(0, str::len);
    }
    let has_escapes = raw.starts_with('"');
    let mut pieces = Vec::new();
    while at < end {
        let rest = &raw[at..end];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (length, bytes) = match first {
            '\\' if has_escapes => escape(rest),
            _ => (first.len_utf8(), first.len_utf8()),
        };
        let next = (at + length).min(end);
        pieces.push(Piece {
            raw: at..next,
            bytes,
        });
        at = next;
    }
    pieces
}

/// The length of the escape that a text begins with, and of the character that it stands for.
fn escape(rest: &str) -> (usize, usize) {
    let digits = match rest[1..].chars().next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some(' ' | '\t' | '\r' | '\n') => {
            let after = rest[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            return (rest.len() - after.len(), 0);
        }
        _ => return (2, 1),
    };
    let number = rest
        .get(2..2 + digits)
        .and_then(|it| u32::from_str_radix(it, 16).ok());
    let character = number.and_then(char::from_u32);
    (2 + digits, character.map_or(1, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn text_of(literal: &str) -> String {
        let document = format!("a = {literal}");
        let table = DeTable::parse(&document).expect(literal).into_inner();
        let value = table.values().next().expect("there is a value");
        value.get_ref().as_str().expect("it is a text").to_owned()
    }

    /// Each character of the text is found in the literal, as itself or as an escape.
    fn check(raw: &str) {
        let text = text_of(raw);
        let bytes: usize = pieces(raw).iter().map(|piece| piece.bytes).sum();
        assert_eq!(bytes, text.len(), "{raw}");
        for (at, c) in text.char_indices() {
            let place = &raw[place_in_literal(raw, at..at + c.len_utf8())];
            let is_escape = raw.starts_with('"') && place.starts_with('\\');
            let found = if is_escape {
                text_of(&format!("\"{place}\""))
            } else {
                place.to_owned()
            };
            assert_eq!(found, c.to_string(), "{raw}");
        }
    }

    #[test]
    fn a_character_is_found_in_each_kind_of_literal() {
        check(r#""SELECT 'é' FROM \"t\" \u00e9 \U0001F600 x""#);
        check("'SELECT \"a\" \\ b'");
        check("\"\"\"\nSELECT\n  \"a\" \\\n    FROM t\\tx\"\"\"");
        check("'''\nSELECT ''\n\\n'''");
        check("\"\"\"\r\nSELECT\r\n a\"\"\"");
        check("\"\"");
    }

    #[test]
    fn a_part_begins_and_ends_within_the_quotes() {
        let raw = "\"\"\"\nSELECT a\nFROM \\\n  tabel\"\"\"";
        assert_eq!(&raw[place_in_literal(raw, 14..19)], "tabel");
        assert_eq!(&raw[place_in_literal(raw, 7..8)], "a");
        assert_eq!(&raw[place_in_literal(raw, 19..19)], "\"\"\"");
        assert_eq!(&raw[place_in_literal(raw, 0..0)], "S");
    }
}
