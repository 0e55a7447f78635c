//! The few lines around a mistake, cut out once, so that a diagnostic is small however large the file.
//!
//! Offsets stay those of the whole text. Lines of more than [`LINE_MAX`] bytes are cut around the
//! mistake. Characters that would move a terminal's cursor are replaced by others of the same length.

use std::ops::Range;
use std::sync::Arc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::position::Position;
use crate::quote::is_unsafe;

/// A line of more bytes than this is not shown whole.
const LINE_MAX: usize = 300;

/// Bytes of a longer line that are shown before the mistake.
const BEFORE_MAX: usize = 40;

/// Bytes of a longer line that are shown from the start of the mistake on.
const AFTER_MAX: usize = 80;

/// The lines around a mistake, with the name of their file.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    name: Arc<str>,
    pieces: Vec<Piece>,
}

/// A contiguous part of the text.
#[derive(Clone, Debug)]
struct Piece {
    /// The offset of its start in the whole text.
    offset: usize,
    /// The text, made harmless.
    text: String,
    /// The line and column of its start, from 0.
    line: usize,
    column: usize,
    /// True if it is a part of one long line.
    cut: bool,
}

impl Excerpt {
    /// Cuts out the lines around one or two places in the text.
    pub(crate) fn new(
        name: &Arc<str>,
        text: &str,
        first: Position,
        second: Option<Position>,
    ) -> Excerpt {
        let mut pieces = vec![Piece::around(text, first)];
        if let Some(second) = second {
            let piece = Piece::around(text, second);
            let on_the_same_long_line = piece.cut && first.line == second.line;
            if !on_the_same_long_line {
                Piece::add(&mut pieces, piece, text);
            }
        }
        Excerpt {
            name: Arc::clone(name),
            pieces,
        }
    }

    /// The part of `span` that is shown: it ends with its first line.
    pub(crate) fn clip(&self, span: &Range<usize>) -> Option<SourceSpan> {
        let piece = self.piece(span.start)?;
        let shown = &piece.text[span.start - piece.offset..];
        let line = shown.split(['\n', '\r']).next().unwrap_or_default();
        Some((span.start, line.len().min(span.len())).into())
    }

    fn piece(&self, offset: usize) -> Option<&Piece> {
        self.pieces
            .iter()
            .find(|piece| piece.offset <= offset && offset <= piece.end())
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let start = span.offset();
        let end = start + span.len();
        let piece = self.piece(start).filter(|piece| end <= piece.end());
        let piece = piece.ok_or(MietteError::OutOfBounds)?;
        let shown = if lines_before == 0 && lines_after == 0 {
            start..end
        } else {
            piece.offset..piece.end()
        };
        let [before, text] = piece.split(&shown);
        let [line, column] = match before.rfind('\n') {
            Some(newline) => [
                piece.line + before.matches('\n').count(),
                before[newline + 1..].chars().count(),
            ],
            None => [piece.line, piece.column + before.chars().count()],
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_string(),
            text.as_bytes(),
            (shown.start, shown.len()).into(),
            line,
            column,
            text.matches('\n').count(),
        )))
    }
}

impl Piece {
    fn around(text: &str, place: Position) -> Piece {
        let start = line_start(text, place.offset);
        let lines = start.and_then(|start| Some((start, line_end(text, start)?)));
        let Some((start, end)) = lines else {
            return Piece::cut(text, place, start);
        };
        let before = line_before(text, start).unwrap_or(start);
        let after = line_end(text, end).unwrap_or(end);
        Piece {
            offset: before,
            text: harmless(&text[before..after]),
            line: place.line - 1 - usize::from(before < start),
            column: 0,
            cut: false,
        }
    }

    /// A part of a long line, whose start is `line_start` if that is near.
    fn cut(text: &str, place: Position, line_start: Option<usize>) -> Piece {
        let offset = place.offset;
        let least = text.floor_char_boundary(offset.saturating_sub(BEFORE_MAX));
        let start = least.max(line_start.unwrap_or(0));
        let most = text.floor_char_boundary((offset + AFTER_MAX).min(text.len()));
        let end = text[offset..most]
            .find('\n')
            .map_or(most, |length| offset + length);
        Piece {
            offset: start,
            text: harmless(&text[start..end]),
            line: place.line - 1,
            column: place.column - 1 - text[start..offset].chars().count(),
            cut: true,
        }
    }

    /// Adds `second`, as one piece with the first where the two touch.
    fn add(pieces: &mut Vec<Piece>, second: Piece, text: &str) {
        let touches = |first: &Piece| {
            !first.cut
                && !second.cut
                && first.offset <= second.end()
                && second.offset <= first.end()
        };
        let Some(first) = pieces.first_mut().filter(|first| touches(first)) else {
            pieces.push(second);
            return;
        };
        let end = first.end().max(second.end());
        if second.offset < first.offset {
            first.offset = second.offset;
            first.line = second.line;
        }
        first.text = harmless(&text[first.offset..end]);
    }

    fn end(&self) -> usize {
        self.offset + self.text.len()
    }

    /// The text before a range of the piece, and that of the range.
    fn split(&self, range: &Range<usize>) -> [&str; 2] {
        debug_assert!(
            self.offset <= range.start && range.end <= self.end(),
            "the range is in the piece"
        );
        let [start, end] = [range.start, range.end].map(|offset| offset - self.offset);
        [&self.text[..start], &self.text[start..end]]
    }
}

/// The start of the line that `offset` is in; `None` if it is far.
fn line_start(text: &str, offset: usize) -> Option<usize> {
    let least = offset.saturating_sub(LINE_MAX);
    match text.as_bytes()[least..offset]
        .iter()
        .rposition(|byte| *byte == b'\n')
    {
        Some(newline) => Some(least + newline + 1),
        None if least == 0 => Some(0),
        None => None,
    }
}

/// The end of the line that starts at `start`, after its line end; `None` if the line is long.
fn line_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let most = rest.len().min(LINE_MAX + 1);
    match rest[..most].iter().position(|byte| *byte == b'\n') {
        Some(length) => Some(start + length + 1),
        None if most <= LINE_MAX => Some(start + most),
        None => None,
    }
}

/// The start of the line before the one that starts at `start`; `None` if there is none or it is long.
fn line_before(text: &str, start: usize) -> Option<usize> {
    line_start(text, start.checked_sub(1)?)
}

/// The text with each character that would upset a terminal replaced by one of the same length.
fn harmless(text: &str) -> String {
    let mut next = text.chars().skip(1);
    let shown = text.chars().map(|c| {
        let next = next.next();
        match c {
            '\n' | '\t' => c,
            '\r' if next == Some('\n') => c,
            _ if !is_unsafe(c) => c,
            _ if c.len_utf8() == 1 => '?',
            _ if c.len_utf8() == 2 => '¿',
            _ => '\u{FFFD}',
        }
    });
    let shown: String = shown.collect();
    debug_assert_eq!(shown.len(), text.len(), "offsets stay those of the text");
    shown
}
