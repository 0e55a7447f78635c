//! The interface between `update_state_by_key` and the stores of its forms.

use super::budget::Footprint;
use super::cogroup_order::CogroupOrder;
use super::saved_slots::SlotsToSave;
use super::shared::Concurrency;
use crate::recovery::Partitioned;
use crate::rows::HashPartitioner;
use crate::{Counters, Failure, Rdd, Time, Workers};

/// Unsaved states by partition.
pub(crate) type UnsavedStates<K, S> = Vec<SlotsToSave<K, S, CogroupOrder>>;

/// The operator, for both forms of its function.
pub(crate) const OPERATOR: &str = "update_state_by_key";

/// The states of all keys, batch by batch.
///
/// A call through this trait is one a batch; the function of each key is called inside the store.
pub(crate) trait StateStore<K, V, S>: Send {
    /// Puts the states before the next batch into the store, partition by partition, in the place of those that are
    /// there. If a key of them panics, the store stays as it is.
    fn begin(&mut self, states: Partitioned<(K, S)>);

    /// Keeps what changes, given the batches from one save to the next. A form that keeps nothing is saved whole.
    fn begin_saving(&mut self, batches_per_save: u64) {
        let _ = batches_per_save;
    }

    /// Has all states saved the next time.
    fn save_all(&mut self) {}

    /// Keeps all states for the next save, as they are after the batch at `time`, the last one.
    fn log_all(&mut self, time: Time) {
        let _ = time;
    }

    /// Takes out what is to be saved of each partition after the batch at `time`, with the batch with whose file those
    /// begin that the states are put together from; `None` of a form that keeps nothing.
    fn take_unsaved(&mut self, time: Time) -> Option<(UnsavedStates<K, S>, Time)> {
        let _ = time;
        None
    }

    /// Runs a batch up to where it can be committed; one that `is_saved` is saved after it. Undoes the batch that was run and not committed, if
    /// any. Returns the footprint of the states after the batch.
    ///
    /// # Errors
    ///
    /// The failure of the function, or of a function that makes the records.
    fn run(
        &mut self,
        time: Time,
        is_saved: bool,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure>;

    /// Makes the batch that was run the last one. Returns all states, and the counters of the batch.
    fn commit(&mut self) -> (Rdd<(K, S)>, Counters);
}

/// The settings of a store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreSettings {
    /// Assigns keys to partitions.
    pub(crate) partitioner: HashPartitioner,
    /// True if keys that the function emits stay in the partition that has emitted them.
    pub(crate) remembers_partitioner: bool,
    pub(crate) concurrency: Concurrency,
}
