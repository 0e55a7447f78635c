//! One `SELECT` in the place of two (`CollapseProject`).

use super::with_inputs;
use crate::plan::{TypedNode, TypedPlan};
use crate::typed::{Typed, TypedKind};

/// The plan without projections of projections.
pub(super) fn collapsed(plan: TypedPlan) -> TypedPlan {
    let TypedPlan { node, schema } = with_inputs(plan, &mut collapsed);
    let TypedNode::Project { input, columns } = node else {
        return TypedPlan { node, schema };
    };
    let TypedNode::Project {
        input: below,
        columns: lower,
    } = input.node
    else {
        return TypedPlan {
            node: TypedNode::Project { input, columns },
            schema,
        };
    };
    if !is_worthwhile(&columns, &lower) {
        let input = Box::new(TypedPlan {
            node: TypedNode::Project {
                input: below,
                columns: lower,
            },
            schema: input.schema,
        });
        return TypedPlan {
            node: TypedNode::Project { input, columns },
            schema,
        };
    }
    let columns = columns
        .iter()
        .map(|column| substituted(column, &lower))
        .collect();
    TypedPlan {
        node: TypedNode::Project {
            input: below,
            columns,
        },
        schema,
    }
}

/// Returns true if no column that takes work would be evaluated twice, or in a lambda.
fn is_worthwhile(columns: &[Typed], lower: &[Typed]) -> bool {
    let is_cheap =
        |typed: &Typed| matches!(typed.kind, TypedKind::Column(_) | TypedKind::Literal(_));
    let read: Vec<usize> = columns.iter().flat_map(Typed::columns).collect();
    let is_read_once = |index: &usize| read.iter().filter(|it| *it == index).count() <= 1;
    let has_lambda = columns.iter().any(Typed::has_lambda);
    lower.iter().enumerate().all(|(index, column)| {
        is_cheap(column) || (is_read_once(&index) && !has_lambda && column.is_deterministic())
    })
}

/// An expression over the columns of a projection as one over the table below.
pub(super) fn substituted(typed: &Typed, columns: &[Typed]) -> Typed {
    typed.rewritten(&mut |part| part.as_column().map(|index| columns[index].clone()))
}
