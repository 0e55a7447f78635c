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
        let of_all = of_all(order);
        let is_named = |key: &&Expression| of_all.is_none() && place_of(key).is_none();
        let named: Vec<&Expression> = written.filter(is_named).collect();
        let Keyed {
            plan,
            visible,
            expressions,
        } = self.keyed(input, &named)?;
        let mut expressions = expressions.into_iter();
        let mut keys = of_all.map_or_else(Vec::new, |all| all_columns(&plan.schema, visible, all));
        let written = if of_all.is_some() { &[] } else { order };
        for SortOrder {
            expression,
            descending,
            nulls_first,
        } in written
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
            span: None,
            schema: plan.schema.clone(),
            node: TypedNode::Sort(TypedSort {
                input: Box::new(plan),
                order: keys,
            }),
        };
        Ok(Keyed::without_hidden(sorted, visible))
    }
}

/// The order of all columns, if it is `ORDER BY ALL`.
fn of_all(order: &[SortOrder]) -> Option<&SortOrder> {
    let [all] = order else {
        return None;
    };
    match &*all.expression.kind {
        ExpressionKind::Column(name) if name.len() == 1 => {
            name[0].eq_ignore_ascii_case("all").then_some(all)
        }
        _ => None,
    }
}

/// All columns, from left to right; the one of the name `all` if there is one.
fn all_columns(schema: &Schema, visible: usize, all: &SortOrder) -> Vec<(Typed, bool, bool)> {
    let fields = schema.fields().iter().enumerate().take(visible);
    let mut columns: Vec<_> = fields.collect();
    if let Some(place) = columns
        .iter()
        .position(|(_, field)| field.is_named_by(&all.expression))
    {
        columns = vec![columns.swap_remove(place)];
    }
    let keys = columns.into_iter().map(|(index, field)| {
        let key = column_of(index, field);
        (key, all.descending, all.nulls_first)
    });
    keys.collect()
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
