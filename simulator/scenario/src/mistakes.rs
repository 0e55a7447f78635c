//! All the mistakes of one scenario, in the order of its text.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Draft};
use crate::excerpt::Excerpt;
use crate::place::Places;

/// As many mistakes are kept; the rest are counted.
const KEPT_MAX: usize = 1000;

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

/// Collects mistakes while a text is read.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    drafts: RefCell<Vec<Draft>>,
    dropped: Cell<usize>,
}

impl Mistakes {
    /// Finds each draft's place in the text and cuts out the lines around it.
    pub(crate) fn new(name: &str, text: &str, sink: Sink) -> Mistakes {
        let name: Arc<str> = name.into();
        let mut drafts = sink.drafts.into_inner();
        let count = drafts.len() + sink.dropped.get();
        for span in drafts.iter_mut().flat_map(spans) {
            *span = inside(text, span);
        }
        drafts.sort_by_key(|draft| draft.label.span.start);
        let places = Places::find(
            text,
            drafts.iter_mut().flat_map(spans).map(|span| span.start),
        );
        let diagnostics = drafts.into_iter().map(|draft| {
            let place = places.of(draft.label.span.start);
            let also = draft
                .also
                .as_ref()
                .map_or(place, |also| places.of(also.span.start));
            let excerpt = Excerpt::new(&name, text, &draft, [place, also]);
            Diagnostic::new(draft, place, excerpt)
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

    /// How many mistakes there are, also those beyond the ones kept; at least 1.
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

impl Sink {
    /// Keeps a mistake, or counts it when there are many.
    pub(crate) fn push(&self, draft: Draft) {
        let mut drafts = self.drafts.borrow_mut();
        if drafts.len() < KEPT_MAX {
            drafts.push(draft);
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
    }

    /// Whether the next mistake is only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.drafts.borrow().len() >= KEPT_MAX
    }

    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.drafts.borrow().len() + self.dropped.get()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.drafts.borrow().is_empty()
    }

    /// Takes over the mistakes of another sink of which `keep` holds.
    pub(crate) fn take(&self, other: Sink, keep: impl Fn(&Draft) -> bool) {
        let drafts = other.drafts.into_inner();
        let is_whole = drafts.iter().all(&keep);
        drafts
            .into_iter()
            .filter(keep)
            .for_each(|draft| self.push(draft));
        if is_whole {
            self.dropped.set(self.dropped.get() + other.dropped.get());
        }
    }
}

fn spans(draft: &mut Draft) -> impl Iterator<Item = &mut Range<usize>> {
    let also = draft.also.as_mut().map(|label| &mut label.span);
    std::iter::once(&mut draft.label.span).chain(also)
}

/// The span inside the text and between its characters, whatever the parser said.
fn inside(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end).max(start)
}
