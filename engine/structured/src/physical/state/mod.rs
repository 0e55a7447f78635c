//! The states of operators: keys and their values, in stores by partition.

mod footprint;
mod hash;
mod key;
mod key_table;
mod layout;
mod operator_state;
mod schema;
mod store;
mod stores;

use engine::{Counters, StateChange, StateSchema, Time};

pub(crate) use footprint::Footprint;
pub(crate) use hash::{key_hash, key_hashes};
pub(crate) use key::{GroupKey, end_micros, normalized};
pub(crate) use layout::{StoreLayout, StoreOrder};
pub(crate) use operator_state::{Dealt, Merged, OperatorState};
pub(crate) use schema::{SchemaCheck, SchemaLine, check_schema, state_schema, variables_schema};
pub(crate) use store::{KeyMap, READ_AHEAD, StateBuffers, StateStore, StateValue};
pub(crate) use stores::{SavedStore, Store};

pub(crate) use super::watermark::InputWatermark;

/// A kind of operator with states, as far as the progress of a query shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateKind {
    /// The name.
    pub(crate) name: &'static str,
    /// The stores of a partition.
    pub(crate) stores: u64,
    /// The times that a version of a partition's states is asked for in a batch.
    pub(crate) loads: u64,
    /// It counts rows that have come before.
    pub(crate) drops_duplicates: bool,
}

impl Default for StateKind {
    /// Of an operator that Spark has no name for.
    fn default() -> StateKind {
        StateKind {
            name: "defaultName",
            stores: 1,
            loads: 2,
            drops_duplicates: false,
        }
    }
}

/// An operator that has a state (`org.apache.spark.sql.execution.streaming.StateStoreWriter`).
pub(crate) trait Stateful {
    /// The types of its states (`SS-7`).
    fn schema(&self) -> &StateSchema;

    /// The part of them that is compared with those that were saved.
    fn schema_check(&self) -> SchemaCheck {
        SchemaCheck::Whole
    }

    /// The number of its stores.
    fn partition_count(&self) -> usize;

    /// The changes that the last batch made, by partition, of a query that saves them.
    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)>;

    /// All states of each store that has had one.
    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)>;

    /// Goes on from saved stores.
    fn recover(&mut self, stores: Vec<SavedStore>);

    /// Its kind, as the progress of its query names it.
    fn kind(&self) -> StateKind {
        StateKind::default()
    }

    /// The memory of its states.
    fn footprint(&self) -> Footprint;

    /// The work of the last batch.
    fn counters(&self) -> Counters;

    /// Sets the watermark of its input for the next batch, in milliseconds.
    fn set_watermark(&mut self, input: i64);

    /// True if it wants another batch, be there data or not, where the watermark of its input is this one (`MB-3`).
    fn wants_batch(&self, input: i64) -> bool;

    /// True if it wants a batch in each trigger, as its states time out in processing time.
    fn wants_each_trigger(&self) -> bool {
        false
    }

    /// The first time at which one of its states has timed out in processing time.
    fn next_timeout(&self) -> Option<Time> {
        None
    }
}
