//! A line as a cell of a column: invisible characters are marked, long lines are cut, and two lines
//! that differ never look the same.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for the characters that are cut off.
const ELLIPSIS: char = '…';

/// A line that only one text has, at most `width` wide, with marks for invisible characters.
pub(super) fn single(line: &str, width: usize) -> String {
    Glyphs::new(&marked(line)).window(0, width)
}

/// A line that both texts have, at most `width` wide. Only characters that would disturb a terminal are
/// replaced.
pub(super) fn equal(line: &str, width: usize) -> String {
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
pub(super) fn differing(expected: &str, actual: &str, width: usize) -> [String; 2] {
    assert_ne!(expected, actual, "the lines differ");
    let lines = [expected, actual];
    let mut texts = lines.map(marked);
    // A line may contain a mark itself, and so look like the other one.
    if texts[0] == texts[1] {
        texts = lines.map(escaped);
    }
    let cells = texts.map(|text| Glyphs::new(&text));
    let start = cells[0].window_start(&cells[1], width);
    cells.map(|cell| cell.window(start, width))
}

/// The number of columns of a terminal that a cell takes.
pub(super) fn width(cell: &str) -> usize {
    cell.width()
}

/// The line with marks for invisible characters: `·` for a space at the end, `→` for a tab, `␍` for a
/// carriage return, `¶` for an empty line, an escape for other characters without a shape.
fn marked(line: &str) -> String {
    let (content, end) = match line.strip_suffix('\n') {
        Some(content) => (content, ""),
        None => (line, "[no line feed]"),
    };
    if line == "\n" {
        return "¶".to_owned();
    }
    let visible = content.trim_end_matches([' ', '\r']).len();
    let mut text = String::with_capacity(line.len());
    for (at, character) in content.char_indices() {
        match character {
            ' ' if at >= visible => text.push('·'),
            '\t' => text.push('→'),
            '\r' => text.push('␍'),
            _ if is_invisible(character) => text.extend(character.escape_unicode()),
            _ => text.push(character),
        }
    }
    text + end
}

fn is_invisible(character: char) -> bool {
    let is_other_space = character != ' ' && character.is_whitespace();
    is_other_space || character.width().unwrap_or_default() == 0
}

/// The line in ASCII: no two lines have the same text.
fn escaped(line: &str) -> String {
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

/// The characters of a text, each with its width.
struct Glyphs(Vec<(char, usize)>);

impl Glyphs {
    fn new(text: &str) -> Glyphs {
        let glyph = |character: char| (character, character.width().unwrap_or_default());
        Glyphs(text.chars().map(glyph).collect())
    }

    /// The index of the first character to show, so that the first one that differs from `other` is
    /// within a window of this width: 0 if that suffices, else the one from which the text before the
    /// difference fills a third of the window.
    fn window_start(&self, other: &Glyphs, width: usize) -> usize {
        let equal = self
            .0
            .iter()
            .zip(&other.0)
            .take_while(|(left, right)| left == right)
            .count();
        let is_seen = |glyphs: &Glyphs| {
            let end = (equal + 1).min(glyphs.0.len());
            total_width(&glyphs.0) <= width || total_width(&glyphs.0[..end]) < width
        };
        if is_seen(self) && is_seen(other) {
            return 0;
        }
        let mut start = equal;
        while start > 0 && total_width(&self.0[start - 1..equal]) <= width / 3 {
            start -= 1;
        }
        start
    }

    /// The characters from `start` on that fit in `width`, with an ellipsis on each side where some are
    /// left out.
    fn window(&self, start: usize, width: usize) -> String {
        let rest = self.0.get(start..).unwrap_or_default();
        let mut text = String::new();
        let mut room = width;
        if start > 0 {
            text.push(ELLIPSIS);
            room = room.saturating_sub(1);
        }
        if total_width(rest) <= room {
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

fn total_width(glyphs: &[(char, usize)]) -> usize {
    glyphs.iter().map(|(_, width)| width).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, cells: [&str; 2]) {
        assert_eq!(differing(expected, actual, 20), cells);
    }

    #[test]
    fn invisible_characters_are_marked() {
        check("a b \n", "a b\n", ["a b·", "a b"]);
        check("a\tb\n", "a b\n", ["a→b", "a b"]);
        check("a \r\n", "a\n", ["a·␍", "a"]);
        check("\n", "a\n", ["¶", "a"]);
        check("\n", "", ["¶", "[no line feed]"]);
        check("a\n", "a", ["a", "a[no line feed]"]);
        check("a\u{a0}b\n", "a b\n", ["a\\u{a0}b", "a b"]);
        check("\u{1b}[1m\n", "\n", ["\\u{1b}[1m", "¶"]);
        check("e\u{301}\n", "é\n", ["e\\u{301}", "é"]);
    }

    #[test]
    fn a_mark_is_never_taken_for_what_it_marks() {
        check("a·\n", "a \n", ["a\\u{b7}\\n", "a \\n"]);
        check("a→\n", "a\t\n", ["a\\u{2192}\\n", "a\\u{9}\\n"]);
        check("a[no line feed]\n", "a", ["a[no line feed]\\n", "a"]);
    }

    #[test]
    fn a_long_line_is_cut_where_the_difference_is_still_seen() {
        let long = "0123456789012345678901234567890";
        check(
            &format!("a{long}\n"),
            &format!("b{long}\n"),
            ["a012345678901234567…", "b012345678901234567…"],
        );
        check(
            &format!("{long}a\n"),
            &format!("{long}b{long}\n"),
            ["…567890a", "…567890b01234567890…"],
        );
        check(
            &format!("{long}\n"),
            &format!("{long} \n"),
            ["…567890", "…567890·"],
        );
        check(
            &format!("{}五\n", "漢".repeat(20)),
            &format!("{}六{}\n", "漢".repeat(20), "字".repeat(9)),
            ["…漢漢漢五", "…漢漢漢六字字字字字…"],
        );
    }

    #[test]
    fn lines_that_agree_are_left_as_they_are() {
        assert_eq!(equal("a  b  \n", 20), "a  b  ");
        assert_eq!(equal("a\tb\r\n", 20), "a b");
        assert_eq!(equal("\u{1b}漢\n", 20), "\\u{1b}漢");
        assert_eq!(equal("01234567890123456789x\n", 20), "0123456789012345678…");
    }

    proptest! {
        #[test]
        fn lines_that_differ_never_look_the_same(
            head in ".{0,30}", left in "[·→␍¶… \t\ra漢\\\\]{0,30}\n?", right in "[·→␍¶… \t\ra漢\\\\]{0,30}\n?",
            width in 10_usize..50,
        ) {
            prop_assume!(left != right);
            let expected = head.clone() + &left;
            let actual = head + &right;
            let [left, right] = differing(&expected, &actual, width);
            prop_assert_ne!(&left, &right);
            for cell in [left, right] {
                prop_assert!(super::width(&cell) <= width, "{cell:?}");
            }
        }
    }
}
