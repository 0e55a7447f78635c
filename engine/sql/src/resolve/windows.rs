//! Windows of event time, which an expression has as a column that the plan adds to its table
//! (`org.apache.spark.sql.catalyst.analysis.TimeWindowing`, `SessionWindowing`).

use engine::{DataType, StructField, Value};

use super::{Resolver, duration};
use crate::error::AnalysisError;
use crate::expression::{Call, Expression};
use crate::function::Mismatch;
use crate::functions;
use crate::plan::TimeWindow;
use crate::typed::Typed;

/// The windows that the expressions over one table name.
#[derive(Clone, Debug)]
pub enum FoundWindow {
    /// Windows of a fixed length.
    Time(TimeWindow),
    /// Windows that grow with the times that fall into them.
    Session {
        /// The time.
        time: Typed,
        /// The gap after which another window begins.
        gap: Typed,
    },
}

impl FoundWindow {
    /// The time.
    pub fn time(&self) -> &Typed {
        match self {
            FoundWindow::Time(window) => &window.time,
            FoundWindow::Session { time, .. } => time,
        }
    }

    /// The name of the column.
    pub fn name(&self) -> &'static str {
        match self {
            FoundWindow::Time(_) => "window",
            FoundWindow::Session { .. } => "session_window",
        }
    }

    /// The type of the column: the start, and the end that is no longer part of the window.
    pub fn data_type(&self) -> DataType {
        let bound = |name: &str| StructField::new(name, self.time().data_type.clone());
        DataType::Struct(vec![bound("start"), bound("end")])
    }

    /// Returns true if Spark takes it for nullable: windows that overlap are new columns of an `Expand`.
    pub(crate) fn is_nullable(&self) -> bool {
        matches!(self, FoundWindow::Time(window) if window.slide != window.length)
    }

    fn is_same(&self, other: &FoundWindow) -> bool {
        match (self, other) {
            (FoundWindow::Time(one), FoundWindow::Time(other)) => {
                (one.length, one.slide, one.start) == (other.length, other.slide, other.start)
                    && one.time.is_same(&other.time)
            }
            (
                FoundWindow::Session { time, gap },
                FoundWindow::Session {
                    time: other,
                    gap: other_gap,
                },
            ) => time.is_same(other) && gap.is_same(other_gap),
            _ => false,
        }
    }
}

impl Resolver<'_> {
    /// The window column of a call of `window` or `session_window`.
    pub(super) fn resolve_window(&mut self, call: &Call) -> Result<Typed, AnalysisError> {
        let found = match call.function.as_str() {
            "window" => self.time_window(&call.arguments)?,
            _ => self.session_window(&call.arguments)?,
        };
        if self
            .window
            .as_ref()
            .is_some_and(|window| !window.is_same(&found))
        {
            return Err(AnalysisError::new(
                "_LEGACY_ERROR_TEMP_1039",
                "Multiple time/session window expressions would result in a cartesian product of rows, therefore they are currently not supported.",
            ));
        }
        let Some(width) = self.width else {
            let message = format!("`{}` is not supported here", call.function);
            let help = "Select it as a column below, and name that column here.";
            return Err(AnalysisError::unclassified(message).with_help(help));
        };
        let column = Typed::column(width, found.data_type(), found.is_nullable());
        self.window = Some(found);
        Ok(column)
    }

    /// The column of the windows of this name, if expressions before have named them.
    pub(super) fn window_named(&self, name: &str) -> Option<Typed> {
        let found = self.window.as_ref()?;
        let is_named = found.name().eq_ignore_ascii_case(name);
        let width = self.width.filter(|_| is_named)?;
        Some(Typed::column(width, found.data_type(), found.is_nullable()))
    }

    fn time_window(&mut self, arguments: &[Expression]) -> Result<FoundWindow, AnalysisError> {
        let [time, durations @ ..] = arguments else {
            return Err(wrong_count("window", arguments.len()));
        };
        if durations.is_empty() || durations.len() > 3 {
            return Err(wrong_count("window", arguments.len()));
        }
        let time = self.event_time(time)?;
        let mut micros = Vec::new();
        for written in durations {
            micros.push(self.duration(written)?);
        }
        let length = micros[0];
        let slide = micros.get(1).copied().unwrap_or(length);
        let start = micros.get(2).copied().unwrap_or(0);
        let refused = |what: &str, limit: &str| {
            AnalysisError::new(
                "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                format!(
                    "Cannot resolve the window due to data type mismatch: the {what} must be {limit}."
                ),
            )
        };
        if length <= 0 {
            return Err(refused("`window_duration`", "positive"));
        }
        if slide <= 0 {
            return Err(refused("`slide_duration`", "positive"));
        }
        if slide > length {
            return Err(refused("`slide_duration`", "at most the `window_duration`")
                .with_condition("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION"));
        }
        if start.checked_abs().is_none_or(|start| start >= slide) {
            return Err(
                refused("`abs(start_time)`", "less than the `slide_duration`")
                    .with_condition("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION"),
            );
        }
        Ok(FoundWindow::Time(TimeWindow {
            time,
            length,
            slide,
            start,
        }))
    }

    fn session_window(&mut self, arguments: &[Expression]) -> Result<FoundWindow, AnalysisError> {
        let [time, gap] = arguments else {
            return Err(wrong_count("session_window", arguments.len()));
        };
        let time = self.event_time(time)?;
        let gap = self.resolve(gap)?;
        Ok(FoundWindow::Session { time, gap })
    }

    /// A time; of a window its last moment, so that windows of windows can be made.
    fn event_time(&mut self, time: &Expression) -> Result<Typed, AnalysisError> {
        let typed = self.resolve(time)?;
        match &typed.data_type {
            DataType::Timestamp | DataType::TimestampNtz => Ok(typed),
            DataType::Struct(fields) if fields.iter().any(|field| field.name == "end") => {
                let window_time = functions::find("window_time").expect("it is in the table");
                Ok(window_time.typed(vec![typed], self.session)?)
            }
            DataType::Date | DataType::String | DataType::Null => {
                Ok(typed.cast(&DataType::Timestamp, false, self.session)?)
            }
            other => Err(AnalysisError::from(Mismatch::new(
                "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                format!("the first parameter of a window requires the (\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\") type, and it has the type \"{other}\"."),
            ))
            .at(time.span)),
        }
    }

    /// A duration that is written down, in microseconds.
    fn duration(&mut self, written: &Expression) -> Result<i64, AnalysisError> {
        let typed = self.resolve(written)?;
        let micros = match typed.as_literal() {
            Some(Value::String(text)) => duration::parse_duration(text),
            Some(Value::DayTimeInterval { micros, .. } | Value::Long(micros)) => Ok(*micros),
            Some(Value::Integer(micros)) => Ok(i64::from(*micros)),
            _ => Err("it is not a literal".to_owned()),
        };
        micros.map_err(|reason| {
            AnalysisError::new(
                "CANNOT_PARSE_INTERVAL",
                format!(
                    "Unable to parse \"{}\" as the duration of a window: {reason}.",
                    written.name()
                ),
            )
            .at(written.span)
        })
    }
}

fn wrong_count(function: &str, given: usize) -> AnalysisError {
    AnalysisError::new(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        format!("The `{function}` requires [2, 4] parameters but the actual number is {given}."),
    )
}
