//! Any text is read, or its mistakes are shown, without a panic.

use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const EXAMPLES: [&str; 3] = [
    include_str!("cookbook.toml"),
    include_str!("every_word.toml"),
    include_str!("many_mistakes.toml"),
];

/// Pieces that a scenario is made of, and some that it is not.
const PIECES: [&str; 34] = [
    "timeline",
    "pipeline",
    "clock",
    "steps",
    "at",
    "lines",
    "words",
    "mode",
    "name",
    "window",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\n",
    "\r",
    "\"",
    "'",
    "\"\"\"",
    "#",
    "1",
    "-9e99",
    "\"1s\"",
    "true",
    "1979-05-27",
    "nan",
    "\\",
    "\u{202e}",
    "😀",
];

/// Reads a text and shows its mistakes; each points into the text.
fn check(text: &str) {
    let Err(mistakes) = scenario::parse("any.toml", text) else {
        return;
    };
    assert!(mistakes.count() > 0, "{text:?}");
    for mistake in &mistakes {
        let span = mistake.span();
        assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
        let before = &text[..span.start];
        assert_eq!(mistake.line(), before.matches('\n').count() + 1, "{text:?}");
        let line = before.rsplit('\n').next().unwrap_or_default();
        assert_eq!(mistake.column(), line.chars().count() + 1, "{text:?}");
    }
    let mut shown = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_links(false)
        .render_report(&mut shown, &mistakes)
        .expect("mistakes can be rendered");
    assert!(!shown.contains("Failed to read"), "{shown}");
}

/// An example with some of its text cut, doubled or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), 0..12_usize, select(PIECES.to_vec()));
    (select(EXAMPLES.to_vec()), vec(edit, 1..6)).prop_map(|(example, edits)| {
        edits
            .into_iter()
            .fold(example.to_owned(), |text, (at, length, piece)| {
                let mut chars: Vec<char> = text.chars().collect();
                let start = at.index(chars.len() + 1);
                let end = (start + length).min(chars.len());
                chars.splice(start..end, piece.chars());
                chars.into_iter().collect()
            })
    })
}

proptest! {
    #[test]
    fn of_any_text(text in ".*") {
        check(&text);
    }

    #[test]
    fn of_any_characters(chars in vec(any::<char>(), 0..40)) {
        check(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn of_any_pieces(pieces in vec(select(PIECES.to_vec()), 0..60)) {
        check(&pieces.concat());
    }

    #[test]
    fn of_mutated_examples(text in mutated()) {
        check(&text);
    }
}

#[test]
fn of_deep_texts() {
    for open in ["[", "{a=", "a.", "[[a.", "timeline=[["] {
        check(&open.repeat(5000));
        check(&format!("timeline = {}", open.repeat(5000)));
    }
}

#[test]
fn of_long_texts() {
    check(&"é".repeat(100_000));
    check(&format!("title = \"{}", "é".repeat(100_000)));
    check(&"[".repeat(100_000));
    check(&"= , ".repeat(5000));
    check(&format!("timeline = [{}]", "{}, ".repeat(5000)));
    check(&format!("timeline = [{}", "\"a\" ".repeat(400_000)));
}
