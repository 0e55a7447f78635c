//! `SELECT`: stars, generators, windows, and the columns that they are selected from.

use engine::Text;

use super::hidden::{is_join_using, reveal};
use super::over::with_over;
use super::subqueries::WithValues;
use super::windows::{is_event_time, with_window};
use super::{Analyzer, column_of, projected};
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind};
use crate::plan::{Grouping, LogicalPlan, TypedPlan};
use crate::resolve::Resolver;
use crate::schema::{Field, Schema};
use crate::typed::Typed;
use crate::{aggregates, functions};

/// A column of a `SELECT` over a table.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) typed: Typed,
    pub(super) name: Text,
    /// The column of the table that it is, if it is one.
    pub(super) of: Option<Field>,
}

impl Selected {
    /// A value under a name.
    pub(super) fn new(typed: Typed, name: Text) -> Selected {
        Selected {
            typed,
            name,
            of: None,
        }
    }

    /// A column of a table.
    fn column(index: usize, field: &Field) -> Selected {
        Selected {
            typed: column_of(index, field),
            name: field.name.clone(),
            of: Some(field.clone()),
        }
    }
}

impl Analyzer<'_> {
    pub(super) fn project(
        &mut self,
        input: &LogicalPlan,
        columns: &[Expression],
    ) -> Result<TypedPlan, AnalysisError> {
        if columns.iter().any(has_aggregate) {
            return self.aggregate(input, &Grouping::Keys(Vec::new()), columns, None);
        }
        let table = input;
        let mut input = self.analyze(table)?;
        let visible = input.schema.fields().len();
        reveal(&mut input, usize::from(is_join_using(table)), columns);
        let all: Vec<&Expression> = columns.iter().collect();
        let WithValues {
            plan: input,
            places,
        } = self.with_values(input, &all)?;
        let schema = input.schema.clone();
        let (input, generated) = self.generated(input, columns)?;
        let width = input.schema.fields().len();
        let resolver = self.resolver(&schema);
        let mut resolver = resolver
            .with_width(width)
            .with_visible(visible)
            .with_subqueries(places)
            .with_over();
        let mut selected = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            if generated.as_ref().is_some_and(|it| it.place == place) {
                let of_generator = input
                    .schema
                    .fields()
                    .iter()
                    .enumerate()
                    .skip(schema.fields().len());
                selected.extend(of_generator.map(|(index, field)| Selected::column(index, field)));
            } else {
                select_one(column, &schema, &mut resolver, &mut selected)?;
            }
        }
        let functions = resolver.take_over();
        let input = with_window(input, resolver.into_window());
        let input = with_over(input, functions, &mut selected);
        Ok(project_selected(input, selected))
    }
}

/// The columns of one expression of a `SELECT`: one, or as many as a star stands for.
pub(super) fn select_one(
    column: &Expression,
    schema: &Schema,
    resolver: &mut Resolver<'_>,
    selected: &mut Vec<Selected>,
) -> Result<(), AnalysisError> {
    if column.is_star() {
        for column in resolver.without_star(column)? {
            select_one(&column, schema, resolver, selected)?;
        }
        return Ok(());
    }
    let typed = resolver.resolve(column)?;
    let name = resolver.name(column);
    let (ExpressionKind::Alias { .. } | ExpressionKind::Cast { .. }) = *column.kind else {
        let column = typed.as_column();
        let of = column.and_then(|index| schema.fields().get(index).cloned());
        selected.push(Selected { typed, name, of });
        return Ok(());
    };
    resolver.add_alias(name.clone(), typed.clone());
    selected.push(Selected::new(typed, name));
    Ok(())
}

/// The selected columns of a table.
pub(super) fn project_selected(input: TypedPlan, selected: Vec<Selected>) -> TypedPlan {
    let schema = selected_schema(&selected, &input.schema);
    let columns = selected.into_iter().map(|column| column.typed);
    projected(input, columns.collect(), schema)
}

/// The schema of selected columns.
pub(super) fn selected_schema(selected: &[Selected], of_input: &Schema) -> Schema {
    let fields = selected.iter().map(|column| Field {
        qualifier: column
            .of
            .iter()
            .flat_map(|it| it.qualifier.clone())
            .collect(),
        name: column.name.clone(),
        data_type: column.typed.data_type.clone(),
        nullable: column.typed.nullable,
        is_event_time: is_event_time(&column.typed, of_input),
        origin: column.of.as_ref().and_then(|it| it.origin.clone()),
    });
    fields.collect()
}

/// Returns true if an aggregate function is called in the expression.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    let is_aggregate = match &*expression.kind {
        ExpressionKind::Call(call) => {
            aggregates::find(&call.function).is_some() && functions::find(&call.function).is_none()
        }
        _ => false,
    };
    let parts = match &*expression.kind {
        // The aggregate of an `OVER` is none of groups.
        ExpressionKind::Over { function, .. } => {
            let rows = expression.children().into_iter().skip(1);
            function.children().into_iter().chain(rows).collect()
        }
        _ => expression.children(),
    };
    is_aggregate || parts.into_iter().any(has_aggregate)
}
