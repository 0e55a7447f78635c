//! A session window of each row.

use std::ops::ControlFlow;

use engine::{DataType, Struct, Text, Value};
use engine_sql::{Typed, parse_duration};

use super::generate::joined;
use super::operator::{Batch, Each, Flow, Operator};

/// Each row with the window from its time on for the length of the gap
/// (`org.apache.spark.sql.catalyst.analysis.SessionWindowing`). A row without a time, or with a gap of no length, is in
/// none.
#[derive(Debug)]
pub(crate) struct SessionWindow {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) time: Typed,
    pub(crate) gap: Gap,
}

/// The gap after which another window begins.
#[derive(Clone, Debug)]
pub(crate) enum Gap {
    /// As many microseconds for all rows.
    Micros(i64),
    /// An interval of each row, or the text of one.
    Interval(Typed),
}

impl Operator for SessionWindow {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let names = ["start", "end"].map(Text::from);
        let bound = if self.time.data_type == DataType::TimestampNtz {
            Value::TimestampNtz
        } else {
            Value::Timestamp
        };
        self.input.rows(partition, batch, &mut |row| {
            let time = self.time.value(row, &batch.context)?;
            let gap = match &self.gap {
                Gap::Micros(micros) => *micros,
                Gap::Interval(interval) => match interval.value(row, &batch.context)? {
                    Value::DayTimeInterval { micros, .. } => micros,
                    // Cast to an interval, any other text is NULL.
                    Value::String(text) => parse_duration(&text).unwrap_or(0),
                    _ => 0,
                },
            };
            let (Value::Timestamp(start) | Value::TimestampNtz(start)) = time else {
                return Ok(ControlFlow::Continue(()));
            };
            if gap <= 0 {
                return Ok(ControlFlow::Continue(()));
            }
            let bounds = [start, start.saturating_add(gap)].map(bound);
            let window: Struct = names.iter().cloned().zip(bounds).collect();
            each(&joined(row, vec![Value::Struct(window)]))
        })
    }
}
