//! A section that differs, as rows of two columns.

use std::fmt::{self, Write};

use super::align::{Aligned, align};
use super::side_by_side::SideBySide;
use crate::Section;

/// The number of equal lines that are shown before and after one that differs.
const CONTEXT: usize = 3;

/// The most lines of a section that are shown; a last line has the number of the others.
const SHOWN_MAX: usize = 60;

/// Writes a section that differs, or that only one of the texts has.
pub(super) fn write<W: Write>(
    section: Aligned<Section<'_>>,
    columns: &mut SideBySide<'_, W>,
) -> fmt::Result {
    match section {
        Aligned::Both(expected, actual) => {
            write_heads(expected, actual, columns)?;
            write_body(&aligned_lines(expected.body(), actual.body()), columns)
        }
        Aligned::Expected(section) => {
            columns.title(Aligned::Expected(section.name()))?;
            write_body(&aligned_lines(section.body(), ""), columns)
        }
        Aligned::Actual(section) => {
            columns.title(Aligned::Actual(section.name()))?;
            write_body(&aligned_lines("", section.body()), columns)
        }
    }
}

/// Writes the title, or the lines of the heads that differ.
fn write_heads<W: Write>(
    expected: Section<'_>,
    actual: Section<'_>,
    columns: &mut SideBySide<'_, W>,
) -> fmt::Result {
    if expected.head() == actual.head() {
        return columns.title(Aligned::Both(expected.name(), actual.name()));
    }
    aligned_lines(expected.head(), actual.head())
        .into_iter()
        .filter(|line| differs(*line))
        .try_for_each(|line| columns.line(line))
}

/// Writes the lines that differ with those around them, and the number of the other lines.
fn write_body<W: Write>(lines: &[Aligned<&str>], columns: &mut SideBySide<'_, W>) -> fmt::Result {
    let shown = near_a_difference(lines);
    let end = (0..lines.len())
        .filter(|at| shown[*at])
        .nth(SHOWN_MAX)
        .unwrap_or(lines.len());
    let mut at = 0;
    for group in shown[..end].chunk_by(|left, right| left == right) {
        let grouped = &lines[at..at + group.len()];
        at += group.len();
        // A line in place of a single one would save nothing, so that one is shown too.
        if group[0] || group.len() == 1 {
            grouped.iter().try_for_each(|line| columns.line(*line))?;
        } else {
            columns.across(&format!("… {} lines alike", group.len()))?;
        }
    }
    match lines.len() - end {
        0 => Ok(()),
        rest => columns.across(&format!("… and {rest} more lines")),
    }
}

/// For each line, true if it differs or is within the context of one that does.
fn near_a_difference(lines: &[Aligned<&str>]) -> Vec<bool> {
    let mut near = vec![false; lines.len()];
    for at in (0..lines.len()).filter(|at| differs(lines[*at])) {
        let end = lines.len().min(at + CONTEXT + 1);
        near[at.saturating_sub(CONTEXT)..end].fill(true);
    }
    near
}

fn differs(line: Aligned<&str>) -> bool {
    !matches!(line, Aligned::Both(expected, actual) if expected == actual)
}

fn aligned_lines<'a>(expected: &'a str, actual: &'a str) -> Vec<Aligned<&'a str>> {
    let expected: Vec<_> = expected.split_inclusive('\n').collect();
    let actual: Vec<_> = actual.split_inclusive('\n').collect();
    align(&expected, &actual, |line| *line)
}
