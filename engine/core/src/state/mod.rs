//! The state of keys, from batch to batch.

pub(crate) mod update_by_key;
