//! One mistake in a scenario: what is wrong, where, and what would be right.

use std::fmt;
use std::ops::Range;

use miette::{LabeledSpan, SourceCode};

use crate::Code;
use crate::diagnostic_builder::{DiagnosticBuilder, Label};
use crate::excerpt::Excerpt;
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
    code: Code,
    message: String,
    help: Option<String>,
    label: Label,
    also: Option<Label>,
    line: usize,
    column: usize,
    excerpt: Excerpt,
}

impl Diagnostic {
    pub(crate) fn new(
        builder: DiagnosticBuilder,
        position: Position,
        excerpt: Excerpt,
    ) -> Diagnostic {
        Diagnostic {
            code: builder.code,
            message: builder.message,
            help: builder.help,
            label: builder.label,
            also: builder.also,
            line: position.line,
            column: position.column,
            excerpt,
        }
    }

    /// The kind of mistake.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The message: what is wrong, in lower case, no full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The words beside the underlined text.
    pub fn label(&self) -> &str {
        &self.label.text
    }

    /// The help: what would be right.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The mistaken text as byte offsets of the whole text.
    pub fn span(&self) -> Range<usize> {
        self.label.span.clone()
    }

    /// The line the mistake starts on, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column the mistake starts at, from 1, in characters.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = std::iter::once(&self.label).chain(&self.also).enumerate();
        Some(Box::new(labels.filter_map(|(index, label)| {
            let span = self.excerpt.clip(&label.span)?;
            let text = Some(label.text.clone());
            Some(if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            })
        })))
    }
}
