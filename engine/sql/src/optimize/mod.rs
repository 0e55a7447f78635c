//! A resolved plan to one that has the same rows for less work (`org.apache.spark.sql.catalyst.optimizer.Optimizer`).
//!
//! A row that is filtered before a watermark does not raise it, so the filters move exactly where Spark moves them.

mod external;
mod filters;
mod fold;
mod inferred;
mod joins;
mod projections;

use crate::context::Session;
use crate::plan::{TypedNode, TypedPlan};

/// The most rounds of the rules; each moves a filter through all that it passes.
const ROUNDS: usize = 8;

/// The optimised plan.
pub fn optimize(plan: TypedPlan, session: &Session) -> TypedPlan {
    let inferred = inferred::inferred(fold::folded(plan, session), session);
    let mut plan = joins::separated(inferred);
    for _ in 0..ROUNDS {
        let (moved, has_moved) = filters::pushed_down(plan);
        plan = moved;
        if !has_moved {
            break;
        }
    }
    let mut plan = projections::collapsed(plan);
    external::extract(&mut plan);
    plan
}

/// The plan with other tables in the place of those that it is made of.
fn with_inputs(plan: TypedPlan, each: &mut dyn FnMut(TypedPlan) -> TypedPlan) -> TypedPlan {
    let mut plan = plan;
    match &mut plan.node {
        TypedNode::Relation(_) | TypedNode::Rows(_) => {}
        TypedNode::Project { input, .. }
        | TypedNode::Filter { input, .. }
        | TypedNode::Windows { input, .. }
        | TypedNode::SessionWindow { input, .. }
        | TypedNode::Aggregate { input, .. }
        | TypedNode::Expand { input, .. }
        | TypedNode::Limit { input, .. }
        | TypedNode::External { input, .. }
        | TypedNode::Watermark { input, .. } => replace(input, each),
        TypedNode::Generate(generate) => replace(&mut generate.input, each),
        TypedNode::Deduplicate(deduplicate) => replace(&mut deduplicate.input, each),
        TypedNode::Sort(sort) => replace(&mut sort.input, each),
        TypedNode::Join(join) => {
            replace(&mut join.left, each);
            replace(&mut join.right, each);
        }
        TypedNode::Union(inputs) => {
            for input in inputs {
                replace(input, each);
            }
        }
    }
    plan
}

fn replace(input: &mut TypedPlan, each: &mut dyn FnMut(TypedPlan) -> TypedPlan) {
    let taken = std::mem::replace(input, TypedPlan::empty());
    *input = each(taken);
}
