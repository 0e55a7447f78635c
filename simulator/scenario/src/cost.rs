//! The virtual time that work takes.

use std::time::Duration;

/// The virtual time that the work of a pipeline takes, to the microsecond. Nothing takes any by default.
///
/// A batch takes what its parts take together: the first job of a batch `batch` and `record`, each job `job`, and what
/// it does to states and writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// For a batch, or a micro-batch.
    pub batch: Duration,
    /// For each job: each output operation of a batch.
    pub job: Duration,
    /// For each record that came in with the batch.
    pub record: Duration,
    /// For each key of a state of which all keys are gone through, as `updateStateByKey` does.
    pub state_key: Duration,
    /// For each key that a batch sets or removes, where no others are gone through, as `mapWithState` does.
    pub key_touched: Duration,
    /// For each row that an output prints.
    pub row_written: Duration,
    /// For each row that the output has printed in jobs before: a table into which each batch is inserted.
    pub table_row: Duration,
    /// For each write of a checkpoint or of states.
    pub checkpoint: Duration,
    /// Before a driver goes on from its checkpoint.
    pub recovery: Duration,
}

impl Cost {
    /// True if no job takes time.
    pub fn is_free_of_jobs(&self) -> bool {
        let Cost {
            checkpoint,
            recovery,
            ..
        } = *self;
        *self
            == Cost {
                checkpoint,
                recovery,
                ..Cost::default()
            }
    }
}
