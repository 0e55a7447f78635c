//! The arguments of calls.

use engine::{DataType, SparkVersion, Text, Value};

use super::Resolver;
use crate::aggregate::AggregateFunction;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::function::Function;
use crate::typed::Typed;

impl Resolver<'_> {
    /// The arguments of a call. Those before a lambda say which types its parameters have.
    pub(super) fn resolve_arguments(
        &mut self,
        function: &'static Function,
        call: &Call,
    ) -> Result<Vec<Typed>, AnalysisError> {
        let mut resolved = Vec::with_capacity(call.arguments.len());
        for (place, argument) in call.arguments.iter().enumerate() {
            if let Some(default) = function.names {
                let name = argument_name(argument);
                let name = name.unwrap_or_else(|| default(place).into());
                resolved.push(Typed::literal(Value::String(name), DataType::String));
            }
            let typed = self.resolve_argument(function, call, argument, &resolved)?;
            resolved.push(typed);
        }
        Ok(resolved)
    }

    fn resolve_argument(
        &mut self,
        function: &'static Function,
        call: &Call,
        argument: &Expression,
        before: &[Typed],
    ) -> Result<Typed, AnalysisError> {
        let ExpressionKind::Lambda(lambda) = &*argument.kind else {
            return self.resolve(argument);
        };
        let types = function.lambda_parameters(before, lambda.parameters.len());
        let types = types.map_err(|error| self.refused(&error, call).at(argument.span))?;
        self.resolve_lambda(lambda, types)
    }

    /// The arguments of an aggregate function.
    pub(super) fn resolve_aggregated(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<Vec<Typed>, AnalysisError> {
        let arguments = call.arguments.iter().map(|argument| {
            // `count(*)` counts rows, whatever is in them.
            if function.name == "count" && argument.is_star() {
                return Ok(Typed::literal(Value::Integer(1), DataType::Integer));
            }
            self.resolve(argument)
        });
        arguments.collect()
    }

    /// The condition of a `FILTER`.
    pub(super) fn resolve_filter(&mut self, filter: &Expression) -> Result<Typed, AnalysisError> {
        let typed = self.resolve(filter)?;
        match typed.data_type {
            DataType::Boolean => Ok(typed),
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

/// The name of an argument that has one: a column, a field or an alias.
fn argument_name(argument: &Expression) -> Option<Text> {
    match &*argument.kind {
        ExpressionKind::Column(_)
        | ExpressionKind::Attribute(_)
        | ExpressionKind::Field { .. }
        | ExpressionKind::Alias { .. } => Some(argument.name()),
        _ => None,
    }
}
