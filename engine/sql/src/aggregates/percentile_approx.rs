//! Approximate percentiles (`aggregate/ApproximatePercentile.scala`).

use engine::{DataType, Decimal, Failure, Value};

use super::numbers::to_double;
use super::percentile::{Percentages, constant};
use super::quantiles::Quantiles;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
use crate::context::{Context, Session};
use crate::function::{ColumnText, Mismatch, Takes, Type};
use crate::resolve::implicit_cast;
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("percentile_approx", Takes::By(take), build)
        .text(ColumnText::Filled(3, &["10000"])),
    AggregateFunction::new("approx_percentile", Takes::By(take), build)
        .text(ColumnText::Filled(3, &["10000"])),
];

fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if !matches!(arguments.len(), 2 | 3) {
        return Err(Mismatch::argument_count(
            "percentile_approx",
            "[2, 3]",
            arguments.len(),
        ));
    }
    let value = &mut arguments[0];
    if is_counted(&value.data_type) {
        return Ok(());
    }
    let to = implicit_cast(value, Type::Numeric, session).ok_or_else(|| {
        let requires = "(\"NUMERIC\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \
                        \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")";
        Mismatch::input_type("percentile_approx", 0, requires, &value.data_type)
    })?;
    value.cast_in_place(&to, session)
}

/// Returns true of a date, a time or an interval: its percentile is one, too.
fn is_counted(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Date
            | DataType::Timestamp
            | DataType::TimestampNtz
            | DataType::YearMonthInterval(_)
            | DataType::DayTimeInterval(_)
    )
}

fn build(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    let function = "percentile_approx";
    let accuracy = match call.arguments.get(2) {
        Some(accuracy) => {
            let accuracy = constant(function, "accuracy", "\"INTEGRAL\"", accuracy, call.session)?;
            to_double(&accuracy).unwrap_or(0.0)
        }
        None => 10_000.0,
    };
    if !(1.0..=f64::from(i32::MAX)).contains(&accuracy) {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
            format!(
                "`{function}`: The accuracy must be between (0, 2147483647] (current value = {accuracy}L)."
            ),
        ));
    }
    let percentages = Percentages::read(function, &call.arguments[1], call.session)?;
    Ok(Box::new(PercentileApprox {
        data_type: call.arguments[0].data_type.clone(),
        percentages,
        error: 1.0 / accuracy,
    }))
}

/// Percentiles that are values of the rows, and are at most an error away from the rank that they should have. The
/// buffer is the summary of [`Quantiles`].
#[derive(Debug)]
struct PercentileApprox {
    data_type: DataType,
    percentages: Percentages,
    /// The part of all rows that a rank may be wrong by.
    error: f64,
}

impl PercentileApprox {
    /// A sample as a value of the type.
    fn value(&self, number: f64) -> Value {
        match self.data_type {
            DataType::Byte => Value::Byte(number as i8),
            DataType::Short => Value::Short(number as i16),
            DataType::Integer => Value::Integer(number as i32),
            DataType::Long => Value::Long(number as i64),
            DataType::Float => Value::Float((number as f32).into()),
            DataType::Date => Value::Date(number as i32),
            DataType::Timestamp => Value::Timestamp(number as i64),
            DataType::TimestampNtz => Value::TimestampNtz(number as i64),
            DataType::YearMonthInterval(units) => Value::YearMonthInterval {
                months: number as i32,
                units,
            },
            DataType::DayTimeInterval(units) => Value::DayTimeInterval {
                micros: number as i64,
                units,
            },
            DataType::Decimal { precision, scale } => {
                decimal(number, precision, scale).map_or(Value::Null, Value::Decimal)
            }
            _ => Value::Double(number.into()),
        }
    }
}

/// The shortest decimal that is this number, rounded half up to a scale.
fn decimal(number: f64, precision: u8, scale: u8) -> Option<Decimal> {
    let text = format!("{}", number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let kept = fraction.len().min(usize::from(scale));
    let digits = format!("{whole}{:0<1$}", &fraction[..kept], usize::from(scale));
    let rounds_up = fraction
        .as_bytes()
        .get(kept)
        .is_some_and(|digit| *digit >= b'5');
    let unscaled = digits
        .parse::<i128>()
        .ok()?
        .checked_add(i128::from(rounds_up))?;
    Decimal::new(
        if number < 0.0 { -unscaled } else { unscaled },
        precision,
        scale,
    )
}

/// The number that a value is summarised as.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Date(days) => Some(f64::from(*days)),
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => Some(*micros as f64),
        other => to_double(other),
    }
}

impl Accumulate for PercentileApprox {
    fn buffer(&self) -> Vec<DataType> {
        Quantiles::TYPES.to_vec()
    }

    fn kind(&self) -> AggregateKind {
        AggregateKind::ObjectHash
    }

    fn result(&self) -> (DataType, bool) {
        (self.percentages.type_of(self.data_type.clone()), true)
    }

    fn initial(&self) -> Vec<Value> {
        Quantiles::empty()
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        match number(&arguments[0]) {
            Some(number) => Quantiles::insert(buffer, number, self.error),
            None => Ok(()),
        }
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        let one = Quantiles::read(buffer).compressed(self.error);
        let other = Quantiles::read(other).compressed(self.error);
        one.merged(other, self.error).write(buffer);
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        let quantiles = Quantiles::read(buffer).compressed(self.error);
        let percentages = self.percentages.values.iter();
        let results: Option<Vec<Value>> = percentages
            .map(|it| quantiles.query(*it, self.error).map(|it| self.value(it)))
            .collect();
        Ok(results.map_or(Value::Null, |results| self.percentages.shaped(results)))
    }
}
