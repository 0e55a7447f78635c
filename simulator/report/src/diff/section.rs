//! Two texts as a list of batches that differ, with runs of batches between them that do not.

use super::align::{Pair, align};
use crate::{Block, blocks};

/// A part of two texts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Section<'a> {
    /// Blocks that are the same in both.
    Alike(Run<'a>),
    /// A block that is not, or that only one of them has.
    Differing(Pair<Block<'a>>),
}

impl<'a> Section<'a> {
    /// The block, if it differs or has no partner.
    pub(super) fn differing(&self) -> Option<Pair<Block<'a>>> {
        match self {
            Section::Alike(_) => None,
            Section::Differing(pair) => Some(*pair),
        }
    }
}

/// Consecutive blocks, counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    first: Block<'a>,
    last: Block<'a>,
    batches: usize,
}

impl<'a> Run<'a> {
    fn of(block: Block<'a>) -> Run<'a> {
        Run {
            first: block,
            last: block,
            batches: usize::from(block.title().is_some()),
        }
    }

    /// Takes the block that follows. The ends of a run are batches if it has any.
    fn extend(&mut self, block: Block<'a>) {
        if self.batches == 0 {
            self.first = block;
        }
        if block.title().is_some() || self.batches == 0 {
            self.last = block;
        }
        self.batches += usize::from(block.title().is_some());
    }

    /// How many of the blocks are batches.
    pub(super) fn batches(&self) -> usize {
        self.batches
    }

    /// The run in words.
    pub(super) fn summary(&self) -> String {
        let (first, last) = (self.first.name(), self.last.name());
        match self.batches {
            0 => format!("… {last} is alike"),
            1 => format!("… 1 batch alike, {last}"),
            batches => format!("… {batches} batches alike, {first} to {last}"),
        }
    }
}

/// The sections of two texts, in the order of the texts.
///
/// Blocks are paired by title. The batches before the first difference are not kept: most often they
/// are nearly all.
pub(super) fn sections<'a>(expected: &'a str, actual: &'a str) -> Vec<Section<'a>> {
    let mut sections = Sections::default();
    let mut expected = blocks(expected).peekable();
    let mut actual = blocks(actual).peekable();
    while let (Some(left), Some(right)) = (expected.peek(), actual.peek())
        && left == right
    {
        sections.push(Pair::Both(*left, *right));
        expected.next();
        actual.next();
    }
    let expected: Vec<_> = expected.collect();
    let actual: Vec<_> = actual.collect();
    for pair in align(&expected, &actual, |block| block.name()) {
        sections.push(pair);
    }
    sections.0
}

#[derive(Default)]
struct Sections<'a>(Vec<Section<'a>>);

impl<'a> Sections<'a> {
    fn push(&mut self, pair: Pair<Block<'a>>) {
        match (pair, self.0.last_mut()) {
            (Pair::Both(expected, actual), last) if expected == actual => match last {
                Some(Section::Alike(run)) => run.extend(actual),
                _ => self.0.push(Section::Alike(Run::of(actual))),
            },
            (pair, _) => self.0.push(Section::Differing(pair)),
        }
    }
}
