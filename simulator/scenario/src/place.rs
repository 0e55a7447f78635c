//! Where something is written.

/// The line of a file that something is written on, counted from 1.
///
/// It is no part of what is meant: things that differ in their lines alone are equal.
///
/// ```
/// assert_eq!(scenario::Line::default().number(), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Line(Option<usize>);

impl Line {
    pub(crate) fn new(number: usize) -> Line {
        Line(Some(number))
    }

    /// Its number; none of what was never written.
    pub fn number(self) -> Option<usize> {
        self.0
    }
}

impl PartialEq for Line {
    fn eq(&self, _: &Line) -> bool {
        true
    }
}

/// Where a byte offset is in the text, 1-based, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The places of some offsets, found in one pass over the text.
pub(crate) struct Places(Vec<(usize, Place)>);

impl Places {
    pub(crate) fn find(text: &str, offsets: impl Iterator<Item = usize>) -> Places {
        let mut offsets: Vec<usize> = offsets.collect();
        offsets.sort_unstable();
        offsets.dedup();
        let (mut last, mut place) = (0, Place { line: 1, column: 1 });
        let placed = offsets.into_iter().map(|offset| {
            let passed = &text[last..offset];
            if let Some(newline) = passed.rfind('\n') {
                place.line += passed.matches('\n').count();
                place.column = 1 + passed[newline + 1..].chars().count();
            } else {
                place.column += passed.chars().count();
            }
            last = offset;
            (offset, place)
        });
        Places(placed.collect())
    }

    pub(crate) fn of(&self, offset: usize) -> Place {
        let index = self.0.partition_point(|(placed, _)| *placed < offset);
        self.0
            .get(index)
            .map_or(Place { line: 1, column: 1 }, |(_, place)| *place)
    }
}
