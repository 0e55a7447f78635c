//! An aggregate function: one row of a table, and the buffer that it keeps for each group.
//!
//! A buffer is some values in a row: all aggregates of a query have theirs side by side, and that row is the state of a
//! group. Partial aggregation updates buffers row by row, and merges them after the shuffle and with the state
//! (`org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction`).

use std::fmt;

use engine::{DataType, Failure, Value};

use crate::columns::GroupBuffers;
use crate::context::{Context, Session};
use crate::function::{ColumnText, Mismatch, Takes};
use crate::typed::Typed;

/// An aggregate function.
pub struct AggregateFunction {
    /// The name in SQL, in lower case.
    pub name: &'static str,
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    /// The types of its arguments.
    pub takes: Takes,
    /// The name of a column of it.
    pub text: ColumnText,
    /// It takes `IGNORE NULLS`.
    pub takes_ignore_nulls: bool,
    /// The buffer of one call, by its arguments.
    pub build: fn(&AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch>,
}

/// A call of an aggregate function.
#[derive(Clone, Copy, Debug)]
pub struct AggregateCall<'a> {
    /// The arguments, cast to the types that the function takes.
    pub arguments: &'a [Typed],
    /// `NULL`s do not count.
    pub ignore_nulls: bool,
    /// The settings of the session.
    pub session: &'a Session,
}

/// The order in which a partial aggregation hands out its groups depends on the kinds of its buffers (`AggUtils`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AggregateKind {
    /// Buffers of fixed size: groups in first-seen order, after Spark's fast map.
    FastHash,
    /// Buffers of wide decimals, or that no generated code updates: groups in first-seen order.
    Hash,
    /// Buffers of texts or structs: groups sorted by their keys.
    Sort,
    /// A buffer that is an object: groups in first-seen order, and sorted by their keys if there are more than
    /// [`AggregateKind::OBJECT_GROUPS_MAX`].
    ObjectHash,
}

/// The buffer of one aggregate, and what happens to it.
pub trait Accumulate: fmt::Debug + Send + Sync {
    /// The types of the buffer.
    fn buffer(&self) -> Vec<DataType>;

    /// The kind of an aggregation with such a buffer.
    fn kind(&self) -> AggregateKind {
        AggregateKind::of_buffer(&self.buffer())
    }

    /// The type of the result, and true if it may be `NULL`; if nothing is said, that of the first value of the buffer.
    fn result(&self) -> (DataType, bool) {
        (self.buffer().swap_remove(0), true)
    }

    /// The buffer of no rows; if nothing is said, of `NULL`s.
    fn initial(&self) -> Vec<Value> {
        vec![Value::Null; self.buffer().len()]
    }

    /// The buffers of many groups by column, if it has such a form: with the same values as those that `update` makes.
    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        None
    }

    /// Adds the arguments of one row to the buffer.
    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure>;

    /// Adds what another buffer has, which comes later in the order of rows; if nothing is said, as if its values were the
    /// arguments of a row.
    fn merge(
        &self,
        buffer: &mut [Value],
        other: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        self.update(buffer, other, context)
    }

    /// The result; if nothing is said, the first value of the buffer.
    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        Ok(buffer[0].clone())
    }
}

impl AggregateFunction {
    /// A row of a function whose column is named `name(a, b)`.
    pub(crate) const fn new(
        name: &'static str,
        takes: Takes,
        build: fn(&AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch>,
    ) -> AggregateFunction {
        AggregateFunction {
            name,
            aliases: &[],
            takes,
            text: ColumnText::Call,
            takes_ignore_nulls: false,
            build,
        }
    }

    /// The same row with other names of the function.
    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> AggregateFunction {
        self.aliases = aliases;
        self
    }

    /// The same row with a column text.
    pub(crate) const fn text(mut self, text: ColumnText) -> AggregateFunction {
        self.text = text;
        self
    }

    /// The same row of a function that takes `IGNORE NULLS`.
    pub(crate) const fn ignoring_nulls(mut self) -> AggregateFunction {
        self.takes_ignore_nulls = true;
        self
    }
}

impl fmt::Debug for AggregateFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl AggregateKind {
    /// Groups of a partition that are kept in a hash table of objects
    /// (`spark.sql.objectHashAggregate.sortBased.fallbackThreshold`).
    pub const OBJECT_GROUPS_MAX: usize = 128;

    /// The kind of an aggregation with such a buffer.
    pub fn of(aggregate: &dyn Accumulate) -> AggregateKind {
        aggregate.kind()
    }

    /// The kind of an aggregation with a buffer of these types, which expressions update.
    fn of_buffer(types: &[DataType]) -> AggregateKind {
        let kinds = types.iter().map(|it| match it {
            DataType::Boolean
            | DataType::Byte
            | DataType::Short
            | DataType::Integer
            | DataType::Long
            | DataType::Float
            | DataType::Double
            | DataType::Date
            | DataType::Timestamp
            | DataType::TimestampNtz
            | DataType::YearMonthInterval(_)
            | DataType::DayTimeInterval(_) => AggregateKind::FastHash,
            DataType::Decimal { precision, .. } if *precision <= 18 => AggregateKind::FastHash,
            DataType::Decimal { .. } | DataType::Null => AggregateKind::Hash,
            _ => AggregateKind::Sort,
        });
        kinds.max().unwrap_or(AggregateKind::FastHash)
    }
}
