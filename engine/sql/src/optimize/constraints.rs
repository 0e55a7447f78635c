//! Conditions on one table of a join that follow from those on the other one (`InferFiltersFromConstraints`).
//!
//! They drop no row that would be in the result, but a row that they drop raises no watermark and is in no state.

use super::filters;
use crate::context::Session;
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::typed::Typed;

/// Filters the tables of each join by what holds for the other one.
pub(super) fn infer(plan: &mut TypedPlan, session: &Session) {
    if let TypedNode::Join(join) = &mut plan.node {
        of_join(join, session);
    }
    for input in plan.inputs_mut() {
        infer(input, session);
    }
}

fn of_join(join: &mut TypedJoin, session: &Session) {
    let keys = join.keys.iter().zip(&join.null_safe);
    let columns = keys.filter(|(_, null_safe)| !**null_safe);
    let columns =
        columns.filter_map(|((left, right), _)| Some((left.as_column()?, right.as_column()?)));
    let pairs: Vec<(usize, usize)> = columns.collect();
    let reversed: Vec<(usize, usize)> = pairs.iter().map(|(left, right)| (*right, *left)).collect();
    let of_left = constraints(&join.left);
    let of_right = constraints(&join.right);
    if !matches!(join.kind, JoinKind::RightOuter | JoinKind::FullOuter) {
        let new = following(&of_left, &pairs, &of_right);
        filters::push(&mut join.right, new, session);
    }
    let keeps_left = matches!(
        join.kind,
        JoinKind::LeftOuter | JoinKind::LeftAnti | JoinKind::FullOuter
    );
    if !keeps_left {
        let new = following(&of_right, &reversed, &of_left);
        filters::push(&mut join.left, new, session);
    }
}

/// The conditions that hold for a table as those on another one, whose columns are the same where they are paired, if it
/// does not have them.
fn following(conditions: &[Typed], pairs: &[(usize, usize)], known: &[Typed]) -> Vec<Typed> {
    let other = |column: usize| pairs.iter().find(|(one, _)| *one == column).map(|it| it.1);
    let read = conditions
        .iter()
        .filter(|it| !it.columns().is_empty() && it.reads_only(|column| other(column).is_some()));
    let moved = read.map(|condition| moved(condition, other));
    let is_new = |it: &Typed| !known.iter().any(|known| known.is_same(it));
    moved.filter(is_new).collect()
}

/// The condition with other columns in the place of those that have one.
fn moved(condition: &Typed, other: impl Fn(usize) -> Option<usize>) -> Typed {
    let mut condition = condition.clone();
    condition.renumber(other);
    condition
}

/// The conditions that hold for all rows of a table (`QueryPlanConstraints.constraints`).
fn constraints(plan: &TypedPlan) -> Vec<Typed> {
    match &plan.node {
        TypedNode::Filter { input, condition } => {
            let own = condition.clone().conjuncts().into_iter();
            let own = own.filter(Typed::is_deterministic);
            own.chain(constraints(input)).collect()
        }
        TypedNode::Project { input, columns } => {
            let place = |column: usize| {
                let mut columns = columns.iter();
                columns.position(|it| it.as_column() == Some(column))
            };
            let of_input = constraints(input).into_iter();
            let visible = of_input.filter(|it| it.reads_only(|column| place(column).is_some()));
            visible.map(|it| moved(&it, place)).collect()
        }
        TypedNode::Generate(generate) => constraints(&generate.input),
        TypedNode::Windows { input, .. }
        | TypedNode::SessionWindow { input, .. }
        | TypedNode::Limit { input, .. }
        | TypedNode::Watermark { input, .. } => constraints(input),
        TypedNode::Deduplicate(deduplicate) => constraints(&deduplicate.input),
        TypedNode::Sort(sort) => constraints(&sort.input),
        _ => Vec::new(),
    }
}
