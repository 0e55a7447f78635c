//! Averages (`aggregate/Average.scala`).

use engine::{DataType, Decimal, Failure, Value};

use super::in_columns::Averages;
use super::numbers::{
    add_decimals, add_intervals, bounded, divide, interval_overflow, take_summed, to_double,
    to_long, widest_interval,
};
use super::sum::decimal_overflow;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::columns::GroupBuffers;
use crate::context::{Context, Session};
use crate::failures::numeric_out_of_range;
use crate::function::{Mismatch, Takes};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("avg", Takes::By(take), |call| build(call, false)),
    AggregateFunction::new("mean", Takes::By(take), |call| build(call, false)),
    AggregateFunction::new("try_avg", Takes::By(take), |call| build(call, true)),
];

fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    take_summed("avg", arguments, session)
}

fn build(call: &AggregateCall<'_>, is_try: bool) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(average(
        &call.arguments[0].data_type,
        call.session.ansi && !is_try,
        is_try,
    )))
}

/// The average of values of this type.
pub(super) fn average(data_type: &DataType, fails: bool, is_try: bool) -> Average {
    let (sum, result) = match data_type {
        DataType::Decimal { precision, scale } => (
            bounded(precision + 10, *scale),
            bounded(precision + 4, scale + 4),
        ),
        DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_) => {
            (widest_interval(data_type), widest_interval(data_type))
        }
        _ => (DataType::Double, DataType::Double),
    };
    Average {
        sum,
        result,
        fails,
        is_try,
    }
}

/// The average. The buffer is the sum and the number of rows.
#[derive(Debug)]
pub(super) struct Average {
    sum: DataType,
    result: DataType,
    /// A decimal that does not fit fails.
    fails: bool,
    /// An interval that does not fit is `NULL`.
    is_try: bool,
}

impl Average {
    fn add(&self, sum: &Value, more: &Value, session: &Session) -> Result<Value, Failure> {
        match self.sum {
            DataType::Decimal { precision, scale } => {
                Ok(add_decimals(sum, more, (precision, scale)))
            }
            DataType::Double => Ok(match (to_double(sum), to_double(more)) {
                (Some(sum), Some(more)) => Value::Double((sum + more).into()),
                _ => Value::Null,
            }),
            _ if *sum == Value::Null || *more == Value::Null => Ok(Value::Null),
            _ => match add_intervals(sum, more) {
                None if !self.is_try => Err(interval_overflow(session)),
                sum => Ok(sum.unwrap_or(Value::Null)),
            },
        }
    }

    /// The quotient of decimals.
    fn decimal(&self, sum: Decimal, count: i64, session: &Session) -> Result<Value, Failure> {
        let DataType::Decimal { precision, scale } = self.result else {
            return Ok(Value::Null);
        };
        let quotient = divide(sum.unscaled(), count, scale - sum.scale());
        match quotient.and_then(|quotient| Decimal::new(quotient, precision, scale)) {
            Some(average) => Ok(Value::Decimal(average)),
            None if self.fails => {
                let average = format!("{sum} / {count}");
                Err(numeric_out_of_range(&average, precision, scale, session))
            }
            None => Ok(Value::Null),
        }
    }
}

impl Accumulate for Average {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.sum.clone(), DataType::Long]
    }

    fn result(&self) -> (DataType, bool) {
        (self.result.clone(), true)
    }

    fn initial(&self) -> Vec<Value> {
        let zero = match self.sum {
            DataType::Decimal { precision, scale } => {
                Decimal::new(0, precision, scale).map_or(Value::Null, Value::Decimal)
            }
            DataType::YearMonthInterval(units) => Value::YearMonthInterval { months: 0, units },
            DataType::DayTimeInterval(units) => Value::DayTimeInterval { micros: 0, units },
            _ => Value::Double(0.0.into()),
        };
        vec![zero, Value::Long(0)]
    }

    fn group_buffers(&self) -> Option<Box<dyn GroupBuffers>> {
        (self.sum == DataType::Double).then(|| Box::new(Averages::default()) as _)
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if let Value::Double(sum) = &mut buffer[0]
            && let Some(more) = to_double(&arguments[0])
        {
            sum.0 += more;
            add_count(&mut buffer[1], 1);
        } else if arguments[0] != Value::Null {
            buffer[0] = self.add(&buffer[0], &arguments[0], context.session)?;
            add_count(&mut buffer[1], 1);
        }
        Ok(())
    }

    fn merge(
        &self,
        buffer: &mut [Value],
        other: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        buffer[0] = self.add(&buffer[0], &other[0], context.session)?;
        add_count(&mut buffer[1], to_long(&other[1]).unwrap_or(0));
        Ok(())
    }

    fn finish(&self, buffer: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        let count = to_long(&buffer[1]).unwrap_or(0);
        if count == 0 {
            return Ok(Value::Null);
        }
        match buffer[0] {
            Value::Double(sum) => Ok(Value::Double((sum.0 / count as f64).into())),
            Value::Decimal(sum) => self.decimal(sum, count, context.session),
            // A quotient is no longer than the sum.
            Value::YearMonthInterval { months, units } => Ok(Value::YearMonthInterval {
                months: divide(months.into(), count, 0).map_or(0, |it| it as i32),
                units,
            }),
            Value::DayTimeInterval { micros, units } => Ok(Value::DayTimeInterval {
                micros: divide(micros.into(), count, 0).map_or(0, |it| it as i64),
                units,
            }),
            _ if self.fails => Err(decimal_overflow("try_avg", context)),
            _ => Ok(Value::Null),
        }
    }
}

fn add_count(count: &mut Value, more: i64) {
    if let Value::Long(count) = count {
        *count = count.wrapping_add(more);
    }
}
