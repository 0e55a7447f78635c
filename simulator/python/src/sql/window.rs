//! The rows that a function reads, as a program in Python writes them.

use engine_sql as sql;
use engine_sql::plan::SortOrder;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::expression::Expression;

/// An expression to sort by: true if it is descending, and true if `NULL` comes first.
pub(super) type Key = (Expression, bool, bool);

/// A frame: its unit, and its ends.
pub(super) type Frame<'py> = (String, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// The order of some expressions.
pub(super) fn order_of(keys: Vec<Key>) -> Vec<SortOrder> {
    let order = keys
        .into_iter()
        .map(|(key, descending, nulls_first)| SortOrder {
            expression: key.0,
            descending,
            nulls_first,
        });
    order.collect()
}

/// The frame of its unit and ends.
pub(super) fn frame_of(frame: &Frame<'_>) -> PyResult<sql::WindowFrame> {
    let unit = match frame.0.as_str() {
        "rows" => sql::FrameUnit::Rows,
        _ => sql::FrameUnit::Range,
    };
    Ok(sql::WindowFrame {
        unit,
        lower: bound_of(&frame.1)?,
        upper: bound_of(&frame.2)?,
    })
}

/// An end of a frame: the name of one, or a distance.
fn bound_of(bound: &Bound<'_, PyAny>) -> PyResult<sql::FrameBound> {
    if let Ok(offset) = bound.extract::<Expression>() {
        return Ok(sql::FrameBound::Offset(offset.0));
    }
    match bound.extract::<String>()?.as_str() {
        "unbounded preceding" => Ok(sql::FrameBound::UnboundedPreceding),
        "unbounded following" => Ok(sql::FrameBound::UnboundedFollowing),
        "current row" => Ok(sql::FrameBound::CurrentRow),
        other => Err(PyValueError::new_err(format!(
            "a frame does not end at {other}"
        ))),
    }
}
