//! Rows that functions of Python make of partitions and of groups.

use std::sync::Arc;

use engine::{Failure, Row, StructField};
use engine_sql as sql;
use engine_structured::Column;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::expression::Expression;
use super::frame::{Frame, checked};
use super::groups::fields;
use super::session::Session;
use super::values::{lists, row_of_python};
use crate::function::Function;
use crate::object::{check_interrupt, failure};

/// A function of lists of values, which returns rows of these columns.
struct MapFunction {
    function: Function,
    columns: Vec<StructField>,
    session: sql::Session,
}

impl MapFunction {
    fn new(function: Py<PyAny>, columns: &str, session: &Session) -> PyResult<MapFunction> {
        Ok(MapFunction {
            function: Function(function),
            columns: fields(columns)?,
            session: session.settings(),
        })
    }

    fn schema(&self) -> sql::Schema {
        let columns = self.columns.iter().map(|field| sql::Field {
            nullable: field.nullable,
            ..sql::Field::new(field.name.clone(), field.data_type.clone())
        });
        columns.collect()
    }

    /// The rows of the function for some lists of rows.
    fn call(&self, lists_of_rows: &[&[Row]]) -> Result<Vec<Row>, Failure> {
        check_interrupt()?;
        Python::attach(|py| {
            let arguments = lists_of_rows
                .iter()
                .map(|rows| lists(py, rows, &self.session));
            let arguments = arguments.collect::<PyResult<Vec<_>>>().map_err(failure)?;
            let made = self
                .function
                .call(PyTuple::new(py, arguments).map_err(failure)?)?;
            let made: Vec<Vec<Bound<'_, PyAny>>> = made.extract().map_err(failure)?;
            let rows = made.iter();
            let rows = rows.map(|row| row_of_python(row, &self.columns, &self.session));
            rows.collect::<PyResult<_>>().map_err(failure)
        })
    }
}

/// The name of an operation in messages.
fn operation(name: &str) -> &'static str {
    match name {
        "applyInPandas" => "applyInPandas",
        "mapInArrow" => "mapInArrow",
        "mapInPandas" => "mapInPandas",
        _ => "cogroup.applyInPandas",
    }
}

/// The table of the rows that a function makes of the rows of each partition. `columns` is a type.
#[pyfunction]
pub(crate) fn map_partitions(
    frame: &Frame,
    name: &str,
    columns: &str,
    function: Py<PyAny>,
    session: &Session,
) -> PyResult<Frame> {
    let function = Arc::new(MapFunction::new(function, columns, session)?);
    let schema = function.schema();
    let map = move |rows: Vec<Row>| function.call(&[&rows]);
    checked(frame.0.map_partitions(operation(name), schema, map))
}

/// The table of the rows that a function makes of the key and the rows of each group. `columns` is a type.
#[pyfunction]
pub(crate) fn map_groups(
    frame: &Frame,
    keys: Vec<Expression>,
    name: &str,
    columns: &str,
    function: Py<PyAny>,
    session: &Session,
) -> PyResult<Frame> {
    let function = Arc::new(MapFunction::new(function, columns, session)?);
    let schema = function.schema();
    let keys = keys.into_iter().map(|key| Column::from(key.0));
    let groups = frame.0.group_by(keys.collect::<Vec<_>>());
    checked(
        groups.flat_map_groups(operation(name), schema, move |key, rows| {
            function.call(&[&[key.to_vec()], &rows])
        }),
    )
}
