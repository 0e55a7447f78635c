//! The state of keys, from batch to batch.

mod ages;
pub(crate) mod budget;
mod chain;
mod column;
mod groups;
mod handle;
mod history;
mod link;
mod lock;
pub(crate) mod map_with_state;
mod same;
mod slot_order;
mod spec;
mod sweep;
mod table;
pub(crate) mod update_by_key;
mod update_by_partition;
pub(crate) mod update_spec;

pub use handle::State;
pub use spec::StateSpec;
pub use update_by_partition::KeyUpdates;
pub use update_spec::UpdateSpec;
