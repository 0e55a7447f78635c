//! Filters moved towards the tables (`PushDownPredicates`, `CombineFilters`).

use std::mem;

use super::inferred;
use super::joins;
use crate::context::Session;
use crate::plan::{TypedNode, TypedPlan};
use crate::typed::Typed;

/// Moves each filter of a plan as far towards the tables as it can be, with the filters that follow from joins, windows
/// and generators.
pub(super) fn push_down(plan: &mut TypedPlan, session: &Session) {
    push(plan, Vec::new(), session);
}

/// Keeps the rows of a table for which all these conditions are true, each applied as far below as it can be.
pub(super) fn push(plan: &mut TypedPlan, mut conditions: Vec<Typed>, session: &Session) {
    match &mut plan.node {
        TypedNode::Filter { input, condition } => {
            let mut all = mem::take(condition).conjuncts();
            if all.iter().all(Typed::is_deterministic) {
                for condition in moving(&mut conditions, |_| true) {
                    if !all.iter().any(|known| known.is_same(&condition)) {
                        all.push(condition);
                    }
                }
            }
            *plan = mem::take(input);
            push(plan, all, session);
        }
        TypedNode::Project { input, columns } => {
            let can_move = columns.iter().all(Typed::is_deterministic);
            let all = conditions.extract_if(.., |_| can_move);
            let below = all.map(|it| it.substituted(columns)).collect();
            push(input, below, session);
        }
        TypedNode::Generate(generate) => {
            let inferred = inferred::of_generator(generate, session);
            push_beside(&mut generate.input, inferred, &mut conditions, session);
        }
        TypedNode::Windows { input, window } => {
            let inferred = inferred::of_windows(window, &input.schema, session);
            push_beside(input, inferred, &mut conditions, session);
        }
        TypedNode::SessionWindow { input, .. } => {
            push_beside(input, Vec::new(), &mut conditions, session);
        }
        TypedNode::Sort(sort) => {
            push(&mut sort.input, moving(&mut conditions, |_| true), session);
        }
        TypedNode::Watermark { input, column, .. } => {
            let below = moving(&mut conditions, |it| it != *column);
            push(input, below, session);
        }
        TypedNode::Aggregate {
            input,
            keys,
            session: None,
            ..
        } => {
            let below = on_keys(&mut conditions, |column| column < keys.len());
            let below = below.into_iter().map(|it| it.substituted(keys)).collect();
            push(input, below, session);
        }
        TypedNode::Union(inputs) => {
            let below = moving(&mut conditions, |_| true);
            for input in inputs {
                push(input, below.clone(), session);
            }
        }
        TypedNode::Over { input, functions } => {
            let keys = functions.first().map(|it| &it.partition[..]);
            let keys = keys.unwrap_or_default();
            let is_key = |column| keys.iter().any(|key| key.as_column() == Some(column));
            push(input, on_keys(&mut conditions, is_key), session);
        }
        TypedNode::Join(join) => joins::push(join, &mut conditions, session),
        TypedNode::Relation(_)
        | TypedNode::Rows(_)
        | TypedNode::Expand { .. }
        | TypedNode::Deduplicate(_)
        | TypedNode::External { .. }
        | TypedNode::Aggregate { .. }
        | TypedNode::Sample { .. }
        | TypedNode::Limit { .. } => {
            for input in plan.inputs_mut() {
                push_down(input, session);
            }
        }
    }
    plan.filter(conditions);
}

/// Moves the conditions that read columns of `input` alone below a table that has more columns beside these.
fn push_beside(
    input: &mut TypedPlan,
    inferred: Vec<Typed>,
    conditions: &mut Vec<Typed>,
    session: &Session,
) {
    let width = input.schema.fields().len();
    let mut below = inferred;
    below.extend(moving(conditions, |column| column < width));
    push(input, below, session);
}

/// Takes out the conditions on keys, which hold for all rows of a group or for none.
fn on_keys(conditions: &mut Vec<Typed>, is_key: impl Fn(usize) -> bool) -> Vec<Typed> {
    let moving = conditions.extract_if(.., |it| {
        it.is_deterministic() && !it.columns().is_empty() && it.reads_only(&is_key)
    });
    moving.collect()
}

/// Takes out the conditions that read these columns alone, and have the same value for the same row.
pub(super) fn moving(conditions: &mut Vec<Typed>, is_below: impl Fn(usize) -> bool) -> Vec<Typed> {
    let moving = conditions.extract_if(.., |it| it.is_deterministic() && it.reads_only(&is_below));
    moving.collect()
}
