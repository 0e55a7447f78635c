//! The windows that a time lies in.

use std::ops::ControlFlow;

use engine::{Failure, FailureKind, Struct, Text, Value};
use engine_sql::plan::TimeWindow;

use super::generate::joined;
use super::operator::{Batch, Each, Flow, Operator};

/// Each row with the windows that its time lies in, the one that starts last first
/// (`org.apache.spark.sql.catalyst.analysis.TimeWindowing`). A row without a time is in none.
#[derive(Debug)]
pub(crate) struct Windows {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) window: TimeWindow,
}

impl Operator for Windows {
    fn name(&self) -> String {
        "TimeWindow".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let names = ["start", "end"].map(Text::from);
        self.input.rows(partition, batch, &mut |row| {
            let time = self.window.time.value(row, &batch.context)?;
            let (Value::Timestamp(time) | Value::TimestampNtz(time)) = time else {
                return Ok(ControlFlow::Continue(()));
            };
            let is_ntz = self.window.time.data_type == engine::DataType::TimestampNtz;
            for start in starts(&self.window, time, batch.context.session.ansi)? {
                let bounds = [start, start.wrapping_add(self.window.length)];
                let bounds = bounds.map(if is_ntz {
                    Value::TimestampNtz
                } else {
                    Value::Timestamp
                });
                let window: Struct = names.iter().cloned().zip(bounds).collect();
                if each(&joined(row, vec![Value::Struct(window)]))?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// The starts of the windows that a time lies in, the last first. A bound beyond 64 bits wraps around, and fails in ANSI
/// mode.
fn starts(window: &TimeWindow, time: i64, ansi: bool) -> Result<Vec<i64>, Failure> {
    let past = time.wrapping_sub(window.start).rem_euclid(window.slide);
    let last = time.wrapping_sub(past);
    let overlapping = (window.length + window.slide - 1) / window.slide;
    let mut starts = Vec::new();
    for step in 0..overlapping {
        let start = last.wrapping_sub(step.wrapping_mul(window.slide));
        let end = start.wrapping_add(window.length);
        if ansi && start > time {
            return Err(overflow("try_subtract"));
        }
        if ansi && end < start {
            return Err(overflow("try_add"));
        }
        if overlapping == 1 || (start <= time && time < end) {
            starts.push(start);
        }
    }
    Ok(starts)
}

/// `ARITHMETIC_OVERFLOW`: a `BIGINT` beyond 64 bits; `instead` is the function that gives `NULL`.
fn overflow(instead: &str) -> Failure {
    Failure::new(
        FailureKind::Overflow,
        format!(
            "[ARITHMETIC_OVERFLOW] overflow. Use '{instead}' to tolerate overflow and return NULL instead. If \
             necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error. SQLSTATE: 22003"
        ),
    )
}

#[cfg(test)]
mod tests {
    use engine::DataType;
    use engine_sql::Typed;

    use super::*;

    fn window(length: i64, slide: i64, start: i64) -> TimeWindow {
        TimeWindow {
            time: Typed::column(0, DataType::Timestamp, true),
            length,
            slide,
            start,
        }
    }

    #[track_caller]
    fn check(window: &TimeWindow, time: i64, expected: &[i64]) {
        for ansi in [false, true] {
            assert_eq!(starts(window, time, ansi), Ok(expected.to_vec()));
        }
    }

    #[test]
    fn a_window_has_its_start_and_not_its_end() {
        let tumbling = window(5, 5, 0);
        check(&tumbling, 0, &[0]);
        check(&tumbling, 4, &[0]);
        check(&tumbling, 5, &[5]);
        check(&tumbling, -1, &[-5]);
        check(&tumbling, -5, &[-5]);
    }

    #[test]
    fn windows_slide_and_start_where_they_are_told_to() {
        check(&window(30, 10, 0), 25, &[20, 10, 0]);
        check(&window(10, 10, 3), 2, &[-7]);
        check(&window(10, 10, 3), 3, &[3]);
        // There is no window between one that has ended and the next one.
        check(&window(25, 10, 0), 27, &[20, 10]);
        check(&window(25, 10, 0), 23, &[20, 10, 0]);
    }

    #[test]
    fn mb_7_a_window_beyond_64_bits_fails_in_ansi_mode() {
        for (time, instead) in [(i64::MIN, "try_subtract"), (i64::MAX, "try_add")] {
            let tumbling = window(1_000_000, 1_000_000, 0);
            assert!(starts(&tumbling, time, false).is_ok());
            assert_eq!(starts(&tumbling, time, true), Err(overflow(instead)));
        }
    }
}
