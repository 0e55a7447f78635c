//! A batch as the state of `map_with_state` sees it.

use std::time::Duration;

use super::cell::BatchNumber;
use crate::Time;

/// Batches from one checkpoint to the next where the program does not say (`MWS-4`).
pub(crate) const BATCHES_PER_CHECKPOINT: u64 = 10;

/// One batch, as the state of a partition sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateBatch {
    pub(crate) number: BatchNumber,
    pub(crate) time: Time,
    /// From one batch to the next.
    pub(crate) slide: Duration,
    /// The longest time that a key may be idle; `None` if there is no limit.
    pub(crate) timeout: Option<Duration>,
    /// True if every batch scans for idle keys, not only one that Spark would checkpoint.
    pub(crate) always_scans: bool,
    /// Batches from one scan for idle keys to the next, which is also when the chain may be flattened (`MWS-4`,
    /// `MAP-4`).
    pub(crate) batches_per_checkpoint: u64,
}

impl StateBatch {
    /// True if Spark would checkpoint the states of this batch.
    pub(super) fn is_checkpoint(self) -> bool {
        self.number.is_multiple_of(self.batches_per_checkpoint)
    }

    /// The oldest batch that is not too long ago: keys whose last write was before it have been idle
    /// for too long (`MWS-4`). `None` if no key can have been.
    pub(super) fn overdue_before(self) -> Option<BatchNumber> {
        let idle = self.timeout?.as_millis() / self.slide.as_millis();
        let oldest = self.number.checked_sub(BatchNumber::try_from(idle).ok()?)?;
        // The initial state, number 0, is as old as the first batch (`MWS-10`).
        (oldest > 1).then_some(oldest)
    }
}
