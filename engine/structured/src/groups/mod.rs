//! Groups of rows that a function of the program is given, with a state of its own for each.

mod group_state;
mod initial_state;

use std::fmt;
use std::sync::Arc;

use engine::{DataType, Failure, OutputMode, Row, StructField, Value};
use engine_sql::plan::PlanKind;
use engine_sql::{Expression, ExternalOperator, Field, Schema};

pub(crate) use group_state::{GroupChange, StateTimes};
pub use group_state::{GroupState, GroupStateTimeout};
pub(crate) use initial_state::InitialState;

use crate::dataframe::{DataFrame, GroupedData};

/// The function of a group: it is given the key, the rows of the batch that have it, and its state.
pub(crate) type GroupFunction =
    dyn Fn(&[Value], Vec<Row>, &mut GroupState) -> Result<Vec<Row>, Failure> + Send + Sync;

/// An operation of groups with states (`org.apache.spark.sql.catalyst.plans.logical.FlatMapGroupsWithState`).
pub(crate) struct GroupsWithState {
    /// Its name in messages.
    pub(crate) name: &'static str,
    pub(crate) output_mode: OutputMode,
    pub(crate) timeout: GroupStateTimeout,
    /// Each call makes one row.
    pub(crate) is_map: bool,
    /// The fields of a state.
    pub(crate) state: Vec<StructField>,
    /// The states that groups begin with.
    pub(crate) initial: Option<InitialState>,
    pub(crate) function: Box<GroupFunction>,
}

impl fmt::Debug for GroupsWithState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl GroupedData {
    /// The rows that a function makes of each group, which has a state from batch to batch (`flatMapGroupsWithState`).
    ///
    /// The function is called once for each key of which there are rows, the least first within a partition, and after
    /// that for each key whose time-out has passed, without rows (`FGS-1`). Its rows have these columns, and states these
    /// fields. In `Append` mode rows are final, in `Update` mode later ones replace them; the query has the same mode.
    ///
    /// ```
    /// use engine::{DataType, Value};
    /// use engine_structured::{GroupStateTimeout, OutputMode, SparkSession};
    ///
    /// let lines = SparkSession::local(2, "counts").read_stream().memory("lines");
    /// let counts = lines.group_by("value").flat_map_groups_with_state(
    ///     &[("line", DataType::String), ("count", DataType::Long)],
    ///     &[("count", DataType::Long)],
    ///     OutputMode::Update,
    ///     GroupStateTimeout::None,
    ///     |key, rows, state| {
    ///         let before = match state.get() {
    ///             Some([Value::Long(count)]) => *count,
    ///             _ => 0,
    ///         };
    ///         let count = Value::Long(before + rows.len() as i64);
    ///         state.update(vec![count.clone()]);
    ///         Ok(vec![vec![key[0].clone(), count]])
    ///     },
    /// );
    /// let query = counts.write_stream().output_mode(OutputMode::Update).console()?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn flat_map_groups_with_state(
        &self,
        columns: &[(&str, DataType)],
        state: &[(&str, DataType)],
        output_mode: OutputMode,
        timeout: GroupStateTimeout,
        function: impl Fn(&[Value], Vec<Row>, &mut GroupState) -> Result<Vec<Row>, Failure>
        + Send
        + Sync
        + 'static,
    ) -> DataFrame {
        self.with_state(
            named(columns),
            GroupsWithState {
                name: "flatMapGroupsWithState",
                output_mode,
                timeout,
                is_map: false,
                initial: self.initial_state(&fields(state)),
                state: fields(state),
                function: Box::new(function),
            },
        )
    }

    /// The one row that a function makes of each group, which has a state from batch to batch (`mapGroupsWithState`); for
    /// a query in `Update` mode.
    ///
    /// As [`flat_map_groups_with_state`](GroupedData::flat_map_groups_with_state) otherwise.
    pub fn map_groups_with_state(
        &self,
        columns: &[(&str, DataType)],
        state: &[(&str, DataType)],
        timeout: GroupStateTimeout,
        function: impl Fn(&[Value], Vec<Row>, &mut GroupState) -> Result<Row, Failure>
        + Send
        + Sync
        + 'static,
    ) -> DataFrame {
        self.with_state(
            named(columns),
            GroupsWithState {
                name: "mapGroupsWithState",
                output_mode: OutputMode::Update,
                timeout,
                is_map: true,
                initial: self.initial_state(&fields(state)),
                state: fields(state),
                function: Box::new(move |key, rows, state| Ok(vec![function(key, rows, state)?])),
            },
        )
    }

    /// The rows that a function in another language makes of each group with a state (`applyInPandasWithState`).
    pub fn apply_with_state(
        &self,
        columns: Schema,
        state: Vec<StructField>,
        output_mode: OutputMode,
        timeout: GroupStateTimeout,
        function: impl Fn(&[Value], Vec<Row>, &mut GroupState) -> Result<Vec<Row>, Failure>
        + Send
        + Sync
        + 'static,
    ) -> DataFrame {
        self.with_state(
            columns,
            GroupsWithState {
                name: "applyInPandasWithState",
                output_mode,
                timeout,
                is_map: false,
                initial: self.initial_state(&state),
                state,
                function: Box::new(function),
            },
        )
    }

    fn initial_state(&self, fields: &[StructField]) -> Option<InitialState> {
        let initial = self.initial.as_deref()?;
        Some(InitialState::of_fields(initial, fields))
    }

    fn with_state(&self, columns: Schema, groups: GroupsWithState) -> DataFrame {
        self.with_operator(ExternalOperator {
            name: groups.name.into(),
            columns,
            code: Arc::new(groups),
        })
    }

    /// The rows of an operator of the program on these groups.
    pub(crate) fn with_operator(&self, operator: ExternalOperator) -> DataFrame {
        let keys: Vec<Expression> = self.keys.iter().map(|key| key.0.clone()).collect();
        self.table.with(|input| PlanKind::External {
            input,
            keys,
            operator,
        })
    }
}

pub(crate) fn named(columns: &[(&str, DataType)]) -> Schema {
    let columns = columns.iter();
    columns
        .map(|(name, data_type)| Field::new(*name, data_type.clone()))
        .collect()
}

pub(crate) fn fields(types: &[(&str, DataType)]) -> Vec<StructField> {
    let fields = types.iter().map(|(name, data_type)| StructField {
        name: (*name).into(),
        data_type: data_type.clone(),
        nullable: true,
    });
    fields.collect()
}
