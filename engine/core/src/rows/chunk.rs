//! Chunks: the rows that go from one operator to the next at once.

use std::ops::Range;

use super::push::push;
use crate::Failure;

/// Rows in a chunk, at most.
///
/// A chunk costs one call however many rows it has, so a reader of all rows asks for
/// [full](ChunkSize::FULL) ones. A reader that may stop early asks for [single](ChunkSize::ONE) rows:
/// then no operator computes a row that is not read, as no iterator of Spark's does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkSize(pub(super) usize);

impl ChunkSize {
    /// Large enough that the cost of a call vanishes, small enough that rows stay in the first-level cache.
    pub(crate) const FULL: ChunkSize = ChunkSize(128);
    /// Row by row.
    pub(crate) const ONE: ChunkSize = ChunkSize(1);
}

/// The reason for which a visit to rows ended before the last one.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The reader has enough.
    Enough,
    /// A user's function failed.
    Failed(Failure),
}

impl Stop {
    /// The same, with the operator named unless an inner one is.
    pub(super) fn in_operator(self, operator: &'static str) -> Stop {
        match self {
            Stop::Enough => Stop::Enough,
            Stop::Failed(failure) => Stop::Failed(failure.in_operator(operator)),
        }
    }

    /// The failure that ended a visit whose reader wants all rows.
    pub(super) fn into_failure(self) -> Failure {
        match self {
            Stop::Failed(failure) => failure,
            Stop::Enough => unreachable!("a visit has enough only when its reader says so"),
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

/// Takes rows chunk by chunk; rows that it leaves in a chunk are dropped.
pub(crate) type ChunkReader<'a, T> = dyn FnMut(&mut Vec<T>) -> Result<(), Stop> + 'a;

/// Collects rows into chunks, and hands each to a reader when it is full.
pub(crate) struct ChunkWriter<'a, T> {
    rows: Vec<T>,
    size: ChunkSize,
    reader: &'a mut ChunkReader<'a, T>,
}

impl<'a, T> ChunkWriter<'a, T> {
    /// Hands the rows that `write` adds to `reader`, the last, shorter chunk too.
    pub(crate) fn write(
        size: ChunkSize,
        reader: &'a mut ChunkReader<'a, T>,
        write: impl FnOnce(&mut ChunkWriter<'_, T>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut writer = ChunkWriter {
            rows: Vec::new(),
            size,
            reader,
        };
        write(&mut writer)?;
        if writer.rows.is_empty() {
            return Ok(());
        }
        writer.hand_over()
    }

    /// Adds a row.
    #[inline]
    pub(crate) fn push(&mut self, row: T) -> Result<(), Stop> {
        push(&mut self.rows, row);
        if self.rows.len() < self.size.0 {
            return Ok(());
        }
        self.hand_over()
    }

    /// Adds the result of `function` on each of these rows.
    pub(crate) fn map<U>(
        &mut self,
        rows: &mut Vec<U>,
        function: impl Fn(U) -> T,
    ) -> Result<(), Stop> {
        while !rows.is_empty() {
            let room = self.size.0 - self.rows.len();
            let some = rows.drain(..room.min(rows.len()));
            self.rows.extend(some.map(&function));
            if self.rows.len() == self.size.0 {
                self.hand_over()?;
            }
        }
        Ok(())
    }

    /// Adds the rows of a range of indices, as many at once as there is room for; `rows` makes those
    /// of a part of the range.
    pub(crate) fn extend<I: Iterator<Item = T>>(
        &mut self,
        indices: Range<usize>,
        rows: impl Fn(Range<usize>) -> I,
    ) -> Result<(), Stop> {
        let mut start = indices.start;
        while start < indices.end {
            let room = self.size.0 - self.rows.len();
            let end = indices.end.min(start + room);
            self.rows.extend(rows(start..end));
            if self.rows.len() == self.size.0 {
                self.hand_over()?;
            }
            start = end;
        }
        Ok(())
    }

    fn hand_over(&mut self) -> Result<(), Stop> {
        debug_assert!(
            !self.rows.is_empty(),
            "a reader is never handed an empty chunk"
        );
        debug_assert!(
            self.rows.len() <= self.size.0,
            "a chunk has at most its size in rows"
        );
        let result = (self.reader)(&mut self.rows);
        self.rows.clear();
        result
    }
}
