//! Central moments: standard deviation, variance, skewness and kurtosis (`aggregate/CentralMomentAgg.scala`).

#![expect(clippy::float_cmp, reason = "the formulas are those of Spark")]

use engine::{DataType, Failure, Value};

use super::numbers::to_double;
use crate::aggregate::{Accumulate, AggregateFunction};
use crate::context::Context;
use crate::function::{Takes, Type};

const DOUBLE: Takes = Takes::Exactly(&[Type::Double]);

macro_rules! moments {
    ($($name:literal => $order:literal, $result:expr;)*) => {
        &[$(AggregateFunction::new($name, DOUBLE, |_| {
            Ok(Box::new(CentralMoments { order: $order, result: $result }))
        })),*]
    };
}

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = moments! {
    "stddev" => 2, stddev_samp;
    "std" => 2, stddev_samp;
    "stddev_samp" => 2, stddev_samp;
    "stddev_pop" => 2, |it| Some((it.m2 / it.n).sqrt());
    "variance" => 2, var_samp;
    "var_samp" => 2, var_samp;
    "var_pop" => 2, |it| Some(it.m2 / it.n);
    "skewness" => 3, |it| {
        (it.m2 != 0.0).then(|| it.n.sqrt() * it.m3 / (it.m2 * it.m2 * it.m2).sqrt())
    };
    "kurtosis" => 4, |it| (it.m2 != 0.0).then(|| it.n * it.m4 / (it.m2 * it.m2) - 3.0);
};

fn stddev_samp(moments: &Moments) -> Option<f64> {
    var_samp(moments).map(f64::sqrt)
}

fn var_samp(moments: &Moments) -> Option<f64> {
    (moments.n != 1.0).then(|| moments.m2 / (moments.n - 1.0))
}

/// Central moments up to an order, and a result made of them. The buffer is the number of rows, the average, and the
/// moments from the second on, all `DOUBLE`.
#[derive(Debug)]
pub(super) struct CentralMoments {
    pub(super) order: usize,
    /// The result of at least one row.
    pub(super) result: fn(&Moments) -> Option<f64>,
}

/// The numbers of a buffer; moments beyond the order are 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    n: f64,
    average: f64,
    pub(super) m2: f64,
    m3: f64,
    m4: f64,
}

impl Moments {
    fn read(buffer: &[Value]) -> Moments {
        let number = |index| buffer.get(index).and_then(to_double).unwrap_or(0.0);
        Moments {
            n: number(0),
            average: number(1),
            m2: number(2),
            m3: number(3),
            m4: number(4),
        }
    }

    fn write(&self, buffer: &mut [Value]) {
        let numbers = [self.n, self.average, self.m2, self.m3, self.m4];
        for (place, number) in buffer.iter_mut().zip(numbers) {
            *place = Value::Double(number.into());
        }
    }

    /// The order of the operations is Spark's: their bits are seen.
    fn with(&self, value: f64) -> Moments {
        let n = self.n + 1.0;
        let delta = value - self.average;
        let delta_n = delta / n;
        let m2 = self.m2 + delta * (delta - delta_n);
        let delta2 = delta * delta;
        let delta_n2 = delta_n * delta_n;
        let m3 = self.m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
        let m4 = self.m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2
            + delta * (delta * delta2 - delta_n * delta_n2);
        Moments {
            n,
            average: self.average + delta_n,
            m2,
            m3,
            m4,
        }
    }

    fn merged(&self, other: &Moments) -> Moments {
        let n1 = self.n;
        let n2 = other.n;
        let n = n1 + n2;
        let delta = other.average - self.average;
        let delta_n = if n == 0.0 { 0.0 } else { delta / n };
        Moments {
            n,
            average: self.average + delta_n * n2,
            m2: self.m2 + other.m2 + delta * delta_n * n1 * n2,
            m3: self.m3
                + other.m3
                + delta_n * delta_n * delta * n1 * n2 * (n1 - n2)
                + 3.0 * delta_n * (n1 * other.m2 - n2 * self.m2),
            m4: self.m4
                + other.m4
                + delta_n * delta_n * delta_n * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2)
                + 6.0 * delta_n * delta_n * (n1 * n1 * other.m2 + n2 * n2 * self.m2)
                + 4.0 * delta_n * (n1 * other.m3 - n2 * self.m3),
        }
    }
}

impl Accumulate for CentralMoments {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::Double; self.order + 1]
    }

    fn result(&self) -> (DataType, bool) {
        (DataType::Double, true)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Double(0.0.into()); self.order + 1]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        if let Some(value) = to_double(&arguments[0]) {
            Moments::read(buffer).with(value).write(buffer);
        }
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        let merged = Moments::read(buffer).merged(&Moments::read(other));
        merged.write(buffer);
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        let moments = Moments::read(buffer);
        let result = (moments.n != 0.0).then(|| (self.result)(&moments));
        Ok(result
            .flatten()
            .map_or(Value::Null, |it| Value::Double(it.into())))
    }
}
