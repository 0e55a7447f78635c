//! `PIVOT`: columns for the values of a column (`org.apache.spark.sql.catalyst.analysis.ResolvePivot`).

use engine::{DataType, Text};

use super::Analyzer;
use super::project::has_aggregate;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::plan::{Grouping, LogicalPlan, PlanKind, TypedPlan};
use crate::schema::Field;
use crate::typed::Typed;

impl Analyzer<'_> {
    /// The groups by all columns that neither the aggregates nor the column of the pivot read, with a column for each value
    /// and aggregate: groups by that column, too, and then one row of those of a group.
    pub(super) fn pivot(
        &mut self,
        input: &LogicalPlan,
        aggregates: &[Expression],
        of: &Expression,
        values: &[Expression],
    ) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        if let Some(other) = aggregates.iter().find(|it| !has_aggregate(it)) {
            let message = format!(
                "Aggregate expression required for pivot, but \"{}\" did not appear in any aggregate function.",
                other.name()
            );
            let condition = "_LEGACY_ERROR_TEMP_1006";
            return Err(AnalysisError::new(condition, message).at(other.span));
        }
        let read = self.columns_of_pivot(&input, aggregates, of)?;
        let fields = input.schema.fields().iter().enumerate();
        let keys = fields.filter(|(index, _)| !read.contains(index));
        let keys: Vec<Expression> = keys.map(|(_, field)| field.to_expression()).collect();
        let named: Vec<Named> = values
            .iter()
            .map(|value| self.pivot_value(value, of, &input))
            .collect::<Result<_, _>>()?;
        let by: Vec<Expression> = keys.iter().cloned().chain([of.clone()]).collect();
        let columns: Vec<Expression> = by.iter().chain(aggregates).cloned().collect();
        let groups = self.grouped(input, &Grouping::Keys(by), &columns, None, &[])?;
        let mut groups = groups.plan;
        groups.schema = groups.schema.made_by(&LogicalPlan::new(PlanKind::OneRow));
        let made: Vec<Expression> = groups
            .schema
            .fields()
            .iter()
            .map(Field::to_expression)
            .collect();
        let own = &made[..keys.len()];
        let of = &made[keys.len()];
        let results = &made[keys.len() + 1..];
        let mut columns = own.to_vec();
        for Named { name, value } in &named {
            for (result, aggregate) in results.iter().zip(aggregates) {
                let is_it = Expression::call("<=>", [of.clone(), value.clone()]);
                let cell = Expression::call("if", [is_it, result.clone(), Expression::null()]);
                let first = Expression::new(ExpressionKind::Call(Call {
                    function: "first".into(),
                    arguments: vec![cell],
                    is_distinct: false,
                    filter: None,
                    ignore_nulls: true,
                }));
                columns.push(first.alias(match aggregates {
                    [_] => name.clone(),
                    _ => format!("{name}_{}", self.pivot_name(aggregate)).into(),
                }));
            }
        }
        let grouping = Grouping::Keys(own.to_vec());
        let pivoted = self.grouped(groups, &grouping, &columns, None, &[])?;
        Ok(pivoted.plan)
    }

    fn pivot_name(&self, aggregate: &Expression) -> Text {
        aggregate.name()
    }

    /// The columns of the table that are in no row of the result.
    fn columns_of_pivot(
        &self,
        input: &TypedPlan,
        aggregates: &[Expression],
        of: &Expression,
    ) -> Result<Vec<usize>, AnalysisError> {
        let mut resolver = self.resolver(&input.schema).with_aggregates();
        let mut read = resolver.resolve(of)?.columns();
        for aggregate in aggregates {
            read.extend(resolver.resolve(aggregate)?.columns());
        }
        for aggregate in resolver.into_found().0 {
            let parts = aggregate.arguments.iter().chain(&aggregate.filter);
            read.extend(parts.flat_map(Typed::columns));
        }
        Ok(read)
    }

    /// A value of a pivot, which depends on no row, and the name of its column.
    fn pivot_value(
        &self,
        written: &Expression,
        of: &Expression,
        input: &TypedPlan,
    ) -> Result<Named, AnalysisError> {
        let typed = self.resolver(&input.schema).resolve(written)?;
        if !typed.is_foldable() {
            let message = format!(
                "Literal expressions required for pivot values, found \"{}\".",
                written.name()
            );
            return Err(AnalysisError::new("NON_LITERAL_PIVOT_VALUES", message).at(written.span));
        }
        let pivot = self.resolver(&input.schema).resolve(of)?;
        let mut cast = typed.clone();
        if cast.cast_in_place(&pivot.data_type, self.session).is_err() {
            let message = format!(
                "Invalid pivot value '{}': value data type \"{}\" does not match pivot column data type \"{}\".",
                written.name(),
                typed.data_type,
                pivot.data_type
            );
            let error = AnalysisError::new("PIVOT_VALUE_DATA_TYPE_MISMATCH", message);
            return Err(error.at(written.span));
        }
        let (operand, name) = match &*written.kind {
            ExpressionKind::Alias { operand, names } => (operand, names.first().cloned()),
            _ => (written, None),
        };
        let text = typed.cast(&DataType::String, false, self.session).ok();
        let text = text.and_then(|text| text.constant(self.session));
        let text = match text {
            Some(engine::Value::String(text)) => text.to_string().into(),
            _ => "null".into(),
        };
        Ok(Named {
            name: name.unwrap_or(text),
            value: operand.clone().cast(pivot.data_type),
        })
    }
}

/// A value and the name of its column.
struct Named {
    name: Text,
    value: Expression,
}
