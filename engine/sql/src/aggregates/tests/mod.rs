//! Aggregates of lists of values.

mod chosen;
mod sets;
mod sums;

use engine::{DataType, Decimal, Row, SparkVersion, Value};

use crate::aggregate::AggregateKind;
use crate::columns::{ArgumentRows, Column, Operand};
use crate::context::{Context, Session};
use crate::expression::Expression;
use crate::resolve::{Resolver, TypedAggregate};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// A call of an aggregate function over the columns `x` and `y` of these types.
fn resolved(
    session: &Session,
    types: &[DataType],
    function: &str,
    more: Vec<Expression>,
) -> TypedAggregate {
    let names = ["x", "y"];
    let fields = names.iter().zip(types);
    let schema: Schema = fields
        .map(|(name, data_type)| Field::new(*name, data_type.clone()))
        .collect();
    let columns = names[..types.len()]
        .iter()
        .map(|name| Expression::column(*name));
    let call = Expression::call(function, columns.chain(more));
    let mut resolver = Resolver::new(&schema, session).with_aggregates();
    resolver.resolve(&call).expect("the call is resolved");
    resolver.into_found().0.remove(0)
}

/// The result of rows, aggregated in one partition and merged after the shuffle.
fn result(
    session: &Session,
    types: &[DataType],
    function: &str,
    more: Vec<Expression>,
    rows: impl IntoIterator<Item = Row>,
) -> Result<Value, engine::Failure> {
    let context = Context {
        session,
        timestamp: 0,
    };
    let aggregate = resolved(session, types, function, more);
    let accumulate = &aggregate.accumulate;
    let rows = rows.into_iter();
    let rows = rows.map(|row| Typed::values(&aggregate.arguments, &row, &context));
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    let partial = by_row(&aggregate, &rows, &context);
    let by_column = by_column(&aggregate, &rows, session);
    assert!(by_column.is_none_or(|it| format!("{it:?}") == format!("{partial:?}")));
    let partial = partial?;
    let mut merged = accumulate.initial();
    accumulate.merge(&mut merged, &partial, &context)?;
    assert_eq!(merged.len(), accumulate.buffer().len());
    accumulate.finish(&merged, &context)
}

/// The buffer of rows of arguments.
fn by_row(
    aggregate: &TypedAggregate,
    rows: &[Row],
    context: &Context<'_>,
) -> Result<Row, engine::Failure> {
    let mut buffer = aggregate.accumulate.initial();
    for row in rows {
        aggregate.accumulate.update(&mut buffer, row, context)?;
    }
    Ok(buffer)
}

/// The same by column, if it has such a form.
fn by_column(
    aggregate: &TypedAggregate,
    rows: &[Row],
    session: &Session,
) -> Option<Result<Row, engine::Failure>> {
    let mut buffers = aggregate.accumulate.group_buffers()?;
    buffers.add_group();
    let width = aggregate.arguments.len();
    let column = |index: usize| rows.iter().map(|row| &row[index]).collect();
    let columns: Vec<Column> = (0..width).map(column).collect();
    let arguments: Vec<Operand<'_>> = columns.iter().map(Operand::Column).collect();
    let numbers: Vec<u32> = (0..rows.len() as u32).collect();
    let is_taken = buffers.update(&ArgumentRows {
        arguments: &arguments,
        rows: &numbers,
        groups: &vec![0; rows.len()],
        session,
    });
    let mut buffer = Row::new();
    buffers.push_buffer(0, &mut buffer);
    match is_taken {
        Ok(true) => Some(Ok(buffer)),
        Ok(false) => None,
        Err(failed) => Some(Err(failed.failure)),
    }
}

fn spark_3_5() -> Session {
    Session::new(SparkVersion::V3_5)
}

/// The result of one column in Spark 3.5.
#[track_caller]
fn check(data_type: DataType, function: &str, values: Vec<Value>, expected: Value) {
    let rows = values.into_iter().map(|value| vec![value]);
    let result = result(&spark_3_5(), &[data_type], function, Vec::new(), rows);
    assert_eq!(result, Ok(expected));
}

fn integers(values: &[i32]) -> Vec<Value> {
    values.iter().copied().map(Value::Integer).collect()
}

fn doubles(values: &[f64]) -> Vec<Value> {
    values
        .iter()
        .map(|it| Value::Double((*it).into()))
        .collect()
}

fn double(number: f64) -> Value {
    Value::Double(number.into())
}

fn decimal(unscaled: i128, precision: u8, scale: u8) -> Value {
    Value::Decimal(Decimal::new(unscaled, precision, scale).expect("it fits"))
}

fn range(count: i64) -> Vec<Value> {
    (0..count).map(Value::Long).collect()
}

#[test]
fn the_order_of_groups_follows_from_the_kinds_of_buffers() {
    let kind = |data_type: DataType, function: &str| {
        let aggregate = resolved(&spark_3_5(), &[data_type], function, Vec::new());
        AggregateKind::of(&*aggregate.accumulate)
    };
    let decimal = |precision| DataType::Decimal {
        precision,
        scale: 2,
    };
    assert_eq!(kind(DataType::Integer, "sum"), AggregateKind::FastHash);
    assert_eq!(kind(decimal(8), "sum"), AggregateKind::FastHash);
    assert_eq!(kind(decimal(9), "sum"), AggregateKind::Hash);
    assert_eq!(kind(decimal(10), "max"), AggregateKind::FastHash);
    assert_eq!(kind(DataType::String, "max"), AggregateKind::Sort);
    assert_eq!(kind(DataType::String, "first"), AggregateKind::Sort);
    assert_eq!(
        kind(DataType::Long, "approx_count_distinct"),
        AggregateKind::Hash
    );
    assert_eq!(
        kind(DataType::String, "collect_set"),
        AggregateKind::ObjectHash
    );
    assert!(
        AggregateKind::ObjectHash > AggregateKind::Sort,
        "objects are no texts in a row"
    );
}
