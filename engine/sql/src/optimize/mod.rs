//! A resolved plan to one that has the same rows for less work (`org.apache.spark.sql.catalyst.optimizer.Optimizer`).
//!
//! A row that is filtered before a watermark does not raise it, so the filters move exactly where Spark moves them.

mod constraints;
mod duplicates;
mod external;
mod filters;
mod fold;
mod groups;
mod inferred;
mod joins;
mod projections;
#[cfg(test)]
mod tests;

use crate::context::Session;
use crate::plan::TypedPlan;

/// The optimised plan.
pub fn optimize(mut plan: TypedPlan, session: &Session) -> TypedPlan {
    groups::remove_keys(&mut plan);
    fold::fold(&mut plan, session);
    filters::push_down(&mut plan, session);
    constraints::infer(&mut plan, session);
    projections::collapse(&mut plan);
    duplicates::remove(&mut plan);
    projections::collapse(&mut plan);
    external::extract(&mut plan);
    plan
}
