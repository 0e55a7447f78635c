//! Expressions whose names and types are known, and their values.

use std::borrow::Cow;
use std::ops::Range;

use engine::{DataType, Failure, Row, Value};

use crate::cast::{Cast, special_moment};
use crate::context::{Context, Session};
use crate::external::ExternalFunction;
use crate::function::{CallInfo, Function, Mismatch, Prepared, with_values};
use crate::functions;

/// An expression of a known type over the columns of a row, by their index.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The kind.
    pub kind: TypedKind,
    /// The type of its value.
    pub data_type: DataType,
    /// The value may be `NULL`.
    pub nullable: bool,
}

/// The kinds of typed expressions.
#[derive(Clone, Debug)]
pub enum TypedKind {
    /// A column of the row.
    Column(usize),
    /// A parameter of a lambda: of the innermost one (0) or of one around it, and its place there.
    Variable {
        /// The number of lambdas between.
        depth: usize,
        /// The place among its parameters.
        index: usize,
    },
    /// A value.
    Literal(Value),
    /// A function of values.
    Call {
        /// The function.
        function: &'static Function,
        /// Its arguments, cast to the types that it takes.
        arguments: Vec<Typed>,
        /// Its evaluation, if it is prepared.
        prepared: Option<Prepared>,
    },
    /// A function of the program.
    External {
        /// The function.
        function: ExternalFunction,
        /// Its arguments.
        arguments: Vec<Typed>,
    },
    /// A value as another type.
    Cast {
        /// The value.
        operand: Box<Typed>,
        /// From and to.
        cast: Cast,
    },
    /// The value of a function of elements; only an argument of a call.
    Lambda(Box<Typed>),
    /// The result of the aggregate of this index, until the plan has put a column in its place.
    Aggregate(usize),
    /// That of the function over rows of this index, until then, too.
    Over(usize),
}

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

impl Default for Typed {
    /// `NULL`.
    fn default() -> Typed {
        Typed::literal(Value::Null, DataType::Null)
    }
}

impl Typed {
    /// A column of the row.
    pub fn column(index: usize, data_type: DataType, nullable: bool) -> Typed {
        Typed {
            kind: TypedKind::Column(index),
            data_type,
            nullable,
        }
    }

    /// A value.
    pub fn literal(value: Value, data_type: DataType) -> Typed {
        Typed {
            nullable: value == Value::Null,
            kind: TypedKind::Literal(value),
            data_type,
        }
    }

    /// The index of the column, if it is one.
    pub fn as_column(&self) -> Option<usize> {
        match self.kind {
            TypedKind::Column(index) => Some(index),
            _ => None,
        }
    }

    /// The expressions that it is made of.
    fn children(&self) -> &[Typed] {
        match &self.kind {
            TypedKind::Column(_)
            | TypedKind::Variable { .. }
            | TypedKind::Literal(_)
            | TypedKind::Aggregate(_)
            | TypedKind::Over(_) => &[],
            TypedKind::Call { arguments, .. } | TypedKind::External { arguments, .. } => arguments,
            TypedKind::Cast { operand, .. } | TypedKind::Lambda(operand) => {
                std::slice::from_ref(operand)
            }
        }
    }

    fn children_mut(&mut self) -> &mut [Typed] {
        match &mut self.kind {
            TypedKind::Column(_)
            | TypedKind::Variable { .. }
            | TypedKind::Literal(_)
            | TypedKind::Aggregate(_)
            | TypedKind::Over(_) => &mut [],
            TypedKind::Call { arguments, .. } | TypedKind::External { arguments, .. } => arguments,
            TypedKind::Cast { operand, .. } | TypedKind::Lambda(operand) => {
                std::slice::from_mut(operand)
            }
        }
    }

    /// The columns that it reads.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.as_column().into_iter().collect();
        columns.extend(self.children().iter().flat_map(Typed::columns));
        columns
    }

    /// Returns true if it reads no columns but those of which this is true.
    pub fn reads_only(&self, is_read: impl Fn(usize) -> bool) -> bool {
        self.columns().into_iter().all(is_read)
    }

    /// The same expression over a table without its first columns, which it does not read.
    pub fn shifted(mut self, first: usize) -> Typed {
        self.rewrite(&mut |part| {
            let column = part.as_column()?;
            Some(Typed::column(
                column - first,
                part.data_type.clone(),
                part.nullable,
            ))
        });
        self
    }

    /// An expression over the columns of a `SELECT` as one over the table below.
    pub(crate) fn substituted(mut self, columns: &[Typed]) -> Typed {
        self.rewrite(&mut |part| part.as_column().map(|index| columns[index].clone()));
        self
    }

    /// Puts other parts in the place of those for which `replace` has one, the outermost first.
    pub fn rewrite(&mut self, replace: &mut dyn FnMut(&Typed) -> Option<Typed>) {
        if let Some(other) = replace(self) {
            *self = other;
            return;
        }
        for child in self.children_mut() {
            child.rewrite(replace);
        }
    }

    /// The conditions that must all be true for this one to be: it is taken apart at its `AND`s.
    pub fn conjuncts(self) -> Vec<Typed> {
        match self.kind {
            TypedKind::Call {
                function,
                arguments,
                ..
            } if function.name == "and" => {
                arguments.into_iter().flat_map(Typed::conjuncts).collect()
            }
            _ => vec![self],
        }
    }

    /// The value, if it is the same in each row because it was written down.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            TypedKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// Returns true if the value depends neither on the row nor on a lambda's parameter.
    pub fn is_foldable(&self) -> bool {
        match &self.kind {
            TypedKind::Literal(_) => true,
            TypedKind::Column(_)
            | TypedKind::Variable { .. }
            | TypedKind::Lambda(_)
            | TypedKind::External { .. }
            | TypedKind::Aggregate(_)
            | TypedKind::Over(_) => false,
            TypedKind::Cast { operand, cast } => {
                operand.is_foldable() && !cast.depends_on_moment(operand)
            }
            TypedKind::Call {
                function,
                arguments,
                ..
            } => {
                function.is_deterministic
                    && !function.is_of_moment
                    && arguments.iter().all(Typed::is_foldable)
            }
        }
    }

    /// The value, if it is the same in each row: that of a constant argument. `None` of one that depends on the row or on
    /// the moment, or fails.
    pub fn constant(&self, session: &Session) -> Option<Value> {
        if !self.is_foldable() {
            return None;
        }
        let context = Context {
            session,
            timestamp: 0,
        };
        self.value(&[], &context).ok()
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

    /// The columns that these expressions are, if they lie side by side in each row.
    pub fn side_by_side(expressions: &[Typed]) -> Option<Range<usize>> {
        let first = expressions.first()?.as_column()?;
        let columns = first..first + expressions.len();
        let places = expressions.iter().map(Typed::as_column);
        places.eq(columns.clone().map(Some)).then_some(columns)
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
        }
    }

    /// The value as another type, as written by the user.
    ///
    /// # Errors
    ///
    /// Spark has no such cast.
    pub fn cast(self, to: &DataType, is_try: bool, session: &Session) -> Result<Typed, Mismatch> {
        if let Some(moment) = special_moment(&self, to, session) {
            return Ok(moment);
        }
        let cast = Cast::new(&self.data_type, to, is_try, session)?;
        Ok(Typed {
            nullable: self.nullable || cast.is_nullable(),
            data_type: to.clone(),
            kind: TypedKind::Cast {
                operand: Box::new(self),
                cast,
            },
        })
    }

    /// Casts the value to a type that Spark casts it to by itself; does nothing if it has it.
    pub(crate) fn cast_in_place(
        &mut self,
        to: &DataType,
        session: &Session,
    ) -> Result<(), Mismatch> {
        if self.data_type != *to {
            *self = std::mem::take(self).cast(to, false, session)?;
        }
        Ok(())
    }

    /// Returns true if the value is the same for the same row.
    pub fn is_deterministic(&self) -> bool {
        let is_one = match &self.kind {
            TypedKind::Call { function, .. } => function.is_deterministic,
            TypedKind::External { function, .. } => function.is_deterministic(),
            _ => true,
        };
        is_one && self.children().iter().all(Typed::is_deterministic)
    }

    /// Returns true if it is a call of a function that runs in a process of its own.
    fn is_apart(&self) -> bool {
        matches!(&self.kind, TypedKind::External { function, .. } if function.is_apart())
    }

    /// Returns true if it is a call of a function that is given all rows of a partition at once.
    pub fn takes_partitions(&self) -> bool {
        matches!(&self.kind, TypedKind::External { function, .. } if function.takes_partitions())
    }

    /// Its values for all rows of a partition: of a function that takes them at once by one call.
    ///
    /// # Errors
    ///
    /// As [`value`](Typed::value).
    pub fn partition_values(
        &self,
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
                function.values(&arguments.collect::<Result<Vec<_>, _>>()?, &types, context)
            }
            _ => rows.iter().map(|row| self.value(row, context)).collect(),
        }
    }

    /// Returns true if a call of such a function is part of it.
    pub(crate) fn has_apart(&self) -> bool {
        self.any_apart(&|_| true)
    }

    /// Returns true if it has a call of such a function for which `test` holds.
    pub(crate) fn any_apart(&self, test: &dyn Fn(&Typed) -> bool) -> bool {
        self.is_apart() && test(self) || self.children().iter().any(|it| it.any_apart(test))
    }

    /// Puts columns behind those of the row, from `first` on, in the place of calls of such functions whose arguments have
    /// none, and adds the calls to `calls`, each once.
    pub(crate) fn take_calls(&mut self, first: usize, calls: &mut Vec<Typed>) {
        if !self.is_apart() || self.children().iter().any(Typed::has_apart) {
            for child in self.children_mut() {
                child.take_calls(first, calls);
            }
            return;
        }
        let place = calls.iter().position(|call| call.is_same(self));
        let column = Typed::column(
            first + place.unwrap_or(calls.len()),
            self.data_type.clone(),
            self.nullable,
        );
        let call = std::mem::replace(self, column);
        if place.is_none() {
            calls.push(call);
        }
    }

    /// Returns true if a lambda is part of it.
    pub(crate) fn has_lambda(&self) -> bool {
        matches!(self.kind, TypedKind::Lambda(_)) || self.children().iter().any(Typed::has_lambda)
    }

    /// The condition that holds if all of these do; `None` of none.
    pub(crate) fn all(conditions: Vec<Typed>) -> Option<Typed> {
        let and = functions::find("and").expect("it is in the table");
        conditions.into_iter().reduce(|one, other| Typed {
            nullable: one.nullable || other.nullable,
            data_type: DataType::Boolean,
            kind: TypedKind::Call {
                function: and,
                arguments: vec![one, other],
                prepared: None,
            },
        })
    }

    /// Returns true if both are the same expression, and so have the same value in each row.
    pub fn is_same(&self, other: &Typed) -> bool {
        let are_same = |one: &[Typed], other: &[Typed]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_same(other))
        };
        self.data_type == other.data_type
            && match (&self.kind, &other.kind) {
                (TypedKind::Column(one), TypedKind::Column(other))
                | (TypedKind::Aggregate(one), TypedKind::Aggregate(other))
                | (TypedKind::Over(one), TypedKind::Over(other)) => one == other,
                (TypedKind::Literal(one), TypedKind::Literal(other)) => one == other,
                (
                    TypedKind::Variable { depth, index },
                    TypedKind::Variable {
                        depth: other_depth,
                        index: other_index,
                    },
                ) => depth == other_depth && index == other_index,
                (
                    TypedKind::Call {
                        function,
                        arguments,
                        ..
                    },
                    TypedKind::Call {
                        function: other,
                        arguments: others,
                        ..
                    },
                ) => {
                    function.is_deterministic
                        && std::ptr::eq(*function, *other)
                        && are_same(arguments, others)
                }
                (
                    TypedKind::External {
                        function,
                        arguments,
                    },
                    TypedKind::External {
                        function: other,
                        arguments: others,
                    },
                ) => {
                    function.is_deterministic() && function == other && are_same(arguments, others)
                }
                (
                    TypedKind::Cast { operand, cast },
                    TypedKind::Cast {
                        operand: other,
                        cast: other_cast,
                    },
                ) => cast == other_cast && operand.is_same(other),
                (TypedKind::Lambda(one), TypedKind::Lambda(other)) => one.is_same(other),
                _ => false,
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
