//! Logical plans: as they are written, and with their names and types resolved.

mod columns_read;
mod explain;
mod join;
mod logical;
mod typed;

pub use columns_read::ColumnsRead;
pub use join::TypedJoin;
pub use logical::{Grouping, JoinCondition, JoinKind, LogicalPlan, PlanKind, Relation, SortOrder};
pub use typed::{Deduplicate, TimeWindow, TypedGenerate, TypedNode, TypedPlan, TypedSort};
