//! The rows of a partition that count for a row.

use std::cmp::Ordering;
use std::ops::Range;

use engine::{Failure, Row, Value};

use crate::context::Context;
use crate::typed::Typed;

/// The distance of rows in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameUnit {
    /// Their number.
    Rows,
    /// The difference of their values in the order.
    Range,
}

/// The rows of a partition that count for a row.
#[derive(Debug)]
pub(crate) struct TypedFrame {
    /// The distance of rows.
    pub(crate) unit: FrameUnit,
    /// The first row.
    pub(crate) lower: TypedBound,
    /// The last one.
    pub(crate) upper: TypedBound,
}

/// An end of a frame.
#[derive(Debug)]
pub(crate) enum TypedBound {
    /// That of the partition.
    Unbounded,
    /// The row itself, or all rows with its values in the order.
    CurrentRow,
    /// This number of rows after it.
    Rows(i64),
    /// The rows up to this value of the order.
    Value(Typed),
}

/// A partition in its order: its rows, their values in the order, and the order.
#[derive(Debug)]
pub(super) struct Partition<'a> {
    pub(super) rows: &'a [Row],
    pub(super) keys: Vec<Row>,
    /// For each value: from the greatest, and `NULL` first.
    pub(super) directions: Vec<(bool, bool)>,
}

impl TypedFrame {
    /// All rows of the partition up to the row.
    pub(crate) fn up_to_row(unit: FrameUnit) -> TypedFrame {
        TypedFrame {
            unit,
            lower: TypedBound::Unbounded,
            upper: TypedBound::CurrentRow,
        }
    }

    /// The expressions of its ends.
    pub(super) fn bounds_mut(&mut self) -> impl Iterator<Item = &mut Typed> {
        let bounds = [&mut self.lower, &mut self.upper].into_iter();
        bounds.filter_map(|bound| match bound {
            TypedBound::Value(typed) => Some(typed),
            TypedBound::Unbounded | TypedBound::CurrentRow | TypedBound::Rows(_) => None,
        })
    }

    /// The places of the rows that count for the row at this one.
    pub(super) fn range(
        &self,
        place: usize,
        partition: &Partition<'_>,
        context: &Context<'_>,
    ) -> Result<Range<usize>, Failure> {
        let count = partition.rows.len();
        let start = match &self.lower {
            TypedBound::Unbounded => 0,
            TypedBound::CurrentRow if self.unit == FrameUnit::Range => partition.peers(place).start,
            TypedBound::CurrentRow => place,
            TypedBound::Rows(offset) => moved(place, *offset),
            TypedBound::Value(bound) => {
                let bound = vec![bound.value(&partition.rows[place], context)?];
                let is_before = |key: &Row| partition.compare(key, &bound) == Ordering::Less;
                partition.keys.partition_point(is_before)
            }
        };
        let end = match &self.upper {
            TypedBound::Unbounded => count,
            TypedBound::CurrentRow if self.unit == FrameUnit::Range => partition.peers(place).end,
            TypedBound::CurrentRow => place + 1,
            TypedBound::Rows(offset) => moved(place + 1, *offset),
            TypedBound::Value(bound) => {
                let bound = vec![bound.value(&partition.rows[place], context)?];
                let is_within = |key: &Row| partition.compare(key, &bound) != Ordering::Greater;
                partition.keys.partition_point(is_within)
            }
        };
        let end = end.min(count);
        Ok(start.min(end)..end)
    }
}

impl Partition<'_> {
    /// The places of the rows with the same values in the order.
    pub(super) fn peers(&self, place: usize) -> Range<usize> {
        let key = &self.keys[place];
        let start = self.keys[..place].partition_point(|it| it != key);
        let end = place + self.keys[place..].partition_point(|it| it == key);
        start..end
    }

    /// The order of two rows by their values in it.
    fn compare(&self, one: &Row, other: &Row) -> Ordering {
        let values = one.iter().zip(other).zip(&self.directions);
        let orders = values.map(|((one, other), (descending, nulls_first))| {
            let is_null = [one, other].map(|value| *value == Value::Null);
            match is_null {
                [true, true] => Ordering::Equal,
                [true, false] if *nulls_first => Ordering::Less,
                [true, false] => Ordering::Greater,
                [false, true] if *nulls_first => Ordering::Greater,
                [false, true] => Ordering::Less,
                [false, false] if *descending => other.cmp(one),
                [false, false] => one.cmp(other),
            }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

/// A place some rows further on, but not before the first row.
fn moved(place: usize, offset: i64) -> usize {
    let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    if offset < 0 {
        place.saturating_sub(distance)
    } else {
        place.saturating_add(distance)
    }
}
