//! Groups of rows, session windows, and rows that come once.

use std::time::Duration;

use engine::{DataType, Value};
use engine_sql::plan::{self, TypedNode, TypedPlan};
use engine_sql::{AnalysisError, Typed, parse_duration};

use super::{Builder, event_time, unsupported};
use crate::physical::aggregate::{Aggregation, FiniteAggregate, SessionAggregate, StreamAggregate};
use crate::physical::deduplicate::{Deduplicate, DeduplicateColumns, Forget};
use crate::physical::operator::Operator;
use crate::physical::session_window::{Gap, SessionWindow};

impl Builder<'_> {
    /// The window of each row, before sessions that touch are merged.
    pub(super) fn session(
        &mut self,
        input: TypedPlan,
        time: Typed,
        gap: Typed,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        if time.data_type == DataType::TimestampNtz {
            return Err(unsupported("a session window of the type TIMESTAMP_NTZ"));
        }
        Ok(Box::new(SessionWindow {
            input: self.build(input)?,
            gap: session_gap(gap)?,
            time,
        }))
    }

    /// The groups of a table; `event_time` is the place of the key that bounds their lateness, and `session` that of a
    /// session window.
    pub(super) fn aggregate(
        &mut self,
        input: TypedPlan,
        aggregation: Aggregation,
        session: Option<usize>,
        event_time: Option<usize>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let is_streaming = input.is_streaming();
        let input = self.build(input)?;
        let settings = self.settings;
        Ok(match (session, is_streaming) {
            (None, true) => Box::new(StreamAggregate::new(
                input,
                aggregation,
                settings,
                event_time,
            )),
            (None, false) => Box::new(FiniteAggregate::new(
                input,
                aggregation,
                settings.shuffle_partitions,
            )),
            (Some(session), true) => {
                let is_event_time = event_time == Some(session);
                Box::new(SessionAggregate::new(
                    input,
                    aggregation,
                    session,
                    is_event_time,
                    settings,
                ))
            }
            (Some(_), false) => {
                return Err(unsupported("a session window of a table without streams"));
            }
        })
    }

    /// The rows of a table of which each is the first that is like it.
    pub(super) fn deduplicate(
        &mut self,
        deduplicate: plan::Deduplicate,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let plan::Deduplicate {
            input,
            keys,
            within_watermark,
        } = deduplicate;
        let fields = input.schema.fields();
        let types = fields.iter().map(|field| field.data_type.clone()).collect();
        let event_time = event_time(fields).filter(|_| input.is_streaming());
        let of_key = keys.iter().position(|key| Some(*key) == event_time);
        let forget = match (within_watermark.then(|| delay(&input)), of_key) {
            (Some(delay), _) => Forget::After(i64::try_from(delay.as_micros()).unwrap_or(i64::MAX)),
            (None, Some(column)) => Forget::Key(column),
            (None, None) => Forget::Never,
        };
        let columns = DeduplicateColumns {
            types,
            keys,
            event_time,
        };
        let input = self.build(*input)?;
        Ok(Box::new(Deduplicate::new(
            input,
            columns,
            forget,
            self.settings,
        )))
    }
}

/// The gap of a session window, which is an interval or the text of one.
fn session_gap(gap: Typed) -> Result<Gap, AnalysisError> {
    match gap.as_literal() {
        Some(Value::DayTimeInterval { micros, .. }) => Ok(Gap::Micros(*micros)),
        Some(Value::String(text)) => {
            let micros = parse_duration(text).map_err(|reason| {
                AnalysisError::new(
                    "CANNOT_PARSE_INTERVAL",
                    format!("Unable to parse \"{text}\" as the gap of a session window: {reason}."),
                )
            })?;
            Ok(Gap::Micros(micros))
        }
        _ if matches!(
            gap.data_type,
            DataType::DayTimeInterval(_) | DataType::String
        ) =>
        {
            Ok(Gap::Interval(gap))
        }
        _ => Err(unsupported(
            "a session window with a gap that is no interval of days and seconds",
        )),
    }
}

/// The most that a row of a table may be late.
fn delay(plan: &TypedPlan) -> Duration {
    match &plan.node {
        TypedNode::Watermark { delay, .. } => *delay,
        _ => plan
            .inputs()
            .into_iter()
            .map(delay)
            .max()
            .unwrap_or_default(),
    }
}
