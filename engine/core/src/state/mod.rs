//! The state of keys, from batch to batch.

pub(crate) mod budget;
mod cell;
pub(crate) mod change_log;
mod cogroup_order;
mod delta_chain;
mod delta_table;
mod grouped_values;
mod handle;
mod history;
pub(crate) mod keyed_state;
mod lru_lists;
pub(crate) mod map_snapshot;
mod mapping_pass;
mod open_batch;
mod same;
pub(crate) mod saved_mapping;
pub(crate) mod saved_slots;
pub(crate) mod shared;
mod snapshot_view;
mod spec;
pub(crate) mod state_batch;
mod state_column;
pub(crate) mod state_store;
mod state_table;
mod update_by_key;
mod update_by_partition;
mod update_log;
mod update_pass;
pub(crate) mod update_snapshot;
pub(crate) mod update_spec;

pub use handle::State;
pub use spec::StateSpec;
pub use update_by_partition::KeyUpdates;
pub use update_spec::UpdateSpec;
