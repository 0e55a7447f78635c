//! Processors: functions of the program on groups of rows, with state variables and timers.

mod handle;
mod key_states;
mod variables;

use std::fmt;
use std::sync::Arc;

use engine::{DataType, Failure, OutputMode, Row, Value};
use engine_sql::{ExternalOperator, Schema};

pub(crate) use handle::ChangedStates;
pub use handle::{ListState, MapEntry, MapState, StatefulProcessorHandle, ValueState};
pub(crate) use key_states::{KeyChange, KeyStates, Place, Stored};
pub use variables::{StateKind, StateVariables};

use crate::dataframe::{DataFrame, GroupedData};
use crate::groups::{InitialState, named};

/// The time by which timers fire and values are forgotten (`org.apache.spark.sql.streaming.TimeMode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TimeMode {
    /// There are neither timers nor times to live.
    #[default]
    None,
    /// The time of a batch.
    ProcessingTime,
    /// The watermark; late rows are dropped.
    EventTime,
}

impl TimeMode {
    /// The class of it in Spark.
    pub(crate) fn class(self) -> &'static str {
        match self {
            TimeMode::None => "NoTime",
            TimeMode::ProcessingTime => "ProcessingTime",
            TimeMode::EventTime => "EventTime",
        }
    }
}

/// The times of a batch, in milliseconds since the epoch: -1 each where the time mode is [`TimeMode::None`]
/// (`org.apache.spark.sql.streaming.TimerValues`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TimerValues {
    /// The time of the batch's trigger.
    pub processing_ms: i64,
    /// The watermark; 0 if the rows have none.
    pub watermark_ms: i64,
}

/// A program's part of `transformWithState` (`org.apache.spark.sql.streaming.StatefulProcessor`).
///
/// ```
/// use engine::{DataType, Failure, Row, Value};
/// use engine_structured::{
///     OutputMode, SparkSession, StateStoreProvider, StateVariables, StatefulProcessor,
///     StatefulProcessorHandle, TimeMode,
/// };
///
/// struct RunningCount;
///
/// impl StatefulProcessor for RunningCount {
///     fn init(&self, variables: &mut StateVariables) -> Result<(), Failure> {
///         variables.value("count", &[("count", DataType::Long)], None)
///     }
///
///     fn handle_input_rows(
///         &self,
///         key: &[Value],
///         rows: Vec<Row>,
///         handle: &mut StatefulProcessorHandle,
///     ) -> Result<Vec<Row>, Failure> {
///         let mut state = handle.value_state("count")?;
///         let before = match state.get() {
///             Some([Value::Long(count)]) => *count,
///             _ => 0,
///         };
///         let count = Value::Long(before + rows.len() as i64);
///         state.update(vec![count.clone()])?;
///         Ok(vec![vec![key[0].clone(), count]])
///     }
/// }
///
/// let spark = SparkSession::local(2, "counts").with_state_store(StateStoreProvider::RocksDb);
/// let words = spark.read_stream().memory("words").group_by("value");
/// let columns = [("word", DataType::String), ("count", DataType::Long)];
/// let counts = words.transform_with_state(&columns, TimeMode::None, RunningCount);
/// let query = counts.write_stream().output_mode(OutputMode::Update).console()?;
/// # let _ = query;
/// # Ok::<(), engine_structured::AnalysisError>(())
/// ```
pub trait StatefulProcessor: Send + Sync + 'static {
    /// Declares the state variables, when the query is started.
    ///
    /// # Errors
    ///
    /// Any that the program makes: the first micro-batch fails for it.
    fn init(&self, variables: &mut StateVariables) -> Result<(), Failure>;

    /// The rows that are made of those of a key in a batch.
    ///
    /// # Errors
    ///
    /// Any that the program makes: the micro-batch fails for it.
    fn handle_input_rows(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure>;

    /// The rows that are made when a timer of a key has expired, after all rows of the batch.
    ///
    /// # Errors
    ///
    /// As [`handle_input_rows`](StatefulProcessor::handle_input_rows).
    fn handle_expired_timer(
        &self,
        key: &[Value],
        expiry_ms: i64,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        let _ = (key, expiry_ms, handle);
        Ok(Vec::new())
    }

    /// Takes in the rows that a key has in the table of initial states, before the first rows of the query.
    ///
    /// # Errors
    ///
    /// As [`handle_input_rows`](StatefulProcessor::handle_input_rows).
    fn handle_initial_state(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<(), Failure> {
        let _ = (key, rows, handle);
        Ok(())
    }

    /// Ends a partition of a batch.
    ///
    /// # Errors
    ///
    /// As [`handle_input_rows`](StatefulProcessor::handle_input_rows).
    fn close(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// An operation of a processor on groups (`org.apache.spark.sql.catalyst.plans.logical.TransformWithState`).
pub(crate) struct Transformation {
    pub(crate) time_mode: TimeMode,
    /// The output mode that it was written for, where that is kept.
    pub(crate) output_mode: Option<OutputMode>,
    /// The column of its rows that has the watermark.
    pub(crate) event_time: Option<usize>,
    /// The rows that keys begin with.
    pub(crate) initial: Option<InitialState>,
    pub(crate) processor: Box<dyn StatefulProcessor>,
}

impl fmt::Debug for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Transformation::NAME)
    }
}

impl Transformation {
    /// Its name in messages.
    pub(crate) const NAME: &str = "transformWithState";
}

impl GroupedData {
    /// The rows that a processor makes of each group, with state variables and timers (`transformWithState`).
    ///
    /// It is called once for each key of which there are rows, the least first within a partition, and after that for each
    /// timer that has expired, the earliest first. As in Spark, the session has
    /// [RocksDB](crate::StateStoreProvider::RocksDb) as its state store.
    pub fn transform_with_state(
        &self,
        columns: &[(&str, DataType)],
        time_mode: TimeMode,
        processor: impl StatefulProcessor,
    ) -> DataFrame {
        self.with_processor(named(columns), None, time_mode, processor)
    }

    /// The same by a processor in another language, of columns of which one may have a watermark. It goes on after a
    /// restart if the output mode that it was written for is the same.
    pub fn transformed(
        &self,
        columns: Schema,
        output_mode: OutputMode,
        time_mode: TimeMode,
        processor: impl StatefulProcessor,
    ) -> DataFrame {
        self.with_processor(columns, Some(output_mode), time_mode, processor)
    }

    fn with_processor(
        &self,
        columns: Schema,
        output_mode: Option<OutputMode>,
        time_mode: TimeMode,
        processor: impl StatefulProcessor,
    ) -> DataFrame {
        let fields = columns.fields().iter();
        let event_time = fields.clone().position(|field| field.is_event_time);
        let initial = self.initial.as_deref().map(InitialState::of_rows);
        self.with_operator(ExternalOperator {
            name: Transformation::NAME.into(),
            columns,
            code: Arc::new(Transformation {
                time_mode,
                output_mode,
                event_time,
                initial,
                processor: Box::new(processor),
            }),
        })
    }
}
