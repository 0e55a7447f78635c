//! Sums (`aggregate/Sum.scala`).

use engine::{DataType, Decimal, Failure, SparkVersion, Value};

use super::in_columns::{DoubleSums, WholeSums};
use super::numbers::{
    add_decimals, add_intervals, bounded, interval_overflow, long_overflow, overflow, take_summed,
    to_double, to_long,
};
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::columns::GroupBuffers;
use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("sum", Takes::By(take), |call| build(call, false)),
    AggregateFunction::new("try_sum", Takes::By(take), |call| build(call, true)),
];

fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    take_summed("sum", arguments, session)
}

fn build(call: &AggregateCall<'_>, is_try: bool) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(match &call.arguments[0].data_type {
        DataType::Decimal { precision, scale } => Box::new(DecimalSum {
            precision: (precision + 10).min(Decimal::PRECISION_MAX),
            scale: *scale,
            fails: call.session.ansi && !is_try,
        }),
        DataType::Float | DataType::Double => Box::new(DoubleSum),
        interval @ (DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_)) => {
            Box::new(WholeSum {
                data_type: interval.clone(),
                overflow: if is_try {
                    Overflow::Null
                } else {
                    Overflow::Fails
                },
            })
        }
        _ => Box::new(WholeSum {
            data_type: DataType::Long,
            overflow: match (is_try, call.session.ansi) {
                (true, _) => Overflow::Null,
                (false, true) => Overflow::Fails,
                (false, false) => Overflow::Wraps,
            },
        }),
    })
}

/// A sum of decimals that does not fit; `instead` is the function that gives `NULL`, which Spark 4 names.
pub(super) fn decimal_overflow(instead: &str, context: &Context<'_>) -> Failure {
    let instead = match context.session.spark {
        SparkVersion::V3_5 => None,
        SparkVersion::V4 => Some(instead),
    };
    overflow("Overflow in sum of decimals", instead, context.session)
}

/// A sum beyond 64 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Overflow {
    Wraps,
    Fails,
    /// The sum is `NULL`, and a flag says that there were rows.
    Null,
}

/// The sum of whole numbers or of intervals. The buffer is the sum, `NULL` of no rows; where an overflow is `NULL`, a
/// flag beside it is true of no rows.
#[derive(Debug)]
struct WholeSum {
    data_type: DataType,
    overflow: Overflow,
}

impl WholeSum {
    fn add(&self, sum: &Value, more: &Value, session: &Session) -> Result<Value, Failure> {
        if let (Some(one), Some(other), DataType::Long) =
            (to_long(sum), to_long(more), &self.data_type)
        {
            return match (one.checked_add(other), self.overflow) {
                (Some(sum), _) => Ok(Value::Long(sum)),
                (None, Overflow::Wraps) => Ok(Value::Long(one.wrapping_add(other))),
                (None, Overflow::Null) => Ok(Value::Null),
                (None, Overflow::Fails) => Err(long_overflow(session)),
            };
        }
        match (add_intervals(sum, more), self.overflow) {
            (Some(sum), _) => Ok(sum),
            (None, Overflow::Null) => Ok(Value::Null),
            (None, _) => Err(interval_overflow(session)),
        }
    }

    fn has_flag(&self) -> bool {
        self.overflow == Overflow::Null
    }

    /// A number of the type of the sum.
    fn widened(&self, value: &Value) -> Value {
        match (&self.data_type, to_long(value)) {
            (DataType::Long, Some(number)) => Value::Long(number),
            _ => value.clone(),
        }
    }
}

impl Accumulate for WholeSum {
    fn buffer(&self) -> Vec<DataType> {
        let flag = self.has_flag().then_some(DataType::Boolean);
        std::iter::once(self.data_type.clone())
            .chain(flag)
            .collect()
    }

    fn result(&self) -> (DataType, bool) {
        (self.data_type.clone(), true)
    }

    fn initial(&self) -> Vec<Value> {
        let flag = self.has_flag().then_some(Value::Boolean(true));
        std::iter::once(Value::Null).chain(flag).collect()
    }

    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        let fails = match self.overflow {
            Overflow::Null => return None,
            Overflow::Fails => true,
            Overflow::Wraps => false,
        };
        (self.data_type == DataType::Long).then(|| WholeSums::boxed(fails))
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let value = &arguments[0];
        if let (Value::Long(sum), Value::Long(more)) = (&mut buffer[0], value)
            && let Some(total) = sum.checked_add(*more)
        {
            *sum = total;
            return Ok(());
        }
        let is_empty = match buffer.get_mut(1) {
            Some(flag) if *value != Value::Null => {
                std::mem::replace(flag, Value::Boolean(false)) == Value::Boolean(true)
            }
            Some(_) => false,
            None => buffer[0] == Value::Null,
        };
        if *value == Value::Null {
            return Ok(());
        }
        if is_empty {
            buffer[0] = self.widened(value);
        } else if buffer[0] != Value::Null {
            buffer[0] = self.add(&buffer[0], value, context.session)?;
        }
        Ok(())
    }

    fn merge(
        &self,
        buffer: &mut [Value],
        other: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        match other {
            [_, Value::Boolean(true)] => Ok(()),
            [Value::Null, _] => {
                buffer.clone_from_slice(other);
                Ok(())
            }
            _ => self.update(buffer, &other[..1], context),
        }
    }
}

/// The sum of `FLOAT`s or `DOUBLE`s. The buffer is the sum, `NULL` of no rows.
#[derive(Debug)]
struct DoubleSum;

impl Accumulate for DoubleSum {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::Double]
    }

    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        Some(Box::new(DoubleSums::default()))
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        if let Some(more) = to_double(&arguments[0]) {
            // The first number is added to 0.0, too: -0.0 becomes 0.0.
            let sum = to_double(&buffer[0]).unwrap_or(0.0) + more;
            buffer[0] = Value::Double(sum.into());
        }
        Ok(())
    }
}

/// The sum of decimals. The buffer is the sum, `NULL` once it did not fit, and true of no rows.
#[derive(Debug)]
struct DecimalSum {
    precision: u8,
    scale: u8,
    /// A sum that does not fit fails.
    fails: bool,
}

impl Accumulate for DecimalSum {
    fn buffer(&self) -> Vec<DataType> {
        vec![bounded(self.precision, self.scale), DataType::Boolean]
    }

    fn result(&self) -> (DataType, bool) {
        (bounded(self.precision, self.scale), true)
    }

    fn initial(&self) -> Vec<Value> {
        let zero = Decimal::new(0, self.precision, self.scale);
        vec![
            zero.map_or(Value::Null, Value::Decimal),
            Value::Boolean(true),
        ]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        if arguments[0] != Value::Null {
            buffer[0] = add_decimals(&buffer[0], &arguments[0], (self.precision, self.scale));
            buffer[1] = Value::Boolean(false);
        }
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        if other[1] == Value::Boolean(false) {
            buffer[0] = add_decimals(&buffer[0], &other[0], (self.precision, self.scale));
            buffer[1] = Value::Boolean(false);
        }
        Ok(())
    }

    fn finish(&self, buffer: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        match buffer {
            [_, Value::Boolean(true)] => Ok(Value::Null),
            [Value::Null, _] if self.fails => Err(decimal_overflow("try_sum", context)),
            _ => Ok(buffer[0].clone()),
        }
    }
}
