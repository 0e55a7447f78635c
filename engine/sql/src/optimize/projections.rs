//! One `SELECT` in the place of two (`CollapseProject`).

use std::mem;

use crate::plan::{TypedNode, TypedPlan};
use crate::typed::{Typed, TypedKind};

/// Makes one of each two projections of which one is right above the other.
pub(super) fn collapse(plan: &mut TypedPlan) {
    for input in plan.inputs_mut() {
        collapse(input);
    }
    if let TypedNode::Project { input, columns } = &mut plan.node
        && let TypedNode::Project {
            input: below,
            columns: lower,
        } = &mut input.node
        && is_worthwhile(columns, lower)
    {
        let columns = mem::take(columns).into_iter();
        let columns = columns.map(|column| column.substituted(lower)).collect();
        let input = mem::take(below);
        plan.node = TypedNode::Project { input, columns };
    }
}

/// Returns true if no column that takes work would be evaluated twice, or in a lambda.
fn is_worthwhile(columns: &[Typed], lower: &[Typed]) -> bool {
    let is_cheap =
        |typed: &Typed| matches!(typed.kind, TypedKind::Column(_) | TypedKind::Literal(_));
    let mut times_read = vec![0; lower.len()];
    for column in columns.iter().flat_map(Typed::columns) {
        times_read[column] += 1;
    }
    let has_lambda = columns.iter().any(Typed::has_lambda);
    lower.iter().zip(times_read).all(|(column, times)| {
        is_cheap(column) || (times <= 1 && !has_lambda && column.is_deterministic())
    })
}
