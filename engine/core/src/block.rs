//! Blocks: records that were stored together.

use std::ops::Deref;
use std::sync::Arc;

use crate::{BlockId, Text};

/// Records that arrived together, in order.
pub type Records = Arc<[Text]>;

/// Records that a receiver stored together: one partition of a batch (`BLK-4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) id: BlockId,
    /// The number of its first record among those of the stream, from 0.
    pub(crate) first: u64,
    pub(crate) records: Records,
}

impl Block {
    /// The number of the record behind the last one.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.records.len() as u64
    }
}

impl Deref for Block {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        &self.records
    }
}
