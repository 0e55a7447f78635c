//! Filters moved towards the tables (`PushDownPredicates`, `CombineFilters`).

use super::projections::substituted;
use super::with_inputs;
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::typed::{Typed, TypedKind};

/// The plan with each filter moved through one table, and true if one has moved.
pub(super) fn pushed_down(plan: TypedPlan) -> (TypedPlan, bool) {
    let mut has_moved = false;
    let plan = with_inputs(plan, &mut |input| {
        let (input, moved) = pushed_down(input);
        has_moved |= moved;
        input
    });
    let TypedPlan { node, schema } = plan;
    let TypedNode::Filter { input, condition } = node else {
        return (TypedPlan { node, schema }, has_moved);
    };
    let mut conjuncts = Vec::new();
    split(condition, &mut conjuncts);
    let before = conjuncts.len();
    let mut stay = Vec::new();
    let input = push(*input, conjuncts, &mut stay);
    let has_moved = has_moved || stay.len() < before;
    (filtered(input, stay), has_moved)
}

/// Takes a condition apart at its `AND`s.
pub(super) fn split(condition: Typed, conjuncts: &mut Vec<Typed>) {
    match condition.kind {
        TypedKind::Call {
            function,
            arguments,
            ..
        } if function.name == "and" => {
            for part in arguments {
                split(part, conjuncts);
            }
        }
        _ => conjuncts.push(condition),
    }
}

fn filtered(input: TypedPlan, conjuncts: Vec<Typed>) -> TypedPlan {
    match Typed::all(conjuncts) {
        None => input,
        Some(condition) => TypedPlan {
            schema: input.schema.clone(),
            node: TypedNode::Filter {
                input: Box::new(input),
                condition,
            },
        },
    }
}

/// The table with those of the conditions below it that can be there; the others go to `stay`.
fn push(input: TypedPlan, conjuncts: Vec<Typed>, stay: &mut Vec<Typed>) -> TypedPlan {
    let mut plan = match input.node {
        // Two filters are one.
        TypedNode::Filter { input, condition } => {
            let mut all = Vec::new();
            split(condition, &mut all);
            all.extend(conjuncts);
            return filtered(*input, all);
        }
        node => TypedPlan { node, ..input },
    };
    match &mut plan.node {
        TypedNode::Project { input, columns } => {
            let moving = moving(conjuncts, stay, |it| {
                it.columns()
                    .iter()
                    .all(|column| columns[*column].is_deterministic())
            });
            let moving = moving.iter().map(|it| substituted(it, columns)).collect();
            below(input, moving);
        }
        TypedNode::Generate(generate) => {
            let width = generate.input.schema.fields().len();
            below(
                &mut generate.input,
                moving(conjuncts, stay, |it| reads_first(it, width)),
            );
        }
        TypedNode::Windows { input, .. } | TypedNode::SessionWindow { input, .. } => {
            let width = input.schema.fields().len();
            below(input, moving(conjuncts, stay, |it| reads_first(it, width)));
        }
        TypedNode::Sort(sort) => below(&mut sort.input, moving(conjuncts, stay, |_| true)),
        TypedNode::Watermark { input, column, .. } => {
            let column = *column;
            below(
                input,
                moving(conjuncts, stay, |it| !it.columns().contains(&column)),
            );
        }
        TypedNode::Aggregate {
            input,
            keys,
            session: None,
            ..
        } if !keys.is_empty() => {
            let count = keys.len();
            let moving = moving(conjuncts, stay, |it| {
                reads_first(it, count) && !it.columns().is_empty()
            });
            let moving = moving.iter().map(|it| substituted(it, keys)).collect();
            below(input, moving);
        }
        TypedNode::Union(inputs) => {
            let moving = moving(conjuncts, stay, |_| true);
            for input in inputs {
                below(input, moving.clone());
            }
        }
        TypedNode::Join(join) => push_into_join(join, conjuncts, stay),
        TypedNode::Filter { .. }
        | TypedNode::Relation(_)
        | TypedNode::Rows(_)
        | TypedNode::Expand { .. }
        | TypedNode::Deduplicate(_)
        | TypedNode::External { .. }
        | TypedNode::Aggregate { .. }
        | TypedNode::Limit { .. } => stay.extend(conjuncts),
    }
    plan
}

/// Moves conditions on one side of a join to that side, unless its rows may be absent.
fn push_into_join(join: &mut TypedJoin, conjuncts: Vec<Typed>, stay: &mut Vec<Typed>) {
    let width = join.left.schema.fields().len();
    let is_left_kept = !matches!(join.kind, JoinKind::RightOuter | JoinKind::FullOuter);
    let is_right_kept = matches!(
        join.kind,
        JoinKind::Inner | JoinKind::Cross | JoinKind::RightOuter
    );
    let of_left = |it: &Typed| is_left_kept && reads_first(it, width);
    let of_right = |it: &Typed| is_right_kept && it.columns().iter().all(|column| *column >= width);
    let moving = moving(conjuncts, stay, |it| of_left(it) || of_right(it));
    let (left, right): (Vec<Typed>, Vec<Typed>) = moving.into_iter().partition(of_left);
    below(&mut join.left, left);
    let right = right.iter().map(|it| it.shifted(width)).collect();
    below(&mut join.right, right);
}

/// Those of the conditions that may move; the others go to `stay`.
fn moving(
    conjuncts: Vec<Typed>,
    stay: &mut Vec<Typed>,
    moves: impl Fn(&Typed) -> bool,
) -> Vec<Typed> {
    let (moving, staying): (Vec<Typed>, Vec<Typed>) = conjuncts
        .into_iter()
        .partition(|it| it.is_deterministic() && moves(it));
    stay.extend(staying);
    moving
}

pub(super) fn reads_first(typed: &Typed, width: usize) -> bool {
    typed.columns().iter().all(|column| *column < width)
}

pub(super) fn below(input: &mut TypedPlan, conjuncts: Vec<Typed>) {
    if !conjuncts.is_empty() {
        let taken = std::mem::replace(input, TypedPlan::empty());
        *input = filtered(taken, conjuncts);
    }
}
