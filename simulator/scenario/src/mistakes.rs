//! All the mistakes of one scenario, in the order of its text.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::Diagnostic;
use crate::diagnostics::Diagnostics;
use crate::excerpt::Excerpt;
use crate::mistake::{Label, Mistake};
use crate::position::Positions;
use crate::torn::torn_entry;

/// Why a scenario could not be read: every mistake in it, the first 1000 at least, in the order of
/// the text.
///
/// Prints as "failed to read blue.toml: 2 mistakes"; as a [`miette::Diagnostic`] it has the
/// mistakes as its [related](miette::Diagnostic::related) diagnostics.
///
/// ```
/// let mistakes = scenario::parse("blue.toml", "titel = 'blue'\ntimeline = []").unwrap_err();
/// assert_eq!(mistakes.to_string(), "failed to read blue.toml: 3 mistakes");
/// let places: Vec<_> = mistakes.iter().map(|it| (it.line(), it.column())).collect();
/// assert_eq!(places, [(1, 1), (1, 1), (2, 12)]);
/// ```
#[derive(Clone, Debug)]
pub struct Mistakes {
    name: Arc<str>,
    diagnostics: Vec<Diagnostic>,
    count: usize,
}

impl Mistakes {
    /// Finds the position of each mistake in the text and cuts out the lines around it.
    pub(crate) fn new(name: &str, text: &str, found: Diagnostics) -> Mistakes {
        let name: Arc<str> = name.into();
        let count = found.len();
        let mut mistakes = found.into_kept();
        for span in mistakes.iter_mut().flat_map(spans) {
            *span = inside(text, span);
        }
        mistakes.sort_by_key(|mistake| mistake.label.span.start);
        if let Some(line) = torn_entry(text, &mistakes) {
            let remedy =
                format!("if a recording was cut off here, remove line {line} and those after it");
            let first = &mut mistakes[0];
            first.help = Some(match first.help.take() {
                Some(help) => format!("{help}; or, {remedy}"),
                None => remedy,
            });
        }
        let starts = mistakes.iter_mut().flat_map(spans).map(|span| span.start);
        let positions = Positions::find(text, starts);
        let diagnostics = mistakes.into_iter().map(|mistake| {
            let position = |label: &Label| positions.of(label.span.start);
            let first = position(&mistake.label);
            let second = mistake.also.as_ref().map(position);
            Diagnostic {
                excerpt: Excerpt::new(&name, text, first, second),
                position: first,
                mistake,
            }
        });
        let diagnostics = diagnostics.collect();
        Mistakes {
            name,
            diagnostics,
            count,
        }
    }

    /// The name of the file, as it was given to [`parse`](crate::parse()).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mistakes that were kept, in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// The number of mistakes, also those beyond the ones kept; at least 1.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(
            f,
            "failed to read {}: {} mistake{plural}",
            self.name, self.count
        )?;
        let kept = self.diagnostics.len();
        if kept < self.count {
            write!(f, ", of which {kept} follow")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

impl miette::Diagnostic for Mistakes {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let diagnostics = self.diagnostics.iter();
        Some(Box::new(
            diagnostics.map(|it| it as &dyn miette::Diagnostic),
        ))
    }
}

fn spans(mistake: &mut Mistake) -> impl Iterator<Item = &mut Range<usize>> {
    let also = mistake.also.as_mut().map(|label| &mut label.span);
    std::iter::once(&mut mistake.label.span).chain(also)
}

/// The span inside the text and between its characters, whatever the parser said.
fn inside(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end).max(start)
}
