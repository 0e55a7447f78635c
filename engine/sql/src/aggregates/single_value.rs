//! The value of a query that has one row (`org.apache.spark.sql.execution.ScalarSubquery`).

use engine::{DataType, Failure, FailureKind, Value};

use crate::aggregate::{Accumulate, AggregateFunction};
use crate::context::Context;
use crate::failures::failure;
use crate::function::{Mismatch, Takes};
use crate::resolve::TypedAggregate;
use crate::typed::Typed;

/// No name in SQL has it.
static FUNCTION: AggregateFunction = AggregateFunction::new(
    "scalarsubquery",
    Takes::By(|_, _| Ok(())),
    |call| match call.arguments {
        [argument] => Ok(Box::new(SingleValue {
            data_type: argument.data_type.clone(),
        })),
        _ => Err(Mismatch::argument_count(
            "scalarsubquery",
            "1",
            call.arguments.len(),
        )),
    },
);

/// The value of the only row, `NULL` of none.
pub(crate) fn single_value(value: Typed) -> TypedAggregate {
    TypedAggregate {
        function: &FUNCTION,
        is_distinct: false,
        filter: None,
        ignore_nulls: false,
        accumulate: Box::new(SingleValue {
            data_type: value.data_type.clone(),
        }),
        arguments: vec![value],
    }
}

/// The buffer is the value, and true if there was a row.
#[derive(Debug)]
struct SingleValue {
    data_type: DataType,
}

impl Accumulate for SingleValue {
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
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if buffer[1] == Value::Boolean(true) {
            return Err(failure(
                FailureKind::Spark,
                "SCALAR_SUBQUERY_TOO_MANY_ROWS",
                "More than one row returned by a subquery used as an expression.",
                "21000",
                context.session,
            ));
        }
        buffer[0] = arguments[0].clone();
        buffer[1] = Value::Boolean(true);
        Ok(())
    }

    fn merge(
        &self,
        buffer: &mut [Value],
        other: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if other[1] == Value::Boolean(true) {
            self.update(buffer, &other[..1], context)?;
        }
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        Ok(buffer[0].clone())
    }
}
