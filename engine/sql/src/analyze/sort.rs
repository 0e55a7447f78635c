//! `ORDER BY`, also by what is not in the result.

use engine::{DataType, Value};

use super::project::{Selected, has_aggregate, project_selected, select_one};
use super::windows::with_window;
use super::{Analyzer, columns_of, projected};
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind};
use crate::plan::{Grouping, LogicalPlan, PlanKind, SortOrder, TypedNode, TypedPlan, TypedSort};
use crate::resolve::Resolver;
use crate::schema::Schema;
use crate::typed::Typed;

impl Analyzer<'_> {
    pub(super) fn sort(
        &mut self,
        input: &LogicalPlan,
        order: &[SortOrder],
    ) -> Result<TypedPlan, AnalysisError> {
        let plan = self.analyze(input)?;
        let mut keys = Vec::new();
        let mut hidden = Vec::new();
        let mut first_error = None;
        for key in order {
            match self.sort_key(&key.expression, &plan.schema) {
                Ok(typed) => keys.push(Some(typed)),
                Err(error) => {
                    first_error.get_or_insert(error);
                    hidden.push(key.expression.clone());
                    keys.push(None);
                }
            }
        }
        let Some(error) = first_error else {
            let keys = keys.into_iter().flatten().collect();
            return Ok(sorted(plan, keys, order));
        };
        let Some((wide, visible)) = self.with_hidden(input, &hidden)? else {
            return Err(error);
        };
        let schema: Schema = wide.schema.fields().iter().take(visible).cloned().collect();
        let mut extra = columns_of(&wide.schema).into_iter().skip(visible);
        let keys = keys
            .into_iter()
            .filter_map(|key| key.or_else(|| extra.next()));
        let keys: Vec<Typed> = keys.collect();
        let sorted = sorted(wide, keys, order);
        let columns = columns_of(&schema);
        Ok(projected(sorted, columns, schema))
    }

    /// A key over the columns of the result; a number that is written down is the place of one.
    fn sort_key(&self, key: &Expression, schema: &Schema) -> Result<Typed, AnalysisError> {
        if let ExpressionKind::Literal(literal) = &*key.kind
            && literal.data_type == DataType::Integer
            && let Value::Integer(place) = literal.value
        {
            let index = usize::try_from(place).ok().and_then(|it| it.checked_sub(1));
            let columns = columns_of(schema);
            let count = columns.len();
            return index.and_then(|index| columns.into_iter().nth(index)).ok_or_else(|| {
                AnalysisError::new(
                    "ORDER_BY_POS_OUT_OF_RANGE",
                    format!("ORDER BY position {place} is not in select list (valid range is [1, {count}])."),
                )
                .at(key.span)
            });
        }
        Resolver::new(schema, self.session).resolve(key)
    }

    /// The table with these columns behind its own, and the number of its own; `None` if they cannot be had from below.
    fn with_hidden(
        &mut self,
        input: &LogicalPlan,
        hidden: &[Expression],
    ) -> Result<Option<(TypedPlan, usize)>, AnalysisError> {
        match &*input.kind {
            PlanKind::Aggregate {
                input,
                grouping,
                columns,
                having,
            } => self
                .aggregate_with_hidden(input, grouping, columns, having.as_ref(), hidden)
                .map(Some),
            PlanKind::Project { input, columns } if columns.iter().any(has_aggregate) => self
                .aggregate_with_hidden(input, &Grouping::Keys(Vec::new()), columns, None, hidden)
                .map(Some),
            PlanKind::Project { input, columns } => {
                let input = self.analyze(input)?;
                let schema = input.schema.clone();
                let mut resolver =
                    Resolver::new(&schema, self.session).with_width(schema.fields().len());
                let mut selected = Vec::new();
                for column in columns {
                    select_one(column, &schema, &mut resolver, &mut selected)?;
                }
                let visible = selected.len();
                for column in hidden {
                    let typed = resolver.resolve(column)?;
                    selected.push(Selected {
                        typed,
                        name: column.name(),
                        qualifier: Vec::new(),
                    });
                }
                let input = with_window(input, resolver.into_window());
                Ok(Some((project_selected(input, selected), visible)))
            }
            _ => Ok(None),
        }
    }
}

fn sorted(plan: TypedPlan, keys: Vec<Typed>, order: &[SortOrder]) -> TypedPlan {
    let order = keys.into_iter().zip(order);
    TypedPlan {
        schema: plan.schema.clone(),
        node: TypedNode::Sort(TypedSort {
            input: Box::new(plan),
            order: order
                .map(|(key, written)| (key, written.descending, written.nulls_first))
                .collect(),
        }),
    }
}
