//! The state of keys, from batch to batch.

mod chain;
mod handle;
pub(crate) mod map_with_state;
mod spec;
mod table;
pub(crate) mod update_by_key;

pub use handle::State;
pub use spec::StateSpec;
