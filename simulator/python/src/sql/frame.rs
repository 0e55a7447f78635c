//! Tables.

use std::sync::Arc;
use std::time::Duration;

use engine::{Inline, Text, Time};
use engine_sql as sql;
use engine_sql::plan::{Grouping, JoinCondition, LogicalPlan, PlanKind};
use engine_structured::{Column, DataFrame, PartFile};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::error::{collect_error, refused};
use super::expression::{Expression, parts_of};
use super::groups::{self, GroupFunction, output_mode};
use super::join;
use super::recorded::{Recorded, recorded};
use super::session::Session;
use super::types::schema_json;
use super::values::to_python;
use super::window::{Key, order_of};
use super::writer::Writer;
use crate::function::Function;

/// The table, unless Spark refuses it.
pub(super) fn checked(frame: DataFrame) -> PyResult<Frame> {
    frame.schema().map_err(|error| refused(&error))?;
    Ok(Frame(frame))
}

/// A file of a table: its partition, the folder within that of the table, its lines, and its bytes, if it is no text.
type SavedFile<'py> = (
    usize,
    Option<String>,
    Vec<String>,
    Option<Bound<'py, PyBytes>>,
);

/// The engine's part of a `pyspark.sql.DataFrame`. Spark refuses a table where it is made, and so does this.
#[pyclass(frozen, from_py_object)]
#[derive(Clone)]
pub(crate) struct Frame(pub(super) DataFrame);

#[pymethods]
impl Frame {
    /// The JSON of its columns.
    fn schema(&self) -> PyResult<String> {
        let schema = self.0.schema().map_err(|error| refused(&error))?;
        Ok(schema_json(&schema))
    }

    fn is_streaming(&self) -> PyResult<bool> {
        self.0.is_streaming().map_err(|error| refused(&error))
    }

    /// Its plan as trees, of a stream that of a query in an output mode.
    fn explain(&self, extended: bool, mode: &str) -> PyResult<String> {
        let mode = output_mode(mode)?;
        let plan = self.0.explain_query(mode, extended);
        plan.map_err(|error| refused(&error))
    }

    /// A column of this table: what is made of it has that one, too, whatever else has its name.
    fn column(&self, name: &str) -> PyResult<Expression> {
        let column = self.0.attribute(&parts_of(name));
        column.map(Expression).map_err(|error| refused(&error))
    }

    /// All columns of this table.
    fn columns(&self) -> PyResult<Vec<Expression>> {
        let columns = self.0.attributes().map_err(|error| refused(&error))?;
        let columns = columns.into_iter().map(sql::ExpressionKind::Attribute);
        Ok(columns.map(Expression::of).collect())
    }

    /// All columns of this table, as one expression.
    fn star(&self) -> PyResult<Expression> {
        let columns = self.0.attributes().map_err(|error| refused(&error))?;
        Ok(Expression::of(sql::ExpressionKind::Attributes(columns)))
    }

    /// The places of the columns that these expressions are; one that the table does not have has no place.
    fn places(&self, columns: Vec<Expression>) -> PyResult<Vec<usize>> {
        let places = self.0.places_of(&written(columns));
        places.map_err(|error| refused(&error))
    }

    fn select(&self, columns: Vec<Expression>) -> PyResult<Frame> {
        let columns = written(columns);
        self.made(|input| PlanKind::Project { input, columns })
    }

    fn filter(&self, condition: &Expression) -> PyResult<Frame> {
        let condition = condition.0.clone();
        self.made(|input| PlanKind::Filter { input, condition })
    }

    /// The groups of these keys, as the keys and these columns.
    fn aggregate(&self, keys: Vec<Expression>, columns: Vec<Expression>) -> PyResult<Frame> {
        let keys = written(keys);
        let aggregates = written(columns);
        let columns = keys.iter().cloned().chain(aggregates).collect();
        let grouping = Grouping::Keys(keys);
        self.made(|input| PlanKind::Aggregate {
            input,
            grouping,
            columns,
            having: None,
        })
    }

    /// The groups of some sets of these keys.
    fn aggregate_sets(
        &self,
        keys: Vec<Expression>,
        sets: Vec<Vec<usize>>,
        columns: Vec<Expression>,
    ) -> PyResult<Frame> {
        let keys = written(keys);
        let aggregates = written(columns);
        let columns = keys.iter().cloned().chain(aggregates).collect();
        let grouping = Grouping::Sets { keys, sets };
        self.made(|input| PlanKind::Aggregate {
            input,
            grouping,
            columns,
            having: None,
        })
    }

    /// The pairs of rows for which a condition holds, or that have the same values in some columns.
    #[pyo3(signature = (other, kind, condition = None, columns = None))]
    fn join(
        &self,
        other: &Frame,
        kind: &str,
        condition: Option<&Expression>,
        columns: Option<Vec<String>>,
    ) -> PyResult<Frame> {
        let kind = join::kind(kind)?;
        let condition = match (condition, columns) {
            (Some(condition), _) => JoinCondition::On(condition.0.clone()),
            (None, Some(columns)) => {
                JoinCondition::Using(columns.into_iter().map(Into::into).collect())
            }
            (None, None) => JoinCondition::None,
        };
        let right = other.plan()?;
        self.made(|left| PlanKind::Join {
            left,
            right,
            kind,
            condition,
        })
    }

    #[pyo3(signature = (other, by_name = false))]
    fn union(&self, other: &Frame, by_name: bool) -> PyResult<Frame> {
        let other = other.plan()?;
        self.made(|input| PlanKind::Union {
            inputs: vec![input, other],
            by_name,
        })
    }

    /// The rows without those of another table, each once; with `all`, as often as it is here more often than there.
    #[pyo3(signature = (other, all = false))]
    fn subtract(&self, other: &Frame, all: bool) -> PyResult<Frame> {
        let right = other.plan()?;
        self.made(|left| PlanKind::Except { left, right, all })
    }

    /// The rows that another table has, too, each once; with `all`, as often as it is in both.
    #[pyo3(signature = (other, all = false))]
    fn intersect(&self, other: &Frame, all: bool) -> PyResult<Frame> {
        let right = other.plan()?;
        self.made(|left| PlanKind::Intersect { left, right, all })
    }

    /// True if another table is made in the same way.
    fn same_plan(&self, other: &Frame) -> PyResult<bool> {
        Ok(self.plan()? == other.plan()?)
    }

    fn distinct(&self) -> PyResult<Frame> {
        checked(self.0.distinct())
    }

    fn in_one_partition(&self) -> PyResult<Frame> {
        checked(self.0.in_one_partition())
    }

    fn deduplicate(&self, keys: Vec<String>, within_watermark: bool) -> PyResult<Frame> {
        if keys.is_empty() && !within_watermark {
            return self.distinct();
        }
        let keys = keys.into_iter().map(Into::into).collect();
        self.made(|input| PlanKind::Deduplicate {
            input,
            keys,
            within_watermark,
        })
    }

    /// Sorts by expressions, each with true if it is descending, and true if `NULL` comes first.
    fn sort(&self, keys: Vec<Key>) -> PyResult<Frame> {
        let order = order_of(keys);
        self.made(|input| PlanKind::Sort { input, order })
    }

    /// The table, which a join reads in the way of this hint; `None` if it is not one of a join.
    fn hint(&self, name: &str) -> Option<Frame> {
        let join = engine_structured::JoinHint::named(&name.to_uppercase())?;
        Some(Frame(self.0.hint(join)))
    }

    fn limit(&self, count: i32) -> PyResult<Frame> {
        let count = sql::Expression::from(count);
        self.made(|input| PlanKind::Limit { input, count })
    }

    fn offset(&self, count: i32) -> PyResult<Frame> {
        let count = sql::Expression::from(count);
        self.made(|input| PlanKind::Offset { input, count })
    }

    fn alias(&self, name: &str) -> PyResult<Frame> {
        let name = name.into();
        self.made(|input| PlanKind::Alias {
            input,
            name,
            columns: Vec::new(),
        })
    }

    /// Bounds the lateness of rows to this many milliseconds.
    fn with_watermark(&self, column: &str, delay: u64) -> PyResult<Frame> {
        let column = column.into();
        let delay = Duration::from_millis(delay);
        self.made(|input| PlanKind::Watermark {
            input,
            column,
            delay,
        })
    }

    /// The rows that a function makes of each group of these keys, which has a state from batch to batch.
    #[expect(clippy::too_many_arguments, reason = "they are those of PySpark")]
    fn apply_with_state(
        &self,
        keys: Vec<Expression>,
        columns: &str,
        state: &str,
        output_mode: &str,
        timeout: &str,
        function: Py<PyAny>,
        session: &Session,
    ) -> PyResult<Frame> {
        let timeout = groups::timeout(timeout)?;
        let function = GroupFunction {
            function: Arc::new(Function(function)),
            columns: groups::fields(columns)?,
            state: groups::fields(state)?,
            timeout,
            session: session.settings(),
        };
        let columns = function.columns.iter().map(|field| sql::Field {
            nullable: field.nullable,
            ..sql::Field::new(field.name.clone(), field.data_type.clone())
        });
        let columns = columns.collect();
        checked(self.0.group_by(columns_of(keys)).apply_with_state(
            columns,
            function.state.clone(),
            groups::output_mode(output_mode)?,
            timeout,
            move |key, rows, state| function.call(key, rows, state),
        ))
    }

    fn create_view(&self, name: &str) {
        self.0.create_or_replace_temp_view(name);
    }

    /// The rows of each partition of a table without streams, as rows of Python. `now` is in milliseconds.
    fn collect<'py>(
        &self,
        py: Python<'py>,
        session: &Session,
        now: i64,
    ) -> PyResult<Vec<Vec<Bound<'py, PyAny>>>> {
        let table = self.of(session)?;
        let schema = table.schema().map_err(|error| refused(&error))?;
        let names = schema.fields().iter().map(|field| field.name.clone());
        let names: Vec<Text> = names.collect();
        let settings = session.settings();
        let object = |row: engine::Row| {
            let row = engine::Value::Struct(names.iter().cloned().zip(row).collect());
            to_python(py, &row, &settings)
        };
        let partitions = rows_of(py, &table, now)?.into_iter();
        partitions
            .map(|rows| rows.into_iter().map(object).collect())
            .collect()
    }

    /// The number of rows of a table without streams.
    fn count(&self, py: Python<'_>, session: &Session, now: i64) -> PyResult<usize> {
        let partitions = rows_of(py, &self.of(session)?, now)?;
        Ok(partitions.iter().map(Vec::len).sum())
    }

    /// The same table with its rows as they are now.
    fn kept(&self, py: Python<'_>, session: &Session, now: i64) -> PyResult<Frame> {
        let table = self.of(session)?;
        let schema = table.schema().map_err(|error| refused(&error))?;
        let partitions = rows_of(py, &table, now)?;
        let spark = session.spark();
        Ok(Frame(spark.table_of_partitions(
            "LocalTable",
            schema,
            partitions,
        )))
    }

    /// The table in at most `count` partitions.
    fn coalesce(&self, count: usize) -> PyResult<Frame> {
        checked(self.0.coalesce(count))
    }

    /// The table in `count` partitions, by turns, or by a hash of columns.
    fn repartition(&self, count: usize, columns: Vec<Expression>) -> PyResult<Frame> {
        if columns.is_empty() {
            return checked(self.0.repartition(count));
        }
        checked(self.0.repartition_by(count, written(columns)))
    }

    /// The table in at most `count` partitions, by ranges of an order.
    fn repartition_by_range(&self, count: usize, keys: Vec<Key>) -> PyResult<Frame> {
        checked(self.0.repartition_by_range(count, order_of(keys)))
    }

    /// The table with the rows of each partition in an order.
    fn sorted_within(
        &self,
        py: Python<'_>,
        session: &Session,
        keys: Vec<Key>,
        now: i64,
    ) -> PyResult<Frame> {
        let table = self.of(session)?;
        let sorted = table.sorted_within(&order_of(keys), Time::from_millis(now));
        sorted.map(Frame).map_err(|error| collect_error(py, error))
    }

    /// The table with a column of random numbers; with `sorts` of the sorted rows of each partition.
    fn with_draws(
        &self,
        py: Python<'_>,
        session: &Session,
        column: &str,
        seed: i64,
        sorts: bool,
        now: i64,
    ) -> PyResult<Frame> {
        let table = self.of(session)?;
        let drawn = table.with_draws(column, seed, sorts, Time::from_millis(now));
        drawn.map(Frame).map_err(|error| collect_error(py, error))
    }

    /// The text of the first rows, as `show` prints them.
    fn show(
        &self,
        py: Python<'_>,
        session: &Session,
        rows: usize,
        truncate: usize,
        is_vertical: bool,
        now: i64,
    ) -> PyResult<String> {
        let table = self.of(session)?;
        let now = Time::from_millis(now);
        let shown = if is_vertical {
            table.show_vertical(rows, truncate, now)
        } else {
            table.show(rows, truncate, now)
        };
        shown.map_err(|error| collect_error(py, error))
    }

    /// The files of the table; `None` of a format that has none here.
    fn files<'py>(
        &self,
        py: Python<'py>,
        session: &Session,
        format: &str,
        options: Vec<(String, String)>,
        partition_by: Vec<String>,
        now: i64,
    ) -> PyResult<Option<Vec<SavedFile<'py>>>> {
        let partition_by: Vec<Text> = partition_by.into_iter().map(Text::from).collect();
        let options = texts(options);
        let table = self.of(session)?;
        let files = table.files(format, &options, &partition_by, Time::from_millis(now));
        let files = files.map_err(|error| collect_error(py, error))?;
        let text = |text: &Text| text.to_string();
        let file = |file: PartFile| {
            let lines = file.content.lines.iter().map(text).collect();
            let bytes = file.content.bytes.map(|bytes| PyBytes::new(py, &bytes));
            (file.partition, file.within.as_ref().map(text), lines, bytes)
        };
        Ok(files.map(|files| files.into_iter().map(file).collect()))
    }

    /// The query that writes its rows. `trigger` is `default`, `once`, `available_now`, or a number of milliseconds.
    fn writer(&self, output_mode: &str, trigger: &str) -> PyResult<Writer> {
        Writer::new(&self.0, output_mode, trigger)
    }

    /// The record that the rows of a table without streams were written to a place which is not here: the format, the
    /// mode, the options, the columns, the rows and the text that shows them. `now` is in milliseconds.
    fn written<'py>(
        &self,
        py: Python<'py>,
        session: &Session,
        format: &str,
        mode: &str,
        options: Vec<(String, String)>,
        now: i64,
    ) -> PyResult<Recorded<'py>> {
        let table = self.of(session)?;
        let write = table.written(format, mode, texts(options), Time::from_millis(now));
        let write = write.map_err(|error| collect_error(py, error))?;
        recorded(py, &write, &session.settings())
    }
}

impl Frame {
    fn plan(&self) -> PyResult<LogicalPlan> {
        self.0.plan().cloned().map_err(|error| refused(&error))
    }

    /// The same table under the settings that the session has now.
    fn of(&self, session: &Session) -> PyResult<DataFrame> {
        Ok(session.spark().frame(self.plan()?))
    }

    /// The table that is made of this one, unless Spark refuses it.
    fn made(&self, kind: impl FnOnce(LogicalPlan) -> PlanKind) -> PyResult<Frame> {
        let plan = LogicalPlan::new(kind(self.plan()?));
        checked(self.0.session().frame(plan))
    }
}

fn rows_of(py: Python<'_>, table: &DataFrame, now: i64) -> PyResult<Vec<Vec<engine::Row>>> {
    let rows = table.collect_partitions(Time::from_millis(now), &Inline);
    rows.map_err(|error| collect_error(py, error))
}

fn texts(options: Vec<(String, String)>) -> Vec<(Text, Text)> {
    let options = options.into_iter();
    options
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

pub(super) fn columns_of(expressions: Vec<Expression>) -> Vec<Column> {
    written(expressions).into_iter().map(Column::from).collect()
}

fn written(columns: Vec<Expression>) -> Vec<sql::Expression> {
    columns.into_iter().map(|column| column.0).collect()
}
