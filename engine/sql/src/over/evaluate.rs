//! The values of a function for the rows of a partition (`org.apache.spark.sql.execution.window.WindowExec`).

use engine::{Failure, Row, Value};

use super::frame::Partition;
use super::functions::{RowFunction, RowValue};
use super::{OverCall, TypedOver};
use crate::context::Context;
use crate::resolve::TypedAggregate;
use crate::typed::Typed;

impl TypedOver {
    /// Its value for each row of a partition, whose rows come in its order.
    ///
    /// # Errors
    ///
    /// The failure of an argument or of an aggregate.
    pub fn values(&self, rows: &[Row], context: &Context<'_>) -> Result<Vec<Value>, Failure> {
        let keys = rows.iter().map(|row| {
            let keys = self.order.iter().map(|(key, ..)| key.value(row, context));
            keys.collect::<Result<Row, Failure>>()
        });
        let order = self.order.iter();
        let partition = Partition {
            rows,
            keys: keys.collect::<Result<_, Failure>>()?,
            directions: order
                .map(|(_, descending, nulls_first)| (*descending, *nulls_first))
                .collect(),
        };
        match &self.call {
            OverCall::Aggregate(aggregate) => self.aggregated(aggregate, &partition, context),
            OverCall::OfRow {
                function,
                arguments,
                ignore_nulls,
            } => match function.value {
                RowValue::Lag | RowValue::Lead => {
                    shifted(function, arguments, *ignore_nulls, rows, context)
                }
                RowValue::NthValue => {
                    self.nth(function, arguments, *ignore_nulls, &partition, context)
                }
                value => {
                    let buckets = function.number(arguments, context.session).unwrap_or(1);
                    Ok(places(value, buckets, &partition))
                }
            },
        }
    }

    /// An aggregate of the frame of each row. One that only grows is not begun anew.
    fn aggregated(
        &self,
        aggregate: &TypedAggregate,
        partition: &Partition<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let accumulate = &aggregate.accumulate;
        let mut buffer = accumulate.initial();
        let mut done = 0..0;
        let mut last = accumulate.finish(&buffer, context)?;
        let mut values = Vec::with_capacity(partition.rows.len());
        for place in 0..partition.rows.len() {
            let frame = self.frame.range(place, partition, context)?;
            if frame != done {
                if frame.start != done.start || frame.end < done.end {
                    buffer = accumulate.initial();
                    done = frame.start..frame.start;
                }
                for row in &partition.rows[done.end..frame.end] {
                    aggregate.update(&mut buffer, row, context)?;
                }
                last = accumulate.finish(&buffer, context)?;
                done = frame;
            }
            values.push(last.clone());
        }
        Ok(values)
    }

    /// The value at a place of the frame of each row.
    fn nth(
        &self,
        function: &RowFunction,
        arguments: &[Typed],
        ignore_nulls: bool,
        partition: &Partition<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let number = function.number(arguments, context.session).unwrap_or(1);
        let before = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let values = of_rows(&arguments[0], partition.rows, context)?;
        let of_place = |place| {
            let frame = self.frame.range(place, partition, context)?;
            let counted = values[frame].iter();
            let mut counted = counted.filter(|value| !ignore_nulls || **value != Value::Null);
            Ok(counted.nth(before).cloned().unwrap_or(Value::Null))
        };
        (0..values.len()).map(of_place).collect()
    }
}

/// The values of an expression in each row.
fn of_rows(expression: &Typed, rows: &[Row], context: &Context<'_>) -> Result<Vec<Value>, Failure> {
    let values = rows.iter().map(|row| expression.value(row, context));
    values.collect()
}

/// The values of the first argument some rows before or after each row; that of the third one where there is no such row.
fn shifted(
    function: &RowFunction,
    arguments: &[Typed],
    ignore_nulls: bool,
    rows: &[Row],
    context: &Context<'_>,
) -> Result<Vec<Value>, Failure> {
    let offset = function.number(arguments, context.session).unwrap_or(1);
    let is_forward = (function.value == RowValue::Lead) == (offset >= 0);
    let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let values = of_rows(&arguments[0], rows, context)?;
    let counts = |place: &usize| !ignore_nulls || values[*place] != Value::Null;
    let of_place = |place: usize| {
        let found = match distance.checked_sub(1) {
            None => Some(place),
            Some(between) if is_forward => (place + 1..values.len()).filter(counts).nth(between),
            Some(between) => (0..place).rev().filter(counts).nth(between),
        };
        match found {
            Some(found) => Ok(values[found].clone()),
            None => arguments[2].value(&rows[place], context),
        }
    };
    (0..values.len()).map(of_place).collect()
}

/// The values of a function of the place of each row.
fn places(value: RowValue, buckets: i64, partition: &Partition<'_>) -> Vec<Value> {
    let count = partition.rows.len();
    let buckets = usize::try_from(buckets).unwrap_or(usize::MAX);
    let mut dense_rank = 0;
    let mut peers = 0..0;
    let of_place = |place: usize| {
        if place == peers.end {
            peers = partition.peers(place);
            dense_rank += 1;
        }
        match value {
            RowValue::Rank => number(peers.start + 1),
            RowValue::DenseRank => number(dense_rank),
            RowValue::PercentRank if count < 2 => Value::Double(0.0.into()),
            RowValue::PercentRank => part(peers.start, count - 1),
            RowValue::CumeDist => part(peers.end, count),
            RowValue::Ntile => number(bucket(place, count, buckets)),
            _ => number(place + 1),
        }
    };
    (0..count).map(of_place).collect()
}

/// The bucket of a row, from 1: the first ones have a row more where the rows do not divide evenly.
fn bucket(place: usize, count: usize, buckets: usize) -> usize {
    let size = count / buckets;
    let larger = count % buckets;
    let in_larger = larger * (size + 1);
    if place < in_larger {
        place / (size + 1) + 1
    } else {
        larger + (place - in_larger) / size.max(1) + 1
    }
}

fn number(number: usize) -> Value {
    Value::Integer(i32::try_from(number).unwrap_or(i32::MAX))
}

fn part(of: usize, all: usize) -> Value {
    Value::Double((of as f64 / all as f64).into())
}
