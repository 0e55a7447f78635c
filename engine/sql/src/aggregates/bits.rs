//! Bits of whole numbers (`aggregate/bitwiseAggregates.scala`).

use engine::{DataType, Failure, Value};

use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::context::Context;
use crate::function::{Mismatch, Takes, Type};

const INTEGRAL: Takes = Takes::Exactly(&[Type::Integral]);

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("bit_and", INTEGRAL, |call| build(call, |a, b| a & b)),
    AggregateFunction::new("bit_or", INTEGRAL, |call| build(call, |a, b| a | b)),
    AggregateFunction::new("bit_xor", INTEGRAL, |call| build(call, |a, b| a ^ b)),
];

type Combine = fn(i64, i64) -> i64;

fn build(call: &AggregateCall<'_>, combine: Combine) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(Bits {
        data_type: call.arguments[0].data_type.clone(),
        combine,
    }))
}

/// The bits of all values. The buffer is a number, `NULL` of no rows.
#[derive(Debug)]
struct Bits {
    data_type: DataType,
    combine: Combine,
}

impl Bits {
    /// Numbers of both are sign-extended, so that the low bits are those of the result.
    fn combined(&self, one: &Value, other: &Value) -> Value {
        let all = |one: i64, other: i64| (self.combine)(one, other);
        match (one, other) {
            (Value::Null, _) => other.clone(),
            (Value::Byte(one), Value::Byte(other)) => {
                Value::Byte(all((*one).into(), (*other).into()) as i8)
            }
            (Value::Short(one), Value::Short(other)) => {
                Value::Short(all((*one).into(), (*other).into()) as i16)
            }
            (Value::Integer(one), Value::Integer(other)) => {
                Value::Integer(all((*one).into(), (*other).into()) as i32)
            }
            (Value::Long(one), Value::Long(other)) => Value::Long(all(*one, *other)),
            _ => one.clone(),
        }
    }
}

impl Accumulate for Bits {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.data_type.clone()]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        buffer[0] = self.combined(&buffer[0], &arguments[0]);
        Ok(())
    }
}
