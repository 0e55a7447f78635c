//! The keys of a join.

use engine::{Failure, Row, Value};
use engine_sql::{Context, Typed};

use crate::physical::state::{GroupKey, normalized};

/// The expressions of one table that must be equal to those of the other.
#[derive(Debug)]
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
        let values = Typed::values(&self.expressions, row, context)?;
        let is_missing = |(value, null_safe): (&Value, &bool)| *value == Value::Null && !null_safe;
        if values.iter().zip(&self.null_safe).any(is_missing) {
            return Ok(None);
        }
        let values: Row = values.into_iter().map(normalized).collect();
        Ok(Some(GroupKey::new(&values)))
    }
}
