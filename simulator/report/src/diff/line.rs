//! A line as a cell of a column: what cannot be seen is marked, what is too long is cut, and two
//! lines that differ never look the same.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for what was cut off.
const ELLIPSIS: char = '…';

/// A line without its partner, at most `width` wide: with marks for what cannot be seen.
pub(super) fn alone(line: &str, width: usize) -> String {
    Glyphs::new(&marked(line)).window(0, width)
}

/// A line that is the same on both sides, at most `width` wide. Only what would disturb a terminal
/// is replaced.
pub(super) fn alike(line: &str, width: usize) -> String {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\t' => text.push(' '),
            '\r' => {}
            _ if character.is_control() => text.extend(character.escape_unicode()),
            _ => text.push(character),
        }
    }
    Glyphs::new(&text).window(0, width)
}

/// Two lines that differ, each at most `width` wide, cut so that the first difference is seen.
pub(super) fn differing(expected: &str, actual: &str, width: usize) -> (String, String) {
    let (mut left, mut right) = (marked(expected), marked(actual));
    if left == right {
        (left, right) = (spelt_out(expected), spelt_out(actual));
    }
    let (left, right) = (Glyphs::new(&left), Glyphs::new(&right));
    let start = left.window_start(&right, width);
    (left.window(start, width), right.window(start, width))
}

/// How many columns of a terminal a cell takes.
pub(super) fn width(cell: &str) -> usize {
    cell.width()
}

/// The line with a mark for everything that would not be seen: `·` a space at the end, `→` a tab,
/// `␍` a carriage return, `¶` an empty line, an escape for all else that has no shape of its own.
fn marked(line: &str) -> String {
    let (content, end) = match line.strip_suffix('\n') {
        Some(content) => (content, ""),
        None => (line, "[no line feed]"),
    };
    if line == "\n" {
        return "¶".to_owned();
    }
    let seen = content.trim_end_matches([' ', '\r']).len();
    let mut text = String::with_capacity(line.len());
    for (at, character) in content.char_indices() {
        match character {
            ' ' if at >= seen => text.push('·'),
            '\t' => text.push('→'),
            '\r' => text.push('␍'),
            _ if is_unseen(character) => text.extend(character.escape_unicode()),
            _ => text.push(character),
        }
    }
    text + end
}

fn is_unseen(character: char) -> bool {
    let is_other_space = character != ' ' && character.is_whitespace();
    is_other_space || character.width().unwrap_or_default() == 0
}

/// The line in ASCII, another text for every other line.
fn spelt_out(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\n' => text.push_str("\\n"),
            '\\' => text.push_str("\\\\"),
            ' '..='~' => text.push(character),
            _ => text.extend(character.escape_unicode()),
        }
    }
    text
}

/// A text as characters and how wide each is.
struct Glyphs(Vec<(char, usize)>);

impl Glyphs {
    fn new(text: &str) -> Glyphs {
        let glyph = |character: char| (character, character.width().unwrap_or_default());
        Glyphs(text.chars().map(glyph).collect())
    }

    /// The first character to show, so that the first one that differs from `other` is within a
    /// window of this width: the very first if that suffices, else as much before the difference as
    /// fills a third of the window.
    fn window_start(&self, other: &Glyphs, width: usize) -> usize {
        let both = self.0.iter().zip(&other.0);
        let alike = both.take_while(|(left, right)| left == right).count();
        let is_seen = |glyphs: &Glyphs| {
            let upto = (alike + 1).min(glyphs.0.len());
            wide(&glyphs.0) <= width || wide(&glyphs.0[..upto]) < width
        };
        if is_seen(self) && is_seen(other) {
            return 0;
        }
        let mut start = alike;
        while start > 0 && wide(&self.0[start - 1..alike]) <= width / 3 {
            start -= 1;
        }
        start
    }

    /// The characters from `start` on, as many as fit in `width`, with an ellipsis on each side
    /// where some are left out.
    fn window(&self, start: usize, width: usize) -> String {
        let rest = self.0.get(start..).unwrap_or_default();
        let mut text = String::new();
        let mut room = width;
        if start > 0 {
            text.push(ELLIPSIS);
            room = room.saturating_sub(1);
        }
        if wide(rest) <= room {
            text.extend(rest.iter().map(|(character, _)| character));
            return text;
        }
        room = room.saturating_sub(1);
        for (character, width) in rest {
            let Some(left) = room.checked_sub(*width) else {
                break;
            };
            room = left;
            text.push(*character);
        }
        text.push(ELLIPSIS);
        text
    }
}

fn wide(glyphs: &[(char, usize)]) -> usize {
    glyphs.iter().map(|(_, width)| width).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, cells: (&str, &str)) {
        let (left, right) = differing(expected, actual, 20);
        assert_eq!((left.as_str(), right.as_str()), cells);
    }

    #[test]
    fn what_cannot_be_seen_is_marked() {
        check("a b \n", "a b\n", ("a b·", "a b"));
        check("a\tb\n", "a b\n", ("a→b", "a b"));
        check("a \r\n", "a\n", ("a·␍", "a"));
        check("\n", "a\n", ("¶", "a"));
        check("\n", "", ("¶", "[no line feed]"));
        check("a\n", "a", ("a", "a[no line feed]"));
        check("a\u{a0}b\n", "a b\n", ("a\\u{a0}b", "a b"));
        check("\u{1b}[1m\n", "\n", ("\\u{1b}[1m", "¶"));
        check("e\u{301}\n", "é\n", ("e\\u{301}", "é"));
    }

    #[test]
    fn a_mark_is_never_taken_for_what_it_marks() {
        check("a·\n", "a \n", ("a\\u{b7}\\n", "a \\n"));
        check("a→\n", "a\t\n", ("a\\u{2192}\\n", "a\\u{9}\\n"));
        check("a[no line feed]\n", "a", ("a[no line feed]\\n", "a"));
    }

    #[test]
    fn a_long_line_is_cut_where_the_difference_is_still_seen() {
        let long = "0123456789012345678901234567890";
        check(
            &format!("a{long}\n"),
            &format!("b{long}\n"),
            ("a012345678901234567…", "b012345678901234567…"),
        );
        check(
            &format!("{long}a\n"),
            &format!("{long}b{long}\n"),
            ("…567890a", "…567890b01234567890…"),
        );
        check(
            &format!("{long}\n"),
            &format!("{long} \n"),
            ("…567890", "…567890·"),
        );
        check(
            &format!("{}五\n", "漢".repeat(20)),
            &format!("{}六{}\n", "漢".repeat(20), "字".repeat(9)),
            ("…漢漢漢五", "…漢漢漢六字字字字字…"),
        );
    }

    #[test]
    fn lines_that_agree_are_left_as_they_are() {
        assert_eq!(alike("a  b  \n", 20), "a  b  ");
        assert_eq!(alike("a\tb\r\n", 20), "a b");
        assert_eq!(alike("\u{1b}漢\n", 20), "\\u{1b}漢");
        assert_eq!(alike("01234567890123456789x\n", 20), "0123456789012345678…");
    }

    proptest! {
        #[test]
        fn lines_that_differ_never_look_the_same(
            head in ".{0,30}", left in "[·→␍¶… \t\ra漢\\\\]{0,30}\n?", right in "[·→␍¶… \t\ra漢\\\\]{0,30}\n?",
            width in 10_usize..50,
        ) {
            prop_assume!(left != right);
            let (expected, actual) = (head.clone() + &left, head + &right);
            let (left, right) = differing(&expected, &actual, width);
            prop_assert_ne!(&left, &right);
            for cell in [left, right] {
                prop_assert!(super::width(&cell) <= width, "{cell:?}");
            }
        }
    }
}
