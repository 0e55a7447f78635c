//! Functions in processes of their own, called by a projection below the expressions that they are part of
//! (`ExtractPythonUDFs`).
//!
//! So a call is made once for each row, also where it stands several times, and in each row, also where a `CASE` or an
//! `OR` does not need it. Other conditions of a filter are checked before.

use std::mem;

use crate::analyze::columns_of;
use crate::plan::{TypedNode, TypedPlan};
use crate::schema::Field;
use crate::typed::Typed;

/// Puts projections below the expressions that call such functions.
pub(super) fn extract(plan: &mut TypedPlan) {
    for input in plan.inputs_mut() {
        extract(input);
    }
    match &mut plan.node {
        TypedNode::Project { input, columns } => call_below(input, columns.iter_mut()),
        TypedNode::Aggregate {
            input,
            keys,
            aggregates,
            ..
        } => {
            let aggregates = aggregates.iter_mut();
            let of_aggregates =
                aggregates.flat_map(|it| it.arguments.iter_mut().chain(&mut it.filter));
            call_below(input, keys.iter_mut().chain(of_aggregates));
        }
        TypedNode::Filter { input, condition } if condition.has_apart() => {
            let (input, condition) = (mem::take(&mut **input), mem::take(condition));
            *plan = filtered(input, condition);
        }
        _ => {}
    }
}

/// The rows of a table for which a condition is true that calls such functions.
fn filtered(mut input: TypedPlan, condition: Typed) -> TypedPlan {
    let schema = input.schema.clone();
    let is_deterministic = condition.is_deterministic();
    let (mut conditions, before): (Vec<Typed>, Vec<Typed>) = condition
        .conjuncts()
        .into_iter()
        .partition(|it| it.has_apart() || !is_deterministic);
    input.filter(before);
    call_below(&mut input, conditions.iter_mut());
    input.filter(conditions);
    let columns = columns_of(&schema);
    TypedPlan {
        node: TypedNode::Project {
            input: Box::new(input),
            columns,
        },
        schema,
    }
}

/// Has a table the results of the calls in some expressions as columns, which stand in their place.
fn call_below<'a>(input: &mut TypedPlan, expressions: impl Iterator<Item = &'a mut Typed>) {
    let mut expressions: Vec<&mut Typed> = expressions.filter(|it| it.has_apart()).collect();
    // A call of a function of others' results waits for theirs.
    while expressions.iter().any(|it| it.has_apart()) {
        let mut calls = Vec::new();
        for expression in &mut expressions {
            expression.take_calls(input.schema.fields().len(), &mut calls);
        }
        let mut columns = columns_of(&input.schema);
        let made = calls.iter().enumerate();
        let made = made
            .map(|(index, call)| Field::new(format!("pythonUDF{index}"), call.data_type.clone()));
        let schema = input.schema.fields().iter().cloned().chain(made).collect();
        columns.append(&mut calls);
        *input = TypedPlan {
            node: TypedNode::Project {
                input: Box::new(mem::take(input)),
                columns,
            },
            schema,
        };
    }
}
