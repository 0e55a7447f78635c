//! The least and the greatest value (`aggregate/Min.scala`, `Max.scala`, `MaxByAndMinBy.scala`, `boolAggregates.scala`).

use std::cmp::Ordering;

use engine::{DataType, Failure, Value};

use super::in_columns::extremes;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::columns::GroupBuffers;
use crate::context::Context;
use crate::function::{Mismatch, Takes, Type};

const ORDERED: Takes = Takes::Exactly(&[Type::Ordered]);
const BOOLEAN: Takes = Takes::Exactly(&[Type::Boolean]);
const BY: Takes = Takes::Exactly(&[Type::Any, Type::Ordered]);

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("min", ORDERED, |call| extreme(call, Ordering::Less)),
    AggregateFunction::new("max", ORDERED, |call| extreme(call, Ordering::Greater)),
    // FALSE is less than TRUE.
    AggregateFunction::new("bool_and", BOOLEAN, |call| extreme(call, Ordering::Less)),
    AggregateFunction::new("every", BOOLEAN, |call| extreme(call, Ordering::Less)),
    AggregateFunction::new("bool_or", BOOLEAN, |call| extreme(call, Ordering::Greater)),
    AggregateFunction::new("some", BOOLEAN, |call| extreme(call, Ordering::Greater)),
    AggregateFunction::new("any", BOOLEAN, |call| extreme(call, Ordering::Greater)),
    AggregateFunction::new("min_by", BY, |call| extreme_by(call, Ordering::Less)),
    AggregateFunction::new("max_by", BY, |call| extreme_by(call, Ordering::Greater)),
];

/// Returns true if values of this type have an order (`RowOrdering.isOrderable`).
fn is_orderable(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map { .. } => false,
        DataType::Array { element, .. } => is_orderable(element),
        DataType::Struct(fields) => fields.iter().all(|field| is_orderable(&field.data_type)),
        _ => true,
    }
}

/// Refuses an argument whose type has no order (`TypeUtils.checkForOrderingExpr`).
pub(crate) fn check_orderable(function: &str, data_type: &DataType) -> Result<(), Mismatch> {
    if is_orderable(data_type) {
        return Ok(());
    }
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        format!("The `{function}` does not support ordering on type \"{data_type}\"."),
    ))
}

fn extreme(call: &AggregateCall<'_>, order: Ordering) -> Result<Box<dyn Accumulate>, Mismatch> {
    let data_type = call.arguments[0].data_type.clone();
    check_orderable(name(order), &data_type)?;
    Ok(Box::new(Extreme { data_type, order }))
}

fn extreme_by(call: &AggregateCall<'_>, order: Ordering) -> Result<Box<dyn Accumulate>, Mismatch> {
    let by = call.arguments[1].data_type.clone();
    check_orderable(name(order), &by)?;
    Ok(Box::new(ExtremeBy {
        data_type: call.arguments[0].data_type.clone(),
        by,
        order,
    }))
}

fn name(order: Ordering) -> &'static str {
    if order == Ordering::Less {
        "min"
    } else {
        "max"
    }
}

/// The least or the greatest value that is not `NULL`; of equal ones the first. The buffer is that value.
#[derive(Debug)]
struct Extreme {
    data_type: DataType,
    /// The order of a value that takes the place of the one found.
    order: Ordering,
}

impl Accumulate for Extreme {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.data_type.clone()]
    }

    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        extremes(&self.data_type, self.order)
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        let is_better = match (&arguments[0], &buffer[0]) {
            (Value::Null, _) => false,
            (_, Value::Null) => true,
            (Value::Long(value), Value::Long(found)) => value.cmp(found) == self.order,
            (value, found) => value.cmp(found) == self.order,
        };
        if is_better {
            buffer[0] = arguments[0].clone();
        }
        Ok(())
    }
}

/// The value of the row with the least or the greatest other value; of equal ones the last. The buffer is that value
/// and the other.
#[derive(Debug)]
struct ExtremeBy {
    data_type: DataType,
    by: DataType,
    order: Ordering,
}

impl Accumulate for ExtremeBy {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.data_type.clone(), self.by.clone()]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        // The one found stays only if it is better.
        let stays = buffer[1].cmp(&arguments[1]) == self.order;
        if arguments[1] != Value::Null && (buffer[1] == Value::Null || !stays) {
            buffer.clone_from_slice(arguments);
        }
        Ok(())
    }
}
