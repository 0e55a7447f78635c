//! Expressions that have the same value in each row, evaluated once (`ConstantFolding`).

use super::with_inputs;
use crate::context::{Context, Session};
use crate::plan::{TypedNode, TypedPlan};
use crate::typed::Typed;

/// The plan with its constant expressions folded. One that fails stays, and fails where it is needed.
pub(super) fn folded(plan: TypedPlan, session: &Session) -> TypedPlan {
    let mut plan = with_inputs(plan, &mut |input| folded(input, session));
    match &mut plan.node {
        TypedNode::Project { columns, .. } => fold_all(columns, session),
        TypedNode::Filter { condition, .. } => fold(condition, session),
        TypedNode::Generate(generate) => fold_all(&mut generate.generator.arguments, session),
        TypedNode::Aggregate {
            keys, aggregates, ..
        } => {
            fold_all(keys, session);
            for aggregate in aggregates {
                fold_all(&mut aggregate.arguments, session);
            }
        }
        _ => {}
    }
    plan
}

fn fold_all(expressions: &mut [Typed], session: &Session) {
    for expression in expressions {
        fold(expression, session);
    }
}

fn fold(expression: &mut Typed, session: &Session) {
    let context = Context {
        session,
        timestamp: 0,
    };
    *expression = expression.rewritten(&mut |part| {
        if part.as_literal().is_some() || !part.is_foldable() {
            return None;
        }
        let value = part.value(&[], &context).ok()?;
        Some(Typed {
            nullable: part.nullable,
            ..Typed::literal(value, part.data_type.clone())
        })
    });
}
