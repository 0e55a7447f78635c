//! `SELECT`: stars, generators, windows, and the columns that they are selected from.

use engine::{DataType, StructField, Text};

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
    /// The table that it can still be named by, if it is a column of one.
    pub(super) qualifier: Vec<Text>,
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
        let input = self.analyze(input)?;
        self.select(input, columns)
    }

    /// These columns of a table.
    pub(super) fn select(
        &mut self,
        input: TypedPlan,
        columns: &[Expression],
    ) -> Result<TypedPlan, AnalysisError> {
        let schema = input.schema.clone();
        let (input, generated) = self.generated(input, columns)?;
        let width = input.schema.fields().len();
        let mut resolver = Resolver::new(&schema, self.session).with_width(width);
        let mut selected = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            if generated.as_ref().is_some_and(|it| it.place == place) {
                let of_generator = input
                    .schema
                    .fields()
                    .iter()
                    .enumerate()
                    .skip(schema.fields().len());
                selected.extend(of_generator.map(|(index, field)| Selected {
                    typed: column_of(index, field),
                    name: field.name.clone(),
                    qualifier: Vec::new(),
                }));
            } else {
                select_one(column, &schema, &mut resolver, &mut selected)?;
            }
        }
        let input = with_window(input, resolver.into_window());
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
    if let ExpressionKind::Star(table) = &*column.kind {
        let columns = star(table, schema, resolver).map_err(|error| error.at(column.span))?;
        selected.extend(columns);
        return Ok(());
    }
    let typed = resolver.resolve(column)?;
    let name = resolver.name(column);
    let (ExpressionKind::Alias { .. } | ExpressionKind::Cast { .. }) = *column.kind else {
        let qualifier = qualifier_of(&typed, schema);
        selected.push(Selected {
            typed,
            name,
            qualifier,
        });
        return Ok(());
    };
    resolver.add_alias(name.clone(), typed.clone());
    selected.push(Selected {
        typed,
        name,
        qualifier: Vec::new(),
    });
    Ok(())
}

fn qualifier_of(typed: &Typed, schema: &Schema) -> Vec<Text> {
    match typed
        .as_column()
        .and_then(|index| schema.fields().get(index))
    {
        Some(field) => field.qualifier.clone(),
        None => Vec::new(),
    }
}

/// The selected columns of a table.
pub(super) fn project_selected(input: TypedPlan, selected: Vec<Selected>) -> TypedPlan {
    let fields = selected.iter().map(|column| Field {
        qualifier: column.qualifier.clone(),
        name: column.name.clone(),
        data_type: column.typed.data_type.clone(),
        nullable: column.typed.nullable,
        is_event_time: is_event_time(&column.typed, &input.schema),
    });
    let schema: Schema = fields.collect();
    let columns = selected.into_iter().map(|column| column.typed);
    projected(input, columns.collect(), schema)
}

/// The columns that a star stands for: all, those of a table, or the fields of a struct.
fn star(
    table: &[Text],
    schema: &Schema,
    resolver: &mut Resolver<'_>,
) -> Result<Vec<Selected>, AnalysisError> {
    let fields = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| field.is_of(table));
    let columns: Vec<Selected> = fields
        .map(|(index, field)| Selected {
            typed: column_of(index, field),
            name: field.name.clone(),
            qualifier: field.qualifier.clone(),
        })
        .collect();
    if !columns.is_empty() || table.is_empty() {
        return Ok(columns);
    }
    let named = Expression::new(ExpressionKind::Column(table.to_vec()));
    let structure = resolver.resolve(&named).ok();
    let Some(DataType::Struct(fields)) = structure.map(|it| it.data_type) else {
        let name: Vec<String> = table.iter().map(|part| format!("`{part}`")).collect();
        return Err(AnalysisError::new(
            "CANNOT_RESOLVE_STAR_EXPAND",
            format!(
                "Cannot resolve {}.* : there is no such table or struct.",
                name.join(".")
            ),
        ));
    };
    let mut columns = Vec::new();
    for StructField { name, .. } in fields {
        let field = Expression::new(ExpressionKind::Field {
            operand: named.clone(),
            name: name.clone(),
        });
        columns.push(Selected {
            typed: resolver.resolve(&field)?,
            name,
            qualifier: Vec::new(),
        });
    }
    Ok(columns)
}

/// Returns true if an aggregate function is called in the expression.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    let is_aggregate = match &*expression.kind {
        ExpressionKind::Call(call) => {
            aggregates::find(&call.function).is_some() && functions::find(&call.function).is_none()
        }
        _ => false,
    };
    is_aggregate || expression.children().into_iter().any(has_aggregate)
}
