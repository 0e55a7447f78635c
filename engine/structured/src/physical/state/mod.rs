//! The states of operators: keys and their values, in stores by partition.

mod footprint;
mod key;
mod operator_state;
mod store;
mod stores;

use engine::{Counters, StateChange, StateSchema};

pub(crate) use footprint::Footprint;
pub(crate) use key::{GroupKey, end_micros, key_hash, normalized};
pub(crate) use operator_state::{Merged, OperatorState};
pub(crate) use store::{KeyMap, StateStore, StateValue};
pub(crate) use stores::{SavedStore, Store};

/// An operator that has a state (`org.apache.spark.sql.execution.streaming.StateStoreWriter`).
pub(crate) trait Stateful {
    /// The types of its states (`SS-7`).
    fn schema(&self) -> &StateSchema;

    /// Spark compares the types of the values with those that were saved.
    fn is_value_checked(&self) -> bool {
        true
    }

    /// The number of its stores.
    fn partition_count(&self) -> usize;

    /// The changes that the last batch made, by partition, of a query that saves them.
    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)>;

    /// All states of each store that has had one.
    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)>;

    /// Goes on from saved stores.
    fn recover(&mut self, stores: Vec<SavedStore>);

    /// The memory of its states.
    fn footprint(&self) -> Footprint;

    /// The work of the last batch.
    fn counters(&self) -> Counters;

    /// Sets the watermark of its input for the next batch, in milliseconds.
    fn set_watermark(&mut self, input: i64);

    /// True if it wants another batch, be there data or not, where the watermark of its input is this one (`MB-3`).
    fn wants_batch(&self, input: i64) -> bool;
}
