//! A query as operators, which run once a micro-batch on the rows that are new.
//!
//! A plan is made once a query, from a [`TypedPlan`](engine_sql::plan::TypedPlan). Operators without a state are run as
//! one loop over the rows of a partition; one with a state reads the rows of all partitions, and hands out its result by
//! shuffle partition. The order of rows is Spark's.

mod aggregate;
mod build;
mod check;
mod columnar;
mod deduplicate;
mod expand;
mod explain;
mod filter;
mod generate;
mod groups;
mod join;
mod kept;
mod limit;
mod map_rows;
mod operator;
mod over;
mod plan;
mod project;
mod row_list;
mod sample;
mod scan;
mod session_window;
mod sort;
mod spread;
mod state;
mod table_part;
mod top;
mod tracker;
mod transform;
mod union;
mod watermark;
mod windows;

pub(crate) use aggregate::StreamSettings;
pub(crate) use build::{Builder, Partitioned, Tables};
pub(crate) use check::{QueryMode, check, has_state};
pub(crate) use operator::{Batch, Each, Flow, Partitions, hand_out};
pub(crate) use plan::{BatchRows, PhysicalPlan, SavedStates};
pub(crate) use state::{Footprint, SavedStore, SchemaCheck, check_schema};
pub(crate) use tracker::RecoveredWatermark;
pub use tracker::WatermarkPolicy;

#[cfg(test)]
mod tests;
