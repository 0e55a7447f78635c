//! Values by column: the form in which many rows are filtered and aggregated at once.
//!
//! A [`Column`] has the values of one column side by side, without a tag for each. A [`Predicate`] narrows a list of row
//! numbers, and [`GroupBuffers`] are the buffers of an aggregate for many groups. That which has no form by column is
//! evaluated row by row, with the same result.

mod column;
mod group_buffers;
mod predicate;

pub use column::{Column, ColumnValues, WholeKind};
pub use group_buffers::{ArgumentRows, FailedRow, GroupBuffers, Operand};
pub use predicate::Predicate;
