//! Expressions that have the same value in each row, evaluated once (`ConstantFolding`).

use crate::context::Session;
use crate::plan::{TypedNode, TypedPlan};
use crate::typed::Typed;

/// Folds the constant expressions of a plan. One that fails stays, and fails where it is needed.
pub(super) fn fold(plan: &mut TypedPlan, session: &Session) {
    for input in plan.inputs_mut() {
        fold(input, session);
    }
    match &mut plan.node {
        TypedNode::Project { columns, .. } => fold_each(columns, session),
        TypedNode::Filter { condition, .. } => fold_one(condition, session),
        TypedNode::Generate(generate) => fold_each(&mut generate.generator.arguments, session),
        TypedNode::Aggregate {
            keys, aggregates, ..
        } => {
            fold_each(keys, session);
            for aggregate in aggregates {
                fold_each(&mut aggregate.arguments, session);
                fold_each(&mut aggregate.filter, session);
            }
        }
        TypedNode::Join(join) => fold_each(&mut join.condition, session),
        TypedNode::SessionWindow { gap, .. } => fold_one(gap, session),
        _ => {}
    }
}

fn fold_each<'a>(expressions: impl IntoIterator<Item = &'a mut Typed>, session: &Session) {
    for expression in expressions {
        fold_one(expression, session);
    }
}

fn fold_one(expression: &mut Typed, session: &Session) {
    expression.rewrite(&mut |part| {
        if part.as_literal().is_some() {
            return None;
        }
        Some(Typed {
            nullable: part.nullable,
            ..Typed::literal(part.constant(session)?, part.data_type.clone())
        })
    });
}
