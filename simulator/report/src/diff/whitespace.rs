//! A note on two texts that differ in white space at ends of lines only.

/// The note, if the texts differ in nothing else.
pub(super) fn whitespace_note(expected: &str, actual: &str) -> Option<&'static str> {
    if expected.trim_end_matches('\n') == actual.trim_end_matches('\n') {
        Some("the texts differ only in the line feeds at their ends")
    } else if without_returns(expected).eq(without_returns(actual)) {
        Some("the texts differ only in carriage returns")
    } else if without_line_ends(expected).eq(without_line_ends(actual)) {
        Some("the texts differ only in white space at the ends of lines")
    } else {
        None
    }
}

fn without_returns(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| *character != '\r')
}

/// The lines, without white space at their ends, and without empty lines at the end of all.
fn without_line_ends(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().lines().map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: &str, actual: &str, kind: Option<&str>) {
        let note = whitespace_note(expected, actual);
        let end = note.map(|note| note.trim_start_matches("the texts differ only in "));
        assert_eq!(end, kind);
    }

    #[test]
    fn differences_that_no_line_shows_have_a_note() {
        check("a\n", "a", Some("the line feeds at their ends"));
        check("a\n", "a\n\n", Some("the line feeds at their ends"));
        check("a\r\nb\r\n", "a\nb\n", Some("carriage returns"));
        check("a \nb\n", "a\nb", Some("white space at the ends of lines"));
        check("a\n", "b\n", None);
        check("a b\n", "a  b\n", None);
    }
}
