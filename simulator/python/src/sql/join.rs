//! Joins, by the names that PySpark has for them.

use engine_sql::plan::JoinKind;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;

/// The kind of join of this name.
pub(super) fn kind(name: &str) -> PyResult<JoinKind> {
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(|it| *it != '_')
        .collect();
    Ok(match plain.as_str() {
        "inner" => JoinKind::Inner,
        "cross" => JoinKind::Cross,
        "left" | "leftouter" => JoinKind::LeftOuter,
        "right" | "rightouter" => JoinKind::RightOuter,
        "outer" | "full" | "fullouter" => JoinKind::FullOuter,
        "semi" | "leftsemi" => JoinKind::LeftSemi,
        "anti" | "leftanti" => JoinKind::LeftAnti,
        _ => {
            return Err(PyValueError::new_err(format!(
                "Unsupported join type '{name}'. Supported join types include: 'inner', 'outer', 'full', 'fullouter', \
                 'full_outer', 'leftouter', 'left', 'left_outer', 'rightouter', 'right', 'right_outer', 'leftsemi', \
                 'left_semi', 'semi', 'leftanti', 'left_anti', 'anti', 'cross'."
            )));
        }
    })
}
