//! The first, the last and the only value (`aggregate/First.scala`, `Last.scala`, `AnyValue.scala`, `ScalarSubquery`).

use engine::{DataType, Failure, FailureKind, Value};

use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::context::{Context, Session};
use crate::failures::failure;
use crate::function::{ColumnText, Mismatch, Takes};
use crate::resolve::TypedAggregate;
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    row("first", |call| build(call, Which::First)),
    row("first_value", |call| build(call, Which::First)),
    row("any_value", |call| build(call, Which::First)),
    row("last", |call| build(call, Which::Last)),
    row("last_value", |call| build(call, Which::Last)),
];

type Build = fn(&AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch>;

const fn row(name: &'static str, build: Build) -> AggregateFunction {
    AggregateFunction::new(name, Takes::By(take), build)
        .text(ColumnText::First(1))
        .ignoring_nulls()
}

/// The value of a query in an expression; no name in SQL has it.
static SINGLE_VALUE: AggregateFunction =
    AggregateFunction::new("scalarsubquery", Takes::By(|_, _| Ok(())), |call| {
        build(call, Which::Only)
    });

/// The value of the only row, `NULL` of none.
pub(crate) fn single_value(value: Typed) -> TypedAggregate {
    TypedAggregate {
        function: &SINGLE_VALUE,
        is_distinct: false,
        filter: None,
        ignore_nulls: false,
        accumulate: Box::new(OneValue {
            data_type: value.data_type.clone(),
            which: Which::Only,
            ignore_nulls: false,
        }),
        arguments: vec![value],
    }
}

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

fn build(call: &AggregateCall<'_>, which: Which) -> Result<Box<dyn Accumulate>, Mismatch> {
    let ignores = call.arguments.get(1).and_then(Typed::as_literal);
    Ok(Box::new(OneValue {
        data_type: call.arguments[0].data_type.clone(),
        which,
        ignore_nulls: call.ignore_nulls || ignores == Some(&Value::Boolean(true)),
    }))
}

/// The value that is taken of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    First,
    Last,
    /// More than one fails.
    Only,
}

/// One value of all. The buffer is that value, and true if there was a row.
#[derive(Debug)]
struct OneValue {
    data_type: DataType,
    which: Which,
    ignore_nulls: bool,
}

impl Accumulate for OneValue {
    fn buffer(&self) -> Vec<DataType> {
        vec![self.data_type.clone(), DataType::Boolean]
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
        if self.ignore_nulls && arguments[0] == Value::Null {
            return Ok(());
        }
        let had_one = buffer[1] == Value::Boolean(true);
        match self.which {
            Which::First if had_one => return Ok(()),
            Which::Only if had_one => return Err(too_many_rows(context.session)),
            _ => {}
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
}

fn too_many_rows(session: &Session) -> Failure {
    failure(
        FailureKind::Spark,
        "SCALAR_SUBQUERY_TOO_MANY_ROWS",
        "More than one row returned by a subquery used as an expression.",
        "21000",
        session,
    )
}
