//! Spark SQL, as a program in Python writes it: columns, tables, and their types and values.

mod entries;
mod error;
mod expression;
mod frame;
mod groups;
mod join;
mod mapped;
mod processor_states;
mod recorded;
mod returned;
mod session;
mod transform;
mod types;
mod udf;
mod values;
mod window;
mod writer;

pub(crate) use error::refused;
pub(crate) use expression::Expression;
pub(crate) use frame::Frame;
pub(crate) use mapped::{map_groups, map_partitions};
pub(crate) use recorded::recorded;
pub(crate) use session::Session;
pub(crate) use transform::transform_with_state;
pub(crate) use types::{has_function, parse_type};
pub(crate) use udf::UserDefinedFunction;
pub(crate) use writer::Writer;
