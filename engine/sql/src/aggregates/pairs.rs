//! Pairs of numbers: covariance, correlation and linear regression (`aggregate/Covariance.scala`, `Corr.scala`,
//! `linearRegression.scala`).

#![expect(
    clippy::float_cmp,
    clippy::similar_names,
    reason = "the formulas are those of Spark"
)]

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};

use super::average::average;
use super::count;
use super::moments::CentralMoments;
use super::numbers::to_double;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::context::Context;
use crate::failures::failure;
use crate::function::{Mismatch, Takes, Type};

const DOUBLES: Takes = Takes::Exactly(&[Type::Double, Type::Double]);
const NUMBERS: Takes = Takes::Exactly(&[Type::Numeric, Type::Numeric]);

type Finish = fn(&Pairs, &Context<'_>) -> Result<Option<f64>, Failure>;

/// The functions. Of those of a regression the dependent number comes first.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("covar_pop", DOUBLES, |_| {
        pairs(4, |it, _| Ok(Some(it.ck / it.n)))
    }),
    AggregateFunction::new("covar_samp", DOUBLES, |_| {
        pairs(4, |it, _| Ok((it.n != 1.0).then(|| it.ck / (it.n - 1.0))))
    }),
    AggregateFunction::new("corr", DOUBLES, |_| pairs(6, correlation)),
    AggregateFunction::new("regr_count", NUMBERS, count::count),
    AggregateFunction::new("regr_avgx", NUMBERS, |call| averaged(call, 1)),
    AggregateFunction::new("regr_avgy", NUMBERS, |call| averaged(call, 0)),
    AggregateFunction::new("regr_sxx", NUMBERS, |_| squares(1)),
    AggregateFunction::new("regr_syy", NUMBERS, |_| squares(0)),
    AggregateFunction::new("regr_sxy", DOUBLES, |_| pairs(4, |it, _| Ok(Some(it.ck)))),
    AggregateFunction::new("regr_r2", DOUBLES, |_| pairs(6, determination)),
    AggregateFunction::new("regr_slope", DOUBLES, |_| pairs(7, |it, _| Ok(it.slope()))),
    AggregateFunction::new("regr_intercept", DOUBLES, |_| {
        pairs(7, |it, _| {
            Ok(it.slope().map(|slope| it.y_average - slope * it.x_average))
        })
    }),
];

fn pairs(size: usize, result: Finish) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(PairMoments { size, result }))
}

fn averaged(call: &AggregateCall<'_>, index: usize) -> Result<Box<dyn Accumulate>, Mismatch> {
    let inner = average(&call.arguments[index].data_type, call.session.ansi, false);
    Ok(Box::new(OfPairs {
        inner: Box::new(inner),
        index,
    }))
}

fn squares(index: usize) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(OfPairs {
        inner: Box::new(CentralMoments {
            order: 2,
            result: |it| Some(it.m2),
        }),
        index,
    }))
}

/// Pearson's coefficient of correlation. In the ANSI mode of Spark 3.5 the division by zero of a column that does not
/// vary fails.
fn correlation(pairs: &Pairs, context: &Context<'_>) -> Result<Option<f64>, Failure> {
    if pairs.n == 1.0 {
        return Ok(None);
    }
    let divisor = (pairs.x_squares * pairs.y_squares).sqrt();
    if divisor != 0.0 {
        return Ok(Some(pairs.ck / divisor));
    }
    match context.session.spark {
        SparkVersion::V3_5 if context.session.ansi => Err(failure(
            FailureKind::Spark,
            "DIVIDE_BY_ZERO",
            "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If necessary set \
             \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.",
            "22012",
            context.session,
        )),
        _ => Ok(None),
    }
}

/// The square of the correlation.
fn determination(pairs: &Pairs, context: &Context<'_>) -> Result<Option<f64>, Failure> {
    if pairs.x_squares == 0.0 {
        return Ok(None);
    }
    if pairs.y_squares == 0.0 {
        return Ok(Some(1.0));
    }
    Ok(correlation(pairs, context)?.map(|it| it * it))
}

/// Moments of pairs, and a result made of them. The buffer is the number of pairs, the averages of both, their
/// co-moment, and, by its size, the squared deviations of both (6) or the number, average and second moment of the
/// independent one (7).
#[derive(Debug)]
struct PairMoments {
    size: usize,
    /// The result of at least one pair.
    result: Finish,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    n: f64,
    x_average: f64,
    y_average: f64,
    ck: f64,
    x_squares: f64,
    y_squares: f64,
    /// The second moment of the first number, as a variance reckons with it.
    x_m2: f64,
}

impl Pairs {
    fn read(buffer: &[Value]) -> Pairs {
        let number = |index| buffer.get(index).and_then(to_double).unwrap_or(0.0);
        let has_squares = buffer.len() == 6;
        Pairs {
            n: number(0),
            x_average: number(1),
            y_average: number(2),
            ck: number(3),
            x_squares: if has_squares { number(4) } else { 0.0 },
            y_squares: if has_squares { number(5) } else { 0.0 },
            x_m2: number(6),
        }
    }

    fn write(&self, buffer: &mut [Value]) {
        let tail = match buffer.len() {
            6 => [self.x_squares, self.y_squares, 0.0],
            _ => [self.n, self.x_average, self.x_m2],
        };
        let head = [self.n, self.x_average, self.y_average, self.ck];
        for (place, number) in buffer.iter_mut().zip(head.into_iter().chain(tail)) {
            *place = Value::Double(number.into());
        }
    }

    /// The order of the operations is Spark's: their bits are seen.
    fn with(&self, x: f64, y: f64) -> Pairs {
        let n = self.n + 1.0;
        let dx = x - self.x_average;
        let dy = y - self.y_average;
        let x_average = self.x_average + dx / n;
        let y_average = self.y_average + dy / n;
        Pairs {
            n,
            x_average,
            y_average,
            ck: self.ck + dx * (y - y_average),
            x_squares: self.x_squares + dx * (x - x_average),
            y_squares: self.y_squares + dy * (y - y_average),
            x_m2: self.x_m2 + dx * (dx - dx / n),
        }
    }

    fn merged(&self, other: &Pairs) -> Pairs {
        let n1 = self.n;
        let n2 = other.n;
        let n = n1 + n2;
        let part = |delta: f64| if n == 0.0 { 0.0 } else { delta / n };
        let dx = other.x_average - self.x_average;
        let dy = other.y_average - self.y_average;
        let dx_n = part(dx);
        let dy_n = part(dy);
        Pairs {
            n,
            x_average: self.x_average + dx_n * n2,
            y_average: self.y_average + dy_n * n2,
            ck: self.ck + other.ck + dx * dy_n * n1 * n2,
            x_squares: self.x_squares + other.x_squares + dx * dx_n * n1 * n2,
            y_squares: self.y_squares + other.y_squares + dy * dy_n * n1 * n2,
            x_m2: self.x_m2 + other.x_m2 + dx * dx_n * n1 * n2,
        }
    }

    fn slope(&self) -> Option<f64> {
        (self.x_m2 != 0.0).then(|| self.ck / self.x_m2)
    }
}

impl Accumulate for PairMoments {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::Double; self.size]
    }

    fn result(&self) -> (DataType, bool) {
        (DataType::Double, true)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Double(0.0.into()); self.size]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        // The independent number of a line is the second argument.
        let (x, y) = if self.size == 7 { (1, 0) } else { (0, 1) };
        if let (Some(x), Some(y)) = (to_double(&arguments[x]), to_double(&arguments[y])) {
            Pairs::read(buffer).with(x, y).write(buffer);
        }
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        Pairs::read(buffer)
            .merged(&Pairs::read(other))
            .write(buffer);
        Ok(())
    }

    fn finish(&self, buffer: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        let pairs = Pairs::read(buffer);
        if pairs.n == 0.0 {
            return Ok(Value::Null);
        }
        let result = (self.result)(&pairs, context)?;
        Ok(result.map_or(Value::Null, |it| Value::Double(it.into())))
    }
}

/// An aggregate of one of the numbers of the pairs that have both.
#[derive(Debug)]
struct OfPairs {
    inner: Box<dyn Accumulate>,
    index: usize,
}

impl Accumulate for OfPairs {
    fn buffer(&self) -> Vec<DataType> {
        self.inner.buffer()
    }

    fn result(&self) -> (DataType, bool) {
        self.inner.result()
    }

    fn initial(&self) -> Vec<Value> {
        self.inner.initial()
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        if arguments.contains(&Value::Null) {
            return Ok(());
        }
        self.inner.update(
            buffer,
            std::slice::from_ref(&arguments[self.index]),
            context,
        )
    }

    fn merge(
        &self,
        buffer: &mut [Value],
        other: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        self.inner.merge(buffer, other, context)
    }

    fn finish(&self, buffer: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        self.inner.finish(buffer, context)
    }
}
