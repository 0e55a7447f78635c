//! What differs between two console texts, batch by batch.

mod align;
mod block;
mod columns;
mod line;
mod remark;
mod section;

use std::fmt;

use self::align::Pair;
use self::columns::Columns;
use self::remark::remark;
use self::section::{Section, sections};
use crate::Block;

/// Columns of a terminal that a difference takes, unless told otherwise.
const WIDTH: usize = 100;

/// A narrower difference could not show anything.
const WIDTH_MIN: usize = 40;

/// So many batches that differ are shown; it is said how many more there are.
const SHOWN_MAX: usize = 10;

/// How `actual` console text differs from the `expected` one; `None` if no byte does.
///
/// Batches are compared with the batch of the same title, so one that is missing is told from one
/// whose rows are others.
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
    let sections = sections(expected, actual);
    Some(Difference {
        first: sections.iter().find_map(Section::differing)?,
        sections,
        remark: remark(expected, actual),
        width: WIDTH,
    })
}

/// Two console texts that are not the same, for a person to look at.
///
/// Its text names the first batch that differs and shows both sides in two columns, `≠` between lines
/// that differ, `<` beside one that only the expected text has and `>` beside one that only the
/// actual text has. In such lines, what cannot be seen is marked: `·` a space at the end, `→` a tab,
/// `␍` a carriage return, `¶` an empty line, `\u{a0}` other characters without a shape. Batches that
/// agree are folded; a line that is too long is cut so that the difference is seen.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    first: Pair<Block<'a>>,
    sections: Vec<Section<'a>>,
    remark: Option<&'static str>,
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

    /// The title of the first batch that differs, is missing or is extra (`Time: …`, `Batch: …`), or
    /// words for what is no batch.
    pub fn first(&self) -> &'a str {
        match self.first {
            Pair::Both(block, _) | Pair::Expected(block) | Pair::Actual(block) => block.name(),
        }
    }

    fn headline(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |block: Block<'_>| line::alike(block.name(), self.width);
        write!(f, "first difference: ")?;
        match self.first {
            Pair::Both(expected, actual) if expected.name() != actual.name() => {
                writeln!(
                    f,
                    "{} is expected, {} is there",
                    name(expected),
                    name(actual)
                )
            }
            Pair::Both(block, _) => writeln!(f, "{} differs", name(block)),
            Pair::Expected(block) => writeln!(f, "{} is missing", name(block)),
            Pair::Actual(block) => writeln!(f, "{} is extra", name(block)),
        }
    }

    /// How many batches are of which kind; nothing if there is no batch at all.
    fn counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [mut alike, mut different, mut missing, mut extra] = [0; 4];
        for section in &self.sections {
            match section {
                Section::Alike(run) => alike += run.batches(),
                Section::Differing(Pair::Both(_, block)) => different += batches(*block),
                Section::Differing(Pair::Expected(block)) => missing += batches(*block),
                Section::Differing(Pair::Actual(block)) => extra += batches(*block),
            }
        }
        let counts = [
            (alike, "alike"),
            (different, "different"),
            (missing, "missing"),
            (extra, "extra"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let texts: Vec<_> = counts
            .map(|(count, kind)| format!("{count} {kind}"))
            .collect();
        if texts.is_empty() {
            return Ok(());
        }
        writeln!(f, "batches: {}", texts.join(", "))
    }

    fn page(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut columns = Columns::new(self.width, f);
        columns.heading()?;
        let mut shown = 0;
        for section in &self.sections {
            match section {
                Section::Alike(run) => columns.across(&run.summary())?,
                Section::Differing(_) if shown == SHOWN_MAX => {
                    return columns.across(&self.rest());
                }
                Section::Differing(pair) => {
                    shown += 1;
                    block::show(*pair, &mut columns)?;
                }
            }
        }
        Ok(())
    }

    fn rest(&self) -> String {
        let differing = self.sections.iter().filter_map(Section::differing);
        let more = differing.count() - SHOWN_MAX;
        format!("… and {more} more that differ")
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(f)?;
        self.counts(f)?;
        if let Some(remark) = self.remark {
            writeln!(f, "{remark}")?;
        }
        writeln!(f)?;
        self.page(f)
    }
}

fn batches(block: Block<'_>) -> usize {
    usize::from(block.title().is_some())
}
