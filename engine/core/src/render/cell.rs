//! One cell of a table on the console: its text and how wide a terminal draws it (`CON-2`).
//!
//! From `org.apache.spark.sql.Dataset.getRows`, `ToPrettyString`,
//! `SchemaUtils.escapeMetaCharacters` and `Utils.stringHalfWidth` (Spark 3.5.9). Java counts a text
//! in UTF-16 units, so that an emoji counts two, and a cut may leave half of one.

/// A cell longer than this, in UTF-16 units, is cut, unless another length is asked for.
pub(super) const UNITS_MAX: usize = 20;

/// The end of a cut cell, in place of the rest.
const ELLIPSIS: &str = "...";

/// A text without line ends, and its width in columns of a terminal.
#[derive(Debug, PartialEq)]
pub(super) struct TableCell {
    pub(super) text: String,
    pub(super) width: usize,
}

impl TableCell {
    /// A text of any length.
    pub(super) fn whole(text: &str) -> TableCell {
        TableCell::new(escape(text))
    }

    /// A text, cut if it is of more UTF-16 units than `most` once it is escaped.
    pub(super) fn cut(text: &str, most: usize) -> TableCell {
        TableCell::new(cut(escape(text), most))
    }

    fn new(text: String) -> TableCell {
        let width = text.chars().map(width).sum();
        TableCell { text, width }
    }
}

/// Control characters that would break the table become two visible ones (`CON-4`).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{c}' => escaped.push_str("\\f"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{b}' => escaped.push_str("\\v"),
            '\u{7}' => escaped.push_str("\\a"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Cuts a text that is too long (`CON-2`). Half of a surrogate pair goes out as `?`. Where there is no room for it, no
/// sign says that something is missing.
fn cut(text: String, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text;
    }
    let ellipsis = if most < 4 { "" } else { ELLIPSIS };
    let mut room = most - ellipsis.len();
    let mut kept = String::new();
    for character in text.chars() {
        if character.len_utf16() > room {
            kept.extend(std::iter::repeat_n('?', room));
            break;
        }
        kept.push(character);
        room -= character.len_utf16();
    }
    kept + ellipsis
}

fn width(character: char) -> usize {
    character.len_utf16() + usize::from(is_full_width(character))
}

/// East Asian characters that a terminal draws twice as wide, as Spark has them.
fn is_full_width(character: char) -> bool {
    matches!(
        character,
        '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe10}'..='\u{fe19}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Notation;
    use crate::types::{Record, Struct, Value};

    #[track_caller]
    fn check(value: &impl Record, expected: &str) {
        let text = Notation::Sql.text(&value.to_value());
        assert_eq!(TableCell::cut(&text, UNITS_MAX).text, expected);
    }

    #[track_caller]
    fn check_width(text: &str, expected: usize) {
        assert_eq!(TableCell::whole(text).width, expected, "{text:?}");
    }

    #[test]
    fn con_2_long_cells_are_cut_to_20_units() {
        check(&"abcdefghijklmnopqrst".to_owned(), "abcdefghijklmnopqrst");
        check(&"abcdefghijklmnopqrstu".to_owned(), "abcdefghijklmnopq...");
        check(&"漢".repeat(21), &("漢".repeat(17) + "..."));
        check(&"😀".repeat(10), &"😀".repeat(10));
        check(&"😀".repeat(11), &("😀".repeat(8) + "?..."));
    }

    #[test]
    fn con_2_full_width_characters_count_two_and_half_width_ones_one() {
        check_width("", 0);
        check_width("漢字かなＡ안", 12);
        check_width("ｱｲｳ", 3);
        check_width("e\u{301}", 2);
        check_width("😀", 2);
        assert_eq!(TableCell::cut(&"😀".repeat(11), UNITS_MAX).width, 20);
    }

    #[test]
    fn con_4_values_are_spelt_as_sql_shows_them() {
        check(&None::<i64>, "NULL");
        check(&true, "true");
        check(&1e10, "1.0E10");
        check(&("a".to_owned(), None::<i64>), "{a, NULL}");
        check(&vec![1_i64, 2], "[1, 2]");
        check(&Value::Timestamp(1_500_000), "1970-01-01 00:00:...");
    }

    #[test]
    fn con_4_a_window_is_a_struct_of_its_start_and_end() {
        let [start, end] = [1_529_622_000_000_000, 1_529_622_010_000_000].map(Value::Timestamp);
        let window = Value::Struct(Struct::from_iter([("start", start), ("end", end)]));
        let text = "{2018-06-21 23:00:00, 2018-06-21 23:00:10}";
        assert_eq!(TableCell::whole(&Notation::Sql.text(&window)).text, text);
        check(&window, "{2018-06-21 23:00...");
    }

    #[test]
    fn con_4_control_characters_are_escaped_before_the_cut() {
        check(
            &"\t\n\r\u{7}\u{8}\u{b}\u{c}\\".to_owned(),
            r"\t\n\r\a\b\v\f\",
        );
        check(&"abcdefghijklmnopq\trs".to_owned(), "abcdefghijklmnopq...");
        check(
            &"\txyyyyyyyyyyyyyyyyy\t".to_owned(),
            r"\txyyyyyyyyyyyyyy...",
        );
    }
}
