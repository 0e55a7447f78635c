//! Calls of aggregate functions.

use engine::{Failure, Value};

use super::Resolver;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::aggregates;
use crate::context::{Context, Session};
use crate::error::AnalysisError;
use crate::expression::Call;
use crate::function::Mismatch;
use crate::typed::{Typed, TypedKind};

/// A call of an aggregate function over the rows of a table.
#[derive(Debug)]
pub struct TypedAggregate {
    /// The function.
    pub function: &'static AggregateFunction,
    /// Its arguments.
    pub arguments: Vec<Typed>,
    /// Each list of arguments counts once.
    pub is_distinct: bool,
    /// The rows that count.
    pub filter: Option<Typed>,
    /// `NULL`s do not count.
    pub ignore_nulls: bool,
    /// Its buffer.
    pub accumulate: Box<dyn Accumulate>,
}

impl TypedAggregate {
    /// The value of no rows; `None` if it is `NULL`.
    pub(crate) fn of_no_rows(&self, session: &Session) -> Option<Value> {
        let context = Context::without_moment(session);
        let value = self.accumulate.finish(&self.accumulate.initial(), &context);
        value.ok().filter(|value| *value != Value::Null)
    }

    /// A call of the function of this name, which is in the table, for all rows.
    pub(crate) fn of(
        name: &str,
        arguments: Vec<Typed>,
        session: &Session,
    ) -> Result<TypedAggregate, Mismatch> {
        let function = aggregates::find(name).expect("it is in the table");
        Ok(TypedAggregate {
            accumulate: (function.build)(&AggregateCall {
                arguments: &arguments,
                ignore_nulls: false,
                session,
            })?,
            function,
            arguments,
            is_distinct: false,
            filter: None,
            ignore_nulls: false,
        })
    }

    /// Adds a row to a buffer, if it counts.
    ///
    /// # Errors
    ///
    /// The failure of an argument.
    pub(crate) fn update(
        &self,
        buffer: &mut [Value],
        row: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if let Some(filter) = &self.filter
            && filter.value(row, context)? != Value::Boolean(true)
        {
            return Ok(());
        }
        let arguments = Typed::values(&self.arguments, row, context)?;
        self.accumulate.update(buffer, &arguments, context)
    }

    fn is_same(&self, other: &TypedAggregate) -> bool {
        let is_same_filter = match (&self.filter, &other.filter) {
            (None, None) => true,
            (Some(one), Some(other)) => one.is_same(other),
            _ => false,
        };
        std::ptr::eq(self.function, other.function)
            && self.arguments.len() == other.arguments.len()
            && self
                .arguments
                .iter()
                .zip(&other.arguments)
                .all(|(one, other)| one.is_same(other))
            && self.is_distinct == other.is_distinct
            && self.ignore_nulls == other.ignore_nulls
            && is_same_filter
    }
}

/// A place where there may be no aggregate.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlaceWithoutAggregates {
    Condition,
    /// A key of groups.
    Key,
    /// The argument of another aggregate.
    Argument,
}

impl PlaceWithoutAggregates {
    fn error(self, function: &str) -> AnalysisError {
        match self {
            PlaceWithoutAggregates::Condition => AnalysisError::new(
                "INVALID_WHERE_CONDITION",
                format!("the aggregate function `{function}` is not allowed here"),
            ),
            PlaceWithoutAggregates::Key => AnalysisError::new(
                "GROUP_BY_AGGREGATE",
                format!("Aggregate functions are not allowed in GROUP BY, but found {function}."),
            ),
            PlaceWithoutAggregates::Argument => AnalysisError::new(
                "NESTED_AGGREGATE_FUNCTION",
                "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the \
                 inner aggregate function in a sub-query.",
            ),
        }
    }
}

impl Resolver<'_> {
    pub(super) fn resolve_aggregate(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<Typed, AnalysisError> {
        if !self.lambdas.is_empty() {
            return Err(AnalysisError::unclassified(format!(
                "the aggregate function `{}` is not allowed in a lambda function",
                function.name
            )));
        }
        let Some(found) = self.aggregates.take() else {
            return Err(self.place.error(function.name));
        };
        // An aggregate within another finds none to collect into.
        let aggregate = self.typed_aggregate(function, call);
        let mut found = found;
        let result = aggregate.map(|aggregate| {
            let (data_type, nullable) = aggregate.accumulate.result();
            let index = found.iter().position(|it| it.is_same(&aggregate));
            let index = index.unwrap_or_else(|| {
                found.push(aggregate);
                found.len() - 1
            });
            Typed {
                kind: TypedKind::Aggregate(index),
                data_type,
                nullable,
            }
        });
        self.aggregates = Some(found);
        result
    }

    pub(super) fn typed_aggregate(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<TypedAggregate, AnalysisError> {
        if call.ignore_nulls && !function.takes_ignore_nulls {
            return Err(AnalysisError::new(
                "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                format!(
                    "The function `{}` does not support IGNORE NULLS.",
                    function.name
                ),
            ));
        }
        let mut arguments = self.resolve_aggregated(function, call)?;
        let coerced = function
            .takes
            .coerce(function.name, &mut arguments, self.session);
        coerced.map_err(AnalysisError::from)?;
        if !arguments.iter().all(Typed::is_deterministic) {
            return Err(AnalysisError::new(
                "AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION",
                format!(
                    "Non-deterministic expression \"{}\" should not appear in the arguments of an aggregate function.",
                    self.texts().call(call)
                ),
            ));
        }
        let filter = call
            .filter
            .as_ref()
            .map(|filter| self.resolve_filter(filter));
        let accumulate = (function.build)(&AggregateCall {
            arguments: &arguments,
            ignore_nulls: call.ignore_nulls,
            session: self.session,
        });
        Ok(TypedAggregate {
            function,
            is_distinct: call.is_distinct,
            filter: filter.transpose()?,
            ignore_nulls: call.ignore_nulls,
            accumulate: accumulate.map_err(AnalysisError::from)?,
            arguments,
        })
    }
}
