//! From the lines of a micro-batch to the rows that are written or counted, one line at a time.

use std::cell::Cell;

use engine::{Failure, Row, SparkVersion, Text, Value};

use crate::expression::ResolvedExpression;

/// A step of a row's way through the query.
#[derive(Clone, Debug)]
pub(crate) enum RowStep {
    /// Makes a row of these columns, or several.
    Project(Vec<ResolvedExpression>),
    /// Notes the event time in this column (`WM-8`).
    Watermark(usize),
}

/// The rows that the steps make of a line. The latest event time that they pass is noted in `latest`.
pub(crate) fn rows(
    steps: &[RowStep],
    line: &Text,
    latest: &Cell<Option<i64>>,
    spark: SparkVersion,
) -> Result<Vec<Row>, Failure> {
    let mut rows = vec![vec![Value::String(line.clone())]];
    for step in steps {
        match step {
            RowStep::Project(columns) => {
                let mut projected = Vec::with_capacity(rows.len());
                for row in &rows {
                    project(columns, row, spark, &mut projected)?;
                }
                rows = projected;
            }
            RowStep::Watermark(column) => {
                let times = rows.iter().filter_map(|row| event_time(&row[*column]));
                latest.set(times.chain(latest.get()).max());
            }
        }
    }
    Ok(rows)
}

/// Appends the rows that these columns make of one row: one, or as many as the generator among them
/// yields, and none without a time for a window.
fn project(
    columns: &[ResolvedExpression],
    row: &Row,
    spark: SparkVersion,
    projected: &mut Vec<Row>,
) -> Result<(), Failure> {
    let values = columns.iter().map(|column| column.value(row, spark));
    let mut values: Row = values.collect::<Result<_, _>>()?;
    let has_no_window = |(column, value): (&ResolvedExpression, &Value)| {
        column.is_window() && *value == Value::Null
    };
    if columns.iter().zip(&values).any(has_no_window) {
        return Ok(());
    }
    let Some(generator) = columns.iter().position(ResolvedExpression::is_generator) else {
        projected.push(values);
        return Ok(());
    };
    let after = values.split_off(generator + 1);
    if let Some(Value::Array(items)) = values.pop() {
        projected.extend(items.into_vec().into_iter().map(|item| {
            let mut row = Row::with_capacity(columns.len());
            row.extend_from_slice(&values);
            row.push(item);
            row.extend_from_slice(&after);
            row
        }));
    }
    Ok(())
}

fn event_time(value: &Value) -> Option<i64> {
    match value {
        Value::Timestamp(micros) => Some(*micros),
        _ => None,
    }
}
