//! The rows in an order.

use std::cmp::Ordering;

use engine::{DataType, Failure, Row, Value};
use engine_sql::{Context, Typed};

use super::kept::Kept;
use super::operator::{Batch, Each, Flow, Operator, Partitions, collect};

/// The expressions that rows are sorted by, and for each: from the greatest, and `NULL` first.
pub(crate) type Order = Vec<(Typed, bool, bool)>;

/// A row and the values that it is sorted by.
pub(crate) type Sortable = (Row, Row);

/// The rows of all partitions in an order, in one; those that are equal stay in the order that they had
/// (`org.apache.spark.sql.execution.SortExec`, after a shuffle by ranges).
#[derive(Debug)]
pub(crate) struct Sort {
    input: Box<dyn Operator>,
    order: Order,
    sorted: Kept,
}

impl Sort {
    pub(crate) fn new(input: Box<dyn Operator>, order: Order) -> Sort {
        Sort {
            input,
            order,
            sorted: Kept::default(),
        }
    }
}

impl Operator for Sort {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let rows = collect(&*self.input, &partitions, batch)?;
        let rows = rows.into_iter().flatten();
        let sortable = rows.map(|row| sortable(&self.order, row, &batch.context));
        let mut rows = sortable.collect::<Result<Vec<_>, _>>()?;
        sort(&self.order, &mut rows);
        self.sorted = Kept::in_one(rows.into_iter().map(|(_, row)| row));
        Ok(self.sorted.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.sorted.hand_out(partition, each)
    }
}

/// A row with the values that it is sorted by.
pub(crate) fn sortable(
    order: &Order,
    row: Row,
    context: &Context<'_>,
) -> Result<Sortable, Failure> {
    let values = order
        .iter()
        .map(|(expression, ..)| expression.value(&row, context));
    Ok((values.collect::<Result<Row, _>>()?, row))
}

/// Sorts rows; those that are equal stay in the order that they had.
///
/// Spark sorts by one number or time alone by its bits, apart from the rows where it is `NULL`: each of these changes its
/// place with the first row that is not, before the others are sorted (`UnsafeInMemorySorter.insertRecord`).
pub(crate) fn sort(order: &Order, rows: &mut [Sortable]) {
    if let [(key, ..)] = &order[..]
        && is_sorted_by_bits(&key.data_type)
    {
        let mut nulls = 0;
        for place in 0..rows.len() {
            if rows[place].0[0] == Value::Null {
                rows.swap(place, nulls);
                nulls += 1;
            }
        }
    }
    rows.sort_by(|one, other| compare(order, one, other));
}

/// Returns true of a type whose values are ordered by 64 bits alone (`SortPrefix.canSortFullyWithPrefix`).
fn is_sorted_by_bits(data_type: &DataType) -> bool {
    match data_type {
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
        | DataType::DayTimeInterval(_) => true,
        DataType::Decimal { precision, .. } => *precision <= 18,
        _ => false,
    }
}

/// The order of two rows.
pub(crate) fn compare(order: &Order, one: &Sortable, other: &Sortable) -> Ordering {
    let values = one.0.iter().zip(&other.0).zip(order);
    values
        .map(
            |((one, other), (_, descending, nulls_first))| match (one, other) {
                (Value::Null, Value::Null) => Ordering::Equal,
                (Value::Null, _) if *nulls_first => Ordering::Less,
                (Value::Null, _) => Ordering::Greater,
                (_, Value::Null) if *nulls_first => Ordering::Greater,
                (_, Value::Null) => Ordering::Less,
                _ if *descending => other.cmp(one),
                _ => one.cmp(other),
            },
        )
        .fold(Ordering::Equal, Ordering::then)
}
