//! A subject that has been started.

use engine::Records;

use crate::Checksum;

/// A subject that has been started.
pub trait RunningSubject {
    /// Runs a batch of lines, one partition a block, and returns the checksum of the rows it emits.
    ///
    /// # Panics
    ///
    /// Panics if the batch fails, which no word makes it do.
    fn batch(&mut self, blocks: &[Records]) -> Checksum;
}
