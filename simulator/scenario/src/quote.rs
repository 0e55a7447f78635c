//! The user's own text inside a message: short, and harmless to a terminal.

/// Characters of a text that a message repeats.
const SHOWN_MAX: usize = 40;

/// `text` in backticks, cut when it is long, with its control characters escaped.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "the empty text".to_owned();
    }
    let mut shown: String = text.chars().take(SHOWN_MAX).flat_map(visible).collect();
    if text.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// The words in backticks, with commas between them.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// True if a character changes how a terminal shows the text around it.
pub(crate) fn is_unsafe(c: char) -> bool {
    // Marks of direction, line and paragraph separators, overrides and isolates of direction, and the byte
    // order mark: none is seen, and each can make a terminal show a text in another order than it is read.
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn visible(c: char) -> Vec<char> {
    if is_unsafe(c) {
        c.escape_default().collect()
    } else {
        vec![c]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_control_characters_escaped() {
        assert_eq!(quote("blue"), "`blue`");
        assert_eq!(quote(""), "the empty text");
        assert_eq!(quote("a\n\u{1b}[31m"), "`a\\n\\u{1b}[31m`");
        assert_eq!(quote("a\u{202E}b"), "`a\\u{202e}b`");
        assert_eq!(quote(&"é".repeat(41)), format!("`{}…`", "é".repeat(40)));
    }
}
