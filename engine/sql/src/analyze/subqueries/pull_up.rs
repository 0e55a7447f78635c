//! Conditions of a query on the row around it, taken out of the query (`PullupCorrelatedPredicates`).

use std::mem;

use super::super::projected;
use crate::error::AnalysisError;
use crate::functions;
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan, TypedSort};
use crate::schema::{Field, column_of};
use crate::typed::{Typed, TypedKind};

/// Takes the conditions out of a query that name columns of the row around it. The columns of the query that they read
/// are behind its own.
pub(super) fn pull_up(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    match &mut plan.node {
        TypedNode::Filter { input, condition } => {
            let mut pulled = pull_up(input)?;
            let parts = mem::take(condition).conjuncts().into_iter();
            let (of_outer, own): (Vec<_>, Vec<_>) = parts.partition(Typed::has_outer);
            pulled.extend(of_outer);
            *plan = mem::take(input);
            plan.filter(own);
            Ok(pulled)
        }
        TypedNode::Project { input, columns } => {
            let mut pulled = pull_up(input)?;
            let mut fields = plan.schema.fields().to_vec();
            for read in pulled.iter().flat_map(Typed::columns) {
                if !columns.iter().any(|it| it.as_column() == Some(read)) {
                    let field = &input.schema.fields()[read];
                    columns.push(column_of(read, field));
                    fields.push(field.clone());
                }
            }
            for condition in &mut pulled {
                condition
                    .renumber(|read| columns.iter().position(|it| it.as_column() == Some(read)));
            }
            plan.schema = fields.into_iter().collect();
            Ok(pulled)
        }
        TypedNode::Aggregate { session: None, .. } => pull_above_groups(plan),
        TypedNode::Sort(TypedSort { input, .. }) => {
            let pulled = pull_up(input)?;
            plan.schema = input.schema.clone();
            Ok(pulled)
        }
        TypedNode::Join(join) if matches!(join.kind, JoinKind::Inner | JoinKind::Cross) => {
            pull_out_of_join(plan)
        }
        _ => Ok(Vec::new()),
    }
}

/// The conditions below groups are equalities with a column, by which they are grouped, too.
fn pull_above_groups(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    let TypedNode::Aggregate { input, keys, .. } = &mut plan.node else {
        return Ok(Vec::new());
    };
    let pulled = pull_up(input)?;
    if pulled.is_empty() {
        return Ok(pulled);
    }
    let before = keys.len();
    let mut conditions = Vec::new();
    for condition in pulled {
        let Equality {
            inner,
            outer,
            function,
        } = equality(&condition).ok_or_else(not_an_equality)?;
        let known = keys.iter().position(|key| key.is_same(&inner));
        let key = known.unwrap_or_else(|| {
            keys.push(inner.clone());
            keys.len() - 1
        });
        conditions.push(Typed {
            kind: TypedKind::Call {
                function: functions::find(function).ok_or_else(not_an_equality)?,
                arguments: vec![inner.in_column(key), outer],
                prepared: None,
            },
            ..condition
        });
    }
    let is_new = before..keys.len();
    let new = keys[before..].iter().map(|key| Field {
        nullable: key.nullable,
        ..Field::new("", key.data_type.clone())
    });
    let mut fields = plan.schema.fields().to_vec();
    fields.splice(before..before, new.collect::<Vec<_>>());
    move_behind(plan, fields, &mut conditions, |index| {
        is_new.contains(&index)
    });
    Ok(conditions)
}

/// The conditions of both tables of a join, over the columns that the join had and then those that they read.
fn pull_out_of_join(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    let TypedNode::Join(TypedJoin {
        left,
        right,
        condition,
        ..
    }) = &mut plan.node
    else {
        return Ok(Vec::new());
    };
    let width = left.schema.fields().len();
    let right_width = right.schema.fields().len();
    let mut pulled = pull_up(left)?;
    let first_right = left.schema.fields().len();
    if let Some(condition) = condition {
        condition.renumber(|index| (index >= width).then(|| index - width + first_right));
    }
    for mut of_right in pull_up(right)? {
        of_right.renumber(|index| Some(first_right + index));
        pulled.push(of_right);
    }
    let fields = left.schema.fields().iter().chain(right.schema.fields());
    let fields = fields.cloned().collect();
    move_behind(plan, fields, &mut pulled, |index| {
        (width..first_right).contains(&index) || index >= first_right + right_width
    });
    Ok(pulled)
}

/// Has the columns that are new to a table come behind the others, and the conditions on it read them there. `fields` are
/// all columns that it has now.
fn move_behind(
    plan: &mut TypedPlan,
    fields: Vec<Field>,
    conditions: &mut [Typed],
    is_new: impl Fn(usize) -> bool,
) {
    let places = 0..fields.len();
    let (mut order, new): (Vec<usize>, Vec<usize>) = places.partition(|index| !is_new(*index));
    if new.is_empty() {
        return;
    }
    order.extend(new);
    for condition in conditions {
        condition.renumber(|index| order.iter().position(|it| *it == index));
    }
    let columns = order.iter().map(|index| column_of(*index, &fields[*index]));
    let schema = order.iter().map(|index| fields[*index].clone());
    let columns = columns.collect();
    let schema = schema.collect();
    let mut input = mem::take(plan);
    input.schema = fields.into_iter().collect();
    *plan = projected(input, columns, schema);
}

/// An equality of an expression of the query with one of the row around it.
struct Equality {
    inner: Typed,
    outer: Typed,
    function: &'static str,
}

/// The equality that a condition is, in which columns of the row around are `Outer`.
fn equality(condition: &Typed) -> Option<Equality> {
    let is_inner = |typed: &Typed| !typed.has_outer();
    let is_outer = |typed: &Typed| typed.columns().is_empty();
    match condition.as_call()? {
        (function @ ("=" | "<=>"), [one, other]) => {
            let [inner, outer] = if is_inner(one) && is_outer(other) {
                [one, other]
            } else if is_inner(other) && is_outer(one) {
                [other, one]
            } else {
                return None;
            };
            Some(Equality {
                inner: inner.clone(),
                outer: outer.clone(),
                function,
            })
        }
        _ => None,
    }
}

fn not_an_equality() -> AnalysisError {
    AnalysisError::new(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_IS_NOT_ALLOWED_IN_PREDICATE",
        "Unsupported subquery expression: Correlated column is not allowed in predicate: below an aggregate it is compared \
         with `=` alone.",
    )
}
