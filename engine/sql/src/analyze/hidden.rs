//! Columns that a table has left out, which a `WHERE` or an `ORDER BY` above it may name all the same
//! (`ResolveMissingReferences`), and those that a table shows only by name: of `USING`, and the hidden one of a relation
//! (`AddMetadataColumns`).

use engine::Text;

use super::project::has_aggregate;
use crate::expression::{Expression, ExpressionKind};
use crate::plan::{
    Deduplicate, JoinCondition, LogicalPlan, PlanKind, Relation, TypedNode, TypedPlan, TypedSort,
};
use crate::schema::{Field, column_of};

/// The number of `SELECT`s that columns may be found below.
pub(super) fn selects_below(plan: &LogicalPlan) -> usize {
    match &*plan.kind {
        PlanKind::Project { input, columns } if !columns.iter().any(has_aggregate) => {
            1 + selects_below(input)
        }
        PlanKind::Join {
            condition: JoinCondition::Using(_) | JoinCondition::Natural,
            ..
        } => 1,
        _ => passed(plan).map_or(0, selects_below),
    }
}

/// Returns true if the table is that of a join by the names of columns.
pub(super) fn is_join_using(plan: &LogicalPlan) -> bool {
    let PlanKind::Join { condition, .. } = &*plan.kind else {
        return passed(plan).is_some_and(is_join_using);
    };
    matches!(condition, JoinCondition::Using(_) | JoinCondition::Natural)
}

/// The table that has the same columns as this one, if it is made of one row by row.
fn passed(plan: &LogicalPlan) -> Option<&LogicalPlan> {
    match &*plan.kind {
        PlanKind::Filter { input, .. }
        | PlanKind::Sort { input, .. }
        | PlanKind::Limit { input, .. }
        | PlanKind::Offset { input, .. }
        | PlanKind::Deduplicate { input, .. }
        | PlanKind::Watermark { input, .. } => Some(input),
        _ => None,
    }
}

/// Adds the columns behind those of the table that these expressions name and that it does not have, if they are found
/// below some of its `SELECT`s.
pub(super) fn reveal<'a>(
    plan: &mut TypedPlan,
    selects: usize,
    expressions: impl IntoIterator<Item = &'a Expression>,
) {
    for expression in expressions {
        match &*expression.kind {
            ExpressionKind::Column(_) | ExpressionKind::Attribute(_) => {
                let mut fields = plan.schema.fields().iter();
                if !fields.any(|field| field.is_named_by(expression)) {
                    let selects = if names_hidden(expression) {
                        usize::MAX
                    } else {
                        selects
                    };
                    reveal_one(plan, selects, expression);
                }
            }
            _ => reveal(plan, selects, expression.children()),
        }
    }
}

/// The name of a hidden column of a relation.
const HIDDEN: &str = "_metadata";

/// Returns true if an expression may be the hidden column of a relation, or a field of it.
fn names_hidden(expression: &Expression) -> bool {
    match &*expression.kind {
        ExpressionKind::Column(path) => path.iter().any(|part| part.eq_ignore_ascii_case(HIDDEN)),
        _ => false,
    }
}

/// Takes the hidden columns of the relations of a view away.
pub(super) fn forget_hidden(plan: &mut TypedPlan) {
    if let TypedNode::Relation(relation) = &mut plan.node {
        relation.hidden = None;
    }
    plan.inputs_mut().into_iter().for_each(forget_hidden);
}

/// The hidden column of a relation, under the name of the table that an expression has for it.
fn hidden_of(relation: &mut Relation, column: &Expression) -> Option<Field> {
    let mut hidden = relation.hidden.take()?;
    if let ExpressionKind::Column(path) = &*column.kind {
        let is_name = |part: &Text| part.eq_ignore_ascii_case(&hidden.name);
        let table = path.iter().position(is_name)?;
        hidden.qualifier = path[..table].to_vec();
    }
    let fields = relation.schema.fields().iter().cloned();
    relation.schema = fields.chain([hidden.clone()]).collect();
    Some(hidden)
}

/// Adds a column behind those of the table, and returns its place; `None` if there is none, or more than one.
fn reveal_one(plan: &mut TypedPlan, selects: usize, column: &Expression) -> Option<usize> {
    let below = match &mut plan.node {
        TypedNode::Project { input, columns } if selects > 0 => {
            let mut fields = input.schema.fields().iter();
            let below = match fields.position(|field| field.is_named_by(column)) {
                None => reveal_one(input, selects - 1, column)?,
                Some(_) if fields.any(|field| field.is_named_by(column)) => return None,
                Some(below) => below,
            };
            let field = &input.schema.fields()[below];
            columns.push(column_of(below, field));
            field.clone()
        }
        TypedNode::Relation(relation) => hidden_of(relation, column)?,
        TypedNode::Filter { input, .. }
        | TypedNode::Limit { input, .. }
        | TypedNode::Watermark { input, .. }
        | TypedNode::Deduplicate(Deduplicate { input, .. })
        | TypedNode::Sort(TypedSort { input, .. }) => {
            let below = reveal_one(input, selects, column)?;
            input.schema.fields()[below].clone()
        }
        _ => return None,
    };
    let fields = plan.schema.fields().iter().cloned();
    plan.schema = fields.chain([below]).collect();
    Some(plan.schema.fields().len() - 1)
}
