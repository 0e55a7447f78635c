//! The port between operators that hand on rows by column.

use engine_sql::Flow;
use engine_sql::columns::Column;

/// The most rows of a chunk: as many as leave their numbers, hashes and groups in the L1 cache.
pub(crate) const CHUNK_ROWS: usize = 1_024;

/// Some rows of a partition by column.
pub(crate) struct Chunk<'a> {
    /// The columns, of other rows too.
    pub(crate) columns: &'a [&'a Column],
    /// The numbers of its rows there, ascending. A reader may change them.
    pub(crate) rows: &'a mut Vec<u32>,
}

/// A reader of chunks.
pub(crate) type EachChunk<'a> = dyn FnMut(Chunk<'_>) -> Flow + 'a;

/// An operator that has its rows by column, and computes none of them in a way that may fail.
pub(crate) trait Columnar {
    /// Hands the rows of a partition to `each`, in order, until it breaks.
    fn chunks(&self, partition: usize, each: &mut EachChunk<'_>) -> Flow;
}
