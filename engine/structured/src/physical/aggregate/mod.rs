//! Groups of rows and their aggregates.

mod aggregation;
mod finite;
mod group_table;
mod groups;
mod session;
mod session_store;
mod stream;

pub(crate) use aggregation::Aggregation;
pub(crate) use finite::FiniteAggregate;
pub(crate) use session::SessionAggregate;
pub(crate) use stream::{StreamAggregate, StreamSettings};
