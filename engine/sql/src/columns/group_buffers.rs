//! The buffers of an aggregate for many groups, by column.

use std::fmt;

use engine::{Failure, Row, Value};

use super::column::Column;
use crate::context::Session;

/// The buffers of an aggregate, one a group, which has a number from 0 on.
pub trait GroupBuffers: fmt::Debug + Send + Sync {
    /// Adds a group, whose buffer is that of no rows.
    fn add_group(&mut self);

    /// Adds rows to the buffers of their groups, in order. False if nothing was added, as the arguments are not kept in
    /// columns of a kind that it knows.
    ///
    /// # Errors
    ///
    /// The first row that fails.
    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow>;

    /// Puts the buffer of a group behind `row`.
    fn push_buffer(&self, group: usize, row: &mut Row);
}

/// An argument of an aggregate.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a> {
    /// The same value in each row.
    Constant(&'a Value),
    /// A column.
    Column(&'a Column),
}

/// Some rows of the arguments of an aggregate.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentRows<'a> {
    /// The arguments.
    pub arguments: &'a [Operand<'a>],
    /// The rows, by their numbers in the columns.
    pub rows: &'a [u32],
    /// The group of each row.
    pub groups: &'a [u32],
    /// The settings of the session.
    pub session: &'a Session,
}

/// A row that fails.
#[derive(Clone, Debug)]
pub struct FailedRow {
    /// Its place among the rows.
    pub place: usize,
    /// The reason.
    pub failure: Failure,
}

impl Operand<'_> {
    /// The value of a row.
    pub fn value(self, row: usize) -> Value {
        match self {
            Operand::Constant(value) => value.clone(),
            Operand::Column(column) => column.value(row),
        }
    }
}

impl<'a> ArgumentRows<'a> {
    /// The column that is the only argument.
    pub(crate) fn column(&self) -> Option<&'a Column> {
        match self.arguments {
            [Operand::Column(column)] => Some(column),
            _ => None,
        }
    }

    /// Hands the group and the value of each row in which a column is not `NULL` to `each`.
    #[inline]
    pub(crate) fn each_known<T>(
        &self,
        column: &Column,
        values: &[T],
        mut each: impl FnMut(usize, &T) -> Result<(), Failure>,
    ) -> Result<bool, FailedRow> {
        let has_nulls = column.has_nulls();
        for (place, (row, group)) in self.rows.iter().zip(self.groups).enumerate() {
            let row = *row as usize;
            if !(has_nulls && column.is_null(row)) {
                each(*group as usize, &values[row])
                    .map_err(|failure| FailedRow { place, failure })?;
            }
        }
        Ok(true)
    }
}
