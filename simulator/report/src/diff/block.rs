//! A batch that differs, as rows of two columns.

use std::fmt::{self, Write};

use super::align::{Pair, align};
use super::columns::Columns;
use crate::Block;

/// So many lines before and after one that differs are shown though they agree.
const CONTEXT: usize = 3;

/// So many lines of a block are shown; it is said how many more there are.
const SHOWN_MAX: usize = 60;

/// Writes a block that is not the same in both texts, or that only one of them has.
pub(super) fn show<W: Write>(pair: Pair<Block<'_>>, columns: &mut Columns<'_, W>) -> fmt::Result {
    match pair {
        Pair::Both(expected, actual) => {
            heads(expected, actual, columns)?;
            body(&beside(expected.body(), actual.body()), columns)
        }
        Pair::Expected(block) => {
            columns.title(Pair::Expected(block.name()))?;
            let lines: Vec<_> = lines(block.body()).map(Pair::Expected).collect();
            body(&lines, columns)
        }
        Pair::Actual(block) => {
            columns.title(Pair::Actual(block.name()))?;
            let lines: Vec<_> = lines(block.body()).map(Pair::Actual).collect();
            body(&lines, columns)
        }
    }
}

/// Writes the title, or those lines of the heads that differ.
fn heads<W: Write>(
    expected: Block<'_>,
    actual: Block<'_>,
    columns: &mut Columns<'_, W>,
) -> fmt::Result {
    if expected.head() == actual.head() {
        return columns.title(Pair::Both(expected.name(), actual.name()));
    }
    let pairs = beside(expected.head(), actual.head());
    let mut differing = pairs.into_iter().filter(|pair| differs(*pair));
    differing.try_for_each(|pair| columns.line(pair))
}

/// Writes the lines that differ and those around them, and says of the others how many they are.
fn body<W: Write>(pairs: &[Pair<&str>], columns: &mut Columns<'_, W>) -> fmt::Result {
    let shown = near_a_difference(pairs);
    let over = (0..pairs.len()).filter(|at| shown[*at]).nth(SHOWN_MAX);
    let end = over.unwrap_or(pairs.len());
    let mut at = 0;
    for run in shown[..end].chunk_by(|left, right| left == right) {
        let lines = &pairs[at..at + run.len()];
        at += run.len();
        if run[0] || run.len() == 1 {
            lines.iter().try_for_each(|pair| columns.line(*pair))?;
        } else {
            columns.across(&format!("… {} lines alike", run.len()))?;
        }
    }
    match pairs.len() - end {
        0 => Ok(()),
        rest => columns.across(&format!("… and {rest} more lines")),
    }
}

/// For each place whether it differs, or is within the context of one that does.
fn near_a_difference(pairs: &[Pair<&str>]) -> Vec<bool> {
    let mut near = vec![false; pairs.len()];
    for at in (0..pairs.len()).filter(|at| differs(pairs[*at])) {
        let end = pairs.len().min(at + CONTEXT + 1);
        near[at.saturating_sub(CONTEXT)..end].fill(true);
    }
    near
}

fn differs(pair: Pair<&str>) -> bool {
    !matches!(pair, Pair::Both(expected, actual) if expected == actual)
}

fn beside<'a>(expected: &'a str, actual: &'a str) -> Vec<Pair<&'a str>> {
    let expected: Vec<_> = lines(expected).collect();
    let actual: Vec<_> = lines(actual).collect();
    align(&expected, &actual, |line| *line)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}
