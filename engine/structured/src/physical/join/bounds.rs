//! The rows of a side that no row of the other side will join any more, from the bounds that a condition sets to times
//! (`org.apache.spark.sql.catalyst.analysis.StreamingJoinHelper`).

use engine::Value;
use engine_sql::{Typed, TypedKind};

/// When the rows of a side are let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Never.
    None,
    /// When the watermark has passed the key at this place.
    Key(usize),
    /// When the watermark has passed the time in this column of theirs by as much as the condition says.
    Time(usize),
}

/// The columns of a condition that the bound of a side depends on.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// The columns of the side.
    pub(crate) columns: std::ops::Range<usize>,
    /// The column of the other side that has the watermark.
    pub(crate) other_time: Option<usize>,
}

/// The time up to which rows of a side join no row any more, where the watermark of the other side is `watermark`; both in
/// milliseconds. `None` if the conditions set no bound.
pub(crate) fn state_watermark(conditions: &[Typed], side: &Side, watermark: i64) -> Option<i64> {
    let of_each = conditions
        .iter()
        .filter_map(|condition| match condition.as_call()? {
            ("<", [one, other]) => least_time(one, other, side, watermark),
            ("<=", [one, other]) => least_time(one, other, side, watermark).map(|it| it - 1),
            (">", [one, other]) => least_time(other, one, side, watermark),
            (">=", [one, other]) => least_time(other, one, side, watermark).map(|it| it - 1),
            _ => None,
        });
    of_each.min()
}

/// A sum of columns and microseconds.
#[derive(Debug, Default)]
struct Sum {
    /// Columns, each added or taken away.
    columns: Vec<(usize, bool)>,
    micros: i64,
}

impl Sum {
    /// Adds an expression, or takes it away.
    fn add(&mut self, typed: &Typed, is_added: bool) -> Option<()> {
        match &typed.kind {
            TypedKind::Column(column) => self.columns.push((*column, is_added)),
            TypedKind::Literal(value) => {
                let (Value::DayTimeInterval { micros, .. }
                | Value::Timestamp(micros)
                | Value::TimestampNtz(micros)) = value
                else {
                    return None;
                };
                let micros = if is_added {
                    *micros
                } else {
                    micros.checked_neg()?
                };
                self.micros = self.micros.checked_add(micros)?;
            }
            TypedKind::Cast { operand, .. } => self.add(operand, is_added)?,
            _ => match typed.as_call()? {
                ("+" | "timestamp_add_interval", [one, other]) => {
                    self.add(one, is_added)?;
                    self.add(other, is_added)?;
                }
                ("-" | "timestamp_sub_interval", [one, other]) => {
                    self.add(one, is_added)?;
                    self.add(other, !is_added)?;
                }
                ("-" | "negative", [one]) => self.add(one, !is_added)?,
                ("+" | "positive", [one]) => self.add(one, is_added)?,
                _ => return None,
            },
        }
        Some(())
    }
}

/// Of `one < other` the time that the column of the side is greater than, with the watermark in the place of the other
/// side's time.
fn least_time(one: &Typed, other: &Typed, side: &Side, watermark: i64) -> Option<i64> {
    let mut sum = Sum::default();
    sum.add(one, true)?;
    sum.add(other, false)?;
    let (own, others): (Vec<_>, Vec<_>) = sum
        .columns
        .iter()
        .partition(|(column, _)| side.columns.contains(column));
    // `-own + rest < 0`: the other way around it is no least time.
    let [(_, false)] = own.as_slice() else {
        return None;
    };
    let mut micros = sum.micros;
    match others.as_slice() {
        [] => {}
        [(column, is_added)] if Some(*column) == side.other_time => {
            let watermark = watermark.saturating_mul(1_000);
            micros = micros.saturating_add(if *is_added { watermark } else { -watermark });
        }
        _ => return None,
    }
    Some(micros / 1_000)
}

#[cfg(test)]
mod tests {
    use engine::{DataType, IntervalUnits, SparkVersion};
    use engine_sql::{Expression, Field, Resolver, Schema, Session};

    use super::*;

    fn hours(hours: i64) -> Expression {
        let units = IntervalUnits::DAY_TO_SECOND;
        let micros = hours * 3_600_000_000;
        Expression::literal(
            Value::DayTimeInterval { micros, units },
            DataType::DayTimeInterval(units),
        )
    }

    /// The bound of the left side (`a`) and of the right one (`b`), where the watermark is at ten hours, in hours.
    #[track_caller]
    fn check(sign: &str, right: Expression, expected: [Option<f64>; 2]) {
        let fields = ["a", "b"].map(|name| Field::new(name, DataType::Timestamp));
        let (schema, session) = (Schema::from_iter(fields), Session::new(SparkVersion::V3_5));
        let condition = Expression::call(sign, [Expression::column("a"), right]);
        let typed = Resolver::new(&schema, &session)
            .resolve(&condition)
            .expect("it has types");
        let sides = [(0..1, 1), (1..2, 0)].map(|(columns, other)| Side {
            columns,
            other_time: Some(other),
        });
        let bounds =
            sides.map(|side| state_watermark(std::slice::from_ref(&typed), &side, 36_000_000));
        assert_eq!(
            bounds.map(|it| it.map(|ms| ms as f64 / 3_600_000.0)),
            expected
        );
    }

    #[test]
    fn a_side_is_kept_as_long_as_the_condition_says() {
        let b = || Expression::column("b");
        let plus = |count| Expression::call("+", [b(), hours(count)]);
        let minus = |count| Expression::call("-", [b(), hours(count)]);
        check(">", minus(2), [Some(8.0), None]);
        check("<", plus(1), [None, Some(9.0)]);
        check(">", b(), [Some(10.0), None]);
        let millisecond = 1.0 / 3_600_000.0;
        check(">=", b(), [Some(10.0 - millisecond), None]);
        check("=", b(), [None, None]);
    }
}
