//! A scalar function: one row of a table, from which all faces are made.
//!
//! The rows are in `functions/<family>.rs`. A row says by its [`Takes`] which types the function is given, after
//! Spark's implicit casts, by [`Gives`] and [`Nulls`] which it returns, by `text` how a column of it is named, and how
//! it is evaluated.

mod evaluate;
mod mismatch;
mod types;

use std::fmt;

use engine::{DataType, Failure, SparkVersion, Value};

use crate::context::Session;
use crate::typed::{Scope, Typed, TypedKind};

pub use evaluate::{CallInfo, Evaluate, Prepared};
pub use mismatch::Mismatch;
pub use types::{Gives, Nulls, Operator, Takes, Type};

pub(crate) use self::evaluate::with_values;
use self::evaluate::{with_not_null, with_pair};

/// A scalar function.
pub struct Function {
    /// The name in SQL, in lower case; of an operator its sign.
    pub name: &'static str,
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    /// The types of its arguments.
    pub takes: Takes,
    /// The expression that stands in the place of a call.
    pub instead: Option<Instead>,
    /// The type of its value.
    pub gives: Gives,
    /// When its value may be `NULL`.
    pub nulls: Nulls,
    /// The name of a column of it, from the texts of its arguments.
    pub text: ColumnText,
    /// The same arguments have the same value.
    pub is_deterministic: bool,
    /// Of constants it is a constant (`Expression.foldable`).
    pub is_foldable: bool,
    /// Its value is that of the micro-batch: the same in each of its rows, and not known before.
    pub is_of_moment: bool,
    /// The first version of Spark that has it.
    pub since: SparkVersion,
    /// Its arguments come each after its name: that of a column, or else one by its index.
    pub names: Option<fn(usize) -> String>,
    /// The types of the parameters of a lambda that it takes.
    pub lambda: Option<LambdaParameters>,
    /// Its evaluation.
    pub evaluate: Evaluate,
}

/// The types of a lambda's parameters, and true of those that may be `NULL`: from the arguments before it and the number
/// of its parameters.
pub type LambdaParameters = fn(&[Typed], usize) -> Result<Vec<(DataType, bool)>, Mismatch>;

/// The expression in the place of a call with these arguments, if there is one; it takes them
/// (`RuntimeReplaceable`, and what the analyzer makes of an operator by the types of its operands).
pub type Instead = fn(&mut Vec<Typed>, &Session) -> Result<Option<Replaced>, Mismatch>;

/// An expression in the place of a call.
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The expression.
    pub typed: Typed,
    /// The name of its column, in which `{0}` stands for the text of the first argument of the call and so on; `None` if
    /// it is that of the call.
    pub text: Option<String>,
}

impl From<Typed> for Replaced {
    fn from(typed: Typed) -> Replaced {
        Replaced { typed, text: None }
    }
}

/// The name of a column of a function.
#[derive(Clone, Copy, Debug)]
pub enum ColumnText {
    /// `name(a, b)`, by the name that was called, which may be an alias.
    Call,
    /// `name(a, b)`, whatever alias was called.
    Named(&'static str),
    /// `NAME(a, b)`, by the name that was called.
    Capitals,
    /// `name(a, b, 1)`: a call with this number of arguments, of which those left out are written with their defaults.
    Filled(usize, &'static [&'static str]),
    /// `name(a)` of this number of arguments at most: the others are not written.
    First(usize),
    /// `(a + b)`.
    Infix(&'static str),
    /// As the function says itself.
    By(fn(&[String]) -> String),
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// A row of a deterministic function whose column is named `name(a, b)`, and whose value may be `NULL` if an
    /// argument may be.
    pub(crate) const fn new(
        name: &'static str,
        takes: Takes,
        gives: Gives,
        evaluate: Evaluate,
    ) -> Function {
        Function {
            name,
            aliases: &[],
            takes,
            instead: None,
            gives,
            nulls: Nulls::Arguments,
            text: ColumnText::Call,
            is_deterministic: true,
            is_foldable: true,
            is_of_moment: false,
            since: SparkVersion::V3_5,
            names: None,
            lambda: None,
            evaluate,
        }
    }

    /// The same row with other names of the function.
    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Function {
        self.aliases = aliases;
        self
    }

    /// The same row of a function with another expression in the place of some calls or all.
    pub(crate) const fn instead(mut self, instead: Instead) -> Function {
        self.instead = Some(instead);
        self
    }

    /// Returns true if its value is `NULL` where an argument is (`NullIntolerant`).
    pub(crate) fn is_null_of_null(&self) -> bool {
        matches!(
            self.evaluate,
            Evaluate::Strict(_) | Evaluate::Pair(_) | Evaluate::Prepared(_)
        )
    }

    /// The same row of a function whose value may be `NULL` in these cases.
    pub(crate) const fn nulls(mut self, nulls: Nulls) -> Function {
        self.nulls = nulls;
        self
    }

    /// The same row with a column text.
    pub(crate) const fn text(mut self, text: ColumnText) -> Function {
        self.text = text;
        self
    }

    /// The same row of a function that Spark does not take for a constant, whatever its arguments.
    pub(crate) const fn unfoldable(mut self) -> Function {
        self.is_foldable = false;
        self
    }

    /// The same row of a function that Spark 3.5 does not have.
    pub(crate) const fn since_4(mut self) -> Function {
        self.since = SparkVersion::V4;
        self
    }

    /// The types of the parameters of a lambda, which follows these arguments, and true of those that may be `NULL`.
    ///
    /// # Errors
    ///
    /// The function takes no lambda there, or one with another number of parameters.
    pub(crate) fn lambda_parameters(
        &self,
        before: &[Typed],
        count: usize,
    ) -> Result<Vec<(DataType, bool)>, Mismatch> {
        match self.lambda {
            Some(parameters) => parameters(before, count),
            None => Err(Mismatch::new(
                "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                format!("a lambda function is no argument of `{}`", self.name),
            )),
        }
    }

    /// The same row of a function whose arguments come each after its name.
    pub(crate) const fn named(mut self, names: fn(usize) -> String) -> Function {
        self.names = Some(names);
        self
    }

    /// The same row of a function that takes lambdas, whose parameters have these types.
    pub(crate) const fn lambda(mut self, parameters: LambdaParameters) -> Function {
        self.lambda = Some(parameters);
        self
    }

    /// A call of the function, whose arguments are resolved already: casts them, and finds the type of the value.
    ///
    /// # Errors
    ///
    /// The function does not take these arguments.
    pub(crate) fn typed(
        &'static self,
        arguments: Vec<Typed>,
        session: &Session,
    ) -> Result<Typed, Mismatch> {
        self.replaced(arguments, session).map(|it| it.typed)
    }

    /// The same, with the text of the expression that stands in the place of the call.
    pub(crate) fn replaced(
        &'static self,
        mut arguments: Vec<Typed>,
        session: &Session,
    ) -> Result<Replaced, Mismatch> {
        if let Some(instead) = self.instead
            && self.takes.has_count(arguments.len())
            && let Some(other) = instead(&mut arguments, session)?
        {
            return Ok(other);
        }
        self.typed_call(arguments, session).map(Replaced::from)
    }

    /// A call of the function, which has no other expression in its place.
    pub(crate) fn typed_call(
        &'static self,
        mut arguments: Vec<Typed>,
        session: &Session,
    ) -> Result<Typed, Mismatch> {
        self.takes.coerce(self.name, &mut arguments, session)?;
        let data_type = match &self.gives {
            Gives::Type(data_type) => data_type.clone(),
            Gives::Argument(index) => arguments[*index].data_type.clone(),
            Gives::By(result) => result(&arguments, session)?,
        };
        let nullable = match self.nulls {
            Nulls::Arguments => arguments.iter().any(|argument| argument.nullable),
            Nulls::Never => false,
            Nulls::Always => true,
            Nulls::By(nullable) => nullable(&arguments, session),
        };
        let info = CallInfo {
            arguments: &arguments,
            result: &data_type,
            session,
        };
        let prepared = match self.evaluate {
            Evaluate::Prepared(prepare) => Some(prepare(&info)?),
            Evaluate::Strict(_) | Evaluate::Pair(_) | Evaluate::Eager(_) | Evaluate::Lazy(_) => {
                None
            }
        };
        Ok(Typed {
            kind: TypedKind::Call {
                function: self,
                arguments,
                prepared,
            },
            data_type,
            nullable,
        })
    }

    /// The value of a call in a scope.
    pub(crate) fn value(
        &self,
        call: &CallInfo<'_>,
        prepared: Option<&Prepared>,
        scope: &Scope<'_>,
    ) -> Result<Value, Failure> {
        let value = match self.evaluate {
            Evaluate::Lazy(evaluate) => evaluate(call, scope),
            Evaluate::Eager(evaluate) => {
                with_values(call.arguments, scope, |values| evaluate(values, call))
            }
            Evaluate::Strict(evaluate) => {
                with_not_null(call.arguments, scope, |values| evaluate(values, call))
            }
            Evaluate::Pair(evaluate) => with_pair(call.arguments, scope, evaluate),
            Evaluate::Prepared(_) => {
                with_not_null(call.arguments, scope, |values| match prepared {
                    Some(prepared) => prepared.evaluate(values),
                    None => Ok(Value::Null),
                })
            }
        };
        // A message with an error class says by itself what has failed.
        value.map_err(|failure| {
            if failure.message().starts_with('[') {
                failure
            } else {
                failure.in_operator(self.name)
            }
        })
    }
}
