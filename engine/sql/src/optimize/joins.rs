//! Conditions of joins that depend on one table, moved to it (`PushPredicateThroughJoin`).

use super::filters::{below, reads_first, split};
use super::with_inputs;
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::typed::Typed;

/// The plan whose joins have no conditions that a filter below can have.
pub(super) fn separated(plan: TypedPlan) -> TypedPlan {
    let mut plan = with_inputs(plan, &mut separated);
    if let TypedNode::Join(join) = &mut plan.node {
        separate(join);
    }
    plan
}

fn separate(join: &mut TypedJoin) {
    let Some(condition) = join.condition.take() else {
        return;
    };
    let (to_left, to_right) = match join.kind {
        JoinKind::Inner | JoinKind::Cross | JoinKind::LeftSemi => (true, true),
        JoinKind::RightOuter => (true, false),
        JoinKind::LeftOuter | JoinKind::LeftAnti => (false, true),
        JoinKind::FullOuter => (false, false),
    };
    let width = join.left.schema.fields().len();
    let mut left = Vec::new();
    let mut right = Vec::new();
    let mut rest = Vec::new();
    let mut conjuncts = Vec::new();
    split(condition, &mut conjuncts);
    for part in conjuncts {
        let moves = part.is_deterministic() && !part.columns().is_empty();
        if moves && to_left && reads_first(&part, width) {
            left.push(part);
        } else if moves && to_right && part.columns().iter().all(|column| *column >= width) {
            right.push(part.shifted(width));
        } else {
            rest.push(part);
        }
    }
    join.condition = Typed::all(rest);
    below(&mut join.left, left);
    below(&mut join.right, right);
}
