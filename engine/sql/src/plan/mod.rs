//! Logical plans: as they are written, and with their names and types resolved.

mod columns_read;
mod explain;
mod explain_written;
mod join;
mod logical;
mod tree;
mod typed;

pub use columns_read::{ColumnsRead, failing_constant};
pub use join::{JoinHint, TypedJoin};
pub use logical::{
    Grouping, JoinCondition, JoinKind, LogicalPlan, PlanKind, Relation, SortOrder, Unpivot,
};
pub use tree::PlanTree;
pub use typed::{Deduplicate, TimeWindow, TypedGenerate, TypedNode, TypedPlan, TypedSort};
