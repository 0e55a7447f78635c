//! `ORDER BY`, also by what is not in the result.

use engine::{DataType, Value};

use super::Analyzer;
use super::keyed::Keyed;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind};
use crate::plan::{LogicalPlan, SortOrder, TypedNode, TypedPlan, TypedSort};
use crate::schema::{Schema, column_of};
use crate::typed::Typed;

impl Analyzer<'_> {
    pub(super) fn sort(
        &mut self,
        input: &LogicalPlan,
        order: &[SortOrder],
    ) -> Result<TypedPlan, AnalysisError> {
        let written = order.iter().map(|key| &key.expression);
        let named: Vec<&Expression> = written.filter(|key| place_of(key).is_none()).collect();
        let Keyed {
            plan,
            visible,
            expressions,
        } = self.keyed(input, &named)?;
        let mut expressions = expressions.into_iter();
        let mut keys = Vec::new();
        for SortOrder {
            expression,
            descending,
            nulls_first,
        } in order
        {
            let key = match place_of(expression) {
                Some(place) => {
                    let column = column_at(place, &plan.schema, visible);
                    Some(column.map_err(|error| error.at(expression.span))?)
                }
                None => expressions.next(),
            };
            keys.extend(key.map(|key| (key, *descending, *nulls_first)));
        }
        let sorted = TypedPlan {
            schema: plan.schema.clone(),
            node: TypedNode::Sort(TypedSort {
                input: Box::new(plan),
                order: keys,
            }),
        };
        Ok(Keyed::without_hidden(sorted, visible))
    }
}

/// The number that a key is, if one is written down: the place of a column.
fn place_of(key: &Expression) -> Option<i32> {
    match &*key.kind {
        ExpressionKind::Literal(literal) if literal.data_type == DataType::Integer => {
            match literal.value {
                Value::Integer(place) => Some(place),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The column at a place, from 1, among the first ones.
fn column_at(place: i32, schema: &Schema, visible: usize) -> Result<Typed, AnalysisError> {
    let index = usize::try_from(place).ok().and_then(|it| it.checked_sub(1));
    match index.filter(|index| *index < visible) {
        Some(index) => Ok(column_of(index, &schema.fields()[index])),
        None => Err(AnalysisError::new(
            "ORDER_BY_POS_OUT_OF_RANGE",
            format!(
                "ORDER BY position {place} is not in select list (valid range is [1, {visible}])."
            ),
        )),
    }
}
