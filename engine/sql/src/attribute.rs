//! Columns by their identity, and not by their name (`org.apache.spark.sql.catalyst.expressions.AttributeReference`).

use std::fmt;
use std::sync::Arc;

use engine::Text;

use crate::plan::{LogicalPlan, PlanKind};

/// The plan that made a column, and the column's place there (`ExprId`). A table that is made of that plan has the same
/// column, under any name; a column that is computed anew is another one.
#[derive(Clone)]
pub struct Origin {
    plan: Arc<PlanKind>,
    index: usize,
    /// The column of the right table of a self-join that it stands for.
    in_place_of: Option<Arc<Attribute>>,
}

impl Origin {
    pub(crate) fn new(plan: &LogicalPlan, index: usize) -> Origin {
        Origin {
            plan: Arc::clone(&plan.kind),
            index,
            in_place_of: None,
        }
    }

    /// The identity of a column of a join in the place of that of the right table, where the left one has the same column
    /// (`DeduplicateRelations`).
    pub(crate) fn in_place_of(join: &LogicalPlan, index: usize, column: Attribute) -> Origin {
        Origin {
            in_place_of: Some(Arc::new(column)),
            ..Origin::new(join, index)
        }
    }

    /// Returns true if it is that of a column in the place of one of this identity.
    pub(crate) fn replaces(&self, origin: &Origin) -> bool {
        let replaced = self.in_place_of.iter();
        replaced
            .into_iter()
            .any(|replaced| replaced.origin == *origin)
    }

    /// Returns true if it stands for this column of a table that was joined with one that has it, too.
    pub(crate) fn is_in_place_of(&self, attribute: &Attribute) -> bool {
        let (Some(replaced), Some(table)) = (&self.in_place_of, &attribute.table) else {
            return false;
        };
        let is_within = replaced.table.iter().any(|plan| plan.is_made_of(table));
        (is_within && replaced.origin == attribute.origin)
            || replaced.origin.is_in_place_of(attribute)
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Origin) -> bool {
        self.index == other.index && Arc::ptr_eq(&self.plan, &other.plan)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// A column of a table that a program has at hand: `table.a`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its identity.
    pub origin: Origin,
    /// Its name there.
    pub name: Text,
    /// The table; `None` of a column that a star stands for.
    pub table: Option<LogicalPlan>,
}
