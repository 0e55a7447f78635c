//! One mistake in a scenario: what is wrong, where, and what would be right.

use std::fmt;
use std::ops::Range;

use miette::{LabeledSpan, SourceCode, SourceSpan};

use crate::Code;
use crate::excerpt::Excerpt;
use crate::mistake::{Label, Mistake};
use crate::position::Position;

/// One mistake in a scenario.
///
/// Implements [`miette::Diagnostic`] with the lines around the mistake as its source, so any of
/// miette's handlers shows it with file, line, column and the text underlined.
///
/// ```
/// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n[[pipeline]]\nname = 'counts'\nmode = 'stateles'";
/// let mistakes = scenario::parse("blue.toml", text).unwrap_err();
/// let mistake = mistakes.iter().next().unwrap();
/// assert_eq!(mistake.code(), scenario::Code::UnknownWord);
/// assert_eq!(mistake.message(), "`mode` cannot be `stateles`");
/// assert_eq!((mistake.line(), mistake.column()), (4, 8));
/// ```
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub(crate) mistake: Mistake,
    pub(crate) position: Position,
    pub(crate) excerpt: Excerpt,
}

impl Diagnostic {
    /// The kind of mistake.
    pub fn code(&self) -> Code {
        self.mistake.code
    }

    /// The message: what is wrong, in lower case, no full stop.
    pub fn message(&self) -> &str {
        &self.mistake.message
    }

    /// The words beside the underlined text.
    pub fn label(&self) -> &str {
        &self.mistake.label.text
    }

    /// The help: what would be right.
    pub fn help(&self) -> Option<&str> {
        self.mistake.help.as_deref()
    }

    /// The mistaken text as byte offsets of the whole text.
    pub fn span(&self) -> Range<usize> {
        self.mistake.label.span.clone()
    }

    /// The line the mistake starts on, from 1.
    pub fn line(&self) -> usize {
        self.position.line
    }

    /// The column the mistake starts at, from 1, in characters.
    pub fn column(&self) -> usize {
        self.position.column
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.mistake.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.mistake.help.as_ref()?))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let shown = |label: &Label, new: fn(Option<String>, SourceSpan) -> LabeledSpan| {
            Some(new(
                Some(label.text.clone()),
                self.excerpt.clip(&label.span)?,
            ))
        };
        let first = shown(&self.mistake.label, LabeledSpan::new_primary_with_span);
        let second = self.mistake.also.as_ref();
        let second = second.and_then(|label| shown(label, LabeledSpan::new_with_span));
        Some(Box::new(first.into_iter().chain(second)))
    }
}
