//! The first and the last value (`aggregate/First.scala`, `Last.scala`, `AnyValue.scala`).

use engine::{DataType, Failure, Value};

use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::context::{Context, Session};
use crate::function::{ColumnText, Mismatch, Takes};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("first", Takes::By(take), |call| build(call, false))
        .text(ColumnText::First(1))
        .ignoring_nulls(),
    AggregateFunction::new("first_value", Takes::By(take), |call| build(call, false))
        .text(ColumnText::First(1))
        .ignoring_nulls(),
    AggregateFunction::new("any_value", Takes::By(take), |call| build(call, false))
        .text(ColumnText::First(1))
        .ignoring_nulls(),
    AggregateFunction::new("last", Takes::By(take), |call| build(call, true))
        .text(ColumnText::First(1))
        .ignoring_nulls(),
    AggregateFunction::new("last_value", Takes::By(take), |call| build(call, true))
        .text(ColumnText::First(1))
        .ignoring_nulls(),
];

/// A value, and true if `NULL`s do not count.
fn take(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    match &arguments[..] {
        [_] => Ok(()),
        [_, ignore] => match ignore.as_literal() {
            Some(Value::Boolean(_)) => Ok(()),
            _ => Err(Mismatch::new(
                "_LEGACY_ERROR_TEMP_1210",
                "The second argument in first should be a boolean literal.",
            )),
        },
        _ => Err(Mismatch::argument_count("first", "[1, 2]", arguments.len())),
    }
}

fn build(call: &AggregateCall<'_>, is_last: bool) -> Result<Box<dyn Accumulate>, Mismatch> {
    let ignores = call.arguments.get(1).and_then(Typed::as_literal);
    Ok(Box::new(FirstLast {
        data_type: call.arguments[0].data_type.clone(),
        is_last,
        ignore_nulls: call.ignore_nulls || ignores == Some(&Value::Boolean(true)),
    }))
}

/// The first or the last value. The buffer is that value, and true if there was a row.
#[derive(Debug)]
struct FirstLast {
    data_type: DataType,
    is_last: bool,
    ignore_nulls: bool,
}

impl FirstLast {
    fn offer(&self, buffer: &mut [Value], value: &Value) {
        let is_open = self.is_last || buffer[1] == Value::Boolean(false);
        if is_open && !(self.ignore_nulls && *value == Value::Null) {
            buffer[0] = value.clone();
            buffer[1] = Value::Boolean(true);
        }
    }
}

impl Accumulate for FirstLast {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.data_type.clone(), DataType::Boolean]
    }

    fn result(&self) -> (DataType, bool) {
        (self.data_type.clone(), true)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Null, Value::Boolean(false)]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        self.offer(buffer, &arguments[0]);
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        if other[1] == Value::Boolean(true) {
            self.offer(buffer, &other[0]);
        }
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        Ok(buffer[0].clone())
    }
}
