//! Exact percentiles (`aggregate/percentiles.scala`).

#![expect(clippy::float_cmp, reason = "positions without a fraction are exact")]

use engine::{DataType, Failure, FailureKind, SparkVersion, Value, Values};

use super::average::average;
use super::collect::{array_of, items, push};
use super::numbers::{take_number_or_interval, to_double, to_long, widest_interval};
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
use crate::context::{Context, Session};
use crate::failures::failure;
use crate::function::{ColumnText, Mismatch, Takes, Type};
use crate::resolve::implicit_cast;
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("percentile", Takes::By(take), percentile)
        .text(ColumnText::Filled(3, &["1"])),
    AggregateFunction::new("median", Takes::By(take_median), median),
];

fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if !matches!(arguments.len(), 2 | 3) {
        return Err(Mismatch::argument_count(
            "percentile",
            "[2, 3]",
            arguments.len(),
        ));
    }
    take_number_or_interval("percentile", arguments, 0, session)?;
    let Some(frequency) = arguments.get_mut(2) else {
        return Ok(());
    };
    let to = implicit_cast(frequency, Type::Integral, session).ok_or_else(|| {
        Mismatch::input_type("percentile", 2, "\"INTEGRAL\"", &frequency.data_type)
    })?;
    frequency.cast_in_place(&to, session)
}

fn take_median(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if arguments.len() != 1 {
        return Err(Mismatch::argument_count("median", "1", arguments.len()));
    }
    take_number_or_interval("median", arguments, 0, session)
}

fn percentile(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    let percentages = Percentages::read("percentile", &call.arguments[1], call.session)?;
    Ok(Box::new(Percentile::new(call, percentages)))
}

fn median(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    let half = Percentages {
        values: vec![0.5],
        is_array: false,
    };
    Ok(Box::new(Percentile::new(call, half)))
}

/// The percentages of a call, each of 0 to 1.
#[derive(Clone, Debug)]
pub(super) struct Percentages {
    pub(super) values: Vec<f64>,
    /// They were an array, and so is the result.
    pub(super) is_array: bool,
}

impl Percentages {
    /// The percentages that an argument has, which must be the same in each row.
    pub(super) fn read(
        function: &str,
        argument: &Typed,
        session: &Session,
    ) -> Result<Percentages, Mismatch> {
        if let DataType::Array { nullable: true, .. } = argument.data_type {
            let requires = "\"ARRAY<DOUBLE>\"";
            return Err(Mismatch::input_type(
                function,
                1,
                requires,
                &argument.data_type,
            ));
        }
        let value = constant(function, "percentage", "\"DOUBLE\"", argument, session)?;
        let is_array = matches!(value, Value::Array(_));
        let values = match &value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let values: Option<Vec<f64>> = values.iter().map(percentage).collect();
        let values = values.ok_or_else(|| unexpected_null("percentage"))?;
        if let Some(wrong) = values.iter().find(|it| !(0.0..=1.0).contains(*it)) {
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                format!(
                    "`{function}`: The percentage must be between [0.0, 1.0] (current value = {wrong:?}D)."
                ),
            ));
        }
        Ok(Percentages { values, is_array })
    }

    /// The results, in the shape of the percentages.
    pub(super) fn shaped(&self, results: Vec<Value>) -> Value {
        if self.is_array {
            return Value::Array(Values::from(results));
        }
        results.into_iter().next().unwrap_or(Value::Null)
    }

    /// The type of results of this type.
    pub(super) fn type_of(&self, result: DataType) -> DataType {
        if self.is_array {
            array_of(&result)
        } else {
            result
        }
    }
}

fn percentage(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        number => to_double(number),
    }
}

/// The value of an argument that must be the same in each row.
pub(super) fn constant(
    function: &str,
    parameter: &str,
    requires: &str,
    argument: &Typed,
    session: &Session,
) -> Result<Value, Mismatch> {
    match argument.try_constant(session) {
        Some(Ok(Value::Null)) => Err(unexpected_null(parameter)),
        Some(Ok(value)) => Ok(value),
        Some(Err(failure)) => Err(Mismatch::new(
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
            failure.message().to_string(),
        )),
        None => Err(Mismatch::new(
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
            format!(
                "`{function}`: the input `{parameter}` should be a foldable {requires} expression."
            ),
        )),
    }
}

fn unexpected_null(parameter: &str) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.UNEXPECTED_NULL",
        format!("The {parameter} must not be null."),
    )
}

/// Percentiles between the two nearest values. The buffer is the values, and how often each counts.
#[derive(Debug)]
struct Percentile {
    element: DataType,
    percentages: Percentages,
}

impl Percentile {
    fn new(call: &AggregateCall<'_>, percentages: Percentages) -> Percentile {
        Percentile {
            element: call.arguments[0].data_type.clone(),
            percentages,
        }
    }

    /// The type of one result.
    fn single(&self) -> DataType {
        // That of an average of doubles or of intervals.
        match widest_interval(&self.element) {
            interval @ (DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_)) => {
                average(&interval, false, false).result().0
            }
            _ => DataType::Double,
        }
    }

    /// A number as a result.
    fn value(&self, number: f64) -> Value {
        match self.single() {
            DataType::YearMonthInterval(units) => Value::YearMonthInterval {
                months: number as i32,
                units,
            },
            DataType::DayTimeInterval(units) => Value::DayTimeInterval {
                micros: number as i64,
                units,
            },
            _ => Value::Double(number.into()),
        }
    }
}

/// The values in order, each once, and the number of values up to it.
fn accumulated(buffer: &[Value]) -> Vec<(&Value, i64)> {
    let counts = items(&buffer[1]).iter().map(|it| to_long(it).unwrap_or(0));
    let mut counted: Vec<(&Value, i64)> = items(&buffer[0]).iter().zip(counts).collect();
    counted.sort_by_key(|(value, _)| *value);
    counted.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 += later.1;
        }
        is_same
    });
    let mut total = 0;
    for (_, count) in &mut counted {
        total += *count;
        *count = total;
    }
    counted
}

/// The value at a position that may lie between two. Versions differ in the last digit.
fn at(counted: &[(&Value, i64)], position: f64, spark: SparkVersion) -> f64 {
    let value = |rank: f64| {
        let index = counted.partition_point(|(_, count)| *count < rank as i64 + 1);
        to_double(counted[index.min(counted.len() - 1)].0).unwrap_or(f64::NAN)
    };
    let lower = position.floor();
    let higher = position.ceil();
    let below = value(lower);
    let above = value(higher);
    if lower == higher || below.to_bits() == above.to_bits() {
        return below;
    }
    match spark {
        SparkVersion::V3_5 => (higher - position) * below + (position - lower) * above,
        SparkVersion::V4 => below + (above - below) * (position - lower),
    }
}

impl Accumulate for Percentile {
    fn buffer(&self) -> Vec<DataType> {
        vec![array_of(&self.element), array_of(&DataType::Long)]
    }

    fn kind(&self) -> AggregateKind {
        AggregateKind::ObjectHash
    }

    fn result(&self) -> (DataType, bool) {
        (self.percentages.type_of(self.single()), true)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Array(Values::default()); 2]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let frequency = match arguments.get(2) {
            Some(frequency) => to_long(frequency),
            None => Some(1),
        };
        match (&arguments[0], frequency) {
            (Value::Null, _) | (_, None | Some(0)) => Ok(()),
            (_, Some(frequency)) if frequency < 0 => Err(failure(
                FailureKind::Spark,
                "_LEGACY_ERROR_TEMP_2013",
                &format!("Negative values found in frequency: {frequency}"),
                "22003",
                context.session,
            )),
            (value, Some(frequency)) => {
                push(&mut buffer[0], value.clone())?;
                push(&mut buffer[1], Value::Long(frequency))
            }
        }
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        for (value, count) in items(&other[0]).iter().zip(items(&other[1])) {
            push(&mut buffer[0], value.clone())?;
            push(&mut buffer[1], count.clone())?;
        }
        // A state has each value once.
        let mut before = 0;
        let (values, counts): (Vec<Value>, Vec<Value>) = accumulated(buffer)
            .into_iter()
            .map(|(value, count)| {
                let alone = count - std::mem::replace(&mut before, count);
                (value.clone(), Value::Long(alone))
            })
            .unzip();
        buffer[0] = Value::Array(Values::new(values)?);
        buffer[1] = Value::Array(Values::new(counts)?);
        Ok(())
    }

    fn finish(&self, buffer: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        let counted = accumulated(buffer);
        let Some((_, total)) = counted.last() else {
            return Ok(Value::Null);
        };
        let last = (total - 1) as f64;
        let percentages = self.percentages.values.iter();
        let results =
            percentages.map(|it| self.value(at(&counted, last * it, context.session.spark)));
        Ok(self.percentages.shaped(results.collect()))
    }
}
