//! The columns of functions over rows (`ExtractWindowExpressions`).

use super::project::Selected;
use crate::over::TypedOver;
use crate::plan::{TypedNode, TypedPlan};
use crate::schema::{Field, column_of};
use crate::typed::TypedKind;

/// The table with the values of functions behind its columns, which take their places in the selected ones. Functions over
/// the same rows are computed together.
pub(super) fn with_over(
    input: TypedPlan,
    functions: Vec<TypedOver>,
    selected: &mut [Selected],
) -> TypedPlan {
    let mut groups: Vec<Vec<(usize, TypedOver)>> = Vec::new();
    for (index, function) in functions.into_iter().enumerate() {
        let mut known = groups.iter_mut();
        match known.find(|group| group[0].1.is_over_same(&function)) {
            Some(group) => group.push((index, function)),
            None => groups.push(vec![(index, function)]),
        }
    }
    let mut plan = input;
    for group in groups {
        let (indices, functions): (Vec<usize>, Vec<TypedOver>) = group.into_iter().unzip();
        let width = plan.schema.fields().len();
        let fields = functions.iter().map(|function| {
            let result = function.result();
            Field {
                nullable: result.nullable,
                ..Field::new("", result.data_type)
            }
        });
        let fields = plan.schema.fields().iter().cloned().chain(fields);
        plan = TypedPlan {
            span: None,
            schema: fields.collect(),
            node: TypedNode::Over {
                input: Box::new(plan),
                functions,
            },
        };
        for column in selected.iter_mut() {
            column.typed.rewrite(&mut |part| match part.kind {
                TypedKind::Over(index) => {
                    let place = indices.iter().position(|it| *it == index)?;
                    let column = width + place;
                    Some(column_of(column, &plan.schema.fields()[column]))
                }
                _ => None,
            });
        }
    }
    plan
}
