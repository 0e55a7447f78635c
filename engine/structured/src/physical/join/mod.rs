//! Pairs of rows.

mod bounds;
mod build;
mod keys;
mod merge;
mod shuffled;
mod store;
mod strategy;
mod stream;
mod table;

pub(crate) use build::{stream_join, table_join};
