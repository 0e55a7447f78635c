//! The states that groups begin with.

use std::sync::Arc;

use engine::{DataType, Failure, FailureKind, Row, StructField, Time, Workers};
use engine_sql::{AnalysisError, Expression};

use crate::collect::CollectError;
use crate::column::Column;
use crate::dataframe::{DataFrame, GroupedData};
use crate::functions::col;

impl GroupedData {
    /// The same groups, where a function with states finds those of another table before the first micro-batch: that table
    /// has no streams, is grouped by the same keys, and has a column for each field of a state, in one row for a key.
    ///
    /// The function is called for each group that has a state then, be there rows for it or not.
    ///
    /// ```
    /// use engine::{DataType, Value};
    /// use engine_structured::{GroupStateTimeout, OutputMode, SparkSession};
    ///
    /// let spark = SparkSession::local(2, "counts");
    /// let known = spark.sql("SELECT 'a' AS word, 7L AS count").group_by("word");
    /// let words = spark.read_stream().memory("words").group_by("value");
    /// let counts = words.with_initial_state(&known).map_groups_with_state(
    ///     &[("count", DataType::Long)],
    ///     &[("count", DataType::Long)],
    ///     GroupStateTimeout::None,
    ///     |_, _, state| Ok(state.get().map_or(vec![Value::Null], <[Value]>::to_vec)),
    /// );
    /// let query = counts.write_stream().output_mode(OutputMode::Update).console()?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn with_initial_state(&self, states: &GroupedData) -> GroupedData {
        GroupedData {
            initial: Some(Arc::new(states.clone())),
            ..self.clone()
        }
    }
}

/// A table without streams, grouped by the same keys.
#[derive(Clone, Debug)]
pub(crate) struct InitialState {
    /// Its columns are the keys, and those of a state.
    table: DataFrame,
}

impl InitialState {
    /// The states with these fields, which are columns of their names.
    pub(crate) fn of_fields(groups: &GroupedData, fields: &[StructField]) -> InitialState {
        let fields = fields.iter().map(|field| {
            let column = Column(Expression::column(field.name.clone()));
            column.cast(field.data_type.clone()).alias(&field.name)
        });
        InitialState::with(groups, fields.collect())
    }

    /// The states that are whole rows.
    pub(crate) fn of_rows(groups: &GroupedData) -> InitialState {
        InitialState::with(groups, vec![col("*")])
    }

    fn with(groups: &GroupedData, columns: Vec<Column>) -> InitialState {
        let keys = groups.keys.iter().cloned();
        InitialState {
            table: groups.table.select(keys.chain(columns)),
        }
    }

    /// Refuses one of a stream, and keys of other types than these.
    pub(crate) fn check(&self, keys: &[DataType]) -> Result<(), AnalysisError> {
        if self.table.is_streaming()? {
            return Err(AnalysisError::unclassified(
                "Initial state cannot be a streaming DataFrame/Dataset",
            ));
        }
        let schema = self.table.schema()?;
        let own = schema.fields().iter().map(|field| &field.data_type);
        if own.take(keys.len()).eq(keys) {
            return Ok(());
        }
        Err(AnalysisError::unclassified(
            "an initial state is grouped by keys of the same types: cast the columns that one of the tables is grouped by",
        ))
    }

    /// The keys and the states, where it is this time.
    pub(crate) fn rows(&self, now: Time, workers: &dyn Workers) -> Result<Vec<Row>, Failure> {
        let rows = self.table.collect(now, workers);
        rows.map_err(|error| match error {
            CollectError::Failure(failure) => failure,
            CollectError::Analysis(error) => Failure::new(FailureKind::Spark, error.to_string()),
        })
    }
}
