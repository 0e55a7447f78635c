//! Expressions whose names and types are known.

mod evaluate;
mod properties;
mod rewrite;

use engine::{DataType, Value};

use crate::cast::{Cast, special_moment};
use crate::context::Session;
use crate::external::ExternalFunction;
use crate::function::{Function, Mismatch, Prepared};

pub use evaluate::{Scope, Variables};

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
    /// A column of the row around a subquery, until both tables are joined.
    Outer(usize),
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

    /// The value, if it is the same in each row because it was written down.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            TypedKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The name of the function and its arguments, if it is a call.
    pub fn as_call(&self) -> Option<(&'static str, &[Typed])> {
        match &self.kind {
            TypedKind::Call {
                function,
                arguments,
                ..
            } => Some((function.name, arguments)),
            _ => None,
        }
    }

    /// The expressions that it is made of.
    fn children(&self) -> &[Typed] {
        match &self.kind {
            TypedKind::Call { arguments, .. } | TypedKind::External { arguments, .. } => arguments,
            TypedKind::Cast { operand, .. } | TypedKind::Lambda(operand) => {
                std::slice::from_ref(operand)
            }
            _ => &[],
        }
    }

    /// The same, to be changed.
    fn children_mut(&mut self) -> &mut [Typed] {
        match &mut self.kind {
            TypedKind::Call { arguments, .. } | TypedKind::External { arguments, .. } => arguments,
            TypedKind::Cast { operand, .. } | TypedKind::Lambda(operand) => {
                std::slice::from_mut(operand)
            }
            _ => &mut [],
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
}
