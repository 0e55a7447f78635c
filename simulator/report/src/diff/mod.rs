//! The difference of two console texts, batch by batch.

mod align;
mod body;
mod cell;
mod hunk;
mod side_by_side;
mod whitespace;

use std::fmt;

use self::align::Aligned;
use self::hunk::{Hunk, hunks};
use self::side_by_side::SideBySide;
use self::whitespace::whitespace_note;
use crate::Section;

/// The default width of a difference, in columns of a terminal.
const WIDTH: usize = 100;

/// The least width: a narrower difference could not show anything.
const WIDTH_MIN: usize = 40;

/// The most sections that differ which are shown; a last line has the number of the others.
const SHOWN_MAX: usize = 10;

/// Compares two console texts. Returns `None` if they are the same, byte for byte.
///
/// A batch is compared with the batch of the same title, so that a missing one differs from one with
/// other rows.
///
/// ```
/// let rule = "-".repeat(43);
/// let expected = format!("{rule}\nTime: 1000 ms\n{rule}\n(blue,5)\n\n");
/// let actual = expected.replace('5', "6");
/// assert!(report::diff(&expected, &expected).is_none());
/// let difference = report::diff(&expected, &actual).expect("the texts differ").width(40);
/// assert_eq!(difference.to_string(), "\
/// first difference: Time: 1000 ms differs
/// batches: 1 different
///
/// ─ expected ───────   ─ actual ─────────
/// Time: 1000 ms        Time: 1000 ms
/// (blue,5)           ≠ (blue,6)
///
/// ");
/// ```
pub fn diff<'a>(expected: &'a str, actual: &'a str) -> Option<Difference<'a>> {
    if expected == actual {
        return None;
    }
    let hunks = hunks(expected, actual);
    let first = hunks
        .iter()
        .find_map(Hunk::differing)
        .expect("the sections of a text are the text, so those of different texts differ");
    Some(Difference {
        first,
        hunks,
        whitespace_note: whitespace_note(expected, actual),
        width: WIDTH,
    })
}

/// The difference of two console texts. Displays as text for a person.
///
/// The text names the first batch that differs and shows both sides in two columns, with `≠` between
/// lines that differ, `<` beside a line that only the expected text has and `>` beside one that only the
/// actual text has. In such lines invisible characters are marked: `·` for a space at the end, `→` for a
/// tab, `␍` for a carriage return, `¶` for an empty line, `\u{a0}` for other characters without a shape.
/// Equal batches are folded, and long lines are cut so that the difference is seen.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    first: Aligned<Section<'a>>,
    hunks: Vec<Hunk<'a>>,
    whitespace_note: Option<&'static str>,
    width: usize,
}

impl<'a> Difference<'a> {
    /// The same difference in this many columns of a terminal. Default: 100; at least 40.
    pub fn width(self, width: usize) -> Difference<'a> {
        Difference {
            width: width.max(WIDTH_MIN),
            ..self
        }
    }

    fn write_headline(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |section: Section<'_>| cell::equal(section.name(), self.width);
        write!(f, "first difference: ")?;
        match self.first {
            Aligned::Both(expected, actual) if expected.name() != actual.name() => {
                writeln!(
                    f,
                    "{} is expected, {} is there",
                    name(expected),
                    name(actual)
                )
            }
            Aligned::Both(section, _) => writeln!(f, "{} differs", name(section)),
            Aligned::Expected(section) => writeln!(f, "{} is missing", name(section)),
            Aligned::Actual(section) => writeln!(f, "{} is extra", name(section)),
        }
    }

    /// Writes the number of batches of each kind, or nothing if there is no batch.
    fn write_counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut alike = 0;
        let mut different = 0;
        let mut missing = 0;
        let mut extra = 0;
        for hunk in &self.hunks {
            match hunk {
                Hunk::Equal(equal) => alike += equal.batches(),
                Hunk::Differing(Aligned::Both(_, section)) => different += section.batches(),
                Hunk::Differing(Aligned::Expected(section)) => missing += section.batches(),
                Hunk::Differing(Aligned::Actual(section)) => extra += section.batches(),
            }
        }
        let texts: Vec<_> = [
            (alike, "alike"),
            (different, "different"),
            (missing, "missing"),
            (extra, "extra"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| format!("{count} {kind}"))
        .collect();
        if texts.is_empty() {
            return Ok(());
        }
        writeln!(f, "batches: {}", texts.join(", "))
    }

    fn write_hunks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut columns = SideBySide::new(self.width, f);
        columns.heading()?;
        let mut shown = 0;
        for hunk in &self.hunks {
            match hunk {
                Hunk::Equal(equal) => columns.across(&equal.summary())?,
                Hunk::Differing(_) if shown == SHOWN_MAX => {
                    let differing = self.hunks.iter().filter_map(Hunk::differing).count();
                    let more = differing - SHOWN_MAX;
                    return columns.across(&format!("… and {more} more that differ"));
                }
                Hunk::Differing(section) => {
                    shown += 1;
                    body::write(*section, &mut columns)?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_headline(f)?;
        self.write_counts(f)?;
        if let Some(note) = self.whitespace_note {
            writeln!(f, "{note}")?;
        }
        writeln!(f)?;
        self.write_hunks(f)
    }
}
