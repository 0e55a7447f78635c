//! The buffers of common aggregates by column: counts, sums, averages and extremes of whole numbers, `DOUBLE`s and texts.

use std::cmp::Ordering;
use std::fmt::Debug;

use engine::{DataType, Double, Row, Text, Value};

use super::numbers::long_overflow;
use crate::columns::{
    ArgumentRows, Column, ColumnValues, FailedRow, GroupBuffers, Operand, WholeKind,
};

/// The number of rows in which no argument is `NULL`.
#[derive(Debug, Default)]
pub(super) struct Counts(Vec<i64>);

impl GroupBuffers for Counts {
    fn add_group(&mut self) {
        self.0.push(0);
    }

    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow> {
        let may_be_null = |it: &Operand<'_>| match it {
            Operand::Constant(value) => **value == Value::Null,
            Operand::Column(column) => column.has_nulls(),
        };
        if !rows.arguments.iter().any(may_be_null) {
            for group in rows.groups {
                self.0[*group as usize] += 1;
            }
            return Ok(true);
        }
        for (row, group) in rows.rows.iter().zip(rows.groups) {
            let is_null = |it: &Operand<'_>| match it {
                Operand::Constant(value) => **value == Value::Null,
                Operand::Column(column) => column.is_null(*row as usize),
            };
            self.0[*group as usize] += i64::from(!rows.arguments.iter().any(is_null));
        }
        Ok(true)
    }

    fn push_buffer(&self, group: usize, row: &mut Row) {
        row.push(Value::Long(self.0[group]));
    }
}

/// Sums of whole numbers, each `None` of no rows.
#[derive(Debug)]
pub(super) struct WholeSums {
    sums: Vec<Option<i64>>,
    /// A sum beyond 64 bits fails, and else wraps around.
    fails: bool,
}

impl WholeSums {
    pub(super) fn boxed(fails: bool) -> Box<dyn GroupBuffers> {
        Box::new(WholeSums {
            sums: Vec::new(),
            fails,
        })
    }
}

impl GroupBuffers for WholeSums {
    fn add_group(&mut self) {
        self.sums.push(None);
    }

    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow> {
        let Some(numbers) = Numbers::of(rows) else {
            return Ok(false);
        };
        let Numbers::Whole(column, numbers) = numbers else {
            return Ok(matches!(numbers, Numbers::None));
        };
        rows.each_known(column, numbers, |group, more| {
            let sum = &mut self.sums[group];
            let before = sum.unwrap_or(0);
            if self.fails && before.checked_add(*more).is_none() {
                return Err(long_overflow(rows.session));
            }
            *sum = Some(before.wrapping_add(*more));
            Ok(())
        })
    }

    fn push_buffer(&self, group: usize, row: &mut Row) {
        row.push(self.sums[group].map_or(Value::Null, Value::Long));
    }
}

/// Sums of `DOUBLE`s, each `None` of no rows. The first number is added to 0.0, too: -0.0 becomes 0.0.
#[derive(Debug, Default)]
pub(super) struct DoubleSums(Vec<Option<f64>>);

impl GroupBuffers for DoubleSums {
    fn add_group(&mut self) {
        self.0.push(None);
    }

    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow> {
        match Numbers::of(rows) {
            Some(Numbers::None) => Ok(true),
            Some(Numbers::Doubles(column, numbers)) => {
                rows.each_known(column, numbers, |group, more| {
                    let sum = &mut self.0[group];
                    *sum = Some(sum.unwrap_or(0.0) + more.0);
                    Ok(())
                })
            }
            _ => Ok(false),
        }
    }

    fn push_buffer(&self, group: usize, row: &mut Row) {
        row.push(self.0[group].map_or(Value::Null, double));
    }
}

/// Averages: sums of `DOUBLE`s, and the numbers of their rows.
#[derive(Debug, Default)]
pub(super) struct Averages(Vec<SumAndCount>);

#[derive(Clone, Copy, Debug, Default)]
struct SumAndCount {
    sum: f64,
    count: i64,
}

impl SumAndCount {
    fn add(&mut self, more: f64) {
        self.sum += more;
        self.count += 1;
    }
}

impl GroupBuffers for Averages {
    fn add_group(&mut self) {
        self.0.push(SumAndCount::default());
    }

    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow> {
        match Numbers::of(rows) {
            None => Ok(false),
            Some(Numbers::None) => Ok(true),
            Some(Numbers::Doubles(column, numbers)) => {
                rows.each_known(column, numbers, |group, more| {
                    self.0[group].add(more.0);
                    Ok(())
                })
            }
            Some(Numbers::Whole(column, numbers)) => {
                rows.each_known(column, numbers, |group, more| {
                    self.0[group].add(*more as f64);
                    Ok(())
                })
            }
        }
    }

    fn push_buffer(&self, group: usize, row: &mut Row) {
        let SumAndCount { sum, count } = self.0[group];
        row.extend([double(sum), Value::Long(count)]);
    }
}

/// Numbers that are the only argument.
enum Numbers<'a> {
    /// Only `NULL`s.
    None,
    Whole(&'a Column, &'a [i64]),
    Doubles(&'a Column, &'a [Double]),
}

impl<'a> Numbers<'a> {
    /// `None` if the argument is not a column of numbers of these kinds.
    fn of(rows: &ArgumentRows<'a>) -> Option<Numbers<'a>> {
        let column = rows.column()?;
        match column.values() {
            ColumnValues::Nulls(_) => Some(Numbers::None),
            ColumnValues::Whole(kind, numbers) if kind.is_number() => {
                Some(Numbers::Whole(column, numbers))
            }
            ColumnValues::Doubles(numbers) => Some(Numbers::Doubles(column, numbers)),
            _ => None,
        }
    }
}

fn double(number: f64) -> Value {
    Value::Double(Double(number))
}

/// The least or the greatest values of this type, if columns have a kind for it.
pub(super) fn extremes(data_type: &DataType, order: Ordering) -> Option<Box<dyn GroupBuffers>> {
    let kind = match data_type {
        DataType::Double => return Some(Extremes::<Double>::boxed(OneKind, order)),
        DataType::String => return Some(Extremes::<Text>::boxed(OneKind, order)),
        DataType::Boolean => WholeKind::Boolean,
        DataType::Byte => WholeKind::Byte,
        DataType::Short => WholeKind::Short,
        DataType::Integer => WholeKind::Integer,
        DataType::Long => WholeKind::Long,
        DataType::Date => WholeKind::Date,
        DataType::Timestamp => WholeKind::Timestamp,
        DataType::TimestampNtz => WholeKind::TimestampNtz,
        _ => return None,
    };
    Some(Extremes::<i64>::boxed(kind, order))
}

/// The least or the greatest values, of equal ones the first; each `None` of no rows.
#[derive(Debug)]
struct Extremes<T: Ordered> {
    found: Vec<Option<T>>,
    kind: T::Kind,
    /// The order of a value that takes the place of the one found.
    order: Ordering,
}

/// Values of columns of one kind, in the order of Spark's.
trait Ordered: Clone + Debug + Ord + Send + Sync + 'static {
    /// More about the kind.
    type Kind: Copy + Debug + Send + Sync;

    /// The values of a column of this kind.
    fn of(values: &ColumnValues, kind: Self::Kind) -> Option<&[Self]>;

    fn to_value(&self, kind: Self::Kind) -> Value;
}

impl Ordered for i64 {
    type Kind = WholeKind;

    fn of(values: &ColumnValues, kind: WholeKind) -> Option<&[i64]> {
        match values {
            ColumnValues::Whole(other, numbers) if *other == kind => Some(numbers),
            _ => None,
        }
    }

    fn to_value(&self, kind: WholeKind) -> Value {
        kind.value(*self)
    }
}

/// Columns of such values are of one kind.
#[derive(Clone, Copy, Debug)]
struct OneKind;

impl Ordered for Double {
    type Kind = OneKind;

    fn of(values: &ColumnValues, _: OneKind) -> Option<&[Double]> {
        match values {
            ColumnValues::Doubles(numbers) => Some(numbers),
            _ => None,
        }
    }

    fn to_value(&self, _: OneKind) -> Value {
        Value::Double(*self)
    }
}

impl Ordered for Text {
    type Kind = OneKind;

    fn of(values: &ColumnValues, _: OneKind) -> Option<&[Text]> {
        match values {
            ColumnValues::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    fn to_value(&self, _: OneKind) -> Value {
        Value::String(self.clone())
    }
}

impl<T: Ordered> Extremes<T> {
    fn boxed(kind: T::Kind, order: Ordering) -> Box<dyn GroupBuffers> {
        Box::new(Extremes::<T> {
            found: Vec::new(),
            kind,
            order,
        })
    }
}

impl<T: Ordered> GroupBuffers for Extremes<T> {
    fn add_group(&mut self) {
        self.found.push(None);
    }

    fn update(&mut self, rows: &ArgumentRows<'_>) -> Result<bool, FailedRow> {
        let Some(column) = rows.column() else {
            return Ok(false);
        };
        let Some(values) = T::of(column.values(), self.kind) else {
            return Ok(matches!(column.values(), ColumnValues::Nulls(_)));
        };
        rows.each_known(column, values, |group, value| {
            let found = &mut self.found[group];
            let is_better = found
                .as_ref()
                .is_none_or(|found| value.cmp(found) == self.order);
            if is_better {
                *found = Some(value.clone());
            }
            Ok(())
        })
    }

    fn push_buffer(&self, group: usize, row: &mut Row) {
        let found = self.found[group].as_ref();
        row.push(found.map_or(Value::Null, |found| found.to_value(self.kind)));
    }
}
