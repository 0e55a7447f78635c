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
    pub(crate) records: Records,
}

impl Deref for Block {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        &self.records
    }
}
