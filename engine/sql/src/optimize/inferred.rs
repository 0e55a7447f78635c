//! Filters that follow from a join, a window or a generator (`InferFiltersFromConstraints`, `InferFiltersFromGenerate`,
//! and the filter of `TimeWindowing`).
//!
//! They drop no row that would be in the result. Below a watermark they matter: a row that is dropped there does not
//! raise it.

use engine::{DataType, Value};

use super::with_inputs;
use crate::context::Session;
use crate::functions;
use crate::plan::{JoinKind, TypedGenerate, TypedJoin, TypedNode, TypedPlan};
use crate::typed::Typed;

/// The plan with the filters that follow.
pub(super) fn inferred(plan: TypedPlan, session: &Session) -> TypedPlan {
    let mut plan = with_inputs(plan, &mut |input| inferred(input, session));
    match &mut plan.node {
        TypedNode::Join(join) => of_join(join, session),
        TypedNode::Windows { input, window } => {
            let fields = input.schema.clone();
            let is_watermark = |column: usize| fields.fields()[column].is_event_time;
            if !window.time.columns().into_iter().any(is_watermark) {
                filter(input, vec![window.time.clone()], session);
            }
        }
        TypedNode::Generate(generate) => of_generator(generate, session),
        _ => {}
    }
    plan
}

/// A key that is `NULL` has no partner.
fn of_join(join: &mut TypedJoin, session: &Session) {
    let of_left = matches!(
        join.kind,
        JoinKind::Inner | JoinKind::LeftSemi | JoinKind::RightOuter
    );
    let of_right = matches!(
        join.kind,
        JoinKind::Inner | JoinKind::LeftSemi | JoinKind::LeftOuter | JoinKind::LeftAnti
    );
    let keys = join.keys.iter().zip(&join.null_safe);
    let keys: Vec<(Typed, Typed)> = keys
        .filter(|(_, null_safe)| !**null_safe)
        .map(|(key, _)| key.clone())
        .collect();
    let (left, right): (Vec<Typed>, Vec<Typed>) = keys.into_iter().unzip();
    if of_left {
        filter(&mut join.left, left, session);
    }
    if of_right {
        filter(&mut join.right, right, session);
    }
}

/// A column without elements makes no rows.
fn of_generator(generate: &mut TypedGenerate, session: &Session) {
    let is_of_elements = matches!(
        generate.generator.generator.name,
        "explode" | "posexplode" | "inline"
    );
    let [argument] = &generate.generator.arguments[..] else {
        return;
    };
    if generate.outer || !is_of_elements || argument.as_column().is_none() {
        return;
    }
    let argument = argument.clone();
    let zero = Typed::literal(Value::Integer(0), DataType::Integer);
    let size = call("size", vec![argument.clone()], session);
    let has_elements = size.and_then(|size| call("<", vec![zero, size], session));
    filter(&mut generate.input, vec![argument], session);
    if let Some(condition) = has_elements {
        wrap(&mut generate.input, condition);
    }
}

/// Keeps the rows in which none of these is `NULL`.
fn filter(input: &mut TypedPlan, not_null: Vec<Typed>, session: &Session) {
    let conditions = not_null.into_iter().filter(|it| it.nullable);
    let conditions = conditions.filter_map(|it| call("isnotnull", vec![it], session));
    if let Some(condition) = Typed::all(conditions.collect()) {
        wrap(input, condition);
    }
}

fn wrap(input: &mut TypedPlan, condition: Typed) {
    let taken = std::mem::replace(input, TypedPlan::empty());
    *input = TypedPlan {
        schema: taken.schema.clone(),
        node: TypedNode::Filter {
            input: Box::new(taken),
            condition,
        },
    };
}

fn call(function: &str, arguments: Vec<Typed>, session: &Session) -> Option<Typed> {
    functions::find(function)?.typed(arguments, session).ok()
}
