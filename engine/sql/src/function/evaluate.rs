//! The evaluation of functions.

use std::fmt;
use std::sync::Arc;

use engine::{DataType, Failure, Value};

use super::Mismatch;
use crate::context::Session;
use crate::typed::{Scope, Typed};

/// The evaluation of a function.
#[derive(Clone, Copy, Debug)]
pub enum Evaluate {
    /// `NULL` if an argument is; else of the values of all arguments.
    Strict(fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>),
    /// `NULL` if one of two arguments is; else of their values, neither of which is copied for it.
    Pair(fn(&Value, &Value) -> Result<Value, Failure>),
    /// Of the values of all arguments, `NULL` or not.
    Eager(fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>),
    /// Of the expressions, which it evaluates itself: only those that it needs.
    Lazy(fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>),
    /// Prepared once a query, as a regular expression is; `NULL` if an argument is.
    Prepared(fn(&CallInfo<'_>) -> Result<Prepared, Mismatch>),
}

/// An evaluation that was prepared for one call.
#[derive(Clone)]
pub struct Prepared(Arc<PreparedFunction>);

type PreparedFunction = dyn Fn(&[Value]) -> Result<Value, Failure> + Send + Sync;

impl Prepared {
    /// This evaluation.
    pub fn new(
        evaluate: impl Fn(&[Value]) -> Result<Value, Failure> + Send + Sync + 'static,
    ) -> Prepared {
        Prepared(Arc::new(evaluate))
    }

    pub(crate) fn evaluate(&self, values: &[Value]) -> Result<Value, Failure> {
        (self.0)(values)
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}

/// A call: its arguments and the type of its value.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo<'a> {
    /// The arguments, cast to the types that the function takes.
    pub arguments: &'a [Typed],
    /// The type of the value.
    pub result: &'a DataType,
    /// The settings of the session.
    pub session: &'a Session,
}

impl CallInfo<'_> {
    /// The type of an argument.
    pub fn argument_type(&self, index: usize) -> &DataType {
        &self.arguments[index].data_type
    }
}

/// Hands the values of the arguments to `evaluate`; few of them take no room on the heap.
pub(crate) fn with_values(
    arguments: &[Typed],
    scope: &Scope<'_>,
    evaluate: impl FnOnce(&[Value]) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    match arguments {
        [one] => evaluate(&[one.evaluate(scope)?]),
        [one, two] => evaluate(&[one.evaluate(scope)?, two.evaluate(scope)?]),
        _ => {
            let values = arguments.iter().map(|argument| argument.evaluate(scope));
            evaluate(&values.collect::<Result<Vec<_>, _>>()?)
        }
    }
}

/// Hands the values of two arguments to `evaluate`; the second one is not evaluated if the first one is `NULL`.
pub(super) fn with_pair(
    arguments: &[Typed],
    scope: &Scope<'_>,
    evaluate: fn(&Value, &Value) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let [one, other] = arguments else {
        return Ok(Value::Null);
    };
    let one = one.borrow(scope)?;
    if matches!(*one, Value::Null) {
        return Ok(Value::Null);
    }
    let other = other.borrow(scope)?;
    if matches!(*other, Value::Null) {
        return Ok(Value::Null);
    }
    evaluate(&one, &other)
}

/// Hands the values of the arguments to `evaluate`; those after one that is `NULL` are not evaluated.
pub(super) fn with_not_null(
    arguments: &[Typed],
    scope: &Scope<'_>,
    evaluate: impl FnOnce(&[Value]) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let value = |argument: &Typed| match argument.evaluate(scope)? {
        Value::Null => Ok::<_, Failure>(None),
        value => Ok(Some(value)),
    };
    let known = match arguments {
        [one] => value(one)?.map(|one| evaluate(&[one])),
        [one, two] => match value(one)? {
            Some(one) => value(two)?.map(|two| evaluate(&[one, two])),
            None => None,
        },
        _ => {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                match value(argument)? {
                    Some(value) => values.push(value),
                    None => return Ok(Value::Null),
                }
            }
            Some(evaluate(&values))
        }
    };
    known.unwrap_or(Ok(Value::Null))
}
