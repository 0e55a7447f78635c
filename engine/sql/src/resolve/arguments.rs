//! The arguments of calls.

use std::borrow::Cow;

use engine::{DataType, SparkVersion, Text, Value};

use super::Resolver;
use crate::aggregate::AggregateFunction;
use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::function::Function;
use crate::typed::Typed;

impl Resolver<'_> {
    /// The arguments of a call. Those before a lambda say which types its parameters have.
    pub(super) fn resolve_arguments(
        &mut self,
        function: &'static Function,
        arguments: &[Expression],
    ) -> Result<Vec<Typed>, AnalysisError> {
        let mut resolved = Vec::with_capacity(arguments.len());
        for (place, written) in arguments.iter().enumerate() {
            for argument in self.without_stars(written).iter() {
                if let Some(default) = function.names {
                    let name = argument_name(argument);
                    let name = name.unwrap_or_else(|| default(place).into());
                    resolved.push(Typed::literal(Value::String(name), DataType::String));
                }
                let typed = self.resolve_argument(function, &resolved, argument)?;
                resolved.push(typed);
            }
        }
        Ok(resolved)
    }

    fn resolve_argument(
        &mut self,
        function: &'static Function,
        before: &[Typed],
        argument: &Expression,
    ) -> Result<Typed, AnalysisError> {
        let ExpressionKind::Lambda(lambda) = &*argument.kind else {
            return self.resolve(argument);
        };
        let types = function.lambda_parameters(before, lambda.parameters.len());
        let types = types.map_err(|error| AnalysisError::from(error).at(argument.span))?;
        self.resolve_lambda(lambda, types)
    }

    /// An argument, or the columns that a star stands for (`struct(*)`).
    fn without_stars<'e>(&self, argument: &'e Expression) -> Cow<'e, [Expression]> {
        let ExpressionKind::Star(table) = &*argument.kind else {
            return Cow::Borrowed(std::slice::from_ref(argument));
        };
        let fields = self.schema.fields().iter();
        let fields = fields.filter(|field| table.is_empty() || field.qualifier.ends_with(table));
        let columns = fields.map(|field| {
            let name = field.qualifier.iter().chain([&field.name]);
            Expression::new(ExpressionKind::Column(name.cloned().collect())).at(argument.span)
        });
        Cow::Owned(columns.collect())
    }

    /// The arguments of an aggregate function.
    pub(super) fn resolve_aggregated(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<Vec<Typed>, AnalysisError> {
        let mut arguments = Vec::new();
        for written in &call.arguments {
            match &*written.kind {
                // `count(*)` counts rows, whatever is in them.
                ExpressionKind::Star(table) if function.name == "count" && table.is_empty() => {
                    arguments.push(Typed::literal(Value::Integer(1), DataType::Integer));
                }
                ExpressionKind::Star(table) if function.name == "count" => {
                    return Err(count_of_table(table, self.session).at(written.span));
                }
                _ => {
                    for argument in self.without_stars(written).iter() {
                        arguments.push(self.resolve(argument)?);
                    }
                }
            }
        }
        Ok(arguments)
    }

    /// The condition of a `FILTER`.
    pub(super) fn resolve_filter(&mut self, filter: &Expression) -> Result<Typed, AnalysisError> {
        let typed = self.resolve(filter)?;
        match typed.data_type {
            DataType::Boolean => Ok(typed),
            DataType::Null => Ok(typed.cast(&DataType::Boolean, false, self.session)?),
            _ => Err(match self.session.spark {
                SparkVersion::V3_5 => AnalysisError::new(
                    "_LEGACY_ERROR_TEMP_1025",
                    "FILTER expression is not of type boolean. It cannot be used in an aggregate function.",
                ),
                SparkVersion::V4 => AnalysisError::new(
                    "INVALID_AGGREGATE_FILTER.NOT_BOOLEAN",
                    format!("The FILTER expression \"{}\" in an aggregate function is invalid. Expected a FILTER expression of the BOOLEAN type.", filter.name()),
                ),
            }
            .at(filter.span)),
        }
    }
}

fn count_of_table(table: &[Text], session: &Session) -> AnalysisError {
    let join = |quote: &str| {
        let parts = table.iter().map(|part| format!("{quote}{part}{quote}"));
        parts.collect::<Vec<_>>().join(".")
    };
    let (condition, table) = match session.spark {
        SparkVersion::V3_5 => ("_LEGACY_ERROR_TEMP_1021", join("")),
        SparkVersion::V4 => (
            "INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT",
            join("`"),
        ),
    };
    let message = format!(
        "count({table}.*) is not allowed. Please use count(*) or expand the columns manually, e.g. count(col1, col2)."
    );
    AnalysisError::new(condition, message)
}

/// The name of an argument that has one: a column, a field or an alias.
fn argument_name(argument: &Expression) -> Option<Text> {
    match &*argument.kind {
        ExpressionKind::Column(_) | ExpressionKind::Field { .. } | ExpressionKind::Alias { .. } => {
            Some(argument.name())
        }
        _ => None,
    }
}
