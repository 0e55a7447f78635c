//! Counts (`aggregate/Count.scala`, `CountIf.scala`).

use engine::{DataType, Failure, Value};

use super::in_columns::Counts;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::columns::GroupBuffers;
use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes, Type};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("count", Takes::By(take), count),
    AggregateFunction::new("count_if", Takes::Exactly(&[Type::Boolean]), |_| {
        Ok(Box::new(Count {
            ignores_false: true,
        }))
    }),
];

fn take(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    if !arguments.is_empty() {
        return Ok(());
    }
    Err(Mismatch::new(
        "WRONG_NUM_ARGS.WITH_SUGGESTION",
        "The `count` requires >= 1 parameters but the actual number is 0. If you have to call this function with 0 \
         parameters, set the legacy configuration \"spark.sql.legacy.allowParameterlessCount\" to \"true\".",
    ))
}

/// The number of rows in which no argument is `NULL`.
pub(super) fn count(_: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(Count {
        ignores_false: false,
    }))
}

/// The number of rows in which no argument is `NULL`, nor `FALSE` if that does not count. The buffer is that number.
#[derive(Debug)]
struct Count {
    ignores_false: bool,
}

impl Accumulate for Count {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::Long]
    }

    fn result(&self) -> (DataType, bool) {
        (DataType::Long, false)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Long(0)]
    }

    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        (!self.ignores_false).then(|| Box::new(Counts::default()) as _)
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        let is_ignored =
            |it: &Value| *it == Value::Null || self.ignores_false && *it == Value::Boolean(false);
        if !arguments.iter().any(is_ignored) {
            add(&mut buffer[0], 1);
        }
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        if let Value::Long(count) = other[0] {
            add(&mut buffer[0], count);
        }
        Ok(())
    }
}

fn add(count: &mut Value, more: i64) {
    if let Value::Long(count) = count {
        *count += more;
    }
}
