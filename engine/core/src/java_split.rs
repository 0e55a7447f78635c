//! The split of a line into words in Java and Scala.

use crate::Text;

/// `line.split(" ")` of Java: as Python's, but trailing empty words are dropped; a line without a
/// space is one word, also when it is empty.
///
/// From `java.lang.String.split(String)`.
///
/// ```
/// assert_eq!(engine::java_split(&"a  b ".into()), ["a", "", "b"]);
/// ```
pub fn java_split(line: &Text) -> Vec<Text> {
    let mut words: Vec<Text> = line.as_str().split(' ').map(Text::from).collect();
    if words.len() > 1 {
        while words.last().is_some_and(|word| word.is_empty()) {
            words.pop();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        assert_eq!(java_split(&line.into()), expected);
    }

    #[test]
    fn trailing_empty_words_are_dropped() {
        check("  a  b ", &["", "", "a", "", "b"]);
        check("a  ", &["a"]);
    }

    #[test]
    fn an_empty_line_is_one_empty_word_and_blanks_are_none() {
        check("", &[""]);
        check(" ", &[]);
        check("   ", &[]);
    }
}
