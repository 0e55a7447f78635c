//! Pairs of rows.

mod bounds;
mod build;
mod full;
mod keys;
mod store;
mod stream;
mod table;

pub(crate) use build::{stream_join, table_join};
