//! The values of expressions in a row.

use std::borrow::Cow;

use engine::{DataType, Failure, Row, Value};

use super::{Typed, TypedKind};
use crate::context::{Context, Session};
use crate::function::{CallInfo, with_values};

/// The row that an expression is evaluated in, and the parameters of the lambdas around it.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The columns.
    pub row: &'a [Value],
    /// The innermost lambda's parameters.
    pub variables: Option<&'a Variables<'a>>,
    /// The session and the moment.
    pub context: &'a Context<'a>,
}

/// The parameters of a lambda.
#[derive(Clone, Copy, Debug)]
pub struct Variables<'a> {
    /// Their values.
    pub values: &'a [Value],
    /// Those of the lambda around it.
    pub outer: Option<&'a Variables<'a>>,
}

impl Typed {
    /// The value, if it is the same in each row: that of a constant argument. `None` of one that depends on the row or on
    /// the moment, or fails.
    pub fn constant(&self, session: &Session) -> Option<Value> {
        self.try_constant(session)?.ok()
    }

    /// The value or the failure, if it is the same in each row and at each moment.
    pub(crate) fn try_constant(&self, session: &Session) -> Option<Result<Value, Failure>> {
        self.is_foldable()
            .then(|| self.value(&[], &Context::without_moment(session)))
    }

    /// The value of the expression in this row.
    ///
    /// # Errors
    ///
    /// A failure where Spark's expression throws, as most do in ANSI mode.
    pub fn value(&self, row: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        self.evaluate(&Scope {
            row,
            variables: None,
            context,
        })
    }

    /// Its values for all rows of a partition: of a function that takes them at once by one call.
    ///
    /// # Errors
    ///
    /// As [`value`](Typed::value).
    pub fn partition_values(
        &self,
        partition: usize,
        rows: &[Row],
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        match &self.kind {
            TypedKind::External {
                function,
                arguments,
            } if function.takes_partitions() => {
                let types: Vec<DataType> =
                    arguments.iter().map(|it| it.data_type.clone()).collect();
                let arguments = rows
                    .iter()
                    .map(|row| Typed::values(arguments, row, context));
                let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
                function.values(partition, &arguments, &types, context)
            }
            _ => rows.iter().map(|row| self.value(row, context)).collect(),
        }
    }

    /// The values of some expressions in this row.
    pub fn values(
        expressions: &[Typed],
        row: &[Value],
        context: &Context<'_>,
    ) -> Result<Row, Failure> {
        let mut values = Row::with_capacity(expressions.len());
        Typed::values_into(&mut values, expressions, row, context)?;
        Ok(values)
    }

    /// Puts the values of some expressions in this row into `values`, in the place of those that are there.
    pub fn values_into(
        values: &mut Row,
        expressions: &[Typed],
        row: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        values.clear();
        for expression in expressions {
            values.push(expression.value(row, context)?);
        }
        Ok(())
    }

    /// The value in this row, if it is there already: of a column, or one that was written down.
    pub fn known<'a>(&'a self, row: &'a [Value]) -> Option<&'a Value> {
        match &self.kind {
            TypedKind::Column(index) => Some(&row[*index]),
            TypedKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The value of the expression in this scope, copied only if it is not there already.
    pub(crate) fn borrow<'a>(&'a self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, Failure> {
        match self.known(scope.row) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.evaluate(scope).map(Cow::Owned),
        }
    }

    /// The value of the expression in this scope.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, Failure> {
        match &self.kind {
            TypedKind::Column(index) => Ok(scope.row[*index].clone()),
            TypedKind::Literal(value) => Ok(value.clone()),
            TypedKind::Variable { depth, index } => Ok(scope.variable(*depth, *index).clone()),
            TypedKind::Call {
                function,
                arguments,
                prepared,
            } => {
                let call = CallInfo {
                    arguments,
                    result: &self.data_type,
                    session: scope.context.session,
                };
                function.value(&call, prepared.as_ref(), scope)
            }
            TypedKind::External {
                function,
                arguments,
            } => with_values(arguments, scope, |values| {
                function.value(values, scope.context)
            }),
            TypedKind::Cast { operand, cast } => {
                cast.value(operand.evaluate(scope)?, scope.context)
            }
            TypedKind::Lambda(body) => body.evaluate(scope),
            TypedKind::Aggregate(index) => {
                unreachable!("the plan has put a column in the place of aggregate {index}")
            }
            TypedKind::Over(index) => {
                unreachable!("the plan has put a column in the place of function {index}")
            }
            TypedKind::Outer(index) => {
                unreachable!("a query that keeps column {index} of the row around it is refused")
            }
        }
    }
}

impl Scope<'_> {
    /// A parameter of a lambda.
    ///
    /// # Panics
    ///
    /// Panics outside of such a lambda: resolution makes variables only within.
    fn variable(&self, depth: usize, index: usize) -> &Value {
        let innermost = self.variables.expect("a variable is within its lambda");
        let lambda = (0..depth).fold(innermost, |inner, _| {
            inner.outer.expect("a variable is within its lambda")
        });
        &lambda.values[index]
    }

    /// The value of a lambda for these arguments.
    pub fn apply(&self, lambda: &Typed, values: &[Value]) -> Result<Value, Failure> {
        let variables = Variables {
            values,
            outer: self.variables,
        };
        lambda.evaluate(&Scope {
            variables: Some(&variables),
            ..*self
        })
    }
}
