//! Two texts as a list of hunks: sections that differ, and groups of equal sections between them.

use super::align::{Aligned, align};
use crate::{Section, sections};

/// A part of two texts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hunk<'a> {
    /// Sections that are the same in both.
    Equal(EqualSections<'a>),
    /// A section that differs, or that only one of them has.
    Differing(Aligned<Section<'a>>),
}

impl<'a> Hunk<'a> {
    /// The section, if it differs or only one of the texts has it.
    pub(super) fn differing(&self) -> Option<Aligned<Section<'a>>> {
        match self {
            Hunk::Equal(_) => None,
            Hunk::Differing(section) => Some(*section),
        }
    }
}

/// Consecutive sections, counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct EqualSections<'a> {
    first: Section<'a>,
    last: Section<'a>,
    batches: usize,
}

impl<'a> EqualSections<'a> {
    fn of(section: Section<'a>) -> EqualSections<'a> {
        EqualSections {
            first: section,
            last: section,
            batches: section.batches(),
        }
    }

    /// Adds the section that follows. The first and the last are batches if there are any.
    fn extend(&mut self, section: Section<'a>) {
        if self.batches == 0 {
            self.first = section;
        }
        if section.batches() > 0 || self.batches == 0 {
            self.last = section;
        }
        self.batches += section.batches();
    }

    /// The number of batches among the sections.
    pub(super) fn batches(&self) -> usize {
        self.batches
    }

    /// One line that stands for the sections.
    pub(super) fn summary(&self) -> String {
        let first = self.first.name();
        let last = self.last.name();
        match self.batches {
            0 => format!("… {last} is alike"),
            1 => format!("… 1 batch alike, {last}"),
            batches => format!("… {batches} batches alike, {first} to {last}"),
        }
    }
}

/// The hunks of two texts, in the order of the texts.
///
/// Sections are aligned by title. Those before the first difference are counted without being aligned or
/// kept, as most often they are nearly all.
pub(super) fn hunks<'a>(expected: &'a str, actual: &'a str) -> Vec<Hunk<'a>> {
    let mut hunks = Vec::new();
    let mut expected = sections(expected).peekable();
    let mut actual = sections(actual).peekable();
    // Up to the first that has another name they stand side by side; most texts have none, and are long.
    while let (Some(left), Some(right)) = (expected.peek(), actual.peek())
        && left.name() == right.name()
    {
        push(Aligned::Both(*left, *right), &mut hunks);
        expected.next();
        actual.next();
    }
    let expected: Vec<_> = expected.collect();
    let actual: Vec<_> = actual.collect();
    for section in align(&expected, &actual, |section| section.name()) {
        push(section, &mut hunks);
    }
    hunks
}

fn push<'a>(section: Aligned<Section<'a>>, hunks: &mut Vec<Hunk<'a>>) {
    match (section, hunks.last_mut()) {
        (Aligned::Both(expected, actual), last) if expected == actual => match last {
            Some(Hunk::Equal(equal)) => equal.extend(actual),
            _ => hunks.push(Hunk::Equal(EqualSections::of(actual))),
        },
        (section, _) => hunks.push(Hunk::Differing(section)),
    }
}
