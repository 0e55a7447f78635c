//! Collects mistakes while a text is read.

use std::cell::{Cell, RefCell};

use crate::mistake::Mistake;

/// The most mistakes that are kept; the rest are counted.
const KEPT_MAX: usize = 1000;

/// The mistakes of a text so far, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    kept: RefCell<Vec<Mistake>>,
    dropped: Cell<usize>,
}

impl Diagnostics {
    /// Keeps a mistake, or counts it when there are many. A table may be read twice, and its mistakes are kept once.
    pub(crate) fn push(&self, mistake: Mistake) {
        let mut kept = self.kept.borrow_mut();
        let is_same = |other: &Mistake| {
            other.label.span == mistake.label.span && other.message == mistake.message
        };
        if kept.iter().any(is_same) {
            return;
        }
        if kept.len() < KEPT_MAX {
            kept.push(mistake);
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
    }

    /// True if the next mistake is only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.borrow().len() >= KEPT_MAX
    }

    /// The number of mistakes so far.
    pub(crate) fn len(&self) -> usize {
        self.kept.borrow().len() + self.dropped.get()
    }

    /// True if there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.borrow().is_empty()
    }

    /// The mistakes that were kept.
    pub(crate) fn into_kept(self) -> Vec<Mistake> {
        self.kept.into_inner()
    }

    /// Takes over the mistakes of `other` for which `keep` holds.
    pub(crate) fn take(&self, other: Diagnostics, keep: impl Fn(&Mistake) -> bool) {
        let dropped = other.dropped.get();
        let mut mistakes = other.into_kept();
        let count = mistakes.len();
        mistakes.retain(keep);
        // Those that were only counted are unknown: they count where all the others do.
        if mistakes.len() == count {
            self.dropped.set(self.dropped.get() + dropped);
        }
        for mistake in mistakes {
            self.push(mistake);
        }
    }
}
