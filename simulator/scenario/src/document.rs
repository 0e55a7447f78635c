//! Text → TOML with spans; syntax mistakes are collected, and what could be read is passed on.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use crate::Code;
use crate::diagnostics::Diagnostics;
use crate::language::toml_text;
use crate::mistake::Mistake;

/// The most bytes that the text of a scenario may have, and what its shorthands stand for: 64 MiB.
pub const TEXT_MAX: usize = 64 << 20;

/// Of longer texts the first syntax mistake alone is reported: there may be one for each character.
const RECOVERABLE_MAX: usize = 1 << 20;

/// A text as TOML.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    /// The tree, without what could not be read.
    pub(crate) root: DeTable<'a>,
    /// The offsets of the syntax mistakes, in order.
    mistakes: Vec<usize>,
    sound: SoundPart,
}

/// The part of a text that could be read in spite of mistakes.
#[derive(Debug)]
struct SoundPart {
    /// The first mistake in the structure; the end of the text if there is none.
    end: usize,
    /// True if every mistake is within a value of one line, so that no key is lost.
    has_all_keys: bool,
}

/// Reads a text as TOML; `None` if it is too large to be read.
pub(crate) fn read<'a>(text: &'a str, diagnostics: &Diagnostics) -> Option<Document<'a>> {
    if text.len() > TEXT_MAX {
        let mistake = Code::TooLarge.at(0..0, "the text is larger than 64 MiB");
        diagnostics.push(mistake.help("`generate` makes many lines from few words"));
        return None;
    }
    let (root, errors) = if text.len() > RECOVERABLE_MAX {
        match DeTable::parse(text) {
            Ok(root) => (root.into_inner(), Vec::new()),
            Err(error) => (DeTable::new(), vec![error]),
        }
    } else {
        let (root, errors) = DeTable::parse_recoverable(text);
        (root.into_inner(), errors)
    };
    let sound = report(text, &root, &errors, diagnostics);
    let mut mistakes: Vec<usize> = errors.iter().map(|error| span(error).start).collect();
    mistakes.sort_unstable();
    Some(Document {
        text,
        root,
        mistakes,
        sound,
    })
}

impl Document<'_> {
    /// True if a mistake in the meaning of the tree is the writer's, and does not follow from a part that
    /// was lost: it is before the first mistake in the structure and not on a line with a mistake; and if it is that
    /// something is not there, no key is lost.
    pub(crate) fn says(&self, mistake: &Mistake) -> bool {
        let span = &mistake.label.span;
        self.mistakes.is_empty()
            || (self.sound.has_all_keys || !mistake.code.needs_the_whole_file())
                && span.end <= self.sound.end
                && !self.is_on_a_line_with_a_mistake(span.start)
    }

    fn is_on_a_line_with_a_mistake(&self, offset: usize) -> bool {
        let (before, after) = self.text.split_at(offset);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end = after
            .find('\n')
            .map_or(self.text.len(), |length| offset + length);
        let first = self.mistakes.partition_point(|mistake| *mistake < start);
        self.mistakes
            .get(first)
            .is_some_and(|mistake| *mistake <= end)
    }
}

/// Reports the syntax mistakes; of those that follow from an unclosed bracket, the bracket alone.
fn report(text: &str, root: &DeTable, errors: &[Error], diagnostics: &Diagnostics) -> SoundPart {
    if errors.is_empty() {
        return SoundPart {
            end: text.len(),
            has_all_keys: true,
        };
    }
    let tree = TreeSpans::new(text, root);
    let unclosed = UnclosedBracket::find(&tree, errors);
    if let Some(unclosed) = &unclosed {
        diagnostics.push(unclosed.mistake());
    }
    let mut reported = BTreeSet::new();
    for error in errors {
        let span = span(error);
        let follows = unclosed
            .as_ref()
            .is_some_and(|it| span.start > it.opening.start);
        if !follows && reported.insert(span.start) {
            diagnostics.push(mistake(&tree, error, span));
        }
    }
    let end = match unclosed {
        Some(unclosed) => unclosed.opening.start,
        None => first_structural(&tree, errors).map_or(text.len(), |error| span(error).start),
    };
    let mut spans = errors.iter().map(span);
    let has_all_keys = spans.all(|span| tree.is_inside_a_value_of_one_line(&span));
    SoundPart { end, has_all_keys }
}

/// A bracket that is never closed, so that the rest of the text is read as its contents.
struct UnclosedBracket<'a> {
    opening: Range<usize>,
    first: &'a Error,
    at_end: &'a Error,
}

impl<'a> UnclosedBracket<'a> {
    /// There is one if a mistake in the structure is at the very end.
    fn find(tree: &TreeSpans, errors: &'a [Error]) -> Option<UnclosedBracket<'a>> {
        // With a bracket that is never closed the parser goes on to the end of the text, and misses it there.
        let end = tree.text.trim_end().len();
        let at_end = structural(tree, errors).find(|error| span(error).start >= end)?;
        let first = first_structural(tree, errors)?;
        let opening = tree.opening(&span(first))?;
        Some(UnclosedBracket {
            opening,
            first,
            at_end,
        })
    }

    fn mistake(&self) -> Mistake {
        let message = format!("this is not TOML: {}", parts(self.at_end).0);
        let mistake = Code::Syntax.at(self.opening.clone(), message);
        let mistake = mistake.label("opens here, and is left open");
        if span(self.first) == span(self.at_end) {
            return mistake;
        }
        let (message, expected) = parts(self.first);
        let wrong = expected.map_or(message.to_owned(), |it| format!("expected {it}"));
        mistake.also(span(self.first), format!("goes wrong by here: {wrong}"))
    }
}

/// The mistakes that are not inside a key or a plain value.
fn structural<'a>(tree: &TreeSpans, errors: &'a [Error]) -> impl Iterator<Item = &'a Error> {
    errors
        .iter()
        .filter(|error| !tree.is_inside_a_leaf(&span(error)))
}

fn first_structural<'a>(tree: &TreeSpans, errors: &'a [Error]) -> Option<&'a Error> {
    structural(tree, errors).min_by_key(|error| span(error).start)
}

fn span(error: &Error) -> Range<usize> {
    error.span().unwrap_or(0..0)
}

/// The message of an error, and the text that was expected instead.
fn parts(error: &Error) -> (&str, Option<&str>) {
    match error.message().split_once(", expected ") {
        Some((message, "nothing")) => (message, None),
        Some((message, expected)) => (message, Some(expected)),
        None => (error.message(), None),
    }
}

fn mistake(tree: &TreeSpans, error: &Error, span: Range<usize>) -> Mistake {
    let (message, expected) = parts(error);
    let value = tree.text.get(span.clone()).unwrap_or_default();
    let is_word = value.starts_with(char::is_alphabetic) || message.contains("quoted");
    let is_absent = tree.has_an_empty_leaf_at(&span);
    let message = if is_absent { "missing value" } else { message };
    let mistake = Code::Syntax.at(span, format!("this is not TOML: {message}"));
    if is_absent {
        mistake.label("expected a value")
    } else if message == "duplicate key" {
        mistake
            .label("the second of that name")
            .help("each key stands once in its table")
    } else if is_word && !value.contains('\n') {
        mistake
            .label("not a value")
            .help(format!("text stands in quotes: {}", toml_text(value)))
    } else {
        mistake.label(expected.map_or("not allowed here".to_owned(), |it| format!("expected {it}")))
    }
}

/// The spans of a tree: where its leaves, that is its keys and plain values, and its containers are.
struct TreeSpans<'a> {
    text: &'a str,
    leaves: Vec<Range<usize>>,
    /// The offsets of those leaves that are keys.
    keys: BTreeSet<usize>,
    containers: Vec<Range<usize>>,
}

impl<'a> TreeSpans<'a> {
    fn new(text: &'a str, root: &DeTable) -> TreeSpans<'a> {
        let mut tree = TreeSpans {
            text,
            leaves: Vec::new(),
            keys: BTreeSet::new(),
            containers: Vec::new(),
        };
        tree.add_table(root);
        tree.leaves
            .sort_unstable_by_key(|leaf| (leaf.start, leaf.end));
        tree
    }

    fn add_table(&mut self, table: &DeTable) {
        for (key, value) in table {
            self.leaves.push(key.span());
            self.keys.insert(key.span().start);
            self.add(value.span(), value.get_ref());
        }
    }

    fn add(&mut self, span: Range<usize>, value: &DeValue) {
        match value {
            DeValue::Table(table) => {
                self.containers.push(span);
                self.add_table(table);
            }
            DeValue::Array(array) => {
                self.containers.push(span);
                array
                    .iter()
                    .for_each(|item| self.add(item.span(), item.get_ref()));
            }
            _ => self.leaves.push(span),
        }
    }

    /// A mistake inside a key or a plain value leaves the rest of the tree sound.
    fn is_inside_a_leaf(&self, span: &Range<usize>) -> bool {
        self.leaf_with(span).is_some()
    }

    /// One inside a value of one line leaves all keys there, too.
    fn is_inside_a_value_of_one_line(&self, span: &Range<usize>) -> bool {
        self.leaf_with(span).is_some_and(|leaf| {
            let raw = self.text.get(leaf.clone()).unwrap_or_default();
            !self.keys.contains(&leaf.start) && !raw.contains('\n')
        })
    }

    /// The leaf that a mistake is inside of.
    fn leaf_with(&self, span: &Range<usize>) -> Option<&Range<usize>> {
        // Leaves are in order and apart, so only the last that begins at or before the mistake can hold it.
        let after = self.leaves.partition_point(|leaf| leaf.start <= span.start);
        let leaf = after.checked_sub(1).map(|index| &self.leaves[index]);
        leaf.filter(|leaf| {
            // At the very end of a leaf the mistake is in what follows, unless the leaf itself goes on.
            let is_at_end = span.start == leaf.end;
            span.end <= leaf.end && (!is_at_end || leaf.is_empty() || self.is_unterminated(leaf))
        })
    }

    /// True if a leaf is a text whose last quote is missing.
    fn is_unterminated(&self, leaf: &Range<usize>) -> bool {
        let raw = self.text.get(leaf.clone()).unwrap_or_default();
        let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''));
        quote.is_some_and(|quote| raw.len() == 1 || !raw.ends_with(quote))
    }

    fn has_an_empty_leaf_at(&self, span: &Range<usize>) -> bool {
        span.is_empty()
            && self
                .leaves
                .binary_search_by_key(&(span.start, span.end), |leaf| (leaf.start, leaf.end))
                .is_ok()
    }

    /// The opening bracket of the innermost container that `span` is in.
    fn opening(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let holds = |it: &&Range<usize>| it.start < span.start && span.start <= it.end;
        let innermost = self
            .containers
            .iter()
            .filter(holds)
            .max_by_key(|it| it.start)?;
        Some(innermost.start..innermost.start + 1)
    }
}
