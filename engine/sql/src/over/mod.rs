//! Functions over the rows around each row of a finite table: `rank() OVER (PARTITION BY a ORDER BY b)`
//! (`org.apache.spark.sql.catalyst.expressions.windowExpressions`).

mod evaluate;
mod frame;
mod functions;

pub use frame::FrameUnit;
pub(crate) use frame::{TypedBound, TypedFrame};
pub(crate) use functions::{RowFunction, RowValue, all, find};

use crate::expression::Expression;
use crate::plan::SortOrder;
use crate::resolve::TypedAggregate;
use crate::typed::Typed;

/// The rows that a function reads (`OVER (..)`, `org.apache.spark.sql.catalyst.expressions.WindowSpecDefinition`).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct WindowSpec {
    /// Rows with the same values here are together.
    pub partition: Vec<Expression>,
    /// Their order.
    pub order: Vec<SortOrder>,
    /// Those around a row that count for it; `None` of the usual ones.
    pub frame: Option<WindowFrame>,
}

/// The rows around a row that count for it (`SpecifiedWindowFrame`).
#[derive(Clone, Debug, PartialEq)]
pub struct WindowFrame {
    /// The distance of rows.
    pub unit: FrameUnit,
    /// The first row.
    pub lower: FrameBound,
    /// The last one.
    pub upper: FrameBound,
}

/// An end of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum FrameBound {
    /// The first row of the partition.
    UnboundedPreceding,
    /// The row itself; by `RANGE` all rows with its values in the order.
    CurrentRow,
    /// A number of rows after the row, or a distance after its value; before it if this is negative.
    Offset(Expression),
    /// The last row of the partition.
    UnboundedFollowing,
}

/// A function over the rows around each row.
#[derive(Debug)]
pub struct TypedOver {
    /// The function.
    pub(crate) call: OverCall,
    /// The rows with the same values here are a partition.
    pub partition: Vec<Typed>,
    /// The order in a partition, and for each: from the greatest, and `NULL` first.
    pub order: Vec<(Typed, bool, bool)>,
    /// The rows that count.
    pub(crate) frame: TypedFrame,
}

/// A call of a function over the rows around each row.
#[derive(Debug)]
pub(crate) enum OverCall {
    /// An aggregate of the rows of the frame.
    Aggregate(TypedAggregate),
    /// A function of the place of the row, or of another row.
    OfRow {
        /// The function.
        function: &'static RowFunction,
        /// Its arguments.
        arguments: Vec<Typed>,
        /// `NULL`s do not count.
        ignore_nulls: bool,
    },
}

impl TypedOver {
    /// The name of the function.
    pub fn name(&self) -> &'static str {
        match &self.call {
            OverCall::Aggregate(aggregate) => aggregate.function.name,
            OverCall::OfRow { function, .. } => function.name,
        }
    }

    /// Its value, as a column that may be `NULL` or not.
    pub(crate) fn result(&self) -> Typed {
        let (data_type, nullable) = match &self.call {
            OverCall::Aggregate(aggregate) => aggregate.accumulate.result(),
            OverCall::OfRow {
                function,
                arguments,
                ..
            } => function.result(arguments),
        };
        Typed {
            nullable,
            ..Typed::column(0, data_type, true)
        }
    }

    /// Returns true if both are the same function of the same rows.
    pub(crate) fn is_over_same(&self, other: &TypedOver) -> bool {
        let is_same = |(one, other): (&Typed, &Typed)| one.is_same(other);
        self.partition.len() == other.partition.len()
            && self.order.len() == other.order.len()
            && self.partition.iter().zip(&other.partition).all(is_same)
            && self
                .order
                .iter()
                .zip(&other.order)
                .all(|(one, other)| one.0.is_same(&other.0) && one.1 == other.1 && one.2 == other.2)
    }

    /// The expressions that it reads rows by.
    pub(crate) fn expressions_mut(&mut self) -> Vec<&mut Typed> {
        let mut all: Vec<&mut Typed> = match &mut self.call {
            OverCall::Aggregate(aggregate) => {
                let arguments = aggregate.arguments.iter_mut();
                arguments.chain(&mut aggregate.filter).collect()
            }
            OverCall::OfRow { arguments, .. } => arguments.iter_mut().collect(),
        };
        all.extend(&mut self.partition);
        all.extend(self.order.iter_mut().map(|(key, ..)| key));
        all.extend(self.frame.bounds_mut());
        all
    }
}
