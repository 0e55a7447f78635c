//! The keys of a join.

use engine::{Failure, Row, Value};
use engine_sql::{Context, Typed};

use crate::physical::state::{GroupKey, normalized};

/// The expressions of one table that must be equal to those of the other.
#[derive(Clone, Debug)]
pub(crate) struct JoinKeys {
    pub(crate) expressions: Vec<Typed>,
    /// For each true if `NULL` is equal to `NULL`.
    pub(crate) null_safe: Vec<bool>,
}

impl JoinKeys {
    /// The key of a row; `None` of one that is equal to none.
    pub(crate) fn key(
        &self,
        row: &[Value],
        context: &Context<'_>,
    ) -> Result<Option<GroupKey>, Failure> {
        let values = self.values(row, context)?;
        Ok((!self.is_missing(&values)).then(|| GroupKey::new(&values)))
    }

    /// The values of the expressions, as keys have them.
    pub(crate) fn values(&self, row: &[Value], context: &Context<'_>) -> Result<Row, Failure> {
        let values = Typed::values(&self.expressions, row, context)?;
        Ok(values.into_iter().map(normalized).collect())
    }

    /// Returns true of values that are equal to none.
    pub(crate) fn is_missing(&self, values: &[Value]) -> bool {
        let mut values = values.iter().zip(&self.null_safe);
        values.any(|(value, null_safe)| *value == Value::Null && !null_safe)
    }
}
