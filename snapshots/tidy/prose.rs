//! The paragraphs of docs and comments.

use crate::code::{lines, split_comment};

/// A paragraph of a doc or a comment.
#[derive(Debug, PartialEq)]
pub(crate) struct Paragraph {
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// Its words, with single spaces between them.
    pub(crate) text: String,
}

/// The paragraphs of a source, without headings, tables and examples.
pub(crate) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut reader = ParagraphReader::default();
    for (number, line) in lines(text) {
        match split_comment(line) {
            (_, None) => reader.end_block(),
            (code, Some(comment)) => {
                if !code.trim().is_empty() {
                    reader.end_block();
                }
                let text = comment.trim_start_matches(['/', '!']).trim();
                reader.read(number, text);
            }
        }
    }
    reader.end_block();
    reader.paragraphs
}

#[derive(Default)]
struct ParagraphReader {
    paragraphs: Vec<Paragraph>,
    current: Option<Paragraph>,
    is_in_example: bool,
}

impl ParagraphReader {
    fn read(&mut self, line: usize, text: &str) {
        if text.starts_with("```") {
            self.is_in_example = !self.is_in_example;
            self.end();
        } else if self.is_in_example || text.is_empty() || text.starts_with(['#', '|']) {
            self.end();
        } else if let Some(item) = text.strip_prefix("- ") {
            self.end();
            self.add(line, item);
        } else {
            self.add(line, text);
        }
    }

    fn add(&mut self, line: usize, text: &str) {
        let current = self.current.get_or_insert_with(|| Paragraph {
            line,
            text: String::new(),
        });
        if !current.text.is_empty() {
            current.text.push(' ');
        }
        current.text.push_str(text);
    }

    fn end(&mut self) {
        self.paragraphs.extend(self.current.take());
    }

    fn end_block(&mut self) {
        self.is_in_example = false;
        self.end();
    }
}

#[test]
fn a_paragraph_ends_with_its_comment_or_an_empty_line() {
    let text = "/// One\n/// two.\n///\n/// # Three\n/// ```\n/// four\n/// ```\n/// - five\nfn a() {} // six\n// seven\n";
    let paragraphs = paragraphs(text);
    let found: Vec<_> = paragraphs.iter().map(|it| (it.line, &*it.text)).collect();
    assert_eq!(found, [(1, "One two."), (8, "five"), (9, "six seven")]);
}
